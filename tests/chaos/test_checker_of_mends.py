"""The checker and mends: it follows what people do against the drawn course, and finds damage."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SystemClock, VirtualClock
from engine.definitions.published.publication import publish
from engine.execution.errors import MendRefused, NotWaiting
from engine.families.casework import Casework
from engine.families.composition import process_workbench, sweep_runtime
from engine.families.errors import NothingRuns, UndoNotPossible
from engine.families.file.answers import local_day
from engine.families.mending.interventions import intervene
from engine.families.mending.mends import End, Move, Postpone, Repeat, Resume, Skip, Suspend, Undo
from engine.families.models import Mend
from engine.families.soundness import examine_database
from engine.runtime.models import ProcessInstance, UserTask
from engine.runtime.sweep import Sweep
from engine.store.database import close_engine, open_engine
from engine.store.unit_of_work import in_transaction
from tests.chaos.checker import check
from tests.chaos.diagram import Pace, storm_package
from tests.chaos.mender import at_random
from tests.region import region

PACE = Pace(rounds=2)


@pytest.fixture(scope="module")
def mended(database_server):
    """Instances that people worked on, and mended at random, checked after every turn."""
    chance = random.Random(20261122)
    with database_server.fresh_database() as url:
        engine, clock = open_engine(url, Path("/nonexistent")), VirtualClock(SystemClock().now())
        address = url.replace("postgresql+psycopg", "postgresql")
        with Session(engine) as session:
            place = region(session)
            place.clock.advance_to(clock.now())
            publish(session, storm_package(PACE), at=clock.now())
            session.commit()
            worker, leader = place.actor("wilma"), place.actor("paula")
        work = Casework(engine, clock)
        sweep = Sweep(engine, clock, lambda session: sweep_runtime(session, clock))

        def refer():
            given = {"gezinsnaam": "x"}
            return work.refer(worker, "stormproef", "aanmelding", given, submission_id=uuid4())

        def complete(task_id):
            work.complete_task(worker, task_id, {"uitslag": 1}, submission_id=uuid4())

        referred = [refer() for _ in range(6)]
        for turn in range(20):
            sweep.run_once()
            for ref in chance.sample(referred, 3):
                command = at_random(engine, clock, ref.trajectory_id, chance)
                try:
                    if command is not None:
                        intervene(engine, clock, leader, ref.trajectory_id, command, "Zo beter.")
                except (MendRefused, NotWaiting, NothingRuns, UndoNotPossible):
                    pass
            with Session(engine) as session:
                drawn = UserTask.element_id != UserTask.process_id
                query = select(UserTask.id).where(UserTask.status == "open", drawn)
                tasks = sorted(session.scalars(query))
            for task_id in tasks[: len(tasks) // 2]:
                complete(task_id)
            if turn % 5 == 4:
                key = str(chance.choice(referred).trajectory_id)
                in_transaction(
                    engine,
                    lambda session, key=key: process_workbench(session, clock).runtime.publish(
                        "klaar", key, {}, life=timedelta(days=90), message_id=f"klaar:{key}"
                    ),
                )
            step = timedelta(days=1.1) if turn == 12 else timedelta(seconds=chance.uniform(0.2, 2))
            clock.advance_to(clock.now() + step)
            if turn % 10 == 9:
                with psycopg.connect(address) as connection:
                    found = check(connection, PACE, [])
                    assert found == [], "\n".join([f"turn {turn}", *found])
                with Session(engine) as session:
                    assert list(examine_database(session, clock)) == []
        intervene(engine, clock, leader, UUID(_running(engine)), End(), "Verhuisd.")
        _one_of_every_kind(engine, clock, leader, refer, complete, sweep)
        close_engine(engine)
        yield address


def _running(engine):
    with Session(engine) as session:
        return session.scalars(
            select(ProcessInstance.business_key)
            .where(ProcessInstance.is_main, ProcessInstance.status == "active")
            .order_by(ProcessInstance.id)
        ).first()


def _one_of_every_kind(engine, clock, leader, refer, complete, sweep):
    """What chance may have left out: one that was skipped, one moved, one taken up, one aside."""

    def mend(ref, *commands):
        for command in commands:
            intervene(engine, clock, leader, ref.trajectory_id, command, "Even anders.")

    def first(ref):
        query = select(UserTask.instance_id, UserTask.id)
        with Session(engine) as session:
            its = UserTask.business_key == str(ref.trajectory_id)
            drawn = UserTask.element_id != UserTask.process_id
            return session.execute(query.where(its, drawn, UserTask.status == "open")).one()

    def day(days):
        return local_day(clock.now()) + timedelta(days=days)

    def latest(ref):
        with Session(engine) as session:
            return session.scalars(
                select(Mend.id).where(Mend.trajectory_id == ref.trajectory_id)
            ).one()

    undone = refer()
    mend(undone, Repeat(*first(undone)))
    clock.advance_to(clock.now() + timedelta(seconds=1))
    mend(undone, Undo(latest(undone)))
    complete(first(undone).id)
    skipped, moved, again, aside = refer(), refer(), refer(), refer()
    mend(again, Suspend(day(1)))
    clock.advance_to(clock.now() + timedelta(days=1))
    sweep.run_once()
    mend(again, Postpone(day(1)), Resume(later=True))
    mend(again, Repeat(*first(again)))
    complete(first(again).id)
    mend(aside, Suspend(day(1)), Postpone(day(2)))
    mend(skipped, Skip(*first(skipped)))
    mend(moved, Move(*first(moved), "kamer"))
    ended_at_once = refer()  # its clock cannot strike
    mend(ended_at_once, Move(*first(ended_at_once), "uit"))


@pytest.fixture
def connection(mended):
    """Changes made over it are undone."""
    with psycopg.connect(mended) as connection:
        yield connection
        connection.rollback()


def test_what_people_mended_at_random_is_sound_by_its_audit(connection):
    assert check(connection, PACE, []) == []


def test_there_was_something_of_every_kind(connection):
    query = "SELECT DISTINCT coalesce(data->>'mend', type) FROM audit_events"
    found = {row[0] for row in connection.execute(query)}
    assert {
        "skipped",
        "repeated",
        "moved",
        "suspended",
        "resumed",
        "reviewed",
        "review-due",
    } <= found


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DELETE FROM audit_events WHERE type = 'suspended'", "while it was aside"),
        ("DELETE FROM audit_events WHERE type = 'resumed'", "aside"),
        ("UPDATE audit_events SET data = data - 'flows' WHERE data->>'mend' = 'skipped'", "stands"),
        ("UPDATE audit_events SET data = data - 'to' WHERE data->>'mend' = 'moved'", "a flow"),
        ("UPDATE audit_events SET actor_id = NULL WHERE data->>'mend' IS NOT NULL", "by nobody"),
        ("UPDATE user_tasks SET status = 'open' WHERE status = 'suspended'", "task"),
        ("DELETE FROM timers WHERE element_id IN ('storm', 'kind')", "timer"),
        ("UPDATE user_tasks SET completed_by = NULL WHERE element_id = process_id "
         "AND status = 'completed'", "task"),
    ],
)  # fmt: skip
def test_every_damage_is_found(connection, damage, told):
    assert connection.execute(damage).rowcount > 0
    assert any(told in line for line in check(connection, PACE, []))
