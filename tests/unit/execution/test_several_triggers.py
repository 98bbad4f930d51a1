"""Events with several triggers: any one of them, or all together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.definitions.model import Event, Kind
from engine.execution import suspension
from engine.execution.definition import Definition
from engine.execution.effects import MessageThrown, SignalThrown
from engine.execution.machine import Execution
from engine.execution.migration import check, migrate
from engine.execution.suspension import Later
from tests.unit.execution.models import (
    BEGIN,
    TERMINATE,
    Driver,
    Model,
    condition,
    either,
    error,
    escalation,
    line,
    message,
    signal,
    timer,
    together,
)


def catching(event: Event) -> Model:
    return line(Model().catch("vang", event).user("na"), "vang", "na")


def bordered(event: Event, *, interrupting: bool = True) -> Model:
    model = line(Model().user("werk").user("na", "erna"), "werk", "na")
    return model.on("werk", "grens", event, interrupting=interrupting).flow("grens", "erna")


def kinds(run: Driver, element_id: str) -> list[str]:
    return sorted(wait.kind for wait in run.all(element_id))


def hear(run: Driver, element_id: str, name: str, **given: object) -> Driver:
    token = next(w.token_id for w in run.all(element_id) if w.name == name)
    run.execution.deliver(token, given, run.now)
    return run._settle()


def test_catch_goes_on_at_the_first_of_its_triggers_and_forgets_the_others():
    run = Driver(catching(either(message("a"), signal("b"), timer("P1D"))))
    assert kinds(run, "vang") == ["message", "several", "signal", "timer"]
    hear(run, "vang", "b", x=1)
    assert (run.open, run.variables["x"]) == (["na"], 1)
    assert Driver(catching(either(message("a"), timer("P1D")))).fire("vang").open == ["na"]


def test_catch_that_needs_all_keeps_what_came_and_brings_it_together():
    run = Driver(catching(together(message("a"), message("b"))))
    hear(run, "vang", "b", x=1, y=1)
    assert kinds(run, "vang") == ["join", "message", "several"]
    hear(run, "vang", "a", x=2)
    assert (run.open, run.variables["x"], run.variables["y"]) == (["na"], 1, 1)


def test_condition_counts_as_one_of_several():
    run = Driver(catching(together(message("a"), condition("=klaar"))), {"klaar": False})
    hear(run, "vang", "a")
    assert run.open == ["vang", "vang", "vang"]
    assert run.set(klaar=True).open == ["na"]


def test_border_is_crossed_by_any_trigger_and_by_an_error():
    event = either(message("a"), error("X"))
    run = hear(Driver(bordered(event)), "grens", "a")
    assert (run.open, run.told("cancelled")) == (["erna"], ["werk"])
    run = Driver(bordered(event))
    assert run.throw("werk", "X")
    assert run.open == ["erna"]


def test_border_that_does_not_interrupt_listens_on():
    run = Driver(bordered(either(message("a"), message("b")), interrupting=False))
    for name in "abb":
        hear(run, "grens", name)
    assert run.open.count("erna") == 3
    run = Driver(bordered(together(message("a"), message("b")), interrupting=False))
    for name in "abba":
        hear(run, "grens", name)
    assert run.open.count("erna") == 2


def test_who_sends_is_not_hindered_by_a_key_that_has_no_value_any_more():
    event = together(message("a", "=sleutel"), message("b"))
    run = Driver(bordered(event, interrupting=False), {"sleutel": "k"}).set(sleutel=None)
    for name in "abba":
        hear(run, "grens", name)
    assert run.open.count("erna") == 2
    assert {w.key for w in run.all("grens") if w.name == "a"} == {"k"}


def test_border_that_needs_all_with_a_timer_goes_off_once():
    run = Driver(bordered(together(message("a"), timer("P1D")), interrupting=False))
    hear(run, "grens", "a").fire("grens")
    assert run.open == ["erna", "werk"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_event_sub_process_begins_by_any_of_its_triggers(interrupting):
    model = line(Model().user("werk"), "werk")
    event = either(message("a"), escalation("E"))
    model.handler("deel", "begin", event, interrupting=interrupting)
    model.user("binnen", parent="deel").flow("begin", "binnen")
    run = hear(Driver(model), "begin", "a")
    assert [w.element_id for w in run.waits if w.kind == "user"] == (
        ["binnen"] if interrupting else ["werk", "binnen"]
    )


def test_event_gateway_is_left_by_any_trigger_of_an_event_behind_it():
    model = Model().start().add(Kind.EVENT_BASED_GATEWAY, "keuze").user("na")
    model.catch("vang", together(message("a"), message("b"))).catch("laat", timer("P9D"))
    model.flow("start", "keuze", "vang", "na").flow("keuze", "laat", "na")
    run = hear(Driver(model), "vang", "a")
    assert hear(run, "vang", "b").open == ["na"]


def test_throw_throws_everything_once_and_what_ends_last():
    model = Model().start().user("werk").both("g").end("eind", event=either(
        TERMINATE, signal("s"), message("m")))  # fmt: skip
    model.task("t").flow("start", "g", "werk").flow("g", "t", "eind")
    run = Driver(model)
    assert [type(one) for one in run.thrown] == [SignalThrown, MessageThrown]
    assert (run.status, run.told("cancelled")) == ("completed", ["werk"])


def test_throw_that_stood_still_throws_the_rest_when_it_is_tried_again():
    model = line(Model().throw("roep", either(message("m"), signal("=naam.x"))), "roep")
    model.elements["roep"] = replace(
        model.elements["roep"], event=either(message("m"), error("weg"))
    )
    run = Driver(model)
    assert (run.incidents, len(run.thrown)) == (["roep"], 1)
    assert len(run.retry("roep").thrown) == 1


def test_start_that_needs_all_waits_for_the_others():
    model = line(Model().user("na"), "na")
    model.elements["start"] = replace(
        model.elements["start"], event=together(message("a"), message("b"))
    )
    run = Driver(model, start_id="start")
    assert run.open == ["na"]
    run.execution = Execution.start(run.definition, {}, BEGIN, start_id="start", start_part=1)
    assert [(w.kind, w.name) for w in run._settle().waits] == [
        ("several", None), ("message", "a"), ("join", None),
    ]  # fmt: skip
    assert hear(run, "start", "a").open == ["na"]


def test_move_to_another_version_keeps_what_came():
    run = Driver(catching(together(message("a"), message("b"), timer("P3D"))))
    hear(run, "vang", "a", x=1)
    changed = Definition(catching(together(message("a"), message("c"), timer("P9D"))).process())
    due = run.one("vang", "timer").due_at
    run.definition, run.execution = changed, migrate(run.execution, changed, run.now)
    assert hear(run._settle(), "vang", "c").one("vang", "timer").due_at == due
    assert run.fire("vang").open == ["na"]
    other = Definition(catching(either(message("a"), message("b"), timer("P3D"))).process())
    run = Driver(catching(together(message("a"), message("b"), timer("P3D"))))
    assert [reason.element_id for reason in check(run.execution, other)][:1] == ["vang"]


def test_border_that_heard_one_listens_for_it_again_as_the_other_version_says():
    run = Driver(bordered(together(message("a"), message("b")), interrupting=False))
    hear(run, "grens", "a")
    event = together(message("anders"), message("b"))
    run.definition = Definition(bordered(event, interrupting=False).process())
    run.execution = migrate(run.execution, run.definition, run.now)
    hear(run._settle(), "grens", "b")
    assert {w.name for w in run.all("grens")} == {"anders", "b"}


def test_what_comes_while_put_aside_is_heard_afterwards():
    run = Driver(catching(together(message("a"), message("b"))))
    run.execution.now = run.now
    suspension.suspend(run.execution, None)
    for name in "ab":
        hear(run, "vang", name)
    assert run.all("na") == []
    suspension.resume(run.execution, Later(), None)
    run.execution.look_again(run.now)
    assert run._settle().open == ["na"]
