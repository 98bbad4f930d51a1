"""Workers wake when something is deferred, end in order, and may be killed at any moment."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.runtime.models import UserTask
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_no_findings
from tests.notified import PATIENCE, until

ROOT = Path(__file__).resolve().parents[3]
FAMILIES = 12


def open_ones(office, element_id: str) -> int:
    return len(office.practice.open_tasks(element_id))


@contextmanager
def working(office, transport, **pace):
    worker = office.worker(transport, **pace)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def listeners(database) -> int:
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'LISTEN \"procrastinate%' "
        "AND datname = current_database()"
    )
    with database.connect() as connection:
        return connection.scalar(query) or 0


def test_an_idle_worker_wakes_at_the_commit(office, mailbox):
    with working(office, mailbox.transport(), look=600):
        until(lambda: listeners(office.database) == 1)
        office.ask_for_mail()
        until(lambda: open_ones(office, "verder") == 1)
    assert len(mailbox.received) == 1


def test_a_worker_that_is_stopped_finishes_what_it_sends(office, mailbox):
    mailbox.answers = ["hold"]
    worker = office.worker(mailbox.transport())
    worker.start()
    office.ask_for_mail()
    assert mailbox.holding.wait(PATIENCE)
    mailbox.released.set()
    worker.stop()
    assert open_ones(office, "verder") == 1
    with Session(office.database) as session:
        for table in ("jobs", "workers"):
            assert session.scalar(text(f"SELECT count(*) FROM procrastinate_{table}")) == 0


def test_a_worker_that_never_got_to_work_can_be_stopped(office, mailbox):
    began = time.monotonic()
    with working(office, mailbox.transport()):
        pass
    assert time.monotonic() - began < PATIENCE


def test_a_database_that_ends_its_connections_only_costs_a_while(office, mailbox):
    with working(office, mailbox.transport(), look=0.2, rest=0.2, alive=0.2):
        until(lambda: listeners(office.database) == 1)
        with office.database.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = 'ketenspoor-queue' AND datname = current_database()"
                )
            )
        office.ask_for_mail()
        until(lambda: open_ones(office, "verder") == 1)
    assert len(mailbox.received) == 1


@pytest.fixture
def process(office, mailbox):
    """Starts workers as processes of their own; they are gone at the end."""
    started = []

    def start() -> subprocess.Popen[str]:
        url = office.database.url.render_as_string(hide_password=False)
        one = subprocess.Popen(
            [sys.executable, "-m", "tests.notifying_worker", url, str(mailbox.port)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(one)
        assert one.stdout.readline() == "ready\n"
        return one

    yield start
    for one in started:
        one.kill()
        one.wait()
        one.stdout.close()


def test_a_worker_killed_while_it_sends_is_followed_by_another(office, mailbox, process):
    mailbox.answers = ["hold"]
    first = process()
    office.ask_for_mail()
    assert mailbox.holding.wait(PATIENCE)
    first.kill()
    first.wait()
    mailbox.released.set()
    process()
    until(lambda: open_ones(office, "verder") == 1)
    assert len(mailbox.ids()) == 2  # it was taken, and nobody was left to know
    assert len(set(mailbox.ids())) == 1  # its receiver can see that
    assert len(office.sent()) == 1
    assert_no_findings(office.database)


def test_workers_killed_at_random_lose_nothing_and_send_nothing_without_cause(
    office, mailbox, process
):
    for number in range(FAMILIES - 1):
        office.casework.refer(
            office.people.actor("paula"), "proef", "aanmelding", {"naam": f"Familie {number}"}
        )
    chance = random.Random(7)
    waiting = office.practice.open_tasks("kennismaken")
    for start in range(0, FAMILIES, 3):
        worker = process()
        for task_id in waiting[start : start + 3]:
            office.practice.do(lambda r, t=task_id: r.complete_task(t, {}))
        moment = len(mailbox.received) + chance.randint(0, 2)
        until(lambda m=moment: len(mailbox.received) >= m)
        worker.kill()
        worker.wait()
    process()
    until(lambda: open_ones(office, "verder") == FAMILIES)
    assert office.waiting() == []
    assert office.incidents() == []
    causes = {sent.token_id for sent in office.sent()}
    with Session(office.database) as session:
        families = set(
            session.scalars(select(UserTask.business_key).where(UserTask.element_id == "verder"))
        )
    assert len(families) == FAMILIES
    told = {mail_id.split("@")[0] for mail_id in mailbox.ids()}
    assert told == {f"<{sent.token_id}.{sent.recipient_id}" for sent in office.sent()}
    assert len(causes) == FAMILIES  # of those without Wilma both workers were told
    assert_no_findings(office.database)


def test_what_is_left_of_the_queue_after_all_is_nothing(office, mailbox):
    office.ask_for_mail()
    office.work(mailbox.transport())
    with UnitOfWork(office.database) as session:
        for table in ("jobs", "events"):
            assert session.scalar(text(f"SELECT count(*) FROM procrastinate_{table}")) == 0
