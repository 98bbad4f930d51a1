"""Who catches what is thrown, and what is left afterwards."""

from __future__ import annotations

from dataclasses import replace

from engine.definitions.model import Kind
from engine.execution.effects import ErrorPropagated, EscalationPropagated
from tests.unit.execution.models import Driver, Model, each, error, escalation, line, message


def throwing(end_event, **sub) -> Model:
    """A sub-process whose task ``a`` leads to a throwing end; beside it task ``b``."""
    model = Model().sub("deel", **sub).both("split", parent="deel")
    model.user("a", "b", parent="deel").start("s", "deel").user("na")
    model.end("gooi", "deel", event=end_event).flow("s", "split", "a", "gooi").flow("split", "b")
    return line(model, "deel", "na")


def test_error_ends_the_sub_process_and_goes_on_at_its_border():
    model = throwing(error("X")).user("opvang")
    model.on("deel", "grens", error("X")).flow("grens", "opvang")
    run = Driver(model).complete("a")
    assert run.open == ["opvang"]
    assert run.told("cancelled") == ["b", "deel"]
    assert "gooi" in run.told()


def test_matching_code_goes_before_catch_all():
    model = throwing(error("X")).user("opvang", "alles")
    model.on("deel", "vangnet", error()).flow("vangnet", "alles")
    model.on("deel", "grens", error("X")).flow("grens", "opvang")
    assert Driver(model).complete("a").open == ["opvang"]
    model.elements["grens"] = replace(model.elements["grens"], event=error("Y"))
    assert Driver(model).complete("a").open == ["alles"]


def test_event_sub_process_catches_before_the_border():
    model = throwing(error("X")).user("opvang")
    model.on("deel", "grens", error("X")).flow("grens", "opvang")
    model.handler("vang", "g", error("X"), "deel").user("herstel", parent="vang")
    model.flow("g", "herstel")
    run = Driver(model).complete("a")
    assert run.open == ["herstel"]
    assert run.complete("herstel").open == ["na"]


def test_error_out_of_an_event_sub_process_goes_outward_and_not_to_itself():
    model = throwing(error("X")).user("opvang")
    model.on("deel", "grens", error("X")).flow("grens", "opvang")
    model.handler("vang", "g", error("X"), "deel").end("weer", "vang", event=error("X"))
    model.flow("g", "weer")
    run = Driver(model).complete("a")
    assert run.open == ["opvang"]
    assert run.told().count("weer") == 1


def test_error_out_of_a_non_interrupting_event_sub_process_is_caught_by_its_sibling():
    model = Model().user("werk")
    line(model, "werk").handler("bij", "g1", message("m"), interrupting=False)
    model.end("gooi", "bij", event=error("X")).flow("g1", "gooi")
    model.handler("vang", "g2", error("X")).user("herstel", parent="vang").flow("g2", "herstel")
    assert Driver(model).deliver("g1").open == ["herstel"]


def test_scope_that_was_interrupted_starts_no_second_handler():
    model = Model().user("werk")
    line(model, "werk").handler("bij", "g1", message("m"))
    model.end("gooi", "bij", event=error("X")).flow("g1", "gooi")
    model.handler("vang", "g2", error("X")).user("herstel", parent="vang").flow("g2", "herstel")
    assert Driver(model).deliver("g1").incidents == ["gooi"]


def test_uncaught_error_is_an_incident_at_the_thrower_and_nothing_else_stops():
    run = Driver(throwing(error("X"))).complete("a")
    assert run.open == ["b", "gooi"]
    assert run.incidents == ["gooi"]
    assert "gooi" not in run.told()


def test_uncaught_error_of_a_called_process_goes_to_the_caller():
    run = Driver(throwing(error("X")), has_parent=True).complete("a")
    (effect,) = run.effects_of(ErrorPropagated)
    assert effect.error_code == "X"
    assert run.one("gooi").kind == "thrown"
    run.execution.cancel(run.now)
    run.effects += run.execution.take_effects()
    assert "gooi" in run.told()


