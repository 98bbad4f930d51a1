"""The work by HTTP: a waitress server in a process of its own, a signed-in worker, real forms."""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
from functools import partial
from multiprocessing import get_context
from typing import Self
from urllib.parse import urlencode
from uuid import UUID, uuid4

import waitress

from bench.steps.ours import involve, open_task, start, timed
from bench.steps.place import PASSWORD, WORKER_EMAIL, Place, open_again
from bench.steps.work import ANSWERS
from engine.clock import SystemClock
from engine.families.casework import Casework
from webui.app import create_app
from webui.commands.server import settling
from webui.services import Services, WebConfig

SETTLED_AFTER = 3.0
"""Seconds after which the server's memory is settled: sooner than in a product that lives long."""


def completions(place: Place, instances: int) -> list[float]:
    """Milliseconds for each task completed by HTTP; the first instances warm up."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = get_context("spawn").Process(target=_serve, args=(place.url, listening), daemon=True)
    server.start()
    listening.close()
    casework = Casework(place.database, place.clock)
    found: list[float] = []
    try:
        with Browser(port) as browser:
            browser.sign_in()
            begin = time.monotonic()
            while time.monotonic() - begin < 2 * SETTLED_AFTER:
                _run_through(place, casework, browser)
            for _ in range(instances):
                found += _run_through(place, casework, browser)
    finally:
        server.terminate()
        server.join(10)
    return found


def _run_through(place: Place, casework: Casework, browser: Browser) -> list[float]:
    taken = []
    trajectory_id = start(place, casework, 0)
    involve(place, trajectory_id)
    while (task_id := open_task(place, trajectory_id)) is not None:
        taken.append(timed(partial(browser.complete, task_id)))
        browser.go_on()
    return taken


def _serve(url: str, listening: socket.socket) -> None:
    engine, clock = open_again(url), SystemClock()
    app = create_app(
        Services(database=engine, clock=clock, casework=Casework(engine, clock)),
        WebConfig(secret_key="only-for-measuring"),  # noqa: S106
    )
    with settling(SETTLED_AFTER):
        waitress.serve(app, sockets=[listening], threads=8, _quiet=True)


class Browser:
    """A signed-in worker's connection, kept open as browsers do."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._connection.close()

    def sign_in(self) -> None:
        """Log in as the worker, as the login page does it."""
        for _ in range(100):
            try:
                self._read_token("/aanmelden")
                break
            except OSError:  # the server is still starting
                self._connection.close()
                time.sleep(0.2)
        fields = {"csrf_token": self._token, "gebruikersnaam": WORKER_EMAIL, "wachtwoord": PASSWORD}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _ = self._send("POST", "/aanmelden", urlencode({**fields, "verder": "/"}), form)
        assert status == http.HTTPStatus.FOUND
        self._read_token("/taken")

    def complete(self, task_id: UUID) -> None:
        """Send a task's form."""
        sent = json.dumps({"data": ANSWERS, "submission_id": str(uuid4())})
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": self._token,
        }
        status, body = self._send("POST", f"/taken/{task_id}/afronden", sent, headers)
        assert status == http.HTTPStatus.OK, body

    def go_on(self) -> None:
        """Open the list of tasks, as the page does next: it shows that the task is done."""
        status, _ = self._send("GET", "/taken")
        assert status == http.HTTPStatus.OK

    def _read_token(self, path: str) -> None:
        status, page = self._send("GET", path)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert status == http.HTTPStatus.OK
        assert found is not None
        self._token = found[1]

    def _send(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(
            method, path, body.encode(), {**(headers or {}), "Cookie": cookies}
        )
        answer = self._connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.split(";", 1)[0]
        return answer.status, answer.read().decode()
