"""Activities for every item of a list."""

from __future__ import annotations

import pytest

from engine.definitions.model import Kind, Loop
from engine.execution.effects import ChildCancelled, ChildRequested
from tests.unit.execution.models import Driver, Model, each, line


@pytest.mark.parametrize("sequential", [False, True])
def test_results_come_in_the_order_of_the_list_whatever_order_they_are_done_in(sequential):
    loop = each("=[1,2,3]", sequential=sequential, output_collection="uit", output_element="=r")
    run = Driver(line(Model().user("a", loop=loop), "a"))
    tokens = [w.token_id for w in run.all("a", "user")]
    assert len(tokens) == (1 if sequential else 3)
    for number in range(3):
        open_ = run.all("a", "user")
        token = open_[-1].token_id
        item = run.execution.tasks[token].data["item"]
        run.execution.complete_work(token, {"r": item * 10}, run.now)
        run._settle()
        assert ("uit" in run.variables) == (number == 2)
    assert run.variables == {"uit": [10, 20, 30]}


def test_rounds_do_not_see_each_others_results():
    loop = each("=[1,2]", output_collection="uit", output_element="=besluit")
    run = Driver(line(Model().user("a", loop=loop), "a"))
    run.complete("a", {"besluit": "ja"}).complete("a")
    assert run.variables == {"uit": ["ja", None]}


def test_round_that_writes_the_name_of_the_collection_does_not_harm_it():
    loop = each("=[1,2]", output_collection="uit", output_element="=item")
    model = Model().service("a", loop=loop, outputs={"uit": "=7"})
    assert Driver(line(model, "a"), jobs={"a": {}}).variables == {"uit": [1, 2]}


def test_input_and_output_mappings_count_per_round():
    loop = each("=[1,2]", output_collection="uit", output_element="=dubbel")
    model = Model().service("a", loop=loop, inputs={"n": "=item"}, outputs={"dubbel": "=n + r"})
    run = Driver(line(model, "a"), jobs={"a": {"r": 5}})
    assert run.variables == {"uit": [6, 7]}


@pytest.mark.parametrize("sequential", [False, True])
def test_empty_list_passes_at_once_with_an_empty_result(sequential):
    loop = each("=[]", sequential=sequential, output_collection="uit", output_element="=r")
    run = Driver(line(Model().user("a", loop=loop), "a"))
    assert (run.status, run.variables) == ("completed", {"uit": []})


def test_collection_that_is_no_list_is_an_incident_that_can_be_mended():
    run = Driver(line(Model().user("a", loop=each("=lijst")), "a"))
    assert run.incidents == ["a"]
    run.set(lijst=[1, 2]).retry("a")
    assert len(run.all("a", "user")) == 2


def test_list_that_changes_afterwards_changes_nothing():
    run = Driver(line(Model().user("a", loop=each("=lijst", sequential=True)), "a"), {"lijst": [1]})
    run.set(lijst=[1, 2, 3]).complete("a")
    assert run.status == "completed"


@pytest.mark.parametrize("sequential", [False, True])
def test_completion_condition_ends_the_rest(sequential):
    loop = each(
        "=[1,2,3]",
        sequential=sequential,
        completion_condition="=numberOfCompletedInstances >= 2 or stop = true",
        output_collection="uit",
        output_element="=r",
    )
    run = Driver(line(Model().user("a", loop=loop), "a"), {"stop": False})
    run.complete("a", {"r": 1}).complete("a", {"r": 2})
    assert run.status == "completed"
    assert run.variables["uit"] == [1, 2, None]
    assert run.told("cancelled") == ([] if sequential else ["a"])


def test_completion_condition_in_automatic_rounds():
    loop = each("=[1,2,3]", completion_condition="=numberOfCompletedInstances = 1")
    run = Driver(line(Model().script("a", "=item", "laatste", loop=loop), "a"))
    assert (run.status, run.variables["laatste"]) == ("completed", 1)


def test_cardinality_counts_from_one():
    loop = Loop(cardinality="=n", output_collection="uit", output_element="=loopCounter")
    run = Driver(line(Model().task("a", loop=loop), "a"), {"n": 3})
    assert run.variables["uit"] == [1, 2, 3]


def test_too_many_rounds_are_refused():
    run = Driver(line(Model().task("a", loop=Loop(cardinality="=n")), "a"), {"n": 10**9})
    assert run.incidents == ["a"]
    assert Driver(line(Model().task("a", loop=Loop(cardinality="=-1")), "a")).incidents == ["a"]


def test_nested_multi_instance_with_a_result_of_results():
    model = Model().sub(
        "deel", loop=each("=[[1,2],[3]]", "rij", output_collection="uit", output_element="=rijen")
    )
    loop = each("=rij", "cel", output_collection="rijen", output_element="=cel * 2")
    model.task("a", parent="deel", loop=loop)
    line(model, "a", parent="deel", tag="-deel")
    assert Driver(line(model, "deel")).variables == {"uit": [[2, 4], [6]]}


def test_every_round_of_a_call_activity_has_its_own_child():
    model = Model().add(
        Kind.CALL_ACTIVITY,
        "roep",
        called_process="kind",
        propagate_all_parent=False,
        loop=each(
            "=[1,2]",
            output_collection="uit",
            output_element="=r",
            completion_condition='=r = "klaar"',
        ),
    )
    run = Driver(line(model, "roep"), {"geheim": 1})
    given = [e.variables for e in run.effects_of(ChildRequested)]
    assert [g["item"] for g in given] == [1, 2]
    assert all("geheim" not in g for g in given)
    run.complete("roep", {"r": "klaar", "rommel": 1})
    assert len(run.effects_of(ChildCancelled)) == 1
    assert run.variables["uit"] == ["klaar", None]


def test_result_of_a_round_that_fails_is_tried_again_without_repeating_the_round():
    text = "=if x = null then function() 1 else x"
    loop = each("=[1]", output_collection="uit", output_element=text)
    run = Driver(line(Model().user("a", loop=loop), "a")).complete("a")
    assert run.incidents == ["a"]
    run.set(x=4).retry("a")
    assert run.variables["uit"] == [4]
