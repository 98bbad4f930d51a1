"""Calls that can't be made whatever the values are told without being made."""

from __future__ import annotations

import pytest

from engine import feel


def told(text: str) -> list[str]:
    return list(feel.miscalls(feel.compile(text).tree))


@pytest.mark.parametrize(
    "text",
    [
        'substring("a")',
        "count(1, 2, 3)",
        'upper case("a", "b")',
        'duration(frm: "P1D")',
        "if a then count() else 0",
        "[1, 2][item > count()]",
        "for x in [count()] return x",
        "some x in a satisfies contains(x)",
        "{a: date()}.a",
        "x between count() and 3",
    ],
)
def test_a_call_with_too_few_or_too_many_arguments_is_told(text: str):
    assert len(told(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        'substring("a", 2)',
        "sum(1, 2, 3)",
        "sum([1, 2])",
        'date("2026-01-01")',
        "date(2026, 1, 1)",
        'duration(from: "P1D")',
        "own(1, 2, 3)",
        "now()",
    ],
)
def test_a_call_that_can_be_made_is_not(text: str):
    assert told(text) == []
