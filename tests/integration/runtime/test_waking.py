"""Idle workers wake when a timer is announced, fall back on their interval, and stop when told."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from engine.clock import SystemClock
from engine.runtime.models import ProcessInstance, Timer
from engine.runtime.waking import CHANNEL, Alarm, SweepThread, announce

LONG = 240.0
SOON = 100
"""Seconds; on a busy machine a thread may wait long for its turn, and still not so long."""
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def alarm(engine_db):
    made = Alarm(engine_db, SystemClock(), LONG)
    yield made
    made.close()


@pytest.fixture
def sleeper(alarm):
    """Sleeps on a thread; ``join`` it to see whether it woke."""
    stopped = threading.Event()
    thread = threading.Thread(target=alarm.sleep, args=(stopped,))
    yield thread
    stopped.set()
    if thread.ident is not None:
        thread.join(timeout=SOON)


def fall_asleep(thread, engine) -> None:
    thread.start()
    listens = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' "
                   "AND datname = current_database()")  # fmt: skip
    deadline = time.monotonic() + SOON
    with engine.connect() as connection:
        while not connection.execute(listens).scalar() and time.monotonic() < deadline:
            connection.rollback()


def add_timer(engine, due_at: datetime) -> None:
    with Session(engine) as session:
        made = ProcessInstance(
            package_key="p", package_version="v", process_id="p", is_main=True, status="active",
            state=b"", row_version=1, created_at=due_at,
        )  # fmt: skip
        made.id = made.root_id = uuid4()
        session.add(made)
        session.flush()
        session.execute(
            insert(Timer).values(
                token_id=made.id, instance_id=made.id, element_id="t", element_name="",
                due_at=due_at, next_try_at=due_at, attempts=0,
            )
        )  # fmt: skip
        session.commit()


def test_an_announced_timer_wakes_at_the_commit(engine_db, sleeper):
    fall_asleep(sleeper, engine_db)
    with Session(engine_db) as session:
        announce(session, NOW, NOW)
        sleeper.join(timeout=0.3)
        assert sleeper.is_alive()
        session.commit()
    sleeper.join(timeout=SOON)
    assert not sleeper.is_alive()


def test_a_timer_of_days_is_not_announced(engine_db):
    with Session(engine_db) as session:
        announce(session, NOW + timedelta(days=3), NOW)
        assert session.get_transaction() is None


def test_who_knows_the_next_timer_sleeps_until_then(engine_db, alarm):
    due = SystemClock().now() + timedelta(seconds=1)
    add_timer(engine_db, due)
    began = time.monotonic()
    alarm.sleep(threading.Event())
    assert SystemClock().now() > due - timedelta(seconds=0.1)
    assert time.monotonic() - began < SOON


def test_a_timer_that_is_overdue_all_the_time_leaves_some_rest(engine_db, alarm):
    add_timer(engine_db, NOW - timedelta(days=1))
    began = time.monotonic()
    alarm.sleep(threading.Event())
    assert 0.1 < time.monotonic() - began < SOON


def test_a_lost_connection_only_costs_the_interval(engine_db, caplog):
    alarm = Alarm(engine_db, SystemClock(), 0.6)
    with engine_db.connect() as connection:
        alarm.sleep(threading.Event())
        ended = connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
        ).scalar()
    assert ended == 1
    began = time.monotonic()
    alarm.sleep(threading.Event())  # it is told here
    alarm.sleep(threading.Event())  # and listens anew
    assert time.monotonic() - began < SOON
    with engine_db.connect() as connection:
        channels = connection.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' "
                 "AND datname = current_database()")
        ).scalar()  # fmt: skip
    assert channels == 1
    alarm.close()
    assert not [line for line in caplog.records if line.name.startswith("sqlalchemy")]


def test_the_sweep_stops_soon_when_told(engine_db, alarm):
    rounds = []
    thread = SweepThread(lambda: rounds.append(True), alarm)
    thread.start()
    deadline = time.monotonic() + SOON
    while not rounds and time.monotonic() < deadline:
        time.sleep(0.01)
    began = time.monotonic()
    thread.stop()
    assert time.monotonic() - began < SOON
    assert rounds == [True]


def test_the_channel_is_the_one_listened_to(engine_db, alarm, sleeper):
    fall_asleep(sleeper, engine_db)
    with engine_db.begin() as connection:
        connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})
    sleeper.join(timeout=SOON)
    assert not sleeper.is_alive()
