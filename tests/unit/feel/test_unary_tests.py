"""Unary tests, as in the input cells of decision tables."""

from __future__ import annotations

from typing import Any

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("-", None, True),
        ("5", 5, True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ('not("a", "b")', "c", True),
        ("< 5", 5, False),
        (">= limit", 7, True),
        ("[1..5)", 5, False),
        ("[1..2], > 8", 9, True),
        ("? > 3 and ? < limit", 5, True),
        ('contains(?, "kind")', "kinderen", True),
        ("[1, 2, 3]", 2, True),
        ("null", None, True),
        ("< 5", None, None),
        ("< 5", "a", None),
        ("not(5)", None, True),
        ("true", False, False),
        ("limit > 3", "whatever", True),
        ("not(true)", True, False),
        ("count(?) > 1", [1, 2], True),
        ('date("2026-01-01")', "2026-01-01", None),
    ],
)
def test_value_passes(text: str, value: Any, expected: bool | None) -> None:
    assert feel.compile_unary(text).test(value, {"limit": 7}) is expected


def test_the_reason_for_no_answer_is_told() -> None:
    explained = feel.compile_unary("missing").explain(1)
    assert explained.reasons[0].code == "feel.null.name"


def test_the_input_is_not_a_free_name() -> None:
    assert feel.compile_unary("? > a and ? < b").names == {"a", "b"}
