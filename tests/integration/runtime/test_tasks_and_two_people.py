"""Tasks on the database: completed once, by one person, whoever else is at it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.feel.errors import FeelError
from engine.runtime.errors import InstanceChanged, InstanceNotFound, TaskNotFound, TaskNotOpen
from engine.runtime.models import AuditEvent, ProcessInstance, UserTask
from engine.runtime.sql import SqlStore
from tests.agreement import assert_healthy


def count(practice, *conditions) -> int:
    with Session(practice.database) as session:
        return session.scalars(
            select(func.count()).select_from(AuditEvent).where(*conditions)
        ).one()


def test_a_started_process_shows_its_task_and_timer(practice):
    practice.start("alleen")
    (task,) = practice.rows(UserTask)
    assert (task.element_id, task.role, task.system_role) == (
        "werk",
        "vertrouwenspersoon",
        "worker",
    )
    assert [timer.element_id for timer in practice.timers()] == ["week"]
    assert_healthy(practice.database)


def test_completing_the_last_task_ends_the_instance_and_leaves_no_rows(practice):
    practice.start("alleen")
    practice.complete("werk")
    (instance,) = practice.rows(ProcessInstance)
    assert (instance.status, instance.ended_at) == ("completed", practice.clock.now())
    assert practice.timers() == []
    assert_healthy(practice.database)


def test_two_who_complete_at_once_are_one_completion_and_one_refusal(practice):
    practice.start("alleen")
    (task_id,) = practice.open_tasks()
    people, barrier = [uuid4(), uuid4()], Barrier(2)

    def complete(person):
        def command(runtime):
            runtime.actor_id = person
            runtime.complete_task(task_id, {})

        barrier.wait()
        try:
            practice.do(command)
        except TaskNotOpen as late:
            return late
        return person

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(complete, people))
    (winner,) = [o for o in outcomes if not isinstance(o, TaskNotOpen)]
    (late,) = [o for o in outcomes if isinstance(o, TaskNotOpen)]
    assert (late.where["by"], late.where["at"]) == (winner, practice.clock.now())
    assert count(practice, AuditEvent.type == "completed", AuditEvent.element_id == "werk") == 1
    assert_healthy(practice.database)


def test_a_withdrawn_task_is_told_as_withdrawn(practice):
    instance_id = practice.start("alleen")
    (task_id,) = practice.open_tasks()
    practice.do(lambda r: r.cancel(instance_id))
    with pytest.raises(TaskNotOpen) as told:
        practice.do(lambda r: r.complete_task(task_id, {}))
    assert told.value.where["status"] == "cancelled"


def test_what_was_never_there_is_told(practice):
    with pytest.raises(TaskNotFound):
        practice.do(lambda r: r.complete_task(uuid4(), {}))
    with pytest.raises(InstanceNotFound):
        practice.do(lambda r: r.cancel(uuid4()))


def test_a_refused_command_changes_nothing(practice):
    practice.start("kind")
    (task_id,) = practice.open_tasks()
    before = practice.rows(ProcessInstance)[0].row_version
    with pytest.raises(FeelError):
        practice.do(lambda r: r.complete_task(task_id, {"uit": object()}))
    assert practice.rows(ProcessInstance)[0].row_version == before
    assert practice.open_tasks() == [task_id]


def test_a_state_that_somebody_wrote_meanwhile_is_not_overwritten(practice):
    instance_id = practice.start("alleen")
    with Session(practice.database) as session:
        store = SqlStore(session, practice.runtime(session).catalogue, practice.clock)
        instance = store.get(instance_id)
        session.execute(update(ProcessInstance).values(row_version=9))
        store.save(instance, [])
        with pytest.raises(InstanceChanged):
            session.commit()


def test_a_running_trajectory_stays_on_its_version_when_a_new_one_is_published(practice):
    first = practice.version
    practice.start("ouder")
    second = practice.publish("Tweede versie")
    practice.complete("beslis", uit="hulp")
    practice.start("alleen")
    versions = {row.process_id: row.package_version for row in practice.rows(ProcessInstance)}
    assert versions == {"ouder": first, "kind": first, "alleen": second}
    assert {t.package_version for t in practice.rows(UserTask) if t.process_id == "ouder"} == {
        first
    }
