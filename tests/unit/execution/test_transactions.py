"""A transaction that is cancelled: all stops, what was done is undone, its border goes on."""

from __future__ import annotations

import pytest

from engine.definitions.model import Event, Kind, Trigger
from engine.execution.compensation import BY_ROUND
from engine.execution.definition import Definition
from engine.execution.migration import Plan, migrate
from tests.unit.execution.models import Driver, Model, each, error, line, message, timer
from tests.unit.execution.test_compensation import UNDO, handlers, undoable

CANCEL = Event(Trigger.CANCEL)


def transaction(**fields) -> Model:
    """``a`` and ``b`` are done and can be undone; ``vraag`` says whether all is cancelled."""
    model = Model().add(Kind.TRANSACTION, "tx", **fields).start("s", "tx")
    undoable(undoable(model, "a", "tx"), "b", "tx").user("vraag", parent="tx")
    model.xor("keuze", parent="tx").end("goed", "tx").end("mis", "tx", event=CANCEL)
    model.flow("s", "a", "b", "vraag", "keuze").flow("keuze", "mis", when="=nee")
    model.flow("keuze", "goed", when="=not(nee)")
    model.on("tx", "grens", CANCEL).user("daarna").end("eind").flow("grens", "daarna", "eind")
    return line(model, "tx")


def test_cancelled_transaction_undoes_the_latest_first_and_goes_on_from_its_border():
    run = Driver(transaction()).complete("vraag", {"nee": True})
    assert handlers(run) == ["herstel-b", "herstel-a"]
    assert run.open == ["daarna"]
    assert "tx" in run.told("cancelled")
    assert "mis" in run.told()
    assert run.complete("daarna").status == "completed"


def test_transaction_that_succeeds_undoes_nothing_and_can_be_undone_later():
    model = transaction().throw("undo", UNDO)
    del model.flows["tx-end"]
    run = Driver(model.flow("tx", "undo", "end")).complete("vraag", {"nee": False})
    assert handlers(run) == ["herstel-b", "herstel-a"]
    assert "grens" not in run.told()
    assert run.status == "completed"


def test_handlers_of_people_hold_up_the_border_and_everything_else_has_stopped():
    model = transaction()
    model.elements["herstel-a"] = Model().user("herstel-a", parent="tx", is_compensation=True)\
        .elements["herstel-a"]  # fmt: skip
    model.on("tx", "te-laat", timer("P1D")).end("laat").flow("te-laat", "laat")
    model.handler("bel", "g", message("bel"), "tx", interrupting=False)
    model.user("bellen", parent="bel").flow("g", "bellen")
    run = Driver(model).deliver("g").complete("vraag", {"nee": True})
    assert run.open == ["herstel-a", "mis"]
    assert run.complete("herstel-a").open == ["daarna"]


def test_error_leaves_a_transaction_without_undoing():
    model = transaction().on("tx", "fout", error("X")).user("ramp").flow("fout", "ramp", "eind")
    model.end("stuk", "tx", event=error("X")).flow("keuze", "stuk", when="=stuk")
    del model.flows["keuze-goed"]
    run = Driver(model).complete("vraag", {"nee": False, "stuk": True})
    assert handlers(run) == []
    assert run.open == ["ramp"]


def test_error_while_undoing_ends_the_undoing():
    model = transaction().on("tx", "fout", error("X")).user("ramp").flow("fout", "ramp", "eind")
    model.handler("vang", "g", error("X"), "tx")
    service = Model().service("herstel-b", "tx", is_compensation=True).elements["herstel-b"]
    model.elements["herstel-b"] = service
    run = Driver(model, jobs={"herstel-b": "X"}).complete("vraag", {"nee": True})
    assert run.open == ["ramp"]
    assert handlers(run) == []


def test_inner_transaction_that_is_cancelled_leaves_the_outer_one_alone():
    model = transaction().add(Kind.TRANSACTION, "in", "tx").start("s-in", "in")
    undoable(model, "c", "in").end("mis-in", "in", event=CANCEL).flow("s-in", "c", "mis-in")
    model.on("in", "grens-in", CANCEL).end("klaar-in", "tx").flow("grens-in", "klaar-in")
    model.both("splits", parent="tx").flow("splits", "in").flow("splits", "vraag")
    del model.flows["b-vraag"]
    run = Driver(model.flow("b", "splits"))
    assert handlers(run) == ["herstel-c"]
    assert run.complete("vraag", {"nee": False}).status == "completed"
    assert handlers(run) == ["herstel-c"]


