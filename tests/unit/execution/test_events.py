"""Boundary events, event sub-processes, links, terminate, signals and conditions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.definitions.model import Event, Kind, Loop, Trigger
from engine.execution.definition import Definition
from engine.execution.effects import ChildCancelled, MessageThrown
from engine.execution.machine import Execution
from engine.execution.standing import standing
from tests.unit.execution.models import (
    BEGIN,
    TERMINATE,
    Driver,
    Model,
    condition,
    each,
    error,
    escalation,
    line,
    message,
    signal,
    timer,
)


def with_boundary(event: Event, *, interrupting: bool = True, **fields) -> Model:
    model = Model().user("werk", **fields).user("na", "erna")
    line(model, "werk", "na")
    return model.on("werk", "grens", event, interrupting=interrupting).flow("grens", "erna")


EVENTS = [message("stop"), timer("P1D"), signal("stop"), condition("=stop")]


def happen(run: Driver, element_id: str, event: Event) -> None:
    if event.trigger is Trigger.TIMER:
        run.fire(element_id)
    elif event.trigger is Trigger.CONDITIONAL:
        run.set(stop=True)
    else:
        run.deliver(element_id)


@pytest.mark.parametrize("event", EVENTS)
def test_interrupting_boundary_event_takes_the_place_of_its_task(event):
    run = Driver(with_boundary(event), {"stop": False})
    happen(run, "grens", event)
    assert run.open == ["erna"]
    assert run.told("cancelled") == ["werk"]


@pytest.mark.parametrize("event", EVENTS)
def test_non_interrupting_boundary_event_leaves_its_task(event):
    run = Driver(with_boundary(event, interrupting=False), {"stop": False})
    happen(run, "grens", event)
    assert [w.element_id for w in run.waits if w.kind == "user"] == ["werk", "erna"]
    run.complete("werk")
    assert run.open == ["erna", "na"]


def test_non_interrupting_message_boundary_can_happen_again_and_again():
    run = Driver(with_boundary(message("stop"), interrupting=False))
    for _ in range(3):
        run.deliver("grens")
    assert len(run.all("erna")) == 3


def test_condition_fires_again_only_after_it_was_false():
    run = Driver(with_boundary(condition("=stop"), interrupting=False), {"stop": True})
    assert len(run.all("erna")) == 1
    run.set(stop=True)
    assert len(run.all("erna")) == 1
    run.set(stop=False).set(stop=True)
    assert len(run.all("erna")) == 2


def test_repeating_boundary_timer_counts_down_and_its_tasks_outlive_the_host():
    run = Driver(with_boundary(timer(cycle="R3/P1D"), interrupting=False))
    for left in (2, 1, 0):
        run.fire("grens")
        assert len(run.all("grens")) == (1 if left else 0)
    assert run.complete("werk").open == ["erna", "erna", "erna", "na"]


def test_boundary_on_a_call_activity_cancels_the_child():
    model = Model().add(Kind.CALL_ACTIVITY, "roep", called_process="kind").user("erna")
    line(model, "roep").on("roep", "grens", message("stop")).flow("grens", "erna")
    run = Driver(model).deliver("grens")
    assert len(run.effects_of(ChildCancelled)) == 1
    assert run.open == ["erna"]


@pytest.mark.parametrize("sequential", [True, False])
def test_boundary_on_a_multi_instance_task_ends_all_its_rounds(sequential):
    model = with_boundary(message("stop"), loop=each("=[1,2,3]", sequential=sequential))
    run = Driver(model)
    assert len(run.all("grens")) == 1
    run.complete("werk").deliver("grens")
    assert run.open == ["erna"]


def nested(start: Event, *, interrupting: bool = True) -> Model:
    model = Model().sub("deel").user("werk", parent="deel").user("na")
    line(model, "werk", parent="deel", tag="-deel")
    line(model, "deel", "na")
    model.handler("vang", "gebeurt", start, "deel", interrupting=interrupting)
    model.user("herstel", parent="vang").end("klaar", "vang")
    return model.flow("gebeurt", "herstel", "klaar")


@pytest.mark.parametrize("event", EVENTS)
def test_interrupting_event_sub_process_replaces_what_its_scope_did(event):
    run = Driver(nested(event), {"stop": False})
    happen(run, "gebeurt", event)
    assert run.open == ["herstel"]
    assert run.complete("herstel").open == ["na"]


@pytest.mark.parametrize("event", EVENTS)
def test_non_interrupting_event_sub_process_runs_beside_its_scope(event):
    run = Driver(nested(event, interrupting=False), {"stop": False})
    happen(run, "gebeurt", event)
    assert {"werk", "herstel"} <= set(run.open)
    run.complete("werk")
    assert "na" not in run.open
    assert run.complete("herstel").open == ["na"]


def test_scope_is_over_when_its_last_token_ends_and_no_event_sub_process_runs():
    run = Driver(nested(message("laat"), interrupting=False)).complete("werk")
    assert run.open == ["na"]


def test_event_sub_process_nested_in_an_event_sub_process():
    model = nested(message("eerst"))
    model.handler("dieper", "gebeurt-2", message("dan"), "vang").user("diep", parent="dieper")
    model.flow("gebeurt-2", "diep")
    run = Driver(model)
    assert run.open == ["gebeurt", "werk"]
    run.deliver("gebeurt")
    assert run.open == ["gebeurt-2", "herstel"]
    assert run.deliver("gebeurt-2").open == ["diep"]
    assert run.complete("diep").open == ["na"]


def test_event_sub_process_of_the_process_itself():
    model = Model().user("werk")
    line(model, "werk").handler("vang", "gebeurt", message("stop"))
    model.user("herstel", parent="vang").flow("gebeurt", "herstel")
    run = Driver(model).deliver("gebeurt", {"reden": "ja"})
    assert run.open == ["herstel"]
    assert run.variables == {}
    assert run.complete("herstel").status == "completed"


def test_event_sub_process_inside_every_round_of_a_multi_instance_sub_process():
    model = nested(message("stop"))
    model.elements["deel"] = replace(model.elements["deel"], loop=each("=[1,2]"))
    run = Driver(model)
    assert run.open == ["gebeurt", "gebeurt", "werk", "werk"]
    run.deliver("gebeurt")
    assert run.open == ["gebeurt", "herstel", "werk"]
    assert run.complete("werk").complete("herstel").open == ["na"]


def test_boundary_and_event_sub_process_on_one_sub_process():
    model = nested(message("binnen"), interrupting=False).user("buiten")
    model.on("deel", "grens", message("rand"), interrupting=False).flow("grens", "buiten")
    run = Driver(model).deliver("grens").deliver("gebeurt")
    assert run.open == ["buiten", "gebeurt", "grens", "herstel", "werk"]
    run.complete("werk").complete("herstel")
    assert run.open == ["buiten", "na"]


def test_repeating_timer_starts_an_event_sub_process_each_time():
    run = Driver(nested(timer(cycle="R2/P1D"), interrupting=False)).fire("gebeurt").fire("gebeurt")
    assert run.open == ["herstel", "herstel", "werk"]


def test_terminate_ends_its_own_scope_only():
    model = Model().sub("deel").both("split", parent="deel").user("a", "b", parent="deel")
    model.start("s", "deel").end("alles", "deel", event=TERMINATE).user("na")
    model.flow("s", "split", "a", "alles").flow("split", "b")
    line(model, "deel", "na")
    run = Driver(model).complete("a")
    assert run.open == ["na"]
    assert run.told("cancelled") == ["b"]


def test_terminate_in_an_event_sub_process_leaves_the_scope_around_it():
    model = nested(message("stop"), interrupting=False)
    model.elements["klaar"] = replace(model.elements["klaar"], event=TERMINATE)
    run = Driver(model).deliver("gebeurt").complete("herstel")
    assert run.open == ["gebeurt", "werk"]


def test_terminate_ends_the_whole_process():
    model = Model().both("split").user("a", "b").end("alles", event=TERMINATE)
    line(model, "split", "a").flow("split", "b", "alles")
    run = Driver(model).complete("b")
    assert run.status == "completed"
    assert run.told("cancelled") == ["a"]


def test_link_jumps_to_its_catch_event():
    link = Event(Trigger.LINK, name="verder")
    model = Model().throw("spring", link).catch("land", link).user("a").start().end()
    model.flow("start", "spring").flow("land", "a", "end")
    run = Driver(model)
    assert run.open == ["a"]
    assert run.told() == ["start", "spring", "land"]


def test_throwing_events_leave_with_their_local_variables_only():
    model = Model().throw("zeg", message("hallo", "=sleutel"), inputs={"wat": "=x + 1"})
    model.throw("sein", signal("klaar"))
    line(model, "zeg", "sein")
    run = Driver(model, {"x": 1, "sleutel": "k"})
    first, second = run.thrown
    assert isinstance(first, MessageThrown)
    assert (first.name, first.correlation_key, first.variables) == ("hallo", "k", {"wat": 2})
    assert (second.name, second.variables) == ("klaar", {})
    assert run.variables == {"x": 1, "sleutel": "k"}


@pytest.mark.parametrize("job_type", [None, "bericht-versturen"])
@pytest.mark.parametrize("kind", [Kind.THROW_EVENT, Kind.END_EVENT, Kind.SEND_TASK])
def test_message_leaves_by_itself_with_and_without_the_job_type_of_the_modeller(kind, job_type):
    model = Model().add(kind, "zeg", event=message("hallo", "=1"), job_type=job_type)
    model.start().flow("start", "zeg")
    run = Driver(model)
    assert run.status == "completed"
    assert [m.name for m in run.thrown] == ["hallo"]


def test_receive_task_waits_and_takes_in_what_came():
    model = Model().add(Kind.RECEIVE_TASK, "wacht", event=message("antwoord", "=id"))
    line(model, "wacht")
    run = Driver(model, {"id": 7})
    assert run.one("wacht").key == "7"
    assert run.deliver("wacht", {"ja": True}).variables == {"id": 7, "ja": True}


def test_a_date_in_the_past_fires_at_once():
    model = Model().catch("wacht", timer(date="2020-01-01T09:00:00Z"))
    run = Driver(line(model, "wacht"))
    assert run.due("wacht") < run.now


def test_standard_loop_tests_before_or_after():
    for test_before, rounds in ((True, 0), (False, 1)):
        loop = Loop(standard=True, condition="=nog", test_before=test_before)
        model = Model().user("a", loop=loop).user("na")
        run = Driver(line(model, "a", "na"), {"nog": False})
        for _ in range(rounds):
            run.complete("a")
        assert run.open == ["na"]


def test_standard_loop_ends_at_its_maximum():
    model = Model().user("a", loop=Loop(standard=True, condition="=true", maximum=3))
    run = Driver(line(model, "a"))
    for _ in range(3):
        run.complete("a")
    assert run.status == "completed"


def test_process_without_a_plain_start_is_an_incident_and_not_a_silent_end():
    model = Model().start("s", event=message("begin")).user("a").flow("s", "a")
    assert Driver(model).incidents == ["P"]
    assert Driver(model, start_id="s").open == ["a"]


def test_what_a_message_start_brings_is_there_before_anything_listens():
    model = Model().start("s", event=message("begin"), outputs={"id": "=ruw"}).user("a")
    model.flow("s", "a").handler("vang", "g", message("stop", "=id"), interrupting=False)
    run = Driver(model, {"ruw": "k"}, start_id="s")
    assert run.one("g").key == "k"


@pytest.mark.parametrize("event", [error(), escalation()])
def test_errors_and_escalations_leave_no_subscription(event):
    run = Driver(with_boundary(event))
    assert run.open == ["werk"]


def test_signal_interrupts_its_thrower_before_the_next_step():
    model = line(Model(), "deel").sub("deel").on("deel", "grens", signal("stop")).end("gestopt")
    line(
        model.throw("roep", signal("stop"), "deel").task("nooit", parent="deel"),
        "roep",
        "nooit",
        parent="deel",
        tag="-deel",
    ).flow("grens", "gestopt")
    run = Driver(model)
    assert run.status == "completed"
    assert "nooit" not in run.told("activated")
    assert run.told()[-3:] == ["roep", "grens", "gestopt"]


def test_signal_is_not_heard_by_who_comes_to_listen_after_it():
    model = Model().throw("roep", signal("hier")).catch("hoor", signal("hier"))
    assert Driver(line(model, "roep", "hoor")).open == ["hoor"]


def test_signal_is_heard_on_a_parallel_way_whatever_the_order_of_the_arrows():
    model = Model().both("split").throw("roep", signal("hier")).script("eerst", "=1", "v")
    model.catch("hoor", signal("hier")).end("klaar").flow("split", "roep")
    run = Driver(line(model, "split", "eerst", "hoor", "klaar"))
    assert run.status == "completed"
    assert run.told()[-1] == "klaar"


def test_signals_put_off_together_are_thrown_in_the_order_drawn():
    model = line(Model().both("split"), "split")
    for name in ("een", "twee"):
        model.throw(name, signal(name)).flow("split", name)
    run = Driver(model)
    assert run.status == "completed"
    assert [told for told in run.told("completed") if told in ("een", "twee")] == ["een", "twee"]


def test_last_step_of_an_instance_wakes_its_own_event_sub_process():
    model = line(Model().throw("roep", signal("hier")), "roep")
    model.handler("vang", "g", signal("hier"), interrupting=False).user("werk", parent="vang")
    assert "werk" in Driver(model.flow("g", "werk")).open


def test_condition_that_becomes_true_interrupts_before_the_next_step():
    model = line(Model(), "deel").sub("deel").on("deel", "grens", condition("=v = 1")).end("anders")
    model.script("zet", "=1", "v", parent="deel").task("nooit", parent="deel")
    line(model, "zet", "nooit", parent="deel", tag="-deel").flow("grens", "anders")
    run = Driver(model, {"v": 0})
    assert "nooit" not in run.told("activated")
    assert run.told()[-1] == "anders"


def test_what_an_instance_throws_is_heard_before_it_goes_on():
    model = line(Model().throw("roep", message("hier")).user("daarna"), "roep", "daarna")
    definition = Definition(model.process())
    execution = Execution.start(definition, {"trajectId": "1"}, BEGIN, pauses=True)
    assert any(isinstance(effect, MessageThrown) for effect in execution.take_effects())
    assert [w.kind for w in standing(execution)] == ["thrown"]
    assert execution.go_on(BEGIN)
    assert [(w.kind, w.element_id) for w in standing(execution)] == [("user", "daarna")]
    assert not execution.go_on(BEGIN)


def test_a_key_longer_than_a_database_looks_up_is_an_incident_of_who_has_it():
    long = '=string join(for i in 1..500 return "x")'
    for model in (Model().catch("x", message("m", long)), Model().throw("x", message("m", long))):
        assert Driver(line(model, "x")).incidents == ["x"]
    assert Driver(line(Model().catch("x", message("m", "=10**6000")), "x")).open == ["x"]


@pytest.mark.parametrize("event", [signal("=naam"), message("=naam")])
def test_a_name_that_is_too_long_to_be_found_by_is_an_incident_at_who_waits_for_it(event):
    run = Driver(line(Model().catch("wacht", event), "wacht"), {"naam": "n" * 251})
    assert run.incidents == ["wacht"]
    assert run.set(naam="n" * 250).retry("wacht").open == ["wacht"]
    assert run.incidents == []


def test_a_message_with_a_name_that_is_too_long_does_not_leave():
    run = Driver(line(Model().throw("roep", message("=naam")), "roep"), {"naam": "n" * 251})
    assert run.incidents == ["roep"]
    assert run.thrown == []
