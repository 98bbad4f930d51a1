"""A person at a browser: logs in, opens a task, takes it, sends its form; all over HTTP.

Whoever gets no answer sends the same form again, with the same submission id, through whichever web
process answers. Now and then the visitor hangs up before the answer comes, as a phone in a tunnel
does, and sends again at once: the first delivery may still be under way then.
"""

from __future__ import annotations

import html
import http.client
import json
import random
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

PATIENCE_SECONDS = 180
ANSWER_SECONDS = 20
"""A web process that is busy or stands still may take this long; after that it is given up."""
FORM = 'data-submission="'
AS_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AWAY = frozenset({502, 503, 504})
"""The answers of a web process that cannot reach its database."""


class NotDone(Exception):
    """A form that was not taken, or a page that has none: the status says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text[:200]}")
        self.status = status
        self.text = "" if text.lstrip().startswith("<") else text[:200]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a web process said."""

    status: int
    text: str
    location: str


class Visitor:
    """One person at one browser."""

    def __init__(
        self, ports: Sequence[int], email: str, password: str, chance: random.Random
    ) -> None:
        self._ports, self._email, self._password = list(ports), email, password
        self._random = chance
        self._cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None
        self._token = ""
        self.resent = 0

    def complete(self, task_id: UUID, answers: dict[str, Any], submission: UUID) -> None:
        """Take a task that is nobody's yet, and complete it by its page and its form.

        Raises:
            NotDone: the form was refused, or the page shows none (any more).
        """
        page = self._open(f"/taken/{task_id}").text
        if FORM not in page and "/oppakken" in page:
            form = {"csrf_token": _token(page)}
            self._ask("POST", f"/taken/{task_id}/oppakken", urlencode(form), dict(AS_FORM))
            page = self._open(f"/taken/{task_id}").text
        if FORM not in page:
            raise NotDone(404, "no form")
        self._send(f"/taken/{task_id}/afronden", page, answers, submission)

    def refer(self, package: str, entry: str, answers: dict[str, Any], submission: UUID) -> None:
        """Send a referral's form.

        Raises:
            NotDone: the form was refused.
        """
        address = f"/aanmeldingen/nieuw/{package}/{entry}"
        self._send(address, self._open(address).text, answers, submission)

    def send_once(self, address: str, answers: dict[str, Any], submission: UUID) -> Answer | None:
        """What is said to a form, whatever it is; ``None`` for no answer. Needs a page before."""
        return self._ask("POST", address, _body(answers, submission), _as_script(self._token))

    def _send(self, address: str, page: str, answers: dict[str, Any], submission: UUID) -> None:
        body = _body(answers, submission)
        self._token = _token(page)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            headers = _as_script(self._token)
            if self._random.random() < 0.05:
                self._hang_up_on("POST", address, body, headers)
            said = self._ask("POST", address, body, headers)
            if said is not None and said.status == 200:
                return
            if said is not None and said.status not in {400, 401, 302} | AWAY:
                raise NotDone(said.status, said.text)
            if time.monotonic() > deadline:
                raise NotDone(said.status if said else 0, "no answer")
            self.resent += 1
            if said is not None and said.status in (400, 401, 302):
                self._log_in()
                self._token = self._token_anew() or self._token

    def _token_anew(self) -> str:
        said = self._ask("GET", "/sessie", headers={"Accept": "application/json"})
        return str(json.loads(said.text)["csrf"]) if said is not None and said.status == 200 else ""

    def _open(self, address: str) -> Answer:
        """A page, behind the login page where that comes first."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            said = self._ask("GET", address)
            if said is not None and said.status == 200:
                return said
            if said is not None and said.status == 302 and "/aanmelden" in said.location:
                self._log_in()
            elif said is not None and said.status not in AWAY:
                raise NotDone(said.status, said.text)
            if time.monotonic() > deadline:
                raise NotDone(said.status if said else 0, "no answer")

    def _log_in(self) -> None:
        self._cookies.clear()
        page = self._ask("GET", "/aanmelden")
        if page is None or page.status != 200:
            return  # whoever asked for a page asks again
        form = {
            "csrf_token": _token(page.text),
            "gebruikersnaam": self._email,
            "wachtwoord": self._password,
        }
        self._ask("POST", "/aanmelden", urlencode(form), dict(AS_FORM))

    def _ask(
        self, method: str, address: str, body: str = "", headers: dict[str, str] | None = None
    ) -> Answer | None:
        """One request; ``None`` where no whole answer came."""
        try:
            connection = self._connected()
            connection.request(method, address, body.encode(), self._headers(headers))
            raw = connection.getresponse()
            text = raw.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self._leave()
            time.sleep(0.1)
            return None
        for line in raw.headers.get_all("Set-Cookie", []):
            self._cookies.update({k: v.value for k, v in SimpleCookie(line).items()})
        if raw.status in AWAY:
            self._leave()
            time.sleep(0.2)
        return Answer(raw.status, text, raw.headers.get("Location", ""))

    def _hang_up_on(self, method: str, address: str, body: str, headers: dict[str, str]) -> None:
        with suppress(OSError, http.client.HTTPException):
            self._connected().request(method, address, body.encode(), self._headers(headers))
        self.resent += 1
        self._leave()

    def _headers(self, more: dict[str, str] | None) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        accept = "application/json" if more and "X-CSRFToken" in more else "text/html"
        return {"Cookie": cookies, "Accept": accept, **(more or {})}

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            port = self._random.choice(self._ports)
            self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        return self._connection

    def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _body(answers: dict[str, Any], submission: UUID) -> str:
    return json.dumps({"data": answers, "submission_id": str(submission)})


def _as_script(token: str) -> dict[str, str]:
    return {"Content-Type": "application/json", "X-CSRFToken": token}


def _token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""