def test_error_from_one_round_ends_the_whole_multi_instance_activity():
    model = throwing(error("X"), loop=each("=[1,2,3]")).user("opvang")
    model.on("deel", "grens", error("X")).flow("grens", "opvang")
    run = Driver(model)
    assert len(run.all("a")) == 3
    assert run.complete("a").open == ["opvang"]


def test_error_of_a_job_is_caught_on_its_own_border_and_in_rounds_on_the_border_of_the_body():
    for loop in (None, each("=[1,2]")):
        model = Model().service("werk", loop=loop).user("opvang")
        line(model, "werk").on("werk", "grens", error("X")).flow("grens", "opvang")
        assert Driver(model, jobs={"werk": "X"}).open == ["opvang"]


def test_same_code_in_a_parallel_sibling_is_left_alone():
    model = Model().both("split").sub("een").sub("twee").user("opvang-1", "opvang-2")
    for sub in ("een", "twee"):
        model.user(f"werk-{sub}", parent=sub).end(f"gooi-{sub}", sub, event=error("X"))
        model.start(f"s-{sub}", sub).flow(f"s-{sub}", f"werk-{sub}", f"gooi-{sub}")
    line(model, "split", "een").flow("split", "twee", "end")
    model.on("een", "g1", error("X")).flow("g1", "opvang-1")
    model.on("twee", "g2", error("X")).flow("g2", "opvang-2")
    assert Driver(model).complete("werk-een").open == ["opvang-1", "werk-twee"]


def test_interrupting_escalation_ends_the_sub_process():
    model = throwing(escalation("E")).user("opvang")
    model.on("deel", "grens", escalation("E")).flow("grens", "opvang")
    run = Driver(model).complete("a")
    assert run.open == ["opvang"]
    assert run.told().count("gooi") == 1
    assert "gooi" not in run.told("cancelled")


def test_non_interrupting_escalation_runs_beside_and_the_path_goes_on():
    model = Model().sub("deel").throw("meld", escalation("E"), "deel").user("verder", parent="deel")
    line(model, "meld", "verder", parent="deel", tag="-deel")
    line(model, "deel").user("opvang")
    model.on("deel", "grens", escalation("E"), interrupting=False).flow("grens", "opvang")
    assert Driver(model).open == ["opvang", "verder"]


def test_escalation_that_nobody_catches_is_no_problem():
    assert Driver(throwing(escalation("E"))).complete("a").complete("b").open == ["na"]


def test_escalation_in_an_event_sub_process_of_the_scope():
    for interrupting, open_ in ((True, ["herstel"]), (False, ["b", "herstel"])):
        model = throwing(escalation("E"))
        model.handler("vang", "g", escalation("E"), "deel", interrupting=interrupting)
        model.user("herstel", parent="vang").flow("g", "herstel")
        assert Driver(model).complete("a").open == open_


def test_escalation_of_a_called_process_reaches_the_call_and_else_goes_on_outward():
    model = Model().add(Kind.CALL_ACTIVITY, "roep", called_process="kind").user("opvang")
    line(model, "roep").on("roep", "grens", escalation("E"), interrupting=False)
    model.flow("grens", "opvang")
    run = Driver(model, has_parent=True)
    assert run.escalate("roep", "E")
    assert run.open == ["opvang", "roep"]
    assert not run.escalate("roep", "F")
    assert [e.escalation_code for e in run.effects_of(EscalationPropagated)] == ["F"]


def test_error_of_a_called_process_interrupts_the_call():
    model = Model().add(Kind.CALL_ACTIVITY, "roep", called_process="kind").user("opvang")
    line(model, "roep").on("roep", "grens", error("X")).flow("grens", "opvang")
    run = Driver(model)
    assert not run.throw("roep", "Y")
    assert run.throw("roep", "X")
    assert run.open == ["opvang"]
