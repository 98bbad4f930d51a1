"""What expressions come to."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.feel.values import YearsMonthsDuration

GEZIN = {
    "gezin": {
        "naam": "De Vries",
        "kinderen": [{"naam": "Sem", "leeftijd": 4}, {"naam": "Noor", "leeftijd": 13}],
        "fase": "begeleiding",
    },
    "aantalContacten": 2,
    "laatste_contact": dt.date(2026, 11, 7),
    "Monthly Salary": 2000,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("-2 ** 2", 4),
        ("2 ** 3 ** 2", 64),
        ("10 - 3 - 2", 5),
        (".5 + 1.5e1", Decimal("15.5")),
        ('"a" + "b"', "ab"),
        ("gezin.naam", "De Vries"),
        ("gezin.kinderen.naam", ["Sem", "Noor"]),
        ("gezin.kinderen[leeftijd >= 12].naam", ["Noor"]),
        ("gezin.kinderen[1].naam", "Sem"),
        ("gezin.kinderen[-1].naam", "Noor"),
        ("gezin.kinderen[item.leeftijd < 0]", []),
        ("gezin.kinderen[3]", None),
        ("Monthly Salary * 12", 24000),
        ('if gezin.fase = "begeleiding" then aantalContacten else 0', 2),
        ("for k in gezin.kinderen return k.leeftijd + 1", [5, 14]),
        ("for i in 1..3, j in 1..2 return i * j", [1, 2, 2, 4, 3, 6]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6, 24]),
        ("for i in 1..3 return partial", [[], [[]], [[], [[]]]]),
        ("some k in gezin.kinderen satisfies k.leeftijd < 5", True),
        ("every k in gezin.kinderen satisfies k.leeftijd < 5", False),
        ("every k in [] satisfies false", True),
        ("5 in [1..5)", False),
        ("5 in (1, > 4)", True),
        ("5 between 1 and 5", True),
        ("{a: 1, b: a + 1}.b", 2),
        ('{"an entry": 1}.an entry', 1),
        ("{f: function(n) if n <= 1 then 1 else n * f(n - 1)}.f(5)", 120),
        ("(function(a, b) a - b)(b: 1, a: 3)", 2),
        ("1 /* a remark */ + 1 // another", 2),
        ('"\\u00e9" = "é"', True),
        ("[1, 2, 3] = [1, 2, 3]", True),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("true and null", None),
        ("false and null", False),
        ("null or true", True),
        ('1 = "1"', None),
        ("null = null", True),
        ('laatste_contact + duration("P14D")', dt.date(2026, 11, 21)),
        ('date("2026-11-21") - laatste_contact', dt.timedelta(days=14)),
        ('date("2026-01-31") + duration("P1M")', dt.date(2026, 2, 28)),
        ('@"2026-11-21T10:00:00Z" > @"2026-11-21T10:30:00+01:00"', True),
        ('duration("P1Y") * 2', YearsMonthsDuration(24)),
        ('duration("P1D") / duration("PT12H")', 2),
        ("[1..5].end included", True),
        ("(< 10).end", 10),
        ("[1, 2][item > 1] instance of list<number>", True),
        ('date("2026-11-21").weekday', 6),
        ("1 / 0", None),
        ('duration("PT1H") + duration("PT30M")', dt.timedelta(minutes=90)),
        ('duration("P1M") - duration("P1Y")', YearsMonthsDuration(-11)),
        ('duration("P1M") + date("2026-01-31")', dt.date(2026, 2, 28)),
        ('duration("PT1H") + time("23:30:00")', dt.time(0, 30)),
        ('time("10:00:00") - duration("PT11H")', dt.time(23)),
        ('2 * duration("PT1H") > duration("PT90M")', True),
        ('duration("P1D") * null', None),
        ('duration("P1D") + duration("P1M")', None),
        ('-duration("P1M") = duration("-P1M")', True),
        ('-"a"', None),
        ('time("10:00:00Z") < time("10:00:00+01:00")', False),
        ('time("10:00:00@Europe/Paris") = time("10:00:00+01:00")', None),
        ('time("10:00:00.1") = time("10:00:00.2")', True),
        ('@"2026-01-01" < @"2026-01-01T10:00:00"', None),
        ("[1..3] = [1..3]", True),
        ("(= 10) = [10..10]", False),
        ("5 in (!= 4)", True),
        ("null in (null)", True),
        ("[1, 2] in [[1, 2], [3]]", True),
        ("2 in [[3..4], [1..2]]", True),
        ("is([1], [1])", True),
        ("2 between 1 and null", None),
        ("for i in (1..4) return i", [2, 3]),
        ('for d in (@"2026-01-01"..@"2026-01-03"] return d.day', [2, 3]),
        ("for i in 1..1.5 return i", None),
        ("for i in null return i", None),
        ("some i in null satisfies true", None),
        ("some i in [1, null] satisfies i", None),
        ('function(x) external {java: {class: "C"}}', None),
        ("{a: 1, a: 2}", None),
        ("[][1]", None),
        ("[][item > 1]", []),
        ("5[item = 5]", [5]),
    ],
)
def test_expression_has_value(text: str, expected: Any) -> None:
    assert feel.evaluate(text, GEZIN) == expected


@pytest.mark.parametrize("whole", [{"naam": "Sem"}, {}, ["Sem"], []], ids=str)
def test_a_list_or_context_is_not_null_however_large_and_whatever_is_in_it(whole: Any) -> None:
    assert feel.evaluate("x = null", {"x": whole}) is False
    assert feel.evaluate("for x in [null] return x = null", {"x": whole}) == [True]
    assert feel.evaluate("for y in [x] return y = null", {"x": whole}) == [False]


def test_numbers_keep_34_digits() -> None:
    assert feel.evaluate("1 / 3", {}) == Decimal("0.3333333333333333333333333333333333")


def test_a_float_from_json_is_the_number_that_was_written() -> None:
    assert feel.evaluate("x + 0.2", {"x": 0.1}) == Decimal("0.3")


def test_equal_texts_are_compiled_once() -> None:
    assert feel.compile("a + b") is feel.compile("a + b")


def test_the_context_is_not_changed() -> None:
    context = {"a": {"b": [1, 2]}}
    feel.evaluate('context put(a, "b", 3)', context)
    assert context == {"a": {"b": [1, 2]}}


def test_an_attribute_of_a_python_object_cannot_be_reached() -> None:
    assert feel.evaluate('"text".__class__', {}) is None


def test_a_foreign_object_is_refused() -> None:
    with pytest.raises(feel.FeelValueError, match="object"):
        feel.evaluate("x", {"x": object()})


def test_a_variable_named_like_a_function_does_not_hide_it() -> None:
    assert feel.evaluate("count([1, 2]) + count", {"count": 3}) == 5


def test_a_known_name_with_signs_is_one_name() -> None:
    assert feel.evaluate("net-income - 1", {"net-income": 10, "net": 1, "income": 2}) == 9


def test_own_types_are_tested_by_their_owner() -> None:
    small = feel.compile("5 instance of tSmall", types={"tSmall": lambda value: value < 10})
    assert small.evaluate({}) is True


def test_a_long_chain_of_else_if_is_no_deep_nesting() -> None:
    chain = " else ".join(f"if x = {number} then {number}" for number in range(90))
    assert feel.evaluate(f"{chain} else -1", {"x": 80}) == 80


def test_a_result_may_hold_a_large_list_from_outside() -> None:
    assert len(feel.evaluate("x", {"x": list(range(30_000))})) == 30_000
