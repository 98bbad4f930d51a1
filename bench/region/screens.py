"""Pages as people open them, through the whole application but without a network."""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from werkzeug.test import TestResponse

from engine.clock import VirtualClock
from engine.families.casework import Casework
from webui.app import create_app
from webui.services import Services, WebConfig

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECRET = "only-for-measurements"  # noqa: S105
_TASKS = ("/taken", "/taken?tab=team", "/taken/aantal?tab=team", "/taken?tab=team&pagina=3")
_FAMILIES = ("/gezinnen", "/gezinnen?pagina=40", "/gezinnen zoek=ozdemir", "/gezinnen/{family}")
_CHAIN = (
    "/keten",
    "/keten?pagina=40",
    "/keten?risico=calm",
    "/keten?risico=high&fase=2",
    "/keten zoek=ozdemir",
)
PAGES = {
    "samira@debrug.example": (*_TASKS, *_FAMILIES, "/contactnotitie", "/trajecten/{trajectory}"),
    "marjan@debrug.example": (*_TASKS, *_CHAIN, *_FAMILIES, "/contactnotitie"),
    "ingrid@rivierenwijk.example": (*_TASKS, *_CHAIN, *_FAMILIES),
    "bas@rivierenwijk.example": (
        "/beheer/incidenten", "/beheer/incidenten?oorzaak=feel-failed&pagina=20",
        "/beheer/uitgaand", "/beheer/pakketten", "/beheer/gebruikers",
    ),
    "pieter@debrug.example": (
        "/studio/pakketten", "/studio/pakketten/tussen-in", "/studio/lopend",
        "/studio/lopend?pagina=40", "/studio/lopend?pakket=tussen-in",
        "/studio/lopend?zoek={start}", "/studio/overzetten",
    ),
}  # fmt: skip
"""Who opens what: a worker, a project leader, a coordinator, an administrator, a process owner.

What follows a space is sent as a form."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a page cost: milliseconds (medians), statements, and rows that the server read.

    ``processor`` is what the application and its connections' server processes worked, so
    that it tells something on a busy machine too; helpers of the server are not in it.
    """

    milliseconds: float
    processor: float
    statements: int
    rows: int


class Screens:
    """The pages, opened by people who have signed in."""

    def __init__(self, engine: Engine, now: datetime, password: str) -> None:
        clock = VirtualClock(now)
        services = Services(database=engine, clock=clock, casework=Casework(engine, clock))
        self._app = create_app(services, WebConfig(secret_key=SECRET))
        self._engine, self._password = engine, password
        self.statements: list[tuple[str, Any, float]] = []
        event.listen(engine, "before_cursor_execute", self._seen)

    def opened(self, only: str = "") -> Iterator[tuple[str, str, Opened]]:
        """Who opens it, its address, and what it cost."""
        for email, addresses in PAGES.items():
            client = self._app.test_client()
            token = _sign_in(client, email, self._password)
            known = self._known(email)
            for address in addresses:
                if re.search(only, f"{email} {address}"):
                    path, _, sent = address.format(**known).partition(" ")
                    given = {**dict([sent.split("=")]), "csrf_token": token} if sent else {}
                    yield email.partition("@")[0], address, self._open(client, path, given)

    def _open(self, client: FlaskClient, path: str, given: Mapping[str, str]) -> Opened:
        taken, worked = [], []
        for _ in range(ROUNDS + 1):
            before = self._rows()
            spent = self._worked()
            self.statements.clear()
            begin = time.perf_counter()
            answer = _asked(client, path, given)
            taken.append((time.perf_counter() - begin) * 1e3)
            worked.append(self._worked() - spent)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status}")
        rows, made = self._rows() - before, len(self.statements)
        middle = [statistics.median(found[1:]) for found in (taken, worked)]
        return Opened(*middle, made, rows)

    def _known(self, email: str) -> Mapping[str, str]:
        """A family of whom opens the page."""
        with self._engine.connect() as connection:
            family, trajectory = connection.execute(_OWN_FAMILY, {"email": email}).one()
        return {"family": family, "trajectory": trajectory, "start": trajectory[:4]}

    def _worked(self) -> float:
        """Milliseconds of the processor that this process and its connections' servers used."""
        with self._engine.connect() as connection:
            processes = connection.scalars(_SERVERS).all()
        told = (Path(f"/proc/{process}/schedstat").read_text("utf-8") for process in processes)
        return time.process_time() * 1e3 + sum(int(one.split()[0]) / 1e6 for one in told)

    def _rows(self) -> int:
        """Rows and entries of indexes that were read so far, since the server counts."""
        with self._engine.connect() as connection:
            connection.execute(text("SELECT pg_stat_force_next_flush()"))
            connection.commit()
            connection.execute(text("SELECT pg_stat_clear_snapshot()"))
            return int(connection.execute(_ROWS_READ).scalar_one())

    def _seen(self, _connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        self.statements.append((statement, values, time.perf_counter()))


def _asked(client: FlaskClient, path: str, given: Mapping[str, str]) -> TestResponse:
    if given:
        return client.post(path, data=given)
    return client.get(path, follow_redirects=True)


def _sign_in(client: FlaskClient, email: str, password: str) -> str:
    """Sign in; the token that forms have to send."""
    given = {"csrf_token": _token(client), "gebruikersnaam": email, "wachtwoord": password}
    client.post("/aanmelden", data={**given, "verder": "/"})
    return _token(client)


def _token(client: FlaskClient) -> str:
    page = client.get("/aanmelden", follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    return found[1] if found else ""


_OWN_FAMILY = text("""
SELECT t.family_id::text, t.id::text FROM users u
LEFT JOIN involvements i ON i.user_id = u.id AND i.until IS NULL
LEFT JOIN role_assignments r ON r.user_id = u.id AND r.role = 'project_leader'
JOIN trajectories t ON t.status = 'running' AND (t.id = i.trajectory_id OR i.id IS NULL AND
    (t.organisation_id = r.organisation_id OR r.id IS NULL AND t.organisation_id IN
        (SELECT id FROM organisations WHERE is_runner AND name !~ '^[0-9]+-')))
WHERE u.email = :email LIMIT 1
""")
_SERVERS = text("""
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
""")
_ROWS_READ = text("""
SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables)
     + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)
""")
