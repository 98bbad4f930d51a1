"""Opening a database by its address."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from engine.store import database
from engine.store.database import close_engine, open_engine
from engine.store.errors import DatabaseTooOld, DatabaseUnreachable, DatabaseUrlUnsupported

NOWHERE = Path("/nonexistent")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_the_usual_spellings_of_an_address_will_do(database_url, scheme):
    address = make_url(database_url).set(drivername=scheme)
    engine = open_engine(address.render_as_string(hide_password=False), NOWHERE)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    close_engine(engine)


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://host/db", "not an address"])
def test_other_databases_are_refused(url):
    with pytest.raises(DatabaseUrlUnsupported):
        open_engine(url, NOWHERE)


def test_an_unreachable_database_is_told_without_its_password():
    with pytest.raises(DatabaseUnreachable) as caught:
        open_engine("postgresql://me:secret@127.0.0.1:9/db", NOWHERE)
    assert "secret" not in str(caught.value.as_dict())


def test_a_server_that_is_too_old_is_refused(database_url, monkeypatch):
    monkeypatch.setattr(database, "OLDEST_MAJOR", 99)
    with pytest.raises(DatabaseTooOld, match="minstens 99"):
        open_engine(database_url, NOWHERE)
