"""Putting an instance aside: nothing moves, nothing is lost, and it comes back by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from engine.definitions.model import UserWork
from engine.execution import state, suspension
from engine.execution.definition import Definition
from engine.execution.effects import Happening
from engine.execution.errors import MendRefused, NotWaiting, Suspended
from engine.execution.migration import migrate
from engine.execution.standing import REVIEW, standing
from engine.execution.suspension import Later, Review, stood_still
from tests.unit.execution.models import (
    BEGIN,
    Driver,
    Model,
    check_invariants,
    condition,
    line,
    message,
    timer,
)
from tests.unit.execution.random_models import block_models
from tests.unit.execution.test_random_models import SETTINGS, START, act, choices, shape

DAY = timedelta(days=1)
LOOK = Review(BEGIN + 10 * DAY, BEGIN + 11 * DAY, "projectleider")


def watched() -> Model:
    """A task with deadlines and messages on its border."""
    model = line(Model().user("werk", user=UserWork(due_date="P3D")).user("na"), "werk", "na")
    model.on("werk", "laat", timer("P2D"), interrupting=False).end("e1").flow("laat", "e1")
    model.on("werk", "weg", message("weg")).user("anders").flow("weg", "anders").end("e2")
    model.flow("anders", "e2")
    model.on("werk", "nog", message("nog"), interrupting=False).user("extra").flow("nog", "extra")
    return model.end("e3").flow("extra", "e3")


def aside(run: Driver, review: Review | None = LOOK) -> Driver:
    run.execution.now = run.now
    suspension.suspend(run.execution, review)
    return run._settle()


def onward(run: Driver, later: Later | None = None, only: Any = None) -> Driver:
    run.execution.now = run.now
    suspension.resume(run.execution, later, only)
    run.execution.look_again(run.now)
    return run._settle()


def kinds(run: Driver) -> list[tuple[str, str, str | None]]:
    return sorted(
        (w.kind, w.element_id, w.name if w.kind == "suspended" else None) for w in run.waits
    )


def test_what_is_put_aside_asks_nothing_and_waits_for_its_review():
    run = aside(Driver(watched()))
    assert kinds(run) == [
        ("message", "nog", None), ("message", "weg", None),
        ("suspended", "laat", "timer"), ("suspended", "werk", "user"),
        ("timer", "P", None),
    ]  # fmt: skip
    assert (run.one("P").due_at, run.one("P").element_name) == (LOOK.at, REVIEW)


def test_every_command_is_refused():
    run = Driver(watched())
    task, late = run.one("werk").token_id, run.one("laat").token_id
    aside(run)
    raw = state.dump(run.execution)
    for command in (
        lambda: run.execution.complete_work(task, {}, run.now),
        lambda: run.execution.fire_timer(late, run.now),
        lambda: run.execution.change_due(late, run.now + DAY),
        lambda: run.execution.retry(task, run.now),
        lambda: run.execution.throw_error(task, "X", {}, run.now),
        lambda: run.execution.correct(task, {"x": 1}, "", run.now),
    ):
        with pytest.raises(Suspended):
            command()
    with pytest.raises(MendRefused):
        suspension.suspend(run.execution, LOOK)
    assert state.dump(run.execution) == raw


def test_it_comes_back_as_a_task_once_and_again_after_a_later_review():
    run = aside(Driver(watched())).fire("P")
    (task,) = run.all("P")
    assert (task.kind, task.due_at, task.details["role"]) == ("user", LOOK.due, "projectleider")
    with pytest.raises(Suspended):
        run.execution.fire_timer(run.execution.root.id, run.now)
    later = Review(BEGIN + 20 * DAY, BEGIN + 21 * DAY, "projectleider")
    assert suspension.postpone(run.execution, later) == task.token_id
    run._settle()
    assert run.due("P") == later.at
    run.fire("P")
    assert run.one("P").token_id != task.token_id
    assert run.told("reviewed") == ["P"]
    assert run.told("review-due") == ["P", "P"]


def test_deadlines_come_later_by_the_time_that_it_stood_still():
    run = Driver(watched())
    before = {w.element_id: w.due_at for w in run.waits if w.due_at}
    aside(run)
    run.wait(10 * DAY)
    onward(run, stood_still(BEGIN, run.now))
    assert {w.element_id: w.due_at for w in run.waits if w.due_at} == {
        name: due + 10 * DAY for name, due in before.items()
    }


def test_deadlines_that_stay_are_due_at_once_and_some_may_be_chosen():
    run = Driver(watched())
    task = run.one("werk")
    aside(run)
    run.wait(10 * DAY)
    onward(run, stood_still(BEGIN, run.now), {task.token_id})
    assert run.due("werk") == BEGIN + 13 * DAY
    assert run.due("laat") == BEGIN + 2 * DAY < run.now
    run.fire("laat")
    assert run.told("triggered") == ["laat"]


def test_a_cycle_counts_on_from_where_it_was_put_off_to():
    model = line(Model().user("werk"), "werk")
    model.on("werk", "elke", timer(cycle="R/P7D"), interrupting=False).end("e").flow("elke", "e")
    model.on("werk", "maandag", timer(cycle="0 0 9 * * MON"), interrupting=False)
    model.end("f").flow("maandag", "f")
    run = aside(Driver(model))
    run.wait(30 * DAY)
    onward(run, stood_still(BEGIN, run.now))
    assert run.due("elke") == BEGIN + 37 * DAY
    assert run.now < run.due("maandag") <= run.now + 7 * DAY
    assert run.fire("elke").due("elke") == BEGIN + 44 * DAY


@pytest.mark.parametrize(
    ("since", "until", "later"),
    [
        ("2026-03-02T09:00", "2026-03-02T15:30", Later(exact=timedelta(hours=6.5))),
        ("2026-03-02T09:00", "2026-03-09T09:00", Later(days=7)),
        ("2026-03-02T09:00", "2026-03-09T15:00", Later(days=8)),
        ("2026-03-02T15:00", "2026-03-09T09:00", Later(days=7)),
        ("2026-03-02T09:00", "2026-03-01T09:00", Later()),
    ],
)
def test_who_had_time_left_has_no_less(since: str, until: str, later: Later):
    zone = ZoneInfo("Europe/Amsterdam")
    began, ends = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (since, until))
    assert stood_still(began, ends) == later


def test_nine_o_clock_stays_nine_o_clock_over_summer_time():
    zone = ZoneInfo("Europe/Amsterdam")
    due = datetime(2026, 3, 20, 9, tzinfo=zone)
    assert Later(days=14).of(due) == datetime(2026, 4, 3, 9, tzinfo=zone)


def test_what_comes_meanwhile_is_heard_when_it_goes_on_in_the_order_in_which_it_came():
    run = aside(Driver(watched()))
    run.deliver("nog").deliver("nog").deliver("weg", {"reden": "verhuisd"})
    token = run.execution.tasks[run.one("weg").token_id]
    assert suspension.is_served(run.execution, token)
    assert not suspension.is_served(run.execution, run.execution.tasks[run.one("nog").token_id])
    assert run.told("triggered") == []
    onward(run)
    assert run.told("triggered") == ["nog", "nog", "weg"]
    assert run.open == ["anders", "extra", "extra"]
    assert run.variables == {"reden": "verhuisd"}


def test_a_condition_that_came_true_meanwhile_holds_when_it_goes_on():
    model = line(Model().user("werk"), "werk")
    model.on("werk", "als", condition("=x = 1")).user("dan").flow("als", "dan").end("e")
    run = aside(Driver(model.flow("dan", "e"), {"x": 0}))
    run.set(x=1)
    assert run.told("triggered") == []
    assert onward(run).open == ["dan"]


def test_it_can_be_ended_and_moved_to_another_version_while_it_is_aside():
    run = aside(Driver(watched()))
    run.execution = migrate(run.execution, Definition(watched().process()), run.now)
    run._settle()
    assert run.execution.suspended
    run.execution.cancel(run.now)
    assert run._settle().status == "cancelled"
    assert not run.execution.suspended
    with pytest.raises(NotWaiting):
        suspension.resume(run.execution, None, None)


@given(model=block_models(), data=st.data())
@SETTINGS
def test_putting_aside_and_going_on_at_once_changes_nothing(model: Model, data: Any):
    one = Driver(model, START, reload=False, step_budget=60)
    two = Driver(model, START, reload=True, step_budget=60)
    now = BEGIN
    for _ in range(12):
        if data.draw(st.booleans()) and two.status == "active":
            two.now = two.execution.now = now
            suspension.suspend(two.execution, LOOK if data.draw(st.booleans()) else None)
            two._store()
            assert not [w for w in standing(two.execution) if w.kind in ("user", "job")]
            suspension.resume(two.execution, stood_still(now, now), None)
            two.execution.look_again(now)
            two._store()
        assert shape(one.execution) == shape(two.execution)
        open_ = choices(one.execution)
        if not open_:
            break
        index = data.draw(st.integers(0, len(open_) - 1))
        now += timedelta(hours=data.draw(st.sampled_from([0, 1, 24])))
        note(f"{open_[index].kind} {open_[index].element_id}")
        act(one.execution, open_[index], {"v": 2}, now)
        act(two.execution, choices(two.execution)[index], {"v": 2}, now)
        check_invariants(one.execution)


def test_the_audit_tells_since_when_and_which_deadlines_moved():
    run = Driver(watched())
    task = run.one("werk")
    aside(run)
    run.wait(DAY)
    onward(run, stood_still(BEGIN, run.now), {task.token_id})
    told = [
        e for e in run.effects if isinstance(e, Happening) and e.type in ("suspended", "resumed")
    ]
    assert told[0].data == {
        "review": LOOK.at.isoformat(), "due": LOOK.due.isoformat(), "role": "projectleider"
    }  # fmt: skip
    assert told[1].data == {
        "deadlines": [
            [task.token_id.hex, (BEGIN + 3 * DAY).isoformat(), (BEGIN + 4 * DAY).isoformat()]
        ]
    }


def test_what_is_told_beforehand_of_each_deadline_is_what_it_becomes():
    model = line(Model().user("werk", user=UserWork(due_date="P3D")), "werk")
    model.on("werk", "elke", timer(cycle="R/P1M"), interrupting=False).end("e").flow("elke", "e")
    model.on("werk", "ochtend", timer(cycle="0 0 9 * * *"), interrupting=False)
    model.end("f").flow("ochtend", "f")
    run = aside(Driver(model))
    run.wait(10 * DAY)
    gap = stood_still(BEGIN, run.now)
    told = {
        w.element_id: suspension.put_off_to(run.execution, w.token_id, gap, run.now)
        for w in run.waits
        if w.kind == "suspended"
    }
    onward(run, gap)
    assert told == {name: run.due(name) for name in ("werk", "elke", "ochtend")}
