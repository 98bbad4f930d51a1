"""The doctor: finds what does not agree, and makes projections again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.event import listen
from sqlalchemy.orm import Session, make_transient

from engine.execution.suspension import Review
from engine.runtime import doctor
from engine.runtime.doctor import examine, rebuild
from engine.runtime.models import (
    BufferedMessage,
    Incident,
    ProcessInstance,
    Subscription,
    Timer,
    UserTask,
)
from engine.store.unit_of_work import UnitOfWork, snapshot
from tests.agreement import assert_no_findings

DAY = timedelta(days=1)


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
    "a task of another family": (update(UserTask).values(business_key="een-ander"), "row-differs"),
    "a task of another tree": (update(UserTask).values(root_id=uuid4()), "row-differs"),
    "a task for another system role": (update(UserTask).values(system_role="partner"),
                                       "row-differs"),
    "a task with another form": (update(UserTask).values(form_id="niets"), "row-differs"),
    "a task of somebody's own": (update(UserTask).values(assigned_id=uuid4()), "row-differs"),
    "a timer put off for years": (update(Timer).values(next_try_at=text("due_at + interval '9 y'")),
                                  "row-differs"),
    "a timer that fires early": (update(Timer).values(next_try_at=text("due_at - interval '1 d'")),
                                 "row-differs"),
    "a receiver of another process": (update(Subscription).values(process_id="P"), "row-differs"),
    "an incident of another family": (update(Incident).values(business_key="een-ander"),
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


def test_a_rebuild_leaves_rows_alone_that_are_right(many):
    with UnitOfWork(many.database) as session:
        session.execute(update(Timer).values(attempts=3))
        session.execute(update(Subscription).values(opened_at=many.clock.now() - DAY))
        session.execute(update(UserTask).values(role="projectleider"))
        rebuild(session, many.clock)
    assert {timer.attempts for timer in many.timers()} == {3}
    assert {one.opened_at for one in many.rows(Subscription)} == {many.clock.now() - DAY}
    assert_no_findings(many.database)


def test_a_row_that_was_given_to_another_instance_comes_back(many):
    one, other, *_ = [row.id for row in many.rows(ProcessInstance) if row.process_id == "alleen"]
    with UnitOfWork(many.database) as session:
        for model in (Timer, UserTask):
            session.execute(update(model).where(model.instance_id == one).values(instance_id=other))
        session.execute(update(Timer).where(Timer.element_id == "deadline").values(instance_id=one))
    assert {"row-missing", "row-without-token"} <= set(rules(many))
    with UnitOfWork(many.database) as session:
        rebuild(session, many.clock)
    assert_no_findings(many.database)


def test_rows_of_what_is_over_are_found_and_cleared(many):
    timers, subscriptions = many.timers(), many.rows(Subscription)
    for instance in many.rows(ProcessInstance):
        if instance.parent_id is None:
            many.do(lambda runtime, root_id=instance.id: runtime.cancel(root_id))
    with UnitOfWork(many.database) as session:
        for row in (*timers, *subscriptions):
            make_transient(row)
            session.add(row)
    assert set(rules(many)) == {"ended-with-rows"}
    with UnitOfWork(many.database) as session:
        rebuild(session, many.clock)
    assert_no_findings(many.database)


def test_what_is_over_by_its_row_alone_is_found_and_keeps_what_it_has(many):
    with UnitOfWork(many.database) as session:
        session.execute(
            update(ProcessInstance)
            .where(ProcessInstance.process_id == "alleen", ProcessInstance.parent_id.is_(None))
            .values(status="cancelled")
        )
    assert rules(many) == ["status-differs"]
    with UnitOfWork(many.database) as session:
        assert rebuild(session, many.clock) == 0
        session.execute(update(ProcessInstance).values(status="active"))
    assert_no_findings(many.database)


CHILD = update(ProcessInstance).where(ProcessInstance.process_id == "kind")
ROOT = update(ProcessInstance).where(ProcessInstance.process_id == "luisteraar")
KIN = {
    "a child of another tree": (CHILD.values(root_id=uuid4()), {"kin-differs", "row-differs"}),
    "a root that is not its own": (ROOT.values(root_id=uuid4()), {"kin-differs"}),
    "a child of another family": (CHILD.values(business_key="x"), {"kin-differs", "row-differs"}),
    "another package": (ROOT.values(package_key="x"), {"kin-differs"}),
    "an end of what runs": (ROOT.values(ended_at=text("now()")), {"kin-differs"}),
    "a call that is gone": (CHILD.values(parent_token_id=uuid4()), {"child-missing", "orphan"}),
}


@pytest.mark.parametrize("damage", KIN)
def test_instances_that_do_not_hang_together_are_found(many, damage):
    statement, found = KIN[damage]
    with UnitOfWork(many.database) as session:
        session.execute(statement)
    assert set(rules(many)) == found
    with UnitOfWork(many.database) as session:
        assert rebuild(session, many.clock) == 0


def test_a_message_that_is_kept_from_who_waits_for_it_is_found(many):
    kept = {"name": "antwoord", "key": "een", "variables": {}, "published_at": many.clock.now()}
    with UnitOfWork(many.database) as session:
        session.add(BufferedMessage(**kept, expires_at=many.clock.now() + 9_999 * DAY))
        session.add(BufferedMessage(**{**kept, "key": "twee"}, expires_at=many.clock.now() + DAY))
    assert rules(many) == ["message-kept"]


def test_a_message_that_is_kept_for_what_was_put_aside_is_no_finding(many):
    (waits,) = [one.id for one in many.rows(ProcessInstance) if one.process_id == "wachter"]
    review = Review(many.clock.now() + DAY, many.clock.now() + 2 * DAY, None)
    many.do(lambda r: r.mends.suspend(waits, review))
    for _ in range(2):
        many.do(lambda r: r.publish("antwoord", "een", {}, life=9_999 * DAY))
    assert len(many.rows(BufferedMessage)) == 1
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
    read_rows = doctor.rows_of

    def meanwhile(session, ids, now):
        for task_id in many.open_tasks():
            many.do(lambda runtime, task_id=task_id: runtime.complete_task(task_id, {}))
        return read_rows(session, ids, now)

    monkeypatch.setattr(doctor, "rows_of", meanwhile)
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
