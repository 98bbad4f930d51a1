"""The doctor: finds what does not agree, and makes projections again."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from engine.runtime.doctor import examine, rebuild
from engine.runtime.models import Incident, ProcessInstance, Subscription, Timer, UserTask
from engine.store.unit_of_work import UnitOfWork
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
