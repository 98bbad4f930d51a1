"""While the database is away or its disk is full, people are told so; it is no fault of ours."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.access.people import set_password
from engine.clock import SystemClock
from engine.families.casework import Casework
from engine.store.database import close_engine, open_engine
from engine.store.exchange import Exchanger, StatementFailed
from tests.region import region
from webui.app import create_app
from webui.services import Services, WebConfig

PASSWORD = "een lang genoeg wachtwoord"
TOLD = "De gegevens zijn even niet bereikbaar"


@pytest.fixture
def database(fresh_database_url):
    engine = open_engine(fresh_database_url, Path("/nonexistent"))
    yield engine
    close_engine(engine)


@pytest.fixture
def client(database):
    """Somebody who has signed in."""
    clock = SystemClock()
    with Session(database) as session:
        place = region(session)
        user = session.get_one(User, place.users["wilma"])
        set_password(session, user, PASSWORD, at=clock.now())
        email = user.email
        session.commit()
    services = Services(database, clock, Casework(database, clock))
    client = create_app(services, WebConfig(secret_key="test")).test_client()
    page = client.get("/aanmelden").get_data(as_text=True)
    client.post(
        "/aanmelden",
        data={"csrf_token": token(page), "gebruikersnaam": email, "wachtwoord": PASSWORD},
    )
    return client


def token(page: str) -> str:
    return re.search(r'name="csrf-token" content="([^"]+)"', page)[1]


def take_away(database) -> None:
    """Nobody gets in any more, and who was in is put out."""
    name = database.url.database
    server = database.url.set(database="postgres", drivername="postgresql")
    with psycopg.connect(
        server.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )


A_TASK = "/taken/6f2b7f8e-3a55-4c1e-9c55-2f6b8f0f6d11"


@pytest.mark.parametrize("path", ["/taken", "/aanmelden", "/health", A_TASK])
def test_a_page_says_that_the_data_cannot_be_reached(client, database, path):
    take_away(database)
    answer = client.get(path)
    if path == "/aanmelden" and answer.status_code == 302:  # signed in already
        return
    assert answer.status_code == 503
    assert TOLD in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"]


def test_a_form_is_answered_in_words_for_its_page(client, database):
    csrf = token(client.get("/taken").get_data(as_text=True))
    take_away(database)
    answer = client.post(
        f"/taken/{uuid4()}/afronden",
        json={"data": {}, "submission_id": str(uuid4())},
        headers={"X-CSRFToken": csrf, "Accept": "application/json"},
    )
    assert answer.status_code == 503
    assert TOLD in answer.get_json()["title"]


def test_a_full_disk_is_told_in_the_same_words(client, database, monkeypatch):
    csrf = token(client.get("/taken").get_data(as_text=True))

    def full(*_: object) -> None:
        raise psycopg.errors.DiskFull("could not extend file")

    def full_in_an_exchange(*_: object, **__: object) -> None:
        raise StatementFailed(0, psycopg.errors.DiskFull("could not extend file"))

    event.listen(database, "do_execute", full)
    monkeypatch.setattr(Exchanger, "exchange", full_in_an_exchange)
    answer = client.post(
        f"/taken/{uuid4()}/afronden",
        json={"data": {}, "submission_id": str(uuid4())},
        headers={"X-CSRFToken": csrf, "Accept": "application/json"},
    )
    assert answer.status_code == 503
    assert TOLD in answer.get_json()["title"]


def test_when_it_is_back_the_same_session_goes_on(client, database):
    take_away(database)
    assert client.get("/taken").status_code == 503
    name = database.url.database
    server = database.url.set(database="postgres", drivername="postgresql")
    with psycopg.connect(
        server.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
    assert client.get("/taken").status_code == 200
