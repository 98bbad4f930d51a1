"""What the fixtures promise: databases of a test's own, with the schema and without rows."""

from __future__ import annotations

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
