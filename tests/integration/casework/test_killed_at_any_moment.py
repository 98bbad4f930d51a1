"""``kill -9`` of processes at work: nothing is lost, nothing is doubled."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.families.models import Contact, Document
from engine.runtime.models import AuditEvent, UserTask
from tests import killed_worker
from tests.agreement import assert_healthy
from tests.practice import Practice

ROOT = Path(__file__).resolve().parents[3]


def worker(engine, work: str, seed: int, *more: object) -> subprocess.Popen[str]:
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.killed_worker", work, url, str(seed)]
    return subprocess.Popen(
        command + [str(one) for one in more], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def kill_after(process: subprocess.Popen[str], lines: int) -> None:
    """Kill it once it has written so many lines: just before, in or just after a commit."""
    for _ in range(lines):
        if not process.stdout.readline():
            break
    process.kill()
    process.wait()
    process.stdout.close()


def test_workers_that_are_killed_lose_and_double_nothing(engine_db):
    practice, chance = Practice(engine_db), random.Random(7)
    practice.publish()
    for process_id in ("wekelijks", "bewaakt", "ouder", "grootouder") * 5:
        practice.start(process_id)
    for round_ in range(3):
        pair = [worker(engine_db, "tasks", round_ * 2 + one) for one in range(2)]
        for process in pair:
            kill_after(process, chance.randint(20, 90))
        assert_healthy(engine_db)
    with Session(engine_db) as session:
        twice = session.execute(
            select(AuditEvent.token_id)
            .where(AuditEvent.type == "completed", AuditEvent.element_kind == "userTask")
            .group_by(AuditEvent.token_id)
            .having(func.count() > 1)
        ).all()
        done = session.scalar(select(func.count()).where(UserTask.status == "completed"))
    assert twice == []
    assert done > 0


@pytest.mark.parametrize("seed", [1, 2])
def test_notes_sent_again_after_a_kill_are_each_one_contact(office, seed):
    office.until_contact()
    chance = random.Random(seed)
    who = (office.ref.trajectory_id, office.people.users["wilma"])
    office.people.session.commit()
    for _ in range(2):
        process = worker(office.practice.database, "notes", seed, *who)
        kill_after(process, chance.randint(1, 4 * killed_worker.NOTES))
    killed_worker.send_notes(office.practice.database, *who)
    assert office.count(Contact) == killed_worker.NOTES
    assert office.count(Document) == killed_worker.NOTES + 2  # the referral and the first task
    tasks = [t.status for t in office.practice.rows(UserTask) if t.element_id == "contactmoment"]
    assert sorted(tasks) == ["cancelled"] * killed_worker.NOTES + ["open"]
    assert_healthy(office.practice.database)
