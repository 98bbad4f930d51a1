"""The checker of mails: nothing wrong where all went well, and every single damage is found."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import SystemClock, VirtualClock
from engine.definitions.published.publication import publish
from engine.families.casework import Casework
from engine.families.composition import sweep_runtime
from engine.runtime.models import UserTask
from engine.runtime.outward_desk import OutwardDesk
from engine.runtime.outward_worker import OutwardWorker
from engine.runtime.sweep import Sweep
from engine.store.database import close_engine, open_engine
from integrations.mail import MailedNotices
from tests.chaos.checker import check
from tests.chaos.diagram import Pace, storm_package
from tests.region import region

PACE = Pace(rounds=1, mails=True)
OTHER = "<00000000-0000-4000-8000-000000000000.00000000-0000-4000-8000-000000000001@x>"


class Box:
    """Takes every mail."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def deliver(self, message) -> None:
        self.ids.append(str(message["Message-ID"]))


@pytest.fixture(scope="module")
def mailed(database_server):
    """A database with a trajectory that sent its mail and one that is about to; and the mails."""
    with database_server.fresh_database() as url:
        engine, clock = open_engine(url, Path("/nonexistent")), VirtualClock(SystemClock().now())
        with Session(engine) as session:
            place = region(session)
            place.clock.advance_to(clock.now())
            publish(session, storm_package(PACE), at=clock.now())
            session.commit()
            actor = place.actor("wilma")
        work, box = Casework(engine, clock), Box()

        def runtime(session):
            return sweep_runtime(session, clock)

        notices = MailedNotices(box, "storm@storm.example", "http://localhost/taken", clock)
        desk = OutwardDesk(engine, clock, runtime, {"melding-mailen": notices})
        for last in (False, True):
            name = {"gezinsnaam": "x"}
            work.refer(actor, "stormproef", "aanmelding", name, submission_id=uuid4())
            for _ in range(12):
                clock.advance_to(clock.now() + timedelta(seconds=1.5))
                Sweep(engine, clock, runtime).run_once()
                with Session(engine) as session:
                    open_ones = (
                        select(UserTask.id).where(UserTask.status == "open").order_by(UserTask.id)
                    )
                    tasks = session.scalars(open_ones).all()
                for task_id in tasks:
                    work.complete_task(actor, task_id, {"uitslag": 1}, submission_id=uuid4())
            if not last:
                OutwardWorker(engine, desk).drain()
        close_engine(engine)
        yield url, box.ids


@pytest.fixture
def connection(mailed):
    """Changes made over it are undone."""
    url = mailed[0].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection
        connection.rollback()


def test_a_sound_database_has_nothing_wrong(connection, mailed):
    assert check(connection, PACE, [], mailed[1]) == []
    assert len(mailed[1]) == 1
    assert connection.execute("SELECT count(*) FROM outward_work").fetchone() == (1,)


def test_a_mail_that_came_twice_under_one_id_is_no_fault(connection, mailed):
    assert check(connection, PACE, [], mailed[1] * 2) == []


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DELETE FROM outward_messages", "went on without its mail"),
        ("DELETE FROM outward_work", "nobody will send"),
        ("UPDATE outward_messages SET token_id = gen_random_uuid()", "without its cause"),
        ("INSERT INTO outward_messages SELECT gen_random_uuid(), token_id, gen_random_uuid(), "
         "job_type, instance_id, business_key, process_id, element_id, attempt, sent_at "
         "FROM outward_messages", "recorded 2 times"),
        ("INSERT INTO outward_work SELECT gen_random_uuid(), instance_id, business_key, "
         "package_key, process_id, element_id, element_name, job_type, deferred_at, attempts, "
         "next_try_at, last_error FROM outward_work", "still to be sent"),
    ],
)  # fmt: skip
def test_every_damage_is_found(connection, mailed, damage, told):
    assert connection.execute(damage).rowcount > 0
    assert any(told in line for line in check(connection, PACE, [], mailed[1]))


def test_a_mail_that_never_came_or_came_from_nowhere_is_found(connection, mailed):
    (missing,) = check(connection, PACE, [], [])
    assert missing.endswith("is recorded and never came")
    (strange,) = check(connection, PACE, [], [*mailed[1], OTHER])
    assert strange.endswith("came without its cause")
