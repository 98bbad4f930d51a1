"""Built-in functions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.feel.values import YearsMonthsDuration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # texts
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", -2, 1)', "a"),
        ('string length("🐎x")', 2),
        ('upper case("aBc4")', "ABC4"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring after("foobar", "ob")', "ar"),
        ('substring after("", "a")', ""),
        ('contains("foobar", "of")', False),
        ('starts with(string: "foobar", match: "fo")', True),
        ('split("John Doe", "\\s")', ["John", "Doe"]),
        ('split("a;b;c;;", ";")', ["a", "b", "c", "", ""]),
        ('string join(["a", null, "c"], "-")', "a-c"),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        # lists
        ("list contains([1, null], null)", True),
        ("count([1, null])", 2),
        ("count(null)", None),
        ("min(3, 1, 2)", 1),
        ('max(["a", "c", "b"])', "c"),
        ("min([])", None),
        ("sum([1, 2.5])", Decimal("3.5")),
        ("sum([])", None),
        ("mean([1, 2, 3])", 2),
        ("median(8, 2, 5, 3, 4)", 4),
        ("median([6, 1, 2, 3])", Decimal("2.5")),
        ("mode([6, 1, 9, 6, 1])", [1, 6]),
        ("stddev([47])", None),
        ("product([2, 3, 4])", 24),
        ("all([true, null])", None),
        ("any([null, true])", True),
        ("all([])", True),
        ("sublist([4, 5, 6], 1, 2)", [4, 5]),
        ("append([1], 2, 3)", [1, 2, 3]),
        ("concatenate([1, 2], [3])", [1, 2, 3]),
        ("insert before([1, 3], 1, 2)", [2, 1, 3]),
        ("remove([1, 2, 3], -1)", [1, 2]),
        ("list replace([2, 4, 7, 8], 3, 6)", [2, 4, 6, 8]),
        ("list replace([2, 4, 7], function(item, newItem) item < newItem, 5)", [5, 5, 7]),
        ("reverse([1, 2])", [2, 1]),
        ("index of([1, 2, 3, 2], 2)", [2, 4]),
        ("union([1, 2], [2, 3])", [1, 2, 3]),
        ("distinct values([1, 2, 1])", [1, 2]),
        ("flatten([[1, 2], [[3]], 4])", [1, 2, 3, 4]),
        ("sort([3, 1, 2], function(x, y) x < y)", [1, 2, 3]),
        # numbers
        ("decimal(1/3, 2)", Decimal("0.33")),
        ("decimal(2.5, 0)", 2),
        ("floor(-1.56, 1)", Decimal("-1.6")),
        ("ceiling(1.5)", 2),
        ("round up(-5.5, 0)", -6),
        ("round half up(5.5, 0)", 6),
        ("round half down(5.5, 0)", 5),
        ("round down(1234, -2)", 1200),
        ("modulo(-12, 5)", 3),
        ("sqrt(16)", 4),
        ("sqrt(-1)", None),
        ("odd(5)", True),
        ("even(1.5)", False),
        ('abs(duration("-P1D"))', dt.timedelta(days=1)),
        ('number("1.000.000,01", ".", ",")', Decimal("1000000.01")),
        ('number("12")', 12),
        # dates
        ('date("2026-02-29")', None),
        ("date(2026, 2, 28)", dt.date(2026, 2, 28)),
        ('date(date and time("2026-11-21T10:00:00"))', dt.date(2026, 11, 21)),
        ('time("10:30")', None),
        ('time("24:00:00")', dt.time()),
        ('date and time("2026-12-31T24:00:00")', dt.datetime(2027, 1, 1)),  # noqa: DTZ001
        ('date and time(date("2026-11-21"), time("10:00:00")).hour', 10),
        ('years and months duration(@"2011-12-22", @"2013-08-24")', YearsMonthsDuration(20)),
        ('years and months duration(@"2011-12-22", @"2011-08-31")', YearsMonthsDuration(-3)),
        ('day of year(@"2019-09-17")', 260),
        ('day of week(@"2019-09-17")', "Tuesday"),
        ('month of year(@"2019-09-17")', "September"),
        ('week of year(@"2005-01-01")', 53),
        ('is(@"23:00:50Z", @"23:00:50")', False),
        ('date and time(2026, 3, 29, 1, 2, 3, "Europe/Amsterdam").timezone', "Europe/Amsterdam"),
        ('date and time(2026, 3, 29, 1, 2, 3, @"PT1H").time offset', dt.timedelta(hours=1)),
        ('date and time("2026-01-01T10:00:00@No/Where")', None),
        ('date and time("2026-01-01T10:00:00+19:00")', None),
        ('string(time(11, 59, 45, duration("-PT2H45M55S")))', "11:59:45-02:45:55"),
        ("time(24, 0, 0)", None),
        ('time(11, 59, 45, duration("PT19H"))', None),
        ("date(2026.5, 1, 1)", None),
        ('time(@"2026-01-01")', dt.time(tzinfo=dt.UTC)),
        ('@"PT26H3M4S".hours', 2),
        ('@"-P1Y2M".months', -2),
        ('date("10000-03-01").weekday', 3),
        ('day of week(date and time("10000-03-01T00:00:00"))', "Wednesday"),
        ('@"10:00:00" + @"PT25H"', dt.time(11)),
        ('@"10:00:00Z" - @"09:00:00+01:00"', dt.timedelta(hours=2)),
        ('@"10:00:00Z" - @"09:00:00"', None),
        ('@"2026-01-01T10:00:00Z" - @"2026-01-01T10:00:00"', None),
        ('@"P1D" * 1.5', dt.timedelta(hours=36)),
        ('@"P1Y" / 5', YearsMonthsDuration(2)),
        # numbers at the edges
        ("decimal(1, 7000)", None),
        ("ceiling(1.56, 1)", Decimal("1.6")),
        ("floor(0.3)", 0),
        ("modulo(1, 0)", None),
        ("log(0)", None),
        ("exp(0)", 1),
        ("exp(99999)", None),
        ('abs(duration("-P1M"))', YearsMonthsDuration(1)),
        ('number("1,000.5", ",", ".")', Decimal("1000.5")),
        ('number("1,000.5", ":", ".")', None),
        ('number("1", ",", ",")', None),
        ('number("x")', None),
        ("0 ** 0", 1),
        # lists at the edges
        ("sublist([1, 2, 3], 2, 5)", None),
        ("remove([1], 2)", None),
        ("list replace([1], function(a, b) 1, 2)", None),
        ("mode([])", []),
        ('string join([1], "-")', None),
        ('min([1, "a"])', None),
        # contexts
        ('get value({a: 1}, "b")', None),
        ('context({key: "a", value: 1})', {"a": 1}),
        ('context([{key: "a"}])', None),
        ("context put({}, [], 1)", None),
        ('context put({a: 1}, ["a", "b"], 1)', None),
        ("context merge([1])", None),
        ('get value({a: 1}, "a")', 1),
        ("get entries({a: 1})", [{"key": "a", "value": 1}]),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
        ('context put({x: {y: 1}}, ["x", "y"], 2)', {"x": {"y": 2}}),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
        # ranges
        ("before([1..5), 5)", True),
        ("meets([1..5], [5..10])", True),
        ("overlaps before([1..5], [3..8])", True),
        ("includes([1..10], [4..6])", True),
        ("coincides([1..5], [1..5])", True),
        ('2 in range("[1..3]")', True),
        ('range("[3..1]")', None),
        ('range("[date(\\"2026-01-01\\")..@\\"2026-01-02\\"]").end', dt.date(2026, 1, 2)),
        ('range("[1..x]")', None),
        ('range("1")', None),
        ('range("[")', None),
        # texts of values
        ("string([1..3))", "[1..3)"),
        ("string((>= 3))", "(>= 3)"),
        ("string(function(a) a)", "function"),
        ('string([@"P1D", @"P1M", @"10:00:00"])', '[@"P1D", @"P1M", @"10:00:00"]'),
        ('string({a: [1, "x", @"2026-11-21"]})', '{a: [1, "x", @"2026-11-21"]}'),
        ("string(1e3)", "1000"),
        ('string(duration("PT100H"))', "P4DT4H"),
        ('string(@"10:30:11@Europe/Amsterdam")', "10:30:11@Europe/Amsterdam"),
        ("string(null)", None),
        ("not(null)", None),
    ],
)
def test_function_gives(text: str, expected: Any) -> None:
    assert feel.evaluate(text, {}) == expected


def test_a_function_of_the_host_is_called_by_position_and_by_name() -> None:
    double = feel.Function(
        "double", (feel.Parameter("n"),), lambda arguments: arguments[0] * Decimal(2)
    )
    assert feel.evaluate("double(2) + double(n: 3)", {"double": double}) == 10
