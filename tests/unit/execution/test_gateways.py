"""Choosing, forking and joining."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.definitions.model import Flow, Kind
from tests.unit.execution.models import Driver, Model, condition, line, message, signal, timer


def test_exclusive_gateway_takes_the_first_true_flow():
    model = Model().xor("kies").user("a", "b", "c")
    line(model, "kies", "a")
    model.flow("kies", "b", when="=x > 0").flow("kies", "c", when="=x > 0").flow("b", "end")
    model.flows["kies-a"] = replace_condition(model, "kies-a", "=x > 9")
    assert Driver(model, {"x": 1}).open == ["b"]


def replace_condition(model: Model, flow_id: str, text: str) -> Flow:
    return replace(model.flows[flow_id], condition=text)


def test_default_flow_is_taken_only_when_no_condition_holds():
    model = Model().xor("kies", default_flow="kies-a").user("a", "b")
    line(model, "kies", "a")
    model.flow("kies", "b", when="=x > 0").flow("b", "end")
    assert Driver(model, {"x": 0}).open == ["a"]
    assert Driver(model, {"x": 1}).open == ["b"]


def test_no_true_condition_is_an_incident_that_can_be_mended():
    model = Model().xor("kies").user("a")
    model.start().end().flow("start", "kies").flow("kies", "a", when="=x > 0").flow("a", "end")
    run = Driver(model, {"x": 0})
    assert run.incidents == ["kies"]
    run.set(x=1).retry("kies")
    assert run.open == ["a"]


def test_parallel_join_waits_for_every_branch():
    model = Model().both("split", "join").user("a", "b", "na")
    line(model, "split", "a", "join", "na").flow("split", "b", "join")
    run = Driver(model).complete("a")
    assert run.open == ["b", "join"]
    assert run.complete("b").open == ["na"]


def test_parallel_join_keeps_a_second_token_of_the_same_flow_for_the_next_round():
    model = Model().both("split", "join").xor("samen").user("a", "b", "c", "na")
    line(model, "split", "a", "samen", "join", "na")
    model.flow("split", "b", "samen").flow("split", "c", "join")
    run = Driver(model).complete("a").complete("b")
    assert run.open == ["c", "join", "join"]
    run.complete("c")
    assert run.open == ["join", "na"]
    assert run.complete("na").status == "active"


def test_parallel_join_inside_a_loop_waits_in_every_round():
    model = Model().xor("terug", "verder").both("split", "join").user("a", "b")
    line(model, "terug", "split", "a", "join", "verder").flow("split", "b", "join")
    model.flow("verder", "terug", when="=nog")
    model.flows["verder-end"] = replace_condition(model, "verder-end", "=not(nog)")
    run = Driver(model, {"nog": True})
    for _ in range(3):
        run.complete("a")
        assert run.open == ["b", "join"]
        run.complete("b")
    run.set(nog=False).complete("a").complete("b")
    assert run.status == "completed"


def test_gateway_that_joins_and_forks_at_once():
    model = Model().both("split", "tussen", "join").user("a", "b", "c", "d")
    line(model, "split", "a", "tussen", "c", "join")
    model.flow("split", "b", "tussen").flow("tussen", "d", "join")
    run = Driver(model).complete("a").complete("b")
    assert run.open == ["c", "d"]
    assert run.complete("d").complete("c").status == "completed"


def inclusive() -> Model:
    model = Model().some("split", "join", default_flow=None).user("a", "b", "na")
    model.start().end()
    model.flow("start", "split")
    model.flow("split", "a", when="=x").flow("split", "b", when="=y")
    model.flow("a", "join").flow("b", "join").flow("join", "na", "end")
    return model


@pytest.mark.parametrize(("x", "y", "open_"), [(1, 1, ["a", "b"]), (1, 0, ["a"]), (0, 1, ["b"])])
def test_inclusive_gateway_takes_every_true_flow_and_joins_those(x, y, open_):
    run = Driver(inclusive(), {"x": bool(x), "y": bool(y)})
    assert run.open == open_
    for element in open_[:-1]:
        assert "na" not in run.complete(element).open
    assert run.complete(open_[-1]).open == ["na"]


def test_inclusive_join_waits_for_a_token_that_may_still_come_by_a_boundary_event():
    model = inclusive().user("later")
    model.on("b", "grens", timer("P1D")).flow("grens", "later", "join")
    run = Driver(model, {"x": True, "y": True}).complete("a")
    assert "na" not in run.open
    run.fire("grens")
    assert "na" not in run.open
    assert run.complete("later").open == ["na"]


def test_inclusive_join_waits_for_the_task_itself_when_its_reminder_has_already_arrived():
    model = inclusive()
    model.on("b", "grens", timer("P1D"), interrupting=False).flow("grens", "join")
    run = Driver(model, {"x": True, "y": True}).fire("grens").complete("a")
    assert run.open == ["b", "join", "join"]
    assert run.complete("b").open == ["na"]


def test_inclusive_join_goes_on_when_what_it_waited_for_ends_elsewhere():
    model = inclusive().xor("af", default_flow="af-join").end("weg")
    del model.flows["b-join"]
    model.flow("b", "af", "join").flow("af", "weg", when="=klaar")
    run = Driver(model, {"x": True, "y": True, "klaar": True}).complete("a")
    assert run.open == ["b", "join"]
    assert run.complete("b").open == ["na"]


def test_inclusive_join_at_the_head_of_a_loop_lets_every_round_through():
    model = Model().some("kop").user("a").xor("verder", default_flow="verder-end")
    line(model, "kop", "a", "verder").flow("verder", "kop", when="=nog")
    run = Driver(model, {"nog": True})
    for _ in range(3):
        assert run.open == ["a"]
        run.complete("a")
    assert run.set(nog=False).complete("a").status == "completed"


def test_event_gateway_takes_the_first_event_and_forgets_the_others():
    model = Model().add(Kind.EVENT_BASED_GATEWAY, "wacht").user("a", "b")
    model.catch("bericht", message("antwoord")).catch("kort", timer("P1D"))
    model.catch("lang", timer("P5D")).catch("sein", signal("stop"))
    line(model, "wacht", "bericht", "a")
    model.flow("wacht", "kort", "b", "end").flow("wacht", "lang", "end")
    model.flow("wacht", "sein", "end")
    run = Driver(model)
    assert run.due("kort") < run.due("lang")
    run.fire("kort")
    assert run.open == ["b"]
    assert run.told() == ["start", "wacht", "kort"]
    assert Driver(model).deliver("bericht", {"ok": 1}).variables == {"ok": 1}


def test_event_gateway_inside_an_event_sub_process_takes_its_own_event():
    model = Model().start().user("taak").end().flow("start", "taak", "end")
    model.handler("apart", "los", message("los"))
    model.add(Kind.EVENT_BASED_GATEWAY, "wacht", "apart").user("a", "b", parent="apart")
    model.catch("ja", message("ja"), "apart").catch("laat", timer("P3D"), "apart")
    model.flow("los", "wacht", "ja", "a").flow("wacht", "laat", "b")
    run = Driver(model).deliver("los").deliver("ja")
    assert run.open == ["a"]
    assert run.complete("a").status == "completed"


def test_event_gateway_with_a_condition():
    model = Model().add(Kind.EVENT_BASED_GATEWAY, "wacht").user("a")
    model.catch("als", condition("=x > 2")).catch("lang", timer("P5D"))
    line(model, "wacht", "als", "a").flow("wacht", "lang", "end")
    run = Driver(model, {"x": 0})
    assert run.set(x=2).open == ["als", "lang"]
    assert run.set(x=3).open == ["a"]


def test_conditional_and_default_flows_out_of_a_task():
    model = Model().user("a", "b", "c", "d", default_flow=None)
    model.user("kies", default_flow="kies-d")
    model.start().end().flow("start", "kies").flow("kies", "b", when="=x > 0")
    model.flow("kies", "c", when="=x > 1").flow("kies", "d")
    del model.elements["a"]
    assert Driver(model, {"x": 2}).complete("kies").open == ["b", "c"]
    assert Driver(model, {"x": 0}).complete("kies").open == ["d"]
    assert Driver(model, {"x": 0}).complete("kies", {"x": 1}).open == ["b"]


def test_conditions_out_of_a_task_see_what_a_gateway_there_would_see():
    model = Model().user("kies", inputs={"x": "=0"}, default_flow="kies-b").user("a", "b")
    model.start().flow("start", "kies").flow("kies", "a", when="=x > 0").flow("kies", "b")
    assert Driver(model, {"x": 5}).complete("kies").open == ["a"]


def test_implicit_fork_and_merge_without_gateways():
    model = Model().task("a").user("b", "c", "d")
    line(model, "a", "b", "d").flow("a", "c", "d")
    run = Driver(model).complete("b").complete("c")
    assert run.open == ["d", "d"]
    assert run.complete("d").complete("d").status == "completed"


def test_tasks_without_anything_before_them_all_start():
    model = Model().user("a", "b").end().flow("a", "end").flow("b", "end")
    assert Driver(model).open == ["a", "b"]
