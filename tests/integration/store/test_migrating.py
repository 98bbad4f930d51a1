"""The tables come by migration, once, whoever asks first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from engine.store import schema
from engine.store.backup import steady_schema
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


def test_migrations_follow_each_other_by_number_and_end_in_one_head():
    folder = schema.MIGRATIONS / "versions"
    files = sorted(file.stem for file in folder.glob("[0-9]*.py"))
    assert [file[:4] for file in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    scripts = ScriptDirectory.from_config(schema._config(None))
    assert scripts.get_heads() == [files[-1][:4]]
    for one in scripts.walk_revisions():
        before = f"{int(one.revision) - 1:04}"
        assert one.down_revision == (None if before == "0000" else before)


def test_two_processes_that_start_at_once_migrate_once(engine):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: upgrade(engine), range(4)))
    assert "trajectories" in inspect(engine).get_table_names()


def test_who_starts_during_a_backup_does_not_wait_for_its_end(engine):
    upgrade(engine)
    impatient = create_engine(engine.url, connect_args={"options": "-c lock_timeout=1000"})
    with steady_schema(engine):
        upgrade(impatient)
    impatient.dispose()


def test_a_connection_that_is_lost_on_the_way_is_made_again(engine, monkeypatch):
    monkeypatch.setattr(schema, "WAIT_SECONDS", 0)
    real, ended = schema.upgrade_to, []

    def ends_once(connection):
        if not ended:
            ended.append(True)
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        real(connection)

    monkeypatch.setattr(schema, "upgrade_to", ends_once)
    upgrade(engine)
    assert ended
    assert is_current(engine)


def test_a_database_of_a_newer_version_is_left_alone(engine):
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    with pytest.raises(MigrationFailed, match="kunnen niet naar deze versie"):
        upgrade(engine)
