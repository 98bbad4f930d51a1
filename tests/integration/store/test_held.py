"""One holder at a time, until it lets go or its connection ends."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import text

from engine.store.held import held

ENDED = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


def test_a_second_one_is_told_until_the_first_lets_go(engine_db):
    key = uuid4()
    with held(engine_db, key) as first, held(engine_db, key) as second:
        assert (first, second) == (True, False)
    with held(engine_db, key) as again:
        assert again


def test_different_keys_do_not_know_each_other(engine_db):
    with held(engine_db, uuid4()) as first, held(engine_db, uuid4()) as second:
        assert first
        assert second


def test_who_loses_the_connection_holds_nothing(engine_db):
    key = uuid4()
    with held(engine_db, key) as first:
        assert first
        with engine_db.connect() as connection:
            connection.execute(ENDED)
        with held(engine_db, key) as second:
            assert second


def test_no_transaction_stays_open_meanwhile(engine_db):
    with held(engine_db, uuid4()), engine_db.connect() as connection:
        open_ones = connection.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' "
                "AND datname = current_database()"
            )
        )
    assert open_ones == 0
