"""The doctor: finds what does not agree, and makes projections again."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.event import listen
from sqlalchemy.orm import Session

from engine.runtime import doctor
from engine.runtime.doctor import examine, rebuild
from engine.runtime.models import Incident, ProcessInstance, Subscription, Timer, UserTask
from engine.store.unit_of_work import UnitOfWork, snapshot
from tests.agreement import assert_no_findings


def rules(practice) -> list[str]:
    with Session(practice.database) as session:
        return sorted(found.rule for found in examine(session))


@pytest.fixture
def many(practice):
    def fail(call):
        raise KeyError

    practice.connect(fail)
    for process_id in ("alleen", "wekelijks", "ouder", "bewaakt", "luisteraar", "koppeling"):
        practice.start(process_id)
    practice.start("wachter", sleutel="een")
    return practice


def test_a_sound_database_has_no_findings(many):
    assert_no_findings(many.database)


DAMAGES = {
    "a lost timer": (delete(Timer), "row-missing"),
    "a lost subscription": (delete(Subscription), "row-missing"),
    "a closed task": (update(UserTask).values(status="cancelled"), "row-missing"),
    "another role": (update(UserTask).values(role="projectleider"), "row-differs"),
    "another due time": (update(Timer).values(due_at=text("due_at + interval '1 day'")),
                         "row-differs"),
    "a solved incident": (update(Incident).values(resolved_at=text("now()")), "row-missing"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_projections_are_found_and_rebuilt(many, damage):
    statement, rule = DAMAGES[damage]
    with UnitOfWork(many.database) as session:
        session.execute(statement)
    assert set(rules(many)) == {rule}
    with UnitOfWork(many.database) as session:
        assert rebuild(session, many.clock) > 0
    assert_no_findings(many.database)


def test_a_rebuild_keeps_who_claimed_a_task(many):
    somebody = uuid4()
    with UnitOfWork(many.database) as session:
        session.execute(update(UserTask).values(assignee_id=somebody))
        session.execute(update(UserTask).values(role="projectleider"))
        rebuild(session, many.clock)
    open_ones = [t for t in many.rows(UserTask) if t.status == "open"]
    assert {t.assignee_id for t in open_ones} == {somebody}
    assert_no_findings(many.database)


def test_rows_of_what_is_over_are_found_and_cleared(many):
    with UnitOfWork(many.database) as session:
        session.execute(
            update(ProcessInstance)
            .where(ProcessInstance.process_id == "alleen", ProcessInstance.parent_id.is_(None))
            .values(status="cancelled")
        )
    assert rules(many) == ["ended-with-rows"] * 2
    with UnitOfWork(many.database) as session:
        rebuild(session, many.clock)
    assert_no_findings(many.database)


def test_orphans_and_lost_children_are_found(many):
    with UnitOfWork(many.database) as session:
        session.execute(
            update(ProcessInstance)
            .where(ProcessInstance.process_id == "kind")
            .values(parent_id=uuid4())
        )
    assert rules(many) == ["child-missing", "orphan"]


def test_a_state_that_cannot_be_read_is_found_and_left_alone(many):
    with UnitOfWork(many.database) as session:
        session.execute(
            update(ProcessInstance)
            .where(ProcessInstance.process_id == "wachter")
            .values(state=b"kapot")
        )
    assert rules(many) == ["unreadable"]
    with UnitOfWork(many.database) as session:
        assert rebuild(session, many.clock) == 0


def test_the_doctor_finds_nothing_while_others_go_on_working(many, monkeypatch):
    read_rows = doctor._rows_of

    def meanwhile(session, ids):
        for task_id in many.open_tasks():
            many.do(lambda runtime, task_id=task_id: runtime.complete_task(task_id, {}))
        return read_rows(session, ids)

    monkeypatch.setattr(doctor, "_rows_of", meanwhile)
    with snapshot(many.database) as session:
        assert list(examine(session, many.clock)) == []


def test_the_doctor_asks_as_often_for_a_hundred_instances_as_for_a_few(many):
    def asked() -> int:
        count = []
        with snapshot(many.database) as session:
            listen(many.database, "before_cursor_execute", lambda *_: count.append(1))
            assert list(examine(session, many.clock)) == []
        return len(count)

    few = asked()
    for _ in range(100):
        many.start("wekelijks")
    assert asked() <= few


def test_a_rebuild_waits_for_nobody_whose_rows_are_right(many):
    with UnitOfWork(many.database) as session:
        session.execute(update(UserTask).values(role="projectleider"))
    (sound,) = [i for i in many.rows(ProcessInstance) if i.process_id == "luisteraar"]
    with Session(many.database) as busy, UnitOfWork(many.database) as session:
        busy.execute(
            select(ProcessInstance.id).where(ProcessInstance.id == sound.id).with_for_update()
        )
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        assert rebuild(session, many.clock) > 0
    assert_no_findings(many.database)
