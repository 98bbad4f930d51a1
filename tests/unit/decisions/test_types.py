"""Values are fitted to types as the specification says, and become null where they do not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.decisions import load
from tests.unit.decisions.dmn import decision, definitions, input_data, literal


def item(name: str, type_ref: str = "", more: str = "", attributes: str = "") -> str:
    reference = f"<typeRef>{type_ref}</typeRef>" if type_ref else ""
    return f'<itemDefinition name="{name}" {attributes}>{reference}{more}</itemDefinition>'


def as_type(value: Any, type_ref: str, items: str = "") -> Any:
    xml = items + input_data("a", type_ref) + decision("d", literal("a"), inputs=["a"])
    return load(definitions(xml)).evaluate("d", {"a": value})


ALLOWED = '<allowedValues><text>"ja", "nee"</text></allowedValues>'


@pytest.mark.parametrize(
    ("value", "type_ref", "expected"),
    [
        (1, "number", 1),
        ("1", "number", None),
        ([1], "number", 1),
        ([1, 2], "number", None),
        (date(2026, 1, 2), "date and time", datetime(2026, 1, 2, tzinfo=UTC)),
        (1.5, "integer", None),
        (2, "long", 2),
        (None, "string", None),
        (True, "boolean", True),
        (1, "boolean", None),
        ({"a": 1}, "context", {"a": 1}),
        (1, "", 1),
        (1, "Any", 1),
    ],
)
def test_built_in_types(value: object, type_ref: str, expected: object) -> None:
    assert as_type(value, type_ref) == expected


def test_allowed_values_limit_a_type() -> None:
    items = item("tAntwoord", "string", ALLOWED)
    assert as_type("ja", "tAntwoord", items) == "ja"
    assert as_type("misschien", "tAntwoord", items) is None


def test_allowed_values_of_a_collection_limit_its_items() -> None:
    items = item("tAntwoorden", "string", ALLOWED, 'isCollection="true"')
    assert as_type(["ja", "nee"], "tAntwoorden", items) == ["ja", "nee"]
    assert as_type("ja", "tAntwoorden", items) == ["ja"]
    assert as_type(["ja", "?"], "tAntwoorden", items) is None


def test_a_structure_is_checked_inside() -> None:
    parts = (
        '<itemComponent name="naam"><typeRef>string</typeRef></itemComponent>'
        '<itemComponent name="kinderen" isCollection="true"><typeRef>tGezin</typeRef>'
        "</itemComponent>"
    )
    items = item("tGezin", more=parts)
    good = {"naam": "a", "kinderen": [{"naam": "b", "kinderen": []}]}
    assert as_type(good, "tGezin", items) == good
    assert as_type({"naam": "a", "kinderen": [{"naam": Decimal(1)}]}, "tGezin", items) is None
    assert as_type({"naam": "a"}, "tGezin", items) == {"naam": "a"}


def test_instance_of_knows_the_types_of_the_model() -> None:
    items = item("tAntwoord", "string", ALLOWED)
    text = items + decision("d", literal('["x" instance of tAntwoord, 1 instance of tAntwoord]'))
    assert load(definitions(text)).evaluate("d", {}) == [True, False]


def test_a_decision_of_another_type_is_null_with_a_reason() -> None:
    model = load(definitions(decision("d", literal('"x"'), type_ref="number")))
    explained = model.evaluate("d", {}, explain=True)
    assert explained.value is None
    assert "geen getal" in explained.problems[0].message


def test_a_type_that_names_itself_does_not_loop() -> None:
    assert as_type(1, "tZelf", item("tZelf", "tZelf")) == 1
