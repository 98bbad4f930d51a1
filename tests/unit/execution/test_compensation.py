"""Undoing what was done, the latest first."""

from __future__ import annotations

from engine.definitions.model import Event, Kind, Trigger
from tests.unit.execution.models import Driver, Model, each, line, message

UNDO = Event(Trigger.COMPENSATION)


def undoable(model: Model, element_id: str, parent: str | None = None, **fields) -> Model:
    handler = f"herstel-{element_id}"
    model.task(element_id, parent=parent, compensation_handler=handler, **fields)
    model.on(element_id, f"c-{element_id}", UNDO)
    return model.task(handler, parent=parent, is_compensation=True)


def handlers(run: Driver) -> list[str]:
    return [e for e in run.told() if e.startswith("herstel")]


def test_completed_activities_are_undone_in_reverse_order():
    model = undoable(undoable(Model(), "a"), "b").throw("undo", UNDO).user("na")
    run = Driver(line(model, "a", "b", "undo", "na"))
    assert handlers(run) == ["herstel-b", "herstel-a"]
    assert run.open == ["na"]


def test_only_the_named_activity_is_undone_and_only_once():
    model = undoable(undoable(Model(), "a"), "b")
    model.throw("undo", Event(Trigger.COMPENSATION, activity_ref="a")).throw("undo-2", UNDO)
    run = Driver(line(model, "a", "b", "undo", "undo-2"))
    assert handlers(run) == ["herstel-a", "herstel-b"]


def test_handler_of_a_person_holds_up_the_thrower():
    model = Model().task("a", compensation_handler="h").on("a", "c", UNDO)
    model.user("h", is_compensation=True).throw("undo", UNDO).user("na")
    run = Driver(line(model, "a", "undo", "na"))
    assert [w.element_id for w in run.waits if w.kind == "user"] == ["h"]
    assert run.complete("h").open == ["na"]


def test_activity_done_three_times_in_a_loop_is_undone_three_times_from_one_note():
    model = undoable(Model(), "a").user("nog").xor("terug", "verder").throw("undo", UNDO)
    model.start().end().flow("start", "terug", "a", "nog", "verder")
    model.flow("verder", "terug", when="=door").flow("verder", "undo", when="=not(door)")
    model.flow("undo", "end")
    run = Driver(model, {"door": True}).complete("nog").complete("nog")
    assert len(run.execution.root.internal_data["compensable"]) == 1
    run.set(door=False).complete("nog")
    assert handlers(run) == ["herstel-a"] * 3


def test_what_was_done_in_a_completed_sub_process_is_undone_with_its_variables():
    model = undoable(Model().sub("deel", inputs={"lokaal": "=x + 1"}), "a", "deel")
    line(model, "a", parent="deel", tag="-deel")
    model.elements["herstel-a"] = Model().service("herstel-a", "deel").elements["herstel-a"]
    model.throw("undo", UNDO)
    run = Driver(line(model, "deel", "undo"), {"x": 1}, jobs={})
    (job,) = [e for e in run.effects if type(e).__name__ == "JobRequested"]
    assert job.variables["lokaal"] == 2


def test_sub_process_that_was_cancelled_undoes_nothing():
    model = undoable(Model().sub("deel"), "a", "deel").user("werk", parent="deel")
    line(model, "a", "werk", parent="deel", tag="-deel")
    model.on("deel", "grens", message("stop")).throw("undo", UNDO).end("klaar")
    model.flow("grens", "undo", "klaar")
    run = Driver(line(model, "deel")).deliver("grens")
    assert handlers(run) == []
    assert run.status == "completed"


def test_multi_instance_activity_is_undone_once_and_rounds_of_a_sub_process_each():
    model = undoable(Model(), "a", loop=each("=[1,2,3]"))
    model.sub("deel", loop=each("=[1,2]"))
    undoable(model, "b", "deel")
    line(model, "b", parent="deel", tag="-deel").throw("undo", UNDO)
    run = Driver(line(model, "a", "deel", "undo"))
    assert handlers(run) == ["herstel-b", "herstel-b", "herstel-a"]


def test_event_sub_process_undoes_what_its_scope_had_done():
    model = undoable(Model(), "a").user("werk")
    line(model, "a", "werk").handler("vang", "g", message("stop"))
    model.end("undo", "vang", event=UNDO).flow("g", "undo")
    run = Driver(model).deliver("g")
    assert handlers(run) == ["herstel-a"]
    assert run.status == "completed"


def test_compensation_end_event_of_a_sub_process_undoes_inside_it():
    model = undoable(undoable(Model(), "buiten").sub("deel"), "a", "deel").start("s", "deel")
    model.end("undo", "deel", event=UNDO).flow("s", "a", "undo")
    run = Driver(line(model, "buiten", "deel"))
    assert handlers(run) == ["herstel-a"]
    assert run.status == "completed"


def test_multi_instance_handler_is_waited_for():
    model = Model().task("a", compensation_handler="h").on("a", "c", UNDO)
    model.user("h", is_compensation=True, loop=each("=[1,2]")).throw("undo", UNDO)
    run = Driver(line(model, "a", "undo")).complete("h")
    assert run.status == "active"
    assert run.complete("h").status == "completed"


def test_nothing_to_undo_goes_on_at_once():
    model = Model().throw("undo", UNDO).add(Kind.TASK, "a")
    assert Driver(line(model, "undo", "a")).status == "completed"
