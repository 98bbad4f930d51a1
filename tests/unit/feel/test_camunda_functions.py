"""The functions that Camunda 8 adds to FEEL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("is defined(a)", True),
        ("is defined(b)", False),
        ("is defined(a.c)", False),
        ("if is defined(b) then 1 else 2", Decimal(2)),
        ("get or else(b, 3)", Decimal(3)),
        ("get or else(a.d, 3) + 1", Decimal(6)),
        ("assert(a.d, a.d != null)", Decimal(5)),
        ('trim("  a b ")', "a b"),
        ('is blank("  ")', True),
        ("is empty([])", True),
        ("is empty([1])", False),
        ('to base64("feel")', "ZmVlbA=="),
        ("duplicate values([1, 2, 3, 2, 1])", [Decimal(2), Decimal(1)]),
        ("partition([1, 2, 3], 2)", [[Decimal(1), Decimal(2)], [Decimal(3)]]),
        ('last day of month(date("2024-02-10")) = date("2024-02-29")', True),
        ('last day of month(date("9999-12-10")) = date("9999-12-31")', True),
        ('unix timestamp(date and time("1970-01-01T00:00:01Z"))', Decimal(1000)),
        ('from json("{\\"a\\": [1, 2.5]}").a[2]', Decimal("2.5")),
        ('to json({a: [1, "x", true, null], b: duration("P1D")})',
         '{"a":[1,"x",true,null],"b":"P1D"}'),
    ],
)  # fmt: skip
def test_what_they_give(text: str, value: Any) -> None:
    assert feel.evaluate(text, {"a": {"d": 5}}) == value


@pytest.mark.parametrize(
    "text", ['from json("{")', "partition([1], 0)", "trim(1)", 'last day of month("x")']
)
def test_what_makes_no_sense_is_null(text: str) -> None:
    assert feel.evaluate(text, {}) is None


def test_deep_json_and_long_lists_are_bounded() -> None:
    assert feel.evaluate("from json(t)", {"t": "[" * 400 + "]" * 400}) is None


@pytest.mark.parametrize("condition", ["b != null", "null", "1"])
def test_assert_fails_unless_its_condition_is_true(condition: str) -> None:
    with pytest.raises(feel.FeelValueError) as failed:
        feel.evaluate(f"assert(b, {condition})", {})
    assert failed.value.code == "feel.assert"


def test_assert_tells_the_cause_that_was_written() -> None:
    with pytest.raises(feel.FeelValueError, match="Er is geen bedrag"):
        feel.evaluate('1 + assert(b, b > 0, "Er is geen bedrag")', {"b": 0})
