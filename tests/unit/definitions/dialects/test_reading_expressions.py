"""What expressions and scripts of other engines say in FEEL, and which have no translation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine import feel
from engine.definitions.dialects.reading_expressions import condition, value
from engine.definitions.dialects.scripts import assignments, result
from engine.definitions.dialects.times import python_time, short_time

VALUES = {
    "${x > 1 ? 'y' : 'n'}": '(if (x > 1) then "y" else "n")',
    "'a' if x > 1 else 'b'": '(if (x > 1) then "a" else "b")',
    "${list[0]}": "list[1]",
    "${map['k']}": "map.k",
    "${map.get('k')}": "map.k",
    "${order.getPrice()}": "order.price",
    "${count.intValue()}": "count",
    '{"a": 1, "b": [1, 2]}': '{"a": 1, "b": [1, 2]}',
    "len(x)": "(if x instance of string then string length(x) else count(x))",
    "items.length": "(if items instance of string then string length(items) else count(items))",
    "name.toUpperCase()": "upper case(name)",
    'kcontext.getVariable("x")': "x",
    "next(null, this.variables.x)": "x",
    "item.data.x": "x",
    "${item.data.x}": "item.data.x",
}
CONDITIONS = {
    "x % 2 == 0": "(modulo(x, 2) = 0)",
    "${vars:equals(x, 3)}": "(x != null and x = 3)",
    "${variables:getOrDefault('x', 1) > 2}": "((if x = null then 1 else x) > 2)",
    "${variables:isEmpty(x)}": '(x = null or x = "" or x = [])',
    "${execution.hasVariable('x')}": "is defined(x)",
    "${order.isVip() && variables.ready}": "((order.vip = true) and (ready = true))",
    "x in [1, 2]": "list contains([1, 2], x)",
    "x not in ['a']": 'not(list contains(["a"], x))',
    "eval(x == 1)": "(x = 1)",
    "x is None": "(x = null)",
    "x is not None and y == 1": "((x != null) and (y = 1))",
    "v[0] == 'a'": '((if v instance of string then substring(v, 1, 1) else v[1]) = "a")',
    "v[-1] == 2": "((if v instance of string then substring(v, -1, 1) else v[-1]) = 2)",
    "v in ('a', 'b')": 'list contains(["a", "b"], v)',
    "v.startswith('a')": 'starts with(v, "a")',
    "${v[0] == 'a'}": '(v[1] = "a")',
    "1 < n < 3": "((1 < n) and (n < 3))",
    "a == b == c": "((a = b) and (b = c))",
    "n // 2 == 1": "(floor(n / 2) = 1)",
    "x % 2 == 1": "(modulo(x, 2) = 1)",
    "(x % 2) + 1 > 1": "((modulo(x, 2) + 1) > 1)",
    "${n + 1 == 6}": "(if (n + 1) = null then null else (n + 1) = 6)",
    "${x % 2 == 0}": "(modulo(x, 2) = 0)",
    "${x % 2 == 1}": "((if x < 0 then -modulo(-x, abs(2)) else modulo(x, abs(2))) = 1)",
    "${y}": "(y = true)",
    "a in b": "(if b instance of string then contains(b, a) else list contains(b, a))",
    'x.equals("Second");': '(x = "Second")',
}
NEITHER = (
    "${a == b == c}",
    "${1 < n < 3}",
    "${n + m == 'ab'}",
    "${v[-1] == 2}",
    "v in ('a')",
    "${n // 2 == 1}",
    "${'a' + n == 'a1'}",  # makes a number of 'a'
    "a in b && c",  # in JavaScript it asks for a property
    "a is b",
    "list[i]",  # a number or a key
    "execution.id",
    "variables",
    "x.y()",
    "f(x)",
    "len(a, b)",
    "${x ? 1 : 2}",
    "1",
    "a ? b",
    "[1, 2",
    "{a: 1}",
    "new Date()",
)


@pytest.mark.parametrize(("text", "feel"), VALUES.items())
def test_an_expression_in_feel(text: str, feel: str):
    assert value(text) == feel


@pytest.mark.parametrize(("text", "feel"), CONDITIONS.items())
def test_a_condition_in_feel(text: str, feel: str):
    assert condition(text) == feel


@pytest.mark.parametrize(
    ("language", "values"),
    [
        ("javascript", {"[]": True, "{}": True, '""': False, "0": False, "null": False}),
        ("python", {"[]": False, "{}": False, '""': False, "0": False, "null": None}),
        ("groovy", {"[]": False, "{}": False, '""': False, "0": False, "null": False}),
        ("", {"[]": False, "[1]": True, '"x"': True, "2": True, "true": True, "false": False}),
    ],
)
def test_what_counts_as_true_depends_on_the_language(language: str, values: dict[str, bool | None]):
    made = condition("x", language) or ""
    now = datetime(2026, 1, 5, 8, tzinfo=UTC)
    for written, truth in values.items():
        x = feel.compile(written).evaluate({}, now=now)
        assert feel.compile(made).evaluate({"x": x}, now=now) is truth, written


def test_a_division_of_whole_numbers_has_no_rest_in_java():
    for language in ("http://www.java.com/java", "mvel"):
        assert condition("v / 2 == 2", language) is None
        assert condition("v * 2 == 2", language) is not None
    assert condition("v / 2 > 2", "groovy") == "((v / 2) > 2)"


@pytest.mark.parametrize("text", NEITHER)
def test_what_means_something_else_elsewhere_has_no_translation(text: str):
    assert condition(text) is None


@pytest.mark.parametrize(
    ("script", "made"),
    [
        ('a = 1\nb = "x"\nc = [1, 2]\nd = True', [("a", "1"), ("b", '"x"'), ("c", "[1, 2]"),
         ("d", "true")]),
        ('kcontext.setVariable("x", "hoi");', [("x", '"hoi"')]),
        ("y = 1 if x > 0 else 2", [("y", "(if (x > 0) then 1 else 2)")]),
        ("console.log('klaar'); next();", []),
        ("if (x) { y = 1 }", None),
        ("if x:\n    send(1)", None),
        ("sum = 0\nfor (i in list) { sum += i }", None),
        ("return", None),
        ("x.a = 1", None),
    ],
)  # fmt: skip
def test_a_script_that_only_sets_variables(script: str, made: list[tuple[str, str]] | None):
    assert assignments(script) == made


@pytest.mark.parametrize(
    ("script", "made"),
    [
        ("x + 1", [("z", "(x + 1)")]),
        ("def s = x + y; s * 2", [("s", "(x + y)"), ("z", "(s * 2)")]),
        ("a = 1", [("a", "1"), ("z", "a")]),
        ("println(x)", None),
        ("a + b; foo()", None),
    ],
)
def test_the_last_expression_of_a_script_is_its_result(
    script: str, made: list[tuple[str, str]] | None
):
    assert result(script, "z") == made


def test_times_of_python_and_jbpm_in_seconds_and_parts():
    assert python_time("timedelta(hours=1, seconds=.25)") == "PT3600.25S"
    assert python_time("datetime.timedelta(days=2)") == "PT172800S"
    assert python_time("timedelta(hours=x)") is None
    assert python_time("timedelta()") is None
    assert short_time("1d2h30m5s500ms") == "P1DT2H30M5.5S"
    assert short_time("") is None
