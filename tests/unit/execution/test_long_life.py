"""Years of work: what an instance keeps, and what a step touches, stays bounded."""

from __future__ import annotations

from dataclasses import replace

from engine.definitions.model import Event, Trigger
from engine.execution import state
from tests.unit.execution.models import Driver, Model, each, line, timer


def size(run: Driver) -> int:
    return len(state.dump(run.execution))


def test_ten_thousand_rounds_of_a_loop_leave_a_state_of_the_same_size():
    undo = Event(Trigger.COMPENSATION)
    model = Model().xor("terug", "verder").user("werk", compensation_handler="h")
    model.on("werk", "c", undo).task("h", is_compensation=True)
    model.on("werk", "t", timer("P7D"), interrupting=False).end("laat").flow("t", "laat")
    line(model, "terug", "werk", "verder").flow("verder", "terug", when="=nog")
    model.flows["verder-end"] = replace(model.flows["verder-end"], condition="=not(nog)")
    run = Driver(model, {"nog": True, "n": 0}, reload=False)
    run.complete("werk", {"n": 1})
    first, tokens = size(run), len(run.execution.tasks)
    for number in range(2, 10_001):
        token = run.one("werk", "user").token_id
        run.execution.complete_work(token, {"n": number}, run.now)
        run.execution.take_effects()
    assert len(run.execution.tasks) == tokens
    assert size(run) <= first + 20
    assert run.execution.root.internal_data["compensable"][0]["times"] == 10_000
    assert run.variables["n"] == 10_000


def test_five_thousand_firings_of_a_cycle_leave_nothing_behind():
    model = Model().user("werk").task("tel")
    line(model, "werk").on("werk", "t", timer(cycle="R/P1D"), interrupting=False)
    model.end("e").flow("t", "tel", "e")
    run = Driver(model, reload=False).fire("t")
    first = size(run)
    for _ in range(4_999):
        wait = run.one("t")
        run.execution.fire_timer(wait.token_id, wait.due_at)
        run.execution.take_effects()
    assert size(run) <= first + 10
    assert len(run.execution.tasks) == 3


def test_behind_a_crowd_that_waits_tokens_go_and_the_others_keep_their_order():
    model = Model().both("splits").user("wacht").start().end().flow("start", "splits")
    model.flow("wacht", "end")
    for number in range(400):
        model.task(f"n{number}").flow("splits", f"n{number}", "wacht")
    run = Driver(model, reload=False)
    waiting = [one.token_id for one in run.all("wacht")]
    for token_id in (waiting[399], waiting[300], waiting[3]):
        run.execution.complete_work(token_id, {}, run.now)
    left = [one for one in waiting if one not in (waiting[399], waiting[300], waiting[3])]
    again = state.load(run.execution.definition, state.dump(run.execution), run.now)
    for execution in (run.execution, again):
        assert [token.id for token in execution.root.live_children] == left
    run.execution.cancel(run.now)
    assert list(run.execution.tasks) == [run.execution.root.id]


def test_a_thousand_rounds_at_once():
    loop = each("=lijst", output_collection="uit", output_element="=r")
    model = Model().user("werk", loop=loop)
    run = Driver(line(model, "werk"), {"lijst": list(range(1_000))}, reload=False)
    assert len(run.execution.tasks) == 1_002
    assert size(run) < 400_000
    for number, wait in enumerate(run.all("werk", "user")):
        run.execution.complete_work(wait.token_id, {"r": number}, run.now)
    assert run.status == "completed"
    assert run.variables["uit"] == list(range(1_000))
    assert len(run.execution.tasks) == 1


def test_a_thousand_automatic_rounds_stay_within_the_step_budget():
    model = Model().sub("deel", loop=each("=lijst"))
    line(model.task("a", "b", "c", parent="deel"), "a", "b", "c", parent="deel", tag="-deel")
    run = Driver(line(model, "deel"), {"lijst": list(range(1_000))}, step_budget=100)
    assert run.status == "completed"
