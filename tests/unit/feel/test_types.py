"""Types: ``instance of``, and parameters with a type."""

from __future__ import annotations

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ("1 instance of Any", True),
        ("null instance of Any", False),
        ("null instance of Null", False),
        ('@"2026-01-01T10:00:00" instance of date and time', True),
        ('@"2026-01-01" instance of date and time', False),
        ('@"P1D" instance of days and time duration', True),
        ('@"P1M" instance of years and months duration', True),
        ("[1, null] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("1 instance of list<number>", False),
        ("[1..2] instance of range<number>", True),
        ('["a".."b"] instance of range<number>', False),
        ("1 instance of range<number>", False),
        ('{a: 1, b: "x"} instance of context<a: number>', True),
        ("{a: 1} instance of context<a: number, b: string>", False),
        ("{a: {b: 1}} instance of context<a: context<b: number>>", True),
        ("(function(a: number) a) instance of function<number> -> Any", True),
        ("(function(a: number) a) instance of function<string> -> Any", False),
        ("(function(a: number, b) a) instance of function<number> -> Any", False),
        ("(function(a: list<number>) a) instance of function<list<number>> -> Any", True),
        ("(function(a) a) instance of function<context<x: number>> -> Any", True),
        ("1 instance of function<> -> Any", False),
        ("1 instance of no such type", False),
        ("(function(a: number) a)([1])", 1),
        ("(function(a: list<number>) count(a))(1)", 1),
        ('(function(a: date and time) a.hour)(@"2026-01-01")', 0),
        ('(function(a: number) a)("x")', None),
        ("(function(a: number) a)(null)", None),
    ],
)
def test_type(text: str, expected: object) -> None:
    assert feel.evaluate(text, {}) == expected
