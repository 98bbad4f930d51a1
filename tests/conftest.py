"""Fixtures for all tests: databases, and the marks that go with the folder a test stands in."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, QueuePool
from sqlalchemy.orm import Session

# The same examples every time, so that nobody's change is refused by chance; `make test-long`
# looks for new ones. How long one takes is no finding on a machine that others use as well.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("usual", derandomize=True, **PATIENT)
settings.register_profile("long", **PATIENT)
settings.load_profile(os.environ.get("KETENSPOOR_TEST_PROFILE", "usual"))

TESTS = Path(__file__).resolve().parent
MARKED_FOLDERS = {
    "integration": "integration",
    "chaos": "integration",
    "upgrades": "integration",
    "browser": "browser",
    "scenarios": "scenario",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test by the folder that it stands in."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        if folder in MARKED_FOLDERS:
            item.add_marker(MARKED_FOLDERS[folder])


@pytest.fixture(scope="session")
def database_server():
    """The PostgreSQL server on which tests make databases of their own."""
    from tests.databases import running_server
    from tests.done_once import done_once

    with done_once(), running_server() as server:
        yield server


@pytest.fixture(scope="session")
def database_url(database_server) -> Iterator[str]:
    """One migrated database for the whole session; for tests that keep their rows apart."""
    with database_server.fresh_database() as url:
        yield url


@pytest.fixture
def fresh_database_url(database_server) -> Iterator[str]:
    """A migrated database for this test alone, copied anew: it may do with it what it likes."""
    with database_server.fresh_database() as url:
        yield url


@pytest.fixture
def empty_database_url(database_server) -> Iterator[str]:
    """A database without any table for this test alone; for tests of migrations."""
    with database_server.empty_database() as url:
        yield url


@pytest.fixture
def clean_database_url(database_server) -> Iterator[str]:
    """A migrated database without rows for this test alone; the next test gets it emptied."""
    with database_server.clean_database() as url:
        yield url


@pytest.fixture
def engine_db(clean_database_url: str) -> Iterator[Engine]:
    """An SQLAlchemy engine on a migrated database without rows, for this test alone."""
    with _opened(clean_database_url) as engine:
        yield engine


@pytest.fixture
def methods_db(database_server) -> Iterator[Engine]:
    """An engine on a database with the demonstration's region and every package; no families."""
    from tests.methods import settle

    with (
        database_server.filled_database("methods", settle) as url,
        _opened(url) as engine,
    ):
        yield engine


@pytest.fixture
def db_session(engine_db: Engine) -> Iterator[Session]:
    """A session on ``engine_db``; what the test does not commit is rolled back."""
    with Session(engine_db) as session:
        yield session


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    """An engine that leaves nothing behind for when the collector comes by in another test.

    What a failed transaction left goes back while its database is still there: a session in a cycle
    would be rolled back in the middle of anything.
    """
    from engine.store.database import close_engine, open_engine

    engine = open_engine(url, TESTS.parent / "var")
    yield engine
    if cast(QueuePool, engine.pool).checkedout():
        gc.collect()
    close_engine(engine)
