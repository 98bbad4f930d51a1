"""First pages as people open them, through the whole application but without a network."""

from __future__ import annotations

import re
import statistics
import time
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import Engine

from engine.clock import VirtualClock
from engine.families.casework import Casework
from webui.app import create_app
from webui.services import Services, WebConfig

ROUNDS = 5
SECRET = "only-for-measurements"  # noqa: S105
PAGES = {
    "samira@debrug.example": ("/taken", "/taken?tab=team", "/gezinnen"),
    "marjan@debrug.example": ("/taken", "/taken?tab=team", "/gezinnen"),
    "ingrid@rivierenwijk.example": ("/taken", "/keten", "/gezinnen"),
    "bas@rivierenwijk.example": ("/beheer/incidenten",),
    "pieter@debrug.example": ("/studio/pakketten",),
}
"""Who opens what: a worker, a project leader, a coordinator, an administrator, a process owner."""


def first_pages(engine: Engine, now: datetime, password: str) -> dict[tuple[str, str], float]:
    """Milliseconds of each page, the median of some; by who opens it and its address."""
    clock = VirtualClock(now)
    services = Services(database=engine, clock=clock, casework=Casework(engine, clock))
    app = create_app(services, WebConfig(secret_key=SECRET))
    found = {}
    for email, addresses in PAGES.items():
        client = app.test_client()
        _sign_in(client, email, password)
        for address in addresses:
            found[email.partition("@")[0], address] = _median(client, address)
    return found


def _median(client: FlaskClient, address: str) -> float:
    taken = []
    for _ in range(ROUNDS + 1):
        begin = time.perf_counter()
        answer = client.get(address)
        taken.append((time.perf_counter() - begin) * 1e3)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status}")
    return statistics.median(taken[1:])


def _sign_in(client: FlaskClient, email: str, password: str) -> None:
    page = client.get("/aanmelden").get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    given = {"csrf_token": token[1] if token else "", "gebruikersnaam": email}
    client.post("/aanmelden", data={**given, "wachtwoord": password, "verder": "/"})
