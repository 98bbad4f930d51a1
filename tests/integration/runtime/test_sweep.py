"""The sweep: each due timer fires once, in order, whoever else sweeps or works."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from engine.execution.machine import Execution
from engine.runtime.errors import TaskNotOpen
from engine.runtime.models import AuditEvent, Incident, ProcessInstance, SeenMessage, Timer
from engine.runtime.sweep import (
    REMEMBERED_DAYS,
    Backoff,
    Sweep,
    claim_due,
    fire_again,
    overdue_by,
)
from engine.store.settings import set_number
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_healthy
from tests.practice import Practice

WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def pass_time(practice, by: timedelta) -> None:
    practice.clock.advance_to(practice.clock.now() + by)


def fired(practice) -> int:
    query = select(AuditEvent.id).where(AuditEvent.type == "triggered")
    with Session(practice.database) as session:
        return len(session.scalars(query).all())


def damage(practice, instance_id) -> None:
    with UnitOfWork(practice.database) as session:
        session.execute(
            update(ProcessInstance).where(ProcessInstance.id == instance_id).values(state=b"kapot")
        )


def test_nothing_fires_before_its_time(practice):
    practice.start("alleen")
    pass_time(practice, WEEK - SECOND)
    assert practice.sweep().run_once() == 0
    pass_time(practice, SECOND)
    assert practice.sweep().run_once() == 1
    assert practice.open_elements() == ["herinnering", "werk"]
    assert practice.sweep().run_once() == 0
    assert_healthy(practice.database)


def test_a_clock_that_is_set_back_in_the_middle_does_not_antedate_what_fired(practice):
    practice.start("alleen")
    pass_time(practice, WEEK)
    due = practice.clock.now()

    class SetBack:
        """Tells the time once, and an hour less ever after."""

        asked = 0

        def now(self):
            self.asked += 1
            return due if self.asked == 1 else due - HOUR

    sweep = practice.sweep()
    sweep._clock = practice.clock = SetBack()
    assert sweep.run_once(limit=1) == 1
    with Session(practice.database) as session:
        query = select(AuditEvent.at).where(AuditEvent.type == "triggered")
        assert session.scalars(query).all() == [due]


def test_many_sweeps_at_once_fire_every_timer_exactly_once(practice):
    for _ in range(30):
        practice.start("alleen")
    pass_time(practice, WEEK)
    barrier = Barrier(4)

    def sweep(_):
        barrier.wait()
        return practice.sweep().run_once()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(sweep, range(4))) == 30
    assert fired(practice) == len(practice.open_tasks("herinnering")) == 30
    assert_healthy(practice.database)


def test_a_round_stops_at_its_limit_and_the_next_goes_on(practice):
    for _ in range(3):
        practice.start("alleen")
    pass_time(practice, WEEK)
    assert [practice.sweep().run_once(limit=2) for _ in range(3)] == [2, 1, 0]


def test_missed_weeks_come_each_and_in_order(practice):
    practice.start("wekelijks")
    pass_time(practice, 3 * WEEK)
    assert practice.sweep().run_once() == 3
    assert len(practice.open_tasks("herinnering")) == 3
    (timer,) = practice.timers()
    assert timer.due_at == practice.clock.now() + WEEK
    assert_healthy(practice.database)


def test_a_timer_of_a_tree_that_somebody_works_on_is_left_for_the_next_round(practice):
    busy = practice.start("alleen")
    practice.start("alleen")
    pass_time(practice, WEEK)
    with Session(practice.database) as session:
        practice.runtime(session).store.get(busy)
        assert practice.sweep().run_once() == 1
    assert practice.sweep().run_once() == 1


def test_a_claim_holds_until_its_transaction_ends(practice):
    practice.start("alleen")
    pass_time(practice, WEEK)
    with Session(practice.database) as one, Session(practice.database) as two:
        assert claim_due(one, practice.clock.now()) is not None
        assert claim_due(two, practice.clock.now()) is None
        one.rollback()
        assert claim_due(two, practice.clock.now()) is not None


def test_completing_a_task_while_its_timer_fires_ends_in_one_of_both_orders(practice):
    for _ in range(10):
        practice.start("alleen")
    pass_time(practice, WEEK)
    tasks, barrier = practice.open_tasks("werk"), Barrier(2)

    def complete():
        barrier.wait()
        for task_id in tasks:
            practice.do(lambda r, task_id=task_id: r.complete_task(task_id, {}))

    def sweep():
        barrier.wait()
        practice.sweep().run_once()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(complete), pool.submit(sweep)]:
            done.result()
    assert practice.open_tasks("werk") == practice.timers() == []
    assert len(practice.open_tasks("herinnering")) == fired(practice)
    assert_healthy(practice.database)


def test_child_and_parent_that_move_at_once_do_not_lock_each_other_out(practice):
    for _ in range(10):
        practice.start("bewaakt")
    tasks, barrier = practice.open_tasks("werk"), Barrier(2)
    pass_time(practice, WEEK)

    def complete():
        barrier.wait()
        for task_id in tasks:
            with suppress(TaskNotOpen):
                practice.do(lambda r, task_id=task_id: r.complete_task(task_id, {}))

    def sweep():
        barrier.wait()
        practice.sweep().run_once()

    with ThreadPoolExecutor(2) as pool:
        completed, swept = pool.submit(complete), pool.submit(sweep)
        swept.result()
        completed.result()
    practice.sweep().run_once()
    for task_id in practice.open_tasks("herinnering"):
        practice.do(lambda r, task_id=task_id: r.complete_task(task_id, {}))
    by_status = [row.status for row in practice.rows(ProcessInstance) if row.parent_id is None]
    late = len(practice.open_tasks("te-laat"))
    assert by_status.count("completed") + late == 10
    assert_healthy(practice.database)


class FailingOnce:
    """Lets the timers of one instance fail for as long as it is told to."""

    def __init__(self, monkeypatch, instance_id):
        self.failing = True
        original = Execution.fire_timer

        def fire(execution, token_id, now):
            if self.failing and token_id in self.tokens:
                raise RuntimeError("boem")
            original(execution, token_id, now)

        self.tokens = {instance_id}
        monkeypatch.setattr(Execution, "fire_timer", fire)


@pytest.fixture
def failing(practice, monkeypatch):
    practice.start("alleen")
    (timer,) = practice.timers()
    return FailingOnce(monkeypatch, timer.token_id)


def test_a_failing_timer_backs_off_and_does_not_delay_the_others(practice, failing):
    practice.start("alleen")
    pass_time(practice, WEEK)
    now = practice.clock.now()
    assert practice.sweep().run_once() == 2
    (timer,) = practice.timers()
    assert (timer.attempts, timer.next_try_at - now) == (1, timedelta(seconds=10))
    assert len(practice.open_tasks("herinnering")) == 1
    waits = []
    for _ in range(3):
        practice.clock.advance_to(practice.timers()[0].next_try_at)
        practice.sweep().run_once()
        waits.append(practice.timers()[0].next_try_at - practice.clock.now())
    assert waits == [timedelta(seconds=s) for s in (20, 40, 80)]


def test_a_timer_that_recovers_fires_as_if_nothing_had_been(practice, failing):
    pass_time(practice, WEEK)
    practice.sweep().run_once()
    failing.failing = False
    pass_time(practice, timedelta(seconds=10))
    practice.sweep().run_once()
    assert len(practice.open_tasks("herinnering")) == 1
    assert practice.rows(Incident) == []
    assert_healthy(practice.database)


def test_a_timer_that_keeps_failing_becomes_an_incident_and_fires_after_a_retry(practice, failing):
    (instance,) = practice.rows(ProcessInstance)
    pass_time(practice, WEEK)
    sweep = practice.sweep(backoff=Backoff(attempts=2))
    sweep.run_once()
    pass_time(practice, timedelta(seconds=10))
    sweep.run_once()
    (incident,) = practice.rows(Incident)
    assert (incident.code, incident.element_id) == ("timer-failed", "week")
    assert practice.timers() == []
    assert_healthy(practice.database)
    failing.failing = False
    practice.do(lambda r: r.retry(instance.id, incident.token_id))
    assert sweep.run_once() == 1
    assert len(practice.open_tasks("herinnering")) == 1
    assert practice.open_tasks("werk")
    assert_healthy(practice.database)


def test_a_damaged_instance_neither_stops_the_sweep_nor_stays_unseen(practice):
    instance_id = practice.start("alleen")
    (timer,) = practice.timers()
    practice.start("alleen")
    damage(practice, instance_id)
    pass_time(practice, WEEK)
    sweep = practice.sweep(backoff=Backoff(attempts=1))
    assert sweep.run_once() == 2
    assert len(practice.open_tasks("herinnering")) == 1
    (incident,) = practice.rows(Incident)
    assert (incident.token_id, incident.resolved_at) == (timer.token_id, None)
    assert sweep.run_once() == 0
    pass_time(practice, timedelta(hours=1))
    assert sweep.run_once() == 1
    assert len(practice.rows(Incident)) == 1


def test_a_mended_instance_goes_on_when_a_person_says_so(practice):
    instance_id = practice.start("alleen")
    with Session(practice.database) as session:
        sound = session.scalar(select(ProcessInstance.state))
    damage(practice, instance_id)
    pass_time(practice, WEEK)
    sweep = practice.sweep(backoff=Backoff(attempts=1))
    sweep.run_once()
    with UnitOfWork(practice.database) as session:
        session.execute(update(ProcessInstance).values(state=sound))
        (timer,) = session.scalars(select(Timer))
        assert fire_again(session, timer.token_id, practice.clock.now())
    assert sweep.run_once() == 1
    (incident,) = practice.rows(Incident)
    assert incident.resolved_at is not None
    assert_healthy(practice.database)


class ChangedMeanwhile(Sweep):
    """A sweep whose timer somebody puts off after it failed, before that is noted."""

    practice: Practice

    def _put_off(self, timer, error):
        later = self.practice.clock.now() + WEEK
        self.practice.do(lambda r: r.change_due(timer.instance_id, timer.token_id, later))
        super()._put_off(timer, error)


@pytest.mark.parametrize("attempts", [1, 5])
def test_a_timer_that_failed_is_not_tried_before_the_instant_that_a_person_gives_it(
    practice, failing, attempts
):
    pass_time(practice, WEEK)
    sweep = ChangedMeanwhile(
        practice.database, practice.clock, practice.runtime, backoff=Backoff(attempts=attempts)
    )
    sweep.practice = practice
    assert sweep.run_once() == 1
    (timer,) = practice.timers()
    assert (timer.attempts, timer.next_try_at) == (0, practice.clock.now() + WEEK)
    assert practice.rows(Incident) == []
    assert_healthy(practice.database)


def test_a_timer_that_is_not_due_yet_does_not_fire_because_somebody_tries_again(practice):
    practice.start("wekelijks")
    (timer,) = practice.timers()
    with UnitOfWork(practice.database) as session:
        assert fire_again(session, timer.token_id, practice.clock.now())
    assert practice.sweep().run_once() == 0
    pass_time(practice, WEEK)
    assert practice.sweep().run_once() == 1


def test_a_lost_database_counts_for_no_timer(practice, monkeypatch):
    practice.start("alleen")
    pass_time(practice, WEEK)

    def lose(runtime, instance_id, token_id, at):
        runtime.store._session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    from engine.runtime.commands import Runtime

    with monkeypatch.context() as patched:
        patched.setattr(Runtime, "fire_timer", lose)
        with pytest.raises(Exception, match="terminat"):
            practice.sweep().run_once()
    assert practice.timers()[0].attempts == 0
    assert practice.sweep().run_once() == 1


def test_how_late_the_sweep_is_can_be_asked(practice):
    practice.start("alleen")
    with Session(practice.database) as session:
        assert overdue_by(session, practice.clock.now()) == timedelta(0)
        pass_time(practice, WEEK + SECOND)
        assert overdue_by(session, practice.clock.now()) == SECOND


def test_a_due_time_can_be_changed(practice):
    instance_id = practice.start("alleen")
    (timer,) = practice.timers()
    sooner = practice.clock.now() + timedelta(days=1)
    practice.do(lambda r: r.change_due(instance_id, timer.token_id, sooner))
    assert practice.timers()[0].due_at == sooner
    practice.clock.advance_to(sooner)
    assert practice.sweep().run_once() == 1
    assert_healthy(practice.database)


def publish_once(practice) -> bool:
    return practice.do(lambda r: r.publish("antwoord", "een", {}, message_id="a"))


def test_the_id_of_a_message_is_remembered_for_as_long_as_is_set(practice):
    for _ in range(2):
        practice.start("wachter", sleutel="een")
    assert publish_once(practice)
    pass_time(practice, timedelta(days=89))
    practice.sweep().tidy()
    assert not publish_once(practice)
    with UnitOfWork(practice.database) as session:
        set_number(session, REMEMBERED_DAYS, 30, since=practice.clock.now(), source="besluit")
    practice.sweep().tidy()
    assert practice.rows(SeenMessage) == []
    assert publish_once(practice)
