"""Trying again at every place where a token can stop, without doing anything twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.definitions.model import Kind, UserWork
from engine.execution.effects import ChildRequested, Happening, JobRequested, MessageThrown
from engine.execution.errors import ConnectorFailed, NotWaiting
from tests.unit.execution.models import Driver, Model, condition, each, line, message, timer

HALF_A_DAY = timedelta(hours=12)
FAILS_WITHOUT_X = "=if x = null then function() 1 else x"


def test_message_that_left_does_not_leave_again_when_its_output_mapping_is_tried_again():
    outputs = {"n": "=n + 1", "f": FAILS_WITHOUT_X}
    model = Model().throw("zeg", message("hallo"), outputs=outputs)
    run = Driver(line(model, "zeg"), {"n": 1})
    assert run.incidents == ["zeg"]
    assert run.variables == {"n": 1}
    run.set(x=5).retry("zeg")
    assert len(run.effects_of(MessageThrown)) == 1
    assert run.variables == {"n": 2, "x": 5, "f": 5}


def test_job_that_failed_is_asked_again_and_its_timer_runs_on():
    model = Model().service("werk")
    line(model, "werk").on("werk", "grens", timer("P1D"), interrupting=False).end("e2")
    model.flow("grens", "e2")
    run = Driver(model, jobs={"werk": ConnectorFailed("kapot")})
    due = run.due("grens")
    assert run.incidents == ["werk"]
    run.jobs = {}
    run.wait(HALF_A_DAY).retry("werk")
    assert run.due("grens") == due
    assert len(run.effects_of(JobRequested)) == 2
    run.fire("grens")
    assert run.told("triggered") == ["grens"]
    assert run.complete("werk").status == "completed"


def test_reminder_that_fired_does_not_fire_again_after_a_retry():
    model = Model().service("werk")
    line(model, "werk").on("werk", "grens", timer("P1D"), interrupting=False).user("herinner")
    model.flow("grens", "herinner")
    run = Driver(model, jobs={"werk": ConnectorFailed("kapot")}).fire("grens")
    run.jobs = {}
    run.retry("werk")
    assert run.all("grens", "timer") == []
    assert run.open == ["herinner", "werk"]


def test_inputs_are_mapped_again_with_the_mended_variables():
    model = Model().service("werk", inputs={"i": "=x"})
    run = Driver(line(model, "werk"), {"x": 1}, jobs={"werk": ConnectorFailed("kapot")})
    run.jobs = {}
    run.set(x=2).retry("werk")
    assert [j.variables["i"] for j in run.effects_of(JobRequested)] == [1, 2]


def test_open_task_with_an_incident_cannot_be_completed():
    model = Model().service("werk")
    run = Driver(line(model, "werk"), jobs={"werk": ConnectorFailed("kapot")})
    with pytest.raises(NotWaiting):
        run.execution.complete_work(run.one("werk").token_id, {}, run.now)


def test_timer_that_failed_from_outside_keeps_its_due_time():
    for on_task in (True, False):
        model = Model()
        if on_task:
            model.user("werk").on("werk", "t", timer("P1D")).end("e2").flow("t", "e2")
            line(model, "werk")
        else:
            line(model.catch("t", timer("P1D")), "t")
        run = Driver(model)
        due = run.due("t")
        run.execution.fail(run.one("t").token_id, ConnectorFailed("kapot"), run.now)
        run._settle()
        assert run.incidents == ["t"]
        run.wait(timedelta(days=3)).retry("t")
        assert run.due("t") == due
        assert run.fire("t").status == "completed"


def test_condition_without_a_value_waits_on():
    model = Model().user("werk").on("werk", "grens", condition("=x > 3"))
    line(model, "werk").end("e2").flow("grens", "e2")
    run = Driver(model)
    assert run.open == ["grens", "werk"]
    assert run.set(x=4).status == "completed"


def test_second_boundary_event_that_fails_leaves_no_half_armed_first():
    model = Model().user("werk").on("werk", "een", timer("P1D")).on("werk", "twee", timer("=x"))
    line(model, "werk").end("e2").flow("een", "e2").flow("twee", "e2")
    run = Driver(model)
    assert run.open == ["werk"]
    assert run.incidents == ["werk"]
    run.set(x="P2D").retry("werk")
    assert run.open == ["een", "twee", "werk"]


def test_event_gateway_that_fails_half_way_listens_to_nothing():
    model = Model().add(Kind.EVENT_BASED_GATEWAY, "wacht").catch("a", timer("P1D"))
    line(model.catch("b", timer("=x")), "wacht", "a").flow("wacht", "b", "end")
    run = Driver(model)
    assert run.open == ["wacht"]
    assert run.set(x="P2D").retry("wacht").open == ["a", "b"]


def test_event_sub_process_that_cannot_be_armed_starts_after_a_mend():
    model = Model().user("werk")
    line(model, "werk").handler("vang", "g", timer("=x"), interrupting=False)
    run = Driver(model)
    assert run.incidents == ["P"]
    run.retry("P")
    assert run.incidents == ["P"]
    assert run.set(x="P1D").retry("P").open == ["g", "werk"]


def test_triggered_event_sub_process_that_cannot_start_begins_at_its_event_after_a_mend():
    model = Model().user("werk")
    line(model, "werk").handler("vang", "g", message("m"))
    model.handler("dieper", "g2", timer("=x"), "vang", interrupting=False)
    model.user("herstel", parent="vang").flow("g", "herstel")
    run = Driver(model).deliver("g", {"reden": "ja"})
    assert run.incidents == ["vang"]
    run.set(x="P1D").retry("vang")
    assert run.open == ["g2", "herstel"]
    assert run.execution.tasks[run.one("herstel").token_id].scope.data == {"reden": "ja"}


def test_user_task_whose_due_date_fails_appears_once_after_a_mend():
    model = Model().user("werk", user=UserWork(due_date="=x"))
    run = Driver(line(model, "werk"), {"x": "over drie weken"})
    assert run.incidents == ["werk"]
    assert len(run.set(x="P3D").retry("werk").all("werk", "user")) == 1


def test_far_due_date_is_an_incident_and_no_crash():
    model = Model().user("werk", user=UserWork(due_date="=x"))
    assert Driver(line(model, "werk"), {"x": "P999999999D"}).incidents == ["werk"]


def test_correlation_key_without_a_value_is_an_incident():
    for key in (None, True, []):
        run = Driver(line(Model().catch("w", message("m", "=k")), "w"), {"k": key})
        assert run.incidents == ["w"]
        assert run.set(k="a").retry("w").one("w").key == "a"


def test_missing_called_process_can_be_tried_again():
    model = line(Model().add(Kind.CALL_ACTIVITY, "roep", called_process="kind"), "roep")
    run = Driver(model)
    run.execution.fail(run.one("roep").token_id, ConnectorFailed("weg"), run.now)
    run._settle().retry("roep")
    assert len(run.effects_of(ChildRequested)) == 2
    assert run.one("roep").kind == "child"


def test_incident_in_one_branch_leaves_the_others_running():
    model = Model().both("split").user("a").service("b")
    line(model, "split", "a").flow("split", "b", "end")
    run = Driver(model, jobs={"b": ConnectorFailed("kapot")}).complete("a")
    assert run.open == ["b"]
    run.jobs["b"] = {}
    assert run.retry("b").status == "completed"


def test_round_of_a_multi_instance_task_is_tried_again_alone():
    model = line(Model().service("werk", loop=each("=[1,2,3]")), "werk")
    run = Driver(model, jobs={"werk": ConnectorFailed("kapot")})
    assert len(run.incidents) == 3
    run.jobs["werk"] = {}
    run.retry("werk")
    assert len(run.incidents) == 2


def test_retry_without_an_incident_is_refused():
    run = Driver(line(Model().user("a"), "a"))
    with pytest.raises(NotWaiting):
        run.execution.retry(run.one("a").token_id, run.now)


def test_boundary_event_still_interrupts_a_task_with_an_incident():
    model = Model().service("werk").on("werk", "grens", timer("P1D")).end("e2").flow("grens", "e2")
    run = Driver(line(model, "werk"), jobs={"werk": ConnectorFailed("kapot")}).fire("grens")
    assert run.status == "completed"


def spinning() -> Model:
    model = Model().both("split").xor("terug").task("rondje").user("ander")
    model.start().end().flow("start", "split", "terug", "rondje", "terug")
    return model.flow("split", "ander", "end")


def test_endless_loop_is_named_and_the_other_branches_run_on():
    run = Driver(spinning(), step_budget=100)
    assert len(run.incidents) == 1
    assert "terug → rondje" in run.one(run.incidents[0]).details["message"]
    assert run.complete("ander").status == "active"
    assert run.incidents


def test_two_tokens_in_one_endless_loop_are_both_told():
    model = Model().both("split").xor("terug").task("rondje")
    model.start().flow("start", "split", "terug", "rondje", "terug").flow("split", "rondje")
    run = Driver(model, step_budget=50)
    assert len(run.incidents) == 2


def test_loop_that_multiplies_its_tokens_ends_as_well():
    model = Model().task("split").start().flow("start", "split")
    model.flow("split", "split").flow("split", "split", name="nog-eens")
    run = Driver(model, step_budget=200)
    assert run.incidents
    assert len(run.execution.tasks) < 1_000


def test_loop_over_sub_processes_is_found():
    model = Model().xor("terug").sub("deel").start().flow("start", "terug", "deel", "terug")
    line(model.task("a", parent="deel"), "a", parent="deel", tag="-deel")
    assert Driver(model, step_budget=50).incidents


def test_loop_that_ends_by_itself_within_the_budget_is_fine():
    model = Model().xor("terug", "verder").script("tel", "=n + 1", "n")
    line(model, "terug", "tel", "verder")
    model.flow("verder", "terug", when="=n < 900")
    model.flows["verder-end"] = replace(model.flows["verder-end"], condition="=n >= 900")
    assert Driver(model, {"n": 0}).variables == {"n": 900}


def test_endless_loop_of_jobs_that_are_done_at_once_is_found():
    model = Model().xor("terug").service("werk").start().flow("start", "terug", "werk", "terug")
    run = Driver(model, jobs={"werk": {}}, reload=False, step_budget=50)
    assert run.incidents
    assert len(run.effects_of(JobRequested)) == 50


@pytest.mark.parametrize("in_memory", [True, False])
def test_command_from_outside_begins_a_new_budget_in_memory_as_after_storing(in_memory: bool):
    model = Model().xor("terug").service("werk").start().flow("start", "terug", "werk", "terug")
    run = Driver(model, reload=not in_memory, step_budget=20)
    for _ in range(100):
        run.execution.come_to()
        run.complete("werk")
    assert run.incidents == []


def test_person_in_the_loop_begins_a_new_budget():
    model = Model().xor("terug").user("werk").start().flow("start", "terug", "werk", "terug")
    run = Driver(model, reload=False, step_budget=20)
    for _ in range(100):
        run.complete("werk")
    assert run.incidents == []


def correct(run: Driver, element_id: str, **values) -> Driver:
    run.execution.correct(run.one(element_id, "incident").token_id, values, "vergeten", run.now)
    return run._settle().retry(element_id)


def test_a_correction_is_made_where_the_variable_is_held_and_told_with_its_reason():
    loop = each("=[{kind: 1}, {kind: 2}]", "gezin", sequential=True)
    model = Model().sub("deel", loop=loop).service("werk", parent="deel")
    line(model, "werk", parent="deel", tag="-deel")
    run = Driver(line(model, "deel"), {"x": 1}, jobs={"werk": ConnectorFailed("kapot")})
    run.jobs = {}
    correct(run, "werk", gezin=7, x=2)
    (told,) = [e for e in run.effects_of(Happening) if e.type == "corrected"]
    assert told.data["reason"] == "vergeten"
    assert told.data["variables"] == {
        "gezin": {"before": {"kind": 1}, "after": 7, "at": "deel"},
        "x": {"before": 1, "after": 2, "at": "P"},
    }
    assert "gezin" not in run.variables
    assert run.effects_of(JobRequested)[-1].variables["gezin"] == 7


def test_what_an_input_mapping_makes_is_corrected_at_what_it_is_made_from():
    model = Model().service("werk", inputs={"x": "=x + 1"})
    run = Driver(line(model, "werk"), {"x": 1}, jobs={"werk": ConnectorFailed("kapot")})
    run.jobs = {}
    correct(run, "werk", x=10)
    assert run.effects_of(JobRequested)[-1].variables["x"] == 11
    assert run.variables["x"] == 10


def test_a_missing_variable_is_made_at_the_process():
    run = Driver(line(Model().service("werk", inputs={"i": FAILS_WITHOUT_X}), "werk"))
    assert run.incidents == ["werk"]
    correct(run, "werk", x=3)
    assert run.variables["x"] == 3
    assert run.open == ["werk"]
    assert run.incidents == []
