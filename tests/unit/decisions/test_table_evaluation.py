"""Decision tables answer as drawn, and say why."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.decisions import load
from engine.decisions.errors import InputRefused, UnknownDecision
from tests.unit.decisions.dmn import decision, definitions, input_data, table, table_model

LEVEL = table_model([["< 100", '"laag"'], [">= 100", '"hoog"']], outputs=[("niveau", "string")])


def test_numbers_of_python_are_numbers_of_feel() -> None:
    model = load(LEVEL)
    assert model.evaluate("besluit", {"x": 99.5}) == "laag"
    assert model.evaluate("besluit", {"x": 100}) == "hoog"


def test_several_outputs_make_a_context() -> None:
    model = load(table_model([["-", "1", '"b"']], outputs=[("a", ""), ("b", "")]))
    assert model.evaluate("besluit", {"x": 1}) == {"a": Decimal(1), "b": "b"}


def test_no_hit_gives_the_default() -> None:
    model = load(table_model([["1", '"een"']], defaults=['"anders"']))
    assert model.evaluate("besluit", {"x": 2}) == "anders"


def test_no_hit_without_default_is_null_with_a_reason() -> None:
    explained = load(LEVEL).evaluate("besluit", {"x": None}, explain=True)
    assert explained.value is None
    assert explained.problems


def test_a_value_outside_the_allowed_ones_is_null_with_a_reason() -> None:
    model = load(table_model([["-", "1"]], inputs=[("x", "string")], allowed='"ja", "nee"'))
    assert model.evaluate("besluit", {"x": "ja"}) == 1
    assert model.evaluate("besluit", {"x": "misschien"}) is None


def test_a_cell_that_is_not_feel_makes_the_table_null() -> None:
    model = load(table_model([["> 1", "1"], ["${x}", "2"]]))
    explained = model.evaluate("besluit", {"x": 5}, explain=True)
    assert explained.value is None
    assert explained.problems[0].place.element_id == "c2_0"


def test_no_cell_runs_python() -> None:
    model = load(table_model([["-", "__import__('os').getcwd()"]]))
    assert model.evaluate("besluit", {"x": 1}) is None


def test_an_output_of_another_type_is_null() -> None:
    model = load(table_model([["-", '"veel"']], outputs=[("aantal", "number")]))
    assert model.evaluate("besluit", {"x": 1}) is None


def test_the_explanation_names_the_matched_rules() -> None:
    explained = load(LEVEL).evaluate("besluit", {"x": 5}, explain=True)
    assert explained.value == "laag"
    assert [(rule.rule_id, rule.number, rule.outputs) for rule in explained.matched] == [
        ("r1", 1, {"niveau": "laag"})
    ]
    assert explained.tables[0].inputs == (("x", Decimal(5)),)


def test_now_is_passed_on() -> None:
    model = load(
        table_model(
            [['< date("2026-06-01")', "1"], ["-", "2"]],
            inputs=[("today()", "date")],
            hit_policy="FIRST",
        )
    )
    assert model.evaluate("besluit", {}, now=datetime(2026, 1, 5, tzinfo=UTC)) == 1
    assert model.evaluate("besluit", {}, now=datetime(2026, 7, 5, tzinfo=UTC)) == 2


def test_a_decision_is_found_by_name_and_by_id() -> None:
    text = decision("id1", table([["-", "1"]])).replace('name="id1"', 'name="Welk niveau"')
    model = load(definitions(text))
    assert model.evaluate("id1", {"x": 0}) == model.evaluate("Welk niveau", {"x": 0}) == 1


def test_an_unknown_decision_is_named() -> None:
    with pytest.raises(UnknownDecision) as caught:
        load(LEVEL).evaluate("iets", {})
    assert "besluit" in caught.value.remedy


def test_a_python_object_is_refused_as_input() -> None:
    with pytest.raises(InputRefused):
        load(LEVEL).evaluate("besluit", {"x": object()})


def test_inputs_and_outputs_are_listed_for_the_caller() -> None:
    xml = definitions(
        input_data("leeftijd", "number")
        + decision("groep", table([["-", '"a"']], inputs=[("leeftijd", "")]), inputs=["leeftijd"])
        + decision("besluit", table([["-", "1"]], inputs=[("groep", "")]), decisions=["groep"])
    )
    found = load(xml).decisions[1]
    assert found.required_names == ("leeftijd",)
    assert [(each.name, each.type_name) for each in found.inputs] == [("leeftijd", "number")]
    assert [each.name for each in found.outputs] == ["uit"]


def test_undrawn_inputs_are_listed_too() -> None:
    found = load(table_model([["> grens", "1"]], inputs=[("aantal kinderen", "number")]))
    assert set(found.decisions[0].required_names) == {"aantal kinderen", "grens"}


def test_names_with_spaces_need_no_declaration() -> None:
    model = load(table_model([["> 2", '"groot"']], inputs=[("aantal kinderen", "number")]))
    assert model.evaluate("besluit", {"aantal kinderen": 3}) == "groot"