def test_round_that_cancels_stops_all_rounds_and_undoes_its_own():
    run = Driver(transaction(loop=each("=[1,2,3]"))).complete("vraag", {"nee": True})
    assert handlers(run) == ["herstel-b", "herstel-a"]
    assert run.open == ["daarna"]


def test_cancelling_without_a_border_is_an_incident():
    model = transaction()
    del model.elements["grens"], model.flows["grens-daarna"]
    run = Driver(model).complete("vraag", {"nee": True})
    assert run.incidents == ["mis"]


def undone_by_event(loop=None) -> Model:
    """``deel`` did ``a`` and ``b``; its event sub-process undoes ``a`` and asks somebody."""
    model = Model().sub("deel", compensation_handler="herstel", loop=loop, inputs={"lokaal": "=x"})
    undoable(undoable(model, "a", "deel"), "b", "deel")
    line(model, "a", "b", parent="deel", tag="-deel").handler("herstel", "g", UNDO, "deel")
    model.throw("undo-a", Event(Trigger.COMPENSATION, activity_ref="a"), "herstel")
    model.script("reken", "=lokaal + 1", "uit", parent="herstel")
    model.user("bel", parent="herstel").flow("g", "undo-a", "reken", "bel")
    return model.throw("undo", UNDO)


def test_event_sub_process_undoes_its_scope_with_the_variables_of_then():
    run = Driver(line(undone_by_event(), "deel", "undo"), {"x": 1})
    assert handlers(run) == ["herstel-a"]
    assert run.open == ["bel", "undo"]
    assert run.complete("bel").status == "completed"
    assert run.variables["uit"] == 2
    assert "herstel-b" not in handlers(run)


def test_event_sub_process_that_undoes_waits_for_nothing_before():
    model = line(undone_by_event().user("na"), "deel", "na", "undo")
    run = Driver(model, {"x": 1})
    assert run.open == ["na"]
    assert run.complete("na").complete("bel").status == "completed"


def test_every_round_is_undone_by_the_event_sub_process():
    run = Driver(line(undone_by_event(each("=[1,2]")), "deel", "undo"), {"x": 1})
    assert run.complete("bel").complete("bel").status == "completed"
    assert handlers(run) == ["herstel-a", "herstel", "herstel-a", "herstel"]


def test_rounds_are_undone_each_where_the_activity_says_so():
    model = undoable(Model(), "a", loop=each("=[1,2,3]"), properties={BY_ROUND: "ja"})
    run = Driver(line(model.throw("undo", UNDO), "a", "undo"))
    assert handlers(run) == ["herstel-a"] * 3


def test_only_the_named_rounds_are_undone():
    model = undoable(Model(), "a", loop=each("=[1,2]"), properties={BY_ROUND: "ja"})
    undoable(model, "b").throw("undo", Event(Trigger.COMPENSATION, activity_ref="a"))
    assert handlers(Driver(line(model, "a", "b", "undo"))) == ["herstel-a"] * 2


def test_event_sub_process_undoes_what_it_did_itself_before_what_its_scope_did():
    model = undoable(Model(), "a").user("werk")
    line(model, "a", "werk").handler("vang", "g", message("stop"))
    undoable(model, "c", "vang").end("undo", "vang", event=UNDO).flow("g", "c", "undo")
    assert handlers(Driver(model).deliver("g")) == ["herstel-c", "herstel-a"]


@pytest.mark.parametrize("done", [0, 1])
def test_cancelled_transaction_moves_to_another_version(done):
    model = transaction()
    for handler in ("herstel-a", "herstel-b"):
        user = Model().user(handler, parent="tx", is_compensation=True).elements[handler]
        model.elements[handler] = user
    run = Driver(model).complete("vraag", {"nee": True})
    for handler in ("herstel-b", "herstel-a")[:done]:
        run.complete(handler)
    target = Definition(model.process())
    run.execution = migrate(run.execution, target, run.now, Plan())
    run.definition = target
    for handler in ("herstel-b", "herstel-a")[done:]:
        run.complete(handler)
    assert run.open == ["daarna"]
