"""Mends of running instances on the database: what is aside, what comes for it, what is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from engine.execution.errors import MendRefused, NotWaiting, Suspended
from engine.execution.standing import REVIEW
from engine.execution.suspension import Review
from engine.runtime.doctor import examine, rebuild
from engine.runtime.errors import TaskNotOpen
from engine.runtime.models import AuditEvent, ProcessInstance, Subscription, Timer, UserTask
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_healthy

DAY = timedelta(days=1)


def put_aside(practice, root_id, days=10):
    now = practice.clock.now()
    review = Review(now + days * DAY, now + (days + 1) * DAY, "vertrouwenspersoon")
    practice.do(lambda r: r.mends.suspend(root_id, review))


def token_of(practice, element_id):
    (found,) = [
        t for t in practice.rows(UserTask) if t.element_id == element_id and t.status == "open"
    ]
    return found.instance_id, found.id


def kinds(practice):
    with Session(practice.database) as session:
        return list(session.scalars(select(AuditEvent.type).order_by(AuditEvent.id)))


def test_what_is_aside_has_no_timers_and_no_open_tasks_and_comes_back_by_the_sweep(practice):
    root = practice.start("bewaakt")
    put_aside(practice, root)
    assert practice.open_tasks() == []
    assert [(t.element_id, t.element_name) for t in practice.timers()] == [("bewaakt", REVIEW)]
    practice.clock.advance_to(practice.clock.now() + 9 * DAY)
    assert practice.sweep().run_once() == 0
    practice.clock.advance_to(practice.clock.now() + DAY)
    assert practice.sweep().run_once() == 1
    (task,) = [t for t in practice.rows(UserTask) if t.status == "open"]
    assert (task.element_id, task.name, task.role) == ("bewaakt", REVIEW, "vertrouwenspersoon")
    assert practice.timers() == []
    assert_healthy(practice.database)


@pytest.mark.parametrize(("later", "fired"), [(True, 0), (False, 2)])
def test_deadlines_shift_or_not(practice, later, fired):
    root = practice.start("bewaakt")
    before = {t.element_id: t.due_at for t in practice.timers()}
    put_aside(practice, root, days=30)
    practice.clock.advance_to(practice.clock.now() + 20 * DAY)
    practice.do(lambda r: r.mends.resume(root, later=later))
    gap = 20 * DAY if later else timedelta(0)
    assert {t.element_id: t.due_at - gap for t in practice.timers()} == before
    assert practice.sweep().run_once() >= (1 if fired else 0)
    assert ("te-laat" in practice.open_elements()) is bool(fired)
    assert_healthy(practice.database)


def test_a_task_comes_back_with_who_took_it_and_when_it_came(practice):
    root = practice.start("alleen")
    _, task_id = token_of(practice, "werk")
    with UnitOfWork(practice.database) as session:
        session.execute(text("UPDATE user_tasks SET assignee_id = :id"), {"id": root})
    (before,) = practice.rows(UserTask)
    put_aside(practice, root)
    (aside,) = practice.rows(UserTask)
    assert aside.status == "suspended"
    with pytest.raises(TaskNotOpen) as refused:
        practice.do(lambda r: r.complete_task(task_id, {}))
    assert refused.value.where["status"] == "suspended"
    practice.do(lambda r: r.mends.resume(root, later=False))
    (after,) = practice.rows(UserTask)
    same = ("id", "status", "assignee_id", "created_at", "due_at")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert after.ended_at is None


def test_a_message_is_kept_and_heard_afterwards_but_taken_by_nobody_twice(practice):
    root = practice.start("wachter", sleutel="een")
    put_aside(practice, root)
    assert practice.do(lambda r: r.publish("antwoord", "een", {"x": 1}))
    assert practice.open_tasks() == []
    assert len(practice.rows(Subscription)) == 1
    # it takes one: the second finds nobody, and waits in the buffer for who comes
    assert not practice.do(lambda r: r.publish("antwoord", "een", {"x": 2}, life=30 * DAY))
    practice.do(lambda r: r.mends.resume(root, later=False))
    assert practice.open_elements() == ["verder"]
    practice.start("wachter", sleutel="een")
    assert practice.open_elements() == ["verder", "verder"]
    assert [one for one in kinds(practice) if one in ("kept", "suspended", "resumed")] == [
        "suspended", "kept", "resumed"
    ]  # fmt: skip
    assert_healthy(practice.database)


def test_a_signal_is_kept_too_and_a_called_part_is_aside_with_its_caller(practice):
    root = practice.start("luisteraar")
    family = practice.start("grootouder")
    for one in (root, family):
        put_aside(practice, one)
    assert practice.do(lambda r: r.signal("alarm", {})) == 1
    assert practice.open_tasks() == []
    practice.do(lambda r: r.mends.resume(root, later=True))
    assert practice.open_elements() == ["verder"]
    practice.do(lambda r: r.mends.resume(family, later=True))
    assert practice.open_elements() == ["beslis", "verder"]
    with pytest.raises(NotWaiting):
        practice.do(lambda r: r.mends.resume(family, later=True))
    assert_healthy(practice.database)


def test_outward_and_sweep_and_people_are_refused_while_it_is_aside(practice):
    practice.connect(lambda call: {}["no"])
    root = practice.start("koppeling")
    with Session(practice.database) as session:
        row = session.scalars(select(ProcessInstance)).one()
        token = session.execute(text("select token_id from incidents")).scalar_one()
    put_aside(practice, root)
    with pytest.raises(Suspended):
        practice.do(lambda r: r.retry(row.id, token))
    with pytest.raises(MendRefused):
        put_aside(practice, root)
    assert_healthy(practice.database)


def test_a_repeated_call_begins_its_part_anew_and_ends_the_old_one(practice):
    root = practice.start("ouder")
    (child,) = [r for r in practice.rows(ProcessInstance) if r.parent_id == root]
    practice.do(lambda r: r.mends.repeat(root, child.parent_token_id))
    rows = {r.id: r.status for r in practice.rows(ProcessInstance)}
    assert rows[child.id] == "cancelled"
    assert sorted(rows.values()) == ["active", "active", "cancelled"]
    assert practice.open_elements() == ["beslis"]
    assert_healthy(practice.database)


def test_a_skipped_task_tells_who_did_it_in_the_audit(practice):
    practice.start("alleen")
    instance_id, token_id = token_of(practice, "werk")
    practice.do(lambda r: r.mends.skip(instance_id, token_id, {}))
    with Session(practice.database) as session:
        line = session.scalars(select(AuditEvent).where(AuditEvent.type == "cancelled")).one()
        assert (line.element_id, line.data["mend"]) == ("werk", "skipped")
        assert session.get_one(ProcessInstance, instance_id).status == "completed"
    assert practice.rows(Timer) == []


def test_a_rehearsal_says_what_comes_of_it_and_changes_nothing(practice):
    practice.start("alleen")
    instance_id, token_id = token_of(practice, "werk")

    def look(runtime):
        touched = runtime.rehearse(lambda: runtime.mends.skip(instance_id, token_id, {}))
        return [one.execution.status for one in touched]

    assert practice.do(look) == ["completed"]
    assert practice.open_elements() == ["werk"]
    assert_healthy(practice.database)


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("UPDATE user_tasks SET status = 'open' WHERE status = 'suspended'", "row"),
        ("UPDATE user_tasks SET due_at = due_at + interval '1 day'", "row-differs"),
        ("DELETE FROM timers", "row-missing"),
        ("INSERT INTO timers (token_id, instance_id, element_id, element_name, due_at, "
         "next_try_at, attempts) SELECT id, instance_id, element_id, '', due_at, due_at, 0 "
         "FROM user_tasks LIMIT 1", "row-without-token"),
    ],
)  # fmt: skip
def test_the_doctor_knows_what_is_aside_and_makes_its_rows_again(practice, damage, rule):
    put_aside(practice, practice.start("bewaakt"))
    with UnitOfWork(practice.database) as session:
        session.execute(text(damage))
    with Session(practice.database) as session:
        found = [one.rule for one in examine(session)]
    assert found
    assert all(one.startswith(rule) for one in found)
    with UnitOfWork(practice.database) as session:
        rebuild(session, practice.clock)
    assert_healthy(practice.database)


def test_the_doctor_finds_what_is_aside_in_part_or_without_a_review(practice):
    root = practice.start("bewaakt")
    put_aside(practice, root)
    whole = {r.id: r.state for r in practice.rows(ProcessInstance)}
    practice.do(lambda r: r.mends.resume(root, later=False))
    (child,) = whole.keys() - {root}
    with UnitOfWork(practice.database) as session:
        session.execute(
            update(ProcessInstance).where(ProcessInstance.id == child).values(state=whole[child])
        )
    with Session(practice.database) as session:
        assert "aside-in-part" in {one.rule for one in examine(session)}


@pytest.mark.parametrize("how", ["suspend", "postpone", "resume"])
def test_what_is_over_is_neither_put_aside_nor_taken_up(practice, how):
    root = practice.start("bewaakt")
    practice.do(lambda r: r.cancel(root))
    review = Review(practice.clock.now() + DAY, practice.clock.now() + 2 * DAY, None)
    with pytest.raises(NotWaiting):
        practice.do(
            lambda r: (
                r.mends.resume(root, later=True)
                if how == "resume"
                else getattr(r.mends, how)(root, review)
            )
        )
