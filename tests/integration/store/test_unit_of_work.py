"""One transaction: everything or nothing; lost races are run again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from engine.store.errors import TryAgain
from engine.store.settings import Number, Setting, number, set_number
from engine.store.unit_of_work import UnitOfWork, in_transaction

START = datetime(2026, 1, 1, tzinfo=UTC)
NUMBER = Number("test", 7, "days", "for this test")


def test_the_work_is_kept_at_the_end(engine_db):
    with UnitOfWork(engine_db) as session:
        set_number(session, NUMBER, 9, since=START, source="law")
    with UnitOfWork(engine_db) as session:
        assert number(session, NUMBER, START) == 9


def test_an_exception_undoes_the_work(engine_db):
    with pytest.raises(ZeroDivisionError), UnitOfWork(engine_db) as session:  # noqa: PT012
        set_number(session, NUMBER, 9, since=START, source="law")
        session.flush()
        1 / 0  # noqa: B018
    with UnitOfWork(engine_db) as session:
        assert number(session, NUMBER, START) == NUMBER.default


def test_a_number_holds_from_its_date_on(engine_db):
    with UnitOfWork(engine_db) as session:
        set_number(session, NUMBER, 9, since=datetime(2026, 6, 1, tzinfo=UTC), source="law")
        session.flush()
        assert number(session, NUMBER, START) == 7
        assert number(session, NUMBER, datetime(2026, 6, 1, tzinfo=UTC)) == 9


def test_an_instant_without_a_zone_is_refused_and_others_come_back_in_utc(engine_db):
    with UnitOfWork(engine_db) as session:
        amsterdam = datetime.fromisoformat("2026-06-01T12:00+02:00")
        set_number(session, NUMBER, 9, since=amsterdam, source="law")
        session.flush()
        session.expire_all()
        found = session.scalars(select(Setting)).one()
        assert found.since.isoformat() == "2026-06-01T10:00:00+00:00"
        session.add(Setting(key="x", value=1, since=datetime(2026, 1, 1), source=""))  # noqa: DTZ001
        with pytest.raises(StatementError, match="without a time zone"):
            session.flush()
        session.rollback()


def test_work_that_deadlocks_is_done_again(engine_db):
    with UnitOfWork(engine_db) as session:
        for key in ("a", "b"):
            session.add(Setting(key=key, value=0, since=START))
    barrier, first_time = Barrier(2), []

    def add_to_both(order):
        def work(session):
            for key in order:
                session.execute(
                    text("UPDATE settings SET value = value + 1 WHERE key = :key"), {"key": key}
                )
                if order not in first_time:
                    first_time.append(order)
                    barrier.wait()

        in_transaction(engine_db, work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add_to_both, ["ab", "ba"]))
    with UnitOfWork(engine_db) as session:
        assert session.scalars(select(Setting.value)).all() == [2, 2]


def test_work_that_never_wins_is_given_up_with_an_explanation(engine_db):
    def lose(session):
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(TryAgain, match="3 keer"):
        in_transaction(engine_db, lose, attempts=3, first_wait_seconds=0)
