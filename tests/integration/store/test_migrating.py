"""The tables come by migration, once, whoever asks first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, inspect, text

from engine.store.errors import MigrationFailed
from engine.store.schema import differences, is_current, upgrade


@pytest.fixture
def engine(empty_database_url):
    engine = create_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_an_empty_database_gets_the_tables_of_the_models(engine):
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)
    assert differences(engine) == []


def test_two_processes_that_start_at_once_migrate_once(engine):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: upgrade(engine), range(4)))
    assert "trajectories" in inspect(engine).get_table_names()


def test_a_database_of_a_newer_version_is_left_alone(engine):
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    with pytest.raises(MigrationFailed, match="kunnen niet naar deze versie"):
        upgrade(engine)
