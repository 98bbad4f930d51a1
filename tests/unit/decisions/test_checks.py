"""Every mistake in a model is found, named with its place, and comes with a mend."""

from __future__ import annotations

import pytest

from engine.decisions import Finding, load
from tests.unit.decisions.dmn import (
    decision,
    definitions,
    input_data,
    literal,
    table,
    table_model,
)


def check(xml: bytes) -> list[Finding]:
    return load(xml).check()


def codes(xml: bytes) -> list[str]:
    return [found.rule for found in check(xml)]


def only(xml: bytes, rule: str) -> Finding:
    found = [each for each in check(xml) if each.rule == rule]
    assert len(found) == 1, check(xml)
    return found[0]


def test_a_sound_model_has_no_findings() -> None:
    xml = definitions(
        input_data("leeftijd", "number")
        + decision(
            "besluit",
            table([["< 18", '"kind"'], [">= 18", '"volwassen"']], inputs=[("leeftijd", "number")]),
            inputs=["leeftijd"],
        )
    )
    assert check(xml) == []


@pytest.mark.parametrize(
    ("cell", "mend"),
    [
        ("'hoog'", "dubbele aanhalingstekens"),
        ("${x > 5}", "${"),
        ("== 5", "="),
        ("5 && 6", "and"),
        ("> 1,5,", "punt"),
        ("=> 5", ">="),
        ("> 18 en < 65", "and"),
    ],
)
def test_a_cell_that_is_not_feel_gets_its_mend(cell: str, mend: str) -> None:
    found = only(table_model([[cell, "1"]]), "not-feel")
    assert (found.level, found.element_id, found.element_name) == ("error", "c1_0", "besluit")
    assert found.line is not None
    assert found.message.startswith("Regel 1, kolom 'x': ")
    assert mend in found.remedy


def test_a_text_without_quotes_is_an_unknown_name() -> None:
    found = only(table_model([["-", "hoog"]]), "unknown-name")
    assert found.element_id == "c1_1"
    assert '"hoog"' in found.remedy


def test_an_input_that_is_not_connected_is_named() -> None:
    xml = definitions(
        input_data("leeftijd")
        + input_data("inkomen")
        + decision("besluit", table([["-", "1"]], inputs=[("inkomen", "")]), inputs=["leeftijd"])
    )
    assert "inkomen" in only(xml, "input-not-connected").message


def test_an_unknown_input_is_named() -> None:
    xml = definitions(
        input_data("leeftijd")
        + decision("besluit", table([["-", "1"]], inputs=[("leeftijt", "")]), inputs=["leeftijd"])
    )
    assert "'leeftijd'" in only(xml, "unknown-name").remedy


def test_another_language_is_refused() -> None:
    text = decision("besluit", literal("x")).replace(
        "<literalExpression", '<literalExpression expressionLanguage="groovy"'
    )
    assert codes(definitions(text)) == ["not-feel-language"]


@pytest.mark.parametrize(
    ("kind", "cell"), [("number", '"veel"'), ("string", "> 5"), ("boolean", '"ja"'), ("date", "5")]
)
def test_a_cell_of_another_type_clashes(kind: str, cell: str) -> None:
    found = only(table_model([[cell, "1"]], inputs=[("x", kind)]), "type-clash")
    assert found.element_id == "c1_0"


def test_an_output_of_another_type_clashes() -> None:
    found = only(table_model([["-", '"veel"']], outputs=[("aantal", "number")]), "type-clash")
    assert found.element_id == "c1_1"


def test_a_column_of_another_type_than_its_input_clashes() -> None:
    xml = definitions(
        input_data("leeftijd", "number")
        + decision(
            "besluit", table([["-", "1"]], inputs=[("leeftijd", "string")]), inputs=["leeftijd"]
        )
    )
    assert only(xml, "type-clash").element_id == "ie0"


def test_a_sum_of_texts_clashes() -> None:
    xml = table_model(
        [["-", '"a"']], outputs=[("a", "string")], hit_policy="COLLECT", aggregation="SUM"
    )
    assert "SUM" in only(xml, "type-clash").message


def test_a_value_that_is_not_allowed_is_found() -> None:
    xml = table_model(
        [['"Hoog"', "1"], ["-", "2"]],
        inputs=[("x", "string")],
        allowed='"laag", "hoog"',
        hit_policy="FIRST",
    )
    assert only(xml, "value-not-allowed").element_id == "c1_0"


