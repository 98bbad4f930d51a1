"""Who tries to sign in too often from one address is told how long to wait."""

from __future__ import annotations

import re

from flask import Flask

from webui.aanmelden import views
from webui.aanmelden.throttle import Throttle


def test_each_address_has_its_own_number_of_attempts() -> None:
    throttle = Throttle("2 per hour")

    waiting = [throttle.seconds_to_wait("192.0.2.1") for _ in range(3)]

    assert waiting[:2] == [0, 0]
    assert 0 < waiting[2] <= 3600
    assert throttle.seconds_to_wait("192.0.2.2") == 0


def test_the_addresses_of_one_network_of_ipv6_are_counted_together() -> None:
    throttle = Throttle("1 per hour")
    first = ("2001:db8::1", "::ffff:192.0.2.1", "fe80::1%eth0", "onbekend")
    others = ("2001:db8:0:1::1", "::ffff:192.0.2.2", "fe81::1%eth0", "")

    assert [throttle.seconds_to_wait(one) for one in (*first, *others)] == [0] * 8
    assert throttle.seconds_to_wait("2001:db8::ffff:2") > 0
    assert throttle.seconds_to_wait("192.0.2.1") > 0


def test_the_strictest_of_several_limits_decides() -> None:
    throttle = Throttle("5 per minute; 1 per day")

    assert throttle.seconds_to_wait("192.0.2.1") == 0
    assert throttle.seconds_to_wait("192.0.2.1") > 60


def test_the_login_page_refuses_with_the_time_to_wait(app: Flask, monkeypatch) -> None:
    attempts = Throttle("1 per hour")
    monkeypatch.setattr(views, "attempts", attempts)
    attempts.seconds_to_wait("127.0.0.1")
    client = app.test_client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/aanmelden").text)
    assert token

    answer = client.post("/aanmelden", data={"csrf_token": token[1], "gebruikersnaam": "x"})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert "Even rustig aan" in answer.text
