"""Due times that people change: who may, what is told, and what happens at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.execution.errors import NotWaiting
from engine.families.errors import DueChangedMeanwhile, ReasonMissing
from engine.families.file.chronology import chronology
from engine.families.mending.due_times import change_due, due_time
from engine.families.models import DueChange
from engine.runtime.errors import DueInThePast
from engine.runtime.models import AuditEvent, Timer, UserTask
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_healthy
from tests.integration.casework.test_permission_and_log import new_lines

DAY = timedelta(days=1)
UNSEEN = datetime(2000, 1, 1, tzinfo=UTC)


def the_task(office) -> UserTask:
    (found,) = [t for t in office.practice.rows(UserTask) if t.status == "open"]
    return found


def change(office, name: str, token_id, due, *, seen, reason="De school is dicht.") -> None:
    actor = office.actor(name)
    office.people.session.commit()
    change_due(
        office.practice.database, office.practice.clock, actor, office.ref.trajectory_id,
        token_id, due, reason, seen=seen,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["paula", "cora", "olga"])
def test_leader_coordinator_and_process_owner_change_the_due_time_of_a_task(office, name):
    office.until_contact()
    task, before = the_task(office), len(office.log())
    office.casework.claim(office.actor("wilma"), task.id)
    later = task.due_at + 5 * DAY
    change(office, name, task.id, later, seen=task.due_at)
    assert new_lines(office, before) == [
        ("task.work", "allowed"), ("trajectory.reschedule", "allowed")
    ]  # fmt: skip
    changed = the_task(office)
    assert (changed.id, changed.due_at) == (task.id, later)
    assert changed.assignee_id == office.people.users["wilma"]
    assert_healthy(office.practice.database)


def test_a_leader_who_is_involved_may_as_well(office):
    office.people.file().involve(
        office.ref.trajectory_id, "projectleider", office.people.users["paula"], beside=False,
        at=office.people.now,
    )  # fmt: skip
    task = the_task(office)
    change(office, "paula", task.id, task.due_at + DAY, seen=task.due_at)
    assert the_task(office).due_at == task.due_at + DAY


def test_looking_at_a_due_time_is_reading_and_only_for_who_may_change_it(office):
    task, before = the_task(office), len(office.log())
    office.people.session.commit()
    for name in ("paula", "wilma"):
        with suppress(AccessDenied), UnitOfWork(office.practice.database) as session:
            found = due_time(
                session, office.actor(name), office.ref.trajectory_id, task.id, office.people.now
            )
    assert (found.kind, found.name, found.due) == ("task", "kennismaken", task.due_at)
    assert new_lines(office, before) == [
        ("family.read", "allowed"), ("trajectory.reschedule", "refused")
    ]  # fmt: skip


def test_a_changed_due_time_survives_what_happens_after_it(office):
    office.until_contact()
    task = the_task(office)
    later = task.due_at + 5 * DAY
    change(office, "paula", task.id, later, seen=task.due_at)
    office.practice.clock.advance_to(min(t.due_at for t in office.practice.timers()))
    assert office.sweep() == 1
    found = {t.element_id: t for t in office.practice.rows(UserTask) if t.status == "open"}
    assert found["contactmoment"].due_at == later
    assert "herinner" in found


def test_a_timer_goes_off_at_its_new_time(office):
    office.until_contact()
    (timer,) = office.practice.rows(Timer)
    sooner = office.practice.clock.now() + DAY
    change(office, "paula", timer.token_id, sooner, seen=timer.due_at)
    office.practice.clock.advance_to(sooner)
    assert office.sweep() == 1
    assert "herinner" in office.practice.open_elements()
    assert_healthy(office.practice.database)


def test_the_chronology_tells_why_and_the_audit_only_what(office):
    task = the_task(office)
    later = task.due_at + DAY
    change(office, "paula", task.id, later, seen=task.due_at)
    office.people.session.expire_all()
    entries = chronology(
        office.people.session, office.actor("paula"), office.ref.trajectory_id,
        now=office.people.now,
    )  # fmt: skip
    (told,) = [entry for entry in entries if entry.kind == "rescheduled"]
    assert (told.subject, told.text, told.by) == ("kennismaken", "De school is dicht.", "Paula")
    assert told.detail == {"before": task.due_at, "after": later}
    with Session(office.practice.database) as session:
        (line,) = session.scalars(select(AuditEvent).where(AuditEvent.type == "rescheduled"))
    assert line.actor_id == office.people.users["paula"]
    assert datetime.fromisoformat(line.data["after"]) == later
    assert "school" not in str(line.data)


@pytest.mark.parametrize("name", ["wilma", "wouter", "hanna", "harm", "verena", "adam"])
def test_others_are_refused_and_logged_once(office, name):
    task, before = the_task(office), len(office.log())
    with pytest.raises(AccessDenied):
        change(office, name, task.id, task.due_at + DAY, seen=task.due_at)
    assert new_lines(office, before) == [("trajectory.reschedule", "refused")]
    assert the_task(office).due_at == task.due_at


def test_what_cannot_be_is_refused_and_changes_nothing(office):
    task, now = the_task(office), office.practice.clock.now()
    before = len(office.log())
    with pytest.raises(DueInThePast):
        change(office, "paula", task.id, now, seen=task.due_at)
    for reason in ("", "   ", "x" * 501):
        with pytest.raises(ReasonMissing):
            change(office, "paula", task.id, now + DAY, seen=task.due_at, reason=reason)
    with pytest.raises(DueChangedMeanwhile):
        change(office, "paula", task.id, now + DAY, seen=UNSEEN)
    office.complete("wilma", "kennismaken", {"keuze": "ja"})
    with pytest.raises(NotWaiting):
        change(office, "paula", task.id, now + DAY, seen=task.due_at)
    assert office.practice.rows(DueChange) == []
    assert ("trajectory.reschedule", "allowed") not in new_lines(office, before)


def test_a_task_of_another_trajectory_is_not_there(office):
    office.practice.start("alleen", key="iets-anders")
    (other,) = office.practice.open_tasks("werk")
    with pytest.raises(NotWaiting):
        change(office, "paula", other, office.practice.clock.now() + DAY, seen=None)


def test_of_two_at_the_same_moment_the_second_is_told(office):
    task, barrier = the_task(office), Barrier(2)
    actors = [office.actor("paula"), office.actor("cora")]
    office.people.session.commit()

    def change_it(number: int) -> str:
        barrier.wait()
        try:
            change_due(
                office.practice.database, office.practice.clock, actors[number],
                office.ref.trajectory_id, task.id, task.due_at + (number + 1) * DAY, "reden",
                seen=task.due_at,
            )  # fmt: skip
        except DueChangedMeanwhile:
            return "told"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(change_it, range(2))) == ["done", "told"]
    assert len(office.practice.rows(DueChange)) == 1
    assert_healthy(office.practice.database)