def test_an_output_that_is_not_allowed_is_found() -> None:
    xml = table_model([["-", '"Ja"']], outputs=[("a", "string")], allowed_outputs=['"ja", "nee"'])
    assert only(xml, "value-not-allowed").element_id == "c1_1"


def test_a_date_that_does_not_exist_is_found() -> None:
    xml = table_model([['< date("2026-02-30")', "1"]], inputs=[("x", "date")])
    assert "constant-invalid" in codes(xml)


def test_a_priority_without_order_is_found() -> None:
    assert "priority-without-order" in codes(table_model([["-", "1"]], hit_policy="PRIORITY"))


def test_an_empty_decision_is_found() -> None:
    assert codes(definitions(decision("besluit", ""))) == ["decision-empty"]


def test_a_reference_to_nothing_is_found() -> None:
    xml = definitions(decision("besluit", literal("1"), inputs=["weg"]))
    assert codes(xml) == ["reference-missing"]


def test_decisions_that_require_each_other_are_found() -> None:
    xml = definitions(
        decision("a", literal("b"), decisions=["b"]) + decision("b", literal("a"), decisions=["a"])
    )
    assert codes(xml) == ["requirement-circle", "requirement-circle"]


def test_a_name_that_stands_twice_is_found() -> None:
    text = input_data("a") + decision("b", literal("1")).replace('name="b"', 'name="a"')
    assert "name-twice" in codes(definitions(text))


def test_an_unknown_type_is_found() -> None:
    assert codes(definitions(input_data("a", "tNiets"))) == ["type-unknown"]


def test_limits_that_are_not_feel_are_found() -> None:
    item = (
        '<itemDefinition id="i" name="t"><typeRef>string</typeRef><allowedValues>'
        "<text>'a'</text></allowedValues></itemDefinition>"
    )
    assert codes(definitions(item)) == ["not-feel"]


def test_findings_are_plain_values() -> None:
    found = check(table_model([["-", "hoog"]]))
    assert len(set(found)) == len(found)
    with pytest.raises(AttributeError):
        found[0].level = "warning"  # type: ignore[misc]


def test_a_table_without_rules_is_found() -> None:
    assert codes(table_model([])) == ["decision-empty"]


def test_the_order_of_a_priority_may_come_from_the_decisions_type() -> None:
    item = (
        '<itemDefinition name="t"><typeRef>string</typeRef><allowedValues>'
        '<text>"b", "a"</text></allowedValues></itemDefinition>'
    )
    rules = [["< 5", '"a"'], ["-", '"b"']]
    text = decision("besluit", table(rules, hit_policy="PRIORITY"), type_ref="t")
    model = load(definitions(item + text))
    assert model.check() == []
    assert model.evaluate("besluit", {"x": 1}) == "b"


def test_an_input_may_have_the_name_of_a_built_in_function() -> None:
    model = load(table_model([["> 5", "1"], ["<= 5", "2"]], inputs=[("count", "number")]))
    assert model.check() == []
    assert model.decisions[0].required_names == ("count",)
    assert model.evaluate("besluit", {"count": 6}) == 1


def test_each_of_several_outputs_has_a_name_of_its_own() -> None:
    rows = [["-", "1", "2"]]
    bare = table_model(rows, outputs=[("uit", ""), ("", "")])
    assert only(bare, "output-without-name").element_id == "out1"
    twice = table_model(rows, outputs=[("uit", ""), ("uit", "")])
    assert only(twice, "output-twice").element_id == "out1"
    assert codes(table_model([["-", "1"]], outputs=[("", "")])) == []


@pytest.mark.parametrize(("kind", "rules"), [("nummer", ["type-unknown"]), ("integer", [])])
def test_a_column_of_an_unknown_type_is_found(kind: str, rules: list[str]) -> None:
    assert codes(table_model([["-", "1"]], outputs=[("uit", kind)])) == rules


@pytest.mark.parametrize("cell", ["substring()", 'upper case("a", "b")'])
def test_a_function_that_is_called_wrongly_is_found(cell: str) -> None:
    assert only(table_model([["-", cell]]), "miscall").element_id == "c1_1"
