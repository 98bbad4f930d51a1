"""Whose word the web server takes for where a visitor comes from."""

from __future__ import annotations

from typing import Any

import pytest
from waitress.adjustments import Adjustments
from waitress.proxy_headers import proxy_headers_middleware
from werkzeug.test import Client

from webui.commands.environment import proxy_options


def application(environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['wsgi.url_scheme']} {environ['REMOTE_ADDR']}".encode()]


def seen() -> str:
    """What the application sees when the one at 10.0.0.5 says it speaks for another, over TLS."""
    adjusted = Adjustments(**proxy_options())
    served = proxy_headers_middleware(
        application,
        trusted_proxy=adjusted.trusted_proxy,
        trusted_proxy_count=adjusted.trusted_proxy_count,
        trusted_proxy_headers=adjusted.trusted_proxy_headers,
        clear_untrusted=adjusted.clear_untrusted_proxy_headers,
    )
    answer = Client(served).get(
        "/",
        headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"},
        environ_overrides={"REMOTE_ADDR": "10.0.0.5"},
    )
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("trusted", ["10.0.0.5", "*", " 10.0.0.5 "])
def test_a_trusted_proxy_is_believed(trusted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENSPOOR_TRUSTED_PROXY", trusted)
    assert seen() == "https 203.0.113.7"


@pytest.mark.parametrize("trusted", ["", "192.0.2.1"])
def test_anybody_else_is_not(trusted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENSPOOR_TRUSTED_PROXY", trusted)
    assert seen() == "http 10.0.0.5"
