"""Timers of one tree fire in the order they are due, whoever sweeps beside whom."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from engine.runtime.models import ProcessInstance, Timer
from engine.runtime.sweep import claim_due

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BETWEEN = 20_000
"""Timers of a locked tree that a sweep must look past; it takes some tens of milliseconds."""
RUNNING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%timers%'
"""


def add_instance(session: Session) -> UUID:
    made = uuid4()
    session.execute(
        insert(ProcessInstance).values(
            id=made, root_id=made, package_key="p", package_version="v", process_id="p",
            is_main=True, status="active", state=b"", row_version=1, created_at=NOW,
        )
    )  # fmt: skip
    return made


def add_timer(session: Session, instance: UUID, element: str, seconds_ago: int, token=None) -> UUID:
    token, due = token or uuid4(), NOW - timedelta(seconds=seconds_ago)
    session.execute(
        insert(Timer).values(
            token_id=token, instance_id=instance, element_id=element, element_name="",
            due_at=due, next_try_at=due, attempts=0,
        )
    )  # fmt: skip
    return token


@pytest.fixture
def tree(engine_db):
    """A tree with a cycle that is due twice before its other timer, and a busy tree between."""
    with Session(engine_db) as session:
        tree, busy = add_instance(session), add_instance(session)
        cycle = add_timer(session, tree, "cycle", 60)
        add_timer(session, tree, "last", 10)
        session.execute(
            text(
                "INSERT INTO timers (token_id, instance_id, element_id, element_name, due_at, "
                "next_try_at, attempts) SELECT gen_random_uuid(), :busy, 'b', '', :due, :due, 0 "
                "FROM generate_series(1, :many)"
            ),
            {"busy": busy, "due": NOW - timedelta(seconds=30), "many": BETWEEN},
        )
        session.commit()
    return tree, busy, cycle


def test_a_sweep_that_began_before_another_committed_keeps_the_order(engine_db, tree):
    instance, busy, cycle = tree
    claimed = []

    def sweep() -> None:
        with Session(engine_db) as session:
            found = claim_due(session, NOW)
            claimed.append(found and found.element_id)

    with (
        Session(engine_db) as holder, Session(engine_db) as first, engine_db.connect() as watcher
    ):  # fmt: skip
        holder.execute(
            select(ProcessInstance.id).where(ProcessInstance.id == busy).with_for_update()
        )
        assert claim_due(first, NOW).element_id == "cycle"
        second = threading.Thread(target=sweep)
        second.start()
        deadline = time.monotonic() + 120
        while not watcher.execute(text(RUNNING)).scalar() and time.monotonic() < deadline:
            watcher.rollback()
        # the first sweep fires the cycle, which is due again before the last timer
        first.execute(delete(Timer).where(Timer.token_id == cycle))
        add_timer(first, instance, "cycle", 20, cycle)
        first.commit()
        second.join(timeout=200)
    assert claimed in (["cycle"], [None])
