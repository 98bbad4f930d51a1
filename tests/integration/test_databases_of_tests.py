"""What the fixtures promise: databases of a test's own, with the schema and without rows."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import create_engine, text


def test_the_schema_is_there_and_current(engine_db):
    from engine.store.schema import is_current

    assert is_current(engine_db)


def test_a_table_made_in_one_test_is_not_there_for_others(database_server):
    with database_server.fresh_database() as one, database_server.fresh_database() as other:
        made = create_engine(one)
        with made.begin() as connection:
            connection.execute(text("CREATE TABLE only_here ()"))
        made.dispose()
        untouched = create_engine(other)
        with untouched.connect() as connection:
            found = connection.scalar(text("SELECT to_regclass('only_here')"))
        untouched.dispose()
    assert found is None


def test_a_database_is_gone_after_its_test(database_server):
    with database_server.fresh_database() as url:
        name = url.rsplit("/", 1)[1].split("?")[0]
    with database_server.empty_database() as other:
        engine = create_engine(other)
        with engine.connect() as connection:
            query = text("SELECT count(*) FROM pg_database WHERE datname = :name")
            left = connection.scalar(query, {"name": name})
        engine.dispose()
    assert left == 0


ADD = "INSERT INTO chains (id, name) VALUES (gen_random_uuid(), 'Keten')"
NUMBER = "SELECT nextval(pg_get_serial_sequence('access_log', 'id'))"


def test_the_next_test_gets_the_database_emptied_and_under_another_name(database_server):
    with database_server.clean_database() as url:
        left_open = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        left_open.execute(ADD)
        left_open.execute(NUMBER)
    with pytest.raises(psycopg.OperationalError):  # whoever stays behind is sent away
        left_open.execute(NUMBER)
    left_open.close()
    with database_server.clean_database() as other:
        engine = create_engine(other)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM chains")) == 0
            assert connection.scalar(text(NUMBER)) == 1
        engine.dispose()
    assert other != url


MANY = "INSERT INTO chains SELECT gen_random_uuid(), 'Keten ' || n FROM generate_series(1, 500) n"
ONE = "INSERT INTO chains VALUES (gen_random_uuid(), 'Keten {}')"


def test_rows_that_are_read_without_an_order_come_as_in_a_new_table(database_server):
    with (
        database_server.clean_database() as url,
        psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection,
    ):
        connection.execute(MANY)
    with (
        database_server.clean_database() as other,
        psycopg.connect(other.replace("+psycopg", ""), autocommit=True) as connection,
    ):
        for number in range(500):
            connection.execute(ONE.format(number).encode())
            if number == 250:
                connection.execute("VACUUM chains")  # as the server does at any moment
        names = [row[0] for row in connection.execute("SELECT name FROM chains")]
    assert names == [f"Keten {number}" for number in range(500)]


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE only_here ()",
        "ALTER TABLE users ADD COLUMN only_here text",
        "DROP INDEX ix_access_log_user",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_no_test_gets_a_database_whose_schema_was_changed(database_server, change):
    with database_server.clean_database() as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text(change))
        engine.dispose()
        changed = url.rsplit("/", 1)[1].split("?")[0]
    with database_server.clean_database() as other:
        engine = create_engine(other)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT to_regclass('only_here')")) is None
            found = text("SELECT count(*) FROM pg_database WHERE datname = :name")
            assert connection.scalar(found, {"name": changed}) == 0
        engine.dispose()
