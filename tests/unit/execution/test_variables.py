"""Scopes, mappings and values by Camunda 8's rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.definitions.model import Kind
from engine.execution import state
from engine.execution.effects import ChildRequested, JobRequested
from engine.execution.errors import UnreadableState, VariablesTooLarge
from engine.feel.values import YearsMonthsDuration
from tests.unit.execution.models import BEGIN, Driver, Model, line, message


def test_result_becomes_a_variable_of_the_process():
    run = Driver(line(Model().user("a"), "a")).complete("a", {"x": [1, {"y": 2}]})
    assert run.variables == {"x": [1, {"y": 2}]}


def test_input_mapping_makes_a_local_variable_and_shadows():
    model = Model().service("a", inputs={"x": "=x + 1", "y": "=x * 10"})
    run = Driver(line(model, "a"), {"x": 1}, jobs={"a": {"z": 3}})
    (job,) = run.effects_of(JobRequested)
    assert job.variables == {"x": 2, "y": 20}
    assert run.variables == {"x": 1, "z": 3}


def test_result_with_the_name_of_an_input_stays_local():
    model = Model().service("a", inputs={"x": "=0"})
    assert Driver(line(model, "a"), {"x": 1}, jobs={"a": {"x": 5}}).variables == {"x": 1}


def test_output_mapping_lets_out_only_what_it_names():
    model = Model().service("a", inputs={"i": "=x"}, outputs={"uit": "=r + i", "nog": "=uit + 1"})
    run = Driver(line(model, "a"), {"x": 1}, jobs={"a": {"r": 5, "rommel": 6}})
    assert run.variables == {"x": 1, "uit": 6, "nog": 7}


def test_mapping_to_a_path_keeps_the_other_fields():
    model = Model().service("a", inputs={"in.a": "=1", "in.b.c": "=2"}, outputs={"ctx.deel": "=r"})
    run = Driver(line(model, "a"), {"ctx": {"oud": 1}}, jobs={"a": {"r": 5}})
    assert run.effects_of(JobRequested)[0].variables["in"] == {"a": 1, "b": {"c": 2}}
    assert run.variables == {"ctx": {"oud": 1, "deel": 5}}


def test_variables_of_a_sub_process_stay_inside_unless_mapped_out():
    model = Model().sub("deel", inputs={"lokaal": "=1"}, outputs={"uit": "=lokaal"})
    model.script("a", "=lokaal + 1", "lokaal", parent="deel")
    model.script("b", "=9", "nieuw", parent="deel")
    line(model, "a", "b", parent="deel", tag="-deel")
    assert Driver(line(model, "deel")).variables == {"nieuw": 9, "uit": 2}


def test_parallel_branches_lose_no_update():
    model = Model().both("split", "join").user("a", "b")
    line(model, "split", "a", "join").flow("split", "b", "join")
    run = Driver(model, {"x": 1, "y": 1}).complete("a", {"x": 2}).complete("b", {"y": 2})
    assert run.variables == {"x": 2, "y": 2}


def test_call_activity_passes_all_or_only_its_inputs():
    for everything, given in ((True, {"x": 1, "i": 2}), (False, {"i": 2})):
        model = Model().add(
            Kind.CALL_ACTIVITY,
            "roep",
            called_process="kind",
            inputs={"i": "=x + 1"},
            propagate_all_parent=everything,
        )
        assert (
            Driver(line(model, "roep"), {"x": 1}).effects_of(ChildRequested)[0].variables == given
        )


def test_call_activity_brings_back_all_nothing_or_what_is_mapped():
    for fields, result in (
        ({}, {"r": 5, "s": 6}),
        ({"propagate_all_child": False}, {}),
        ({"propagate_all_child": False, "outputs": {"uit": "=r"}}, {"uit": 5}),
        ({"propagate_all_child": True, "outputs": {"uit": "=r"}}, {"uit": 5}),
    ):
        model = Model().add(Kind.CALL_ACTIVITY, "roep", called_process="kind", **fields)
        run = Driver(line(model, "roep")).complete("roep", {"r": 5, "s": 6})
        assert run.variables == result


def test_message_variables_go_out_or_through_the_mapping():
    for outputs, result in (({}, {"a": 1, "b": 2}), ({"uit": "=a"}, {"uit": 1})):
        model = Model().catch("wacht", message("m"), outputs=outputs)
        assert Driver(line(model, "wacht")).deliver("wacht", {"a": 1, "b": 2}).variables == result


def test_event_sub_process_keeps_what_its_message_brought_to_itself():
    model = Model().user("werk")
    line(model, "werk").handler("vang", "g", message("m"), interrupting=False)
    model.script("b", "=a + 1", "uit", parent="vang").flow("g", "b")
    run = Driver(model, {"a": 10}).deliver("g", {"a": 1})
    assert run.variables == {"a": 10, "uit": 2}


VALUES = {
    "datum": date(2026, 3, 29),
    "moment": datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    "bedrag": Decimal("10.50"),
    "groot": 10**30,
    "duur": timedelta(days=1, seconds=5),
    "maanden": YearsMonthsDuration(14),
    "lijst": [1, [2, [date(2026, 1, 1), None]], {"a": {"b": [Decimal("0.1")]}}],
    "@tekst": "é \n\u2028 {}",
    "typename": {"@d": "2026"},
}


def test_every_kind_of_value_survives_storage_exactly():
    run = Driver(line(Model().user("a"), "a"), VALUES)
    assert run.variables == VALUES
    assert str(run.variables["bedrag"]) == "10.50"
    assert {k: type(v) for k, v in run.variables.items()} == {k: type(v) for k, v in VALUES.items()}


def test_nothing_is_shared_between_caller_variables_and_effects():
    given = {"lijst": [1]}
    model = Model().script("k", "=lijst", "kopie").service("a")
    run = Driver(line(model, "k", "a"), given, reload=False)
    given["lijst"].append(2)
    (job,) = run.effects_of(JobRequested)
    job.variables["lijst"].append(3)
    data = run.execution.variables
    assert data["lijst"] == data["kopie"] == [1]
    assert data["lijst"] is not data["kopie"]
    result = {"r": [1]}
    run.complete("a", result)
    result["r"].append(2)
    assert run.variables["r"] == [1]


def test_a_function_cannot_become_a_variable():
    run = Driver(line(Model().script("a", "=function(x) x + 1", "f"), "a"))
    assert run.incidents == ["a"]
    assert "bewaard" in run.one("a").details["message"]


def test_size_of_the_state_is_bounded_with_a_clear_error():
    run = Driver(line(Model().user("a"), "a"), {"x": "y" * 2_000}, reload=False)
    with pytest.raises(VariablesTooLarge, match="te groot"):
        state.dump(run.execution, size_limit=1_000)


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"\xff", b'{"v":1,"status":"active","tokens":[]}']
)
def test_damaged_state_is_refused(raw):
    run = Driver(line(Model().user("a"), "a"))
    with pytest.raises(UnreadableState):
        state.load(run.definition, raw, BEGIN)
