"""Boxed expressions have the values that the specification gives them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.decisions import load
from engine.decisions.errors import TooMuchWork
from tests.unit.decisions.dmn import decision, definitions, literal


def value(boxed: str, **inputs: Any) -> Any:
    return load(definitions(decision("d", boxed))).evaluate("d", inputs)


def entry(name: str, expression: str, kind: str = "") -> str:
    variable = f'<variable name="{name}" typeRef="{kind}"/>' if name else ""
    return f"<contextEntry>{variable}{expression}</contextEntry>"


def part(tag: str, text: str) -> str:
    return f"<{tag}>{literal(text)}</{tag}>"


def test_a_context_has_entries_that_see_the_ones_before() -> None:
    boxed = f"<context>{entry('a', literal('1'))}{entry('b c', literal('a + 1'))}</context>"
    assert value(boxed) == {"a": Decimal(1), "b c": Decimal(2)}


def test_a_context_with_a_result_is_that_result() -> None:
    boxed = f"<context>{entry('b c', literal('1'))}{entry('', literal('b c + 1'))}</context>"
    assert value(boxed) == 2


def test_an_entry_of_another_type_is_null() -> None:
    assert value(f"<context>{entry('a', literal('1'), 'string')}</context>") == {"a": None}


def test_a_list_and_a_relation() -> None:
    assert value(f"<list>{literal('1')}{literal('2')}</list>") == [1, 2]
    columns = '<column name="a"/><column name="b"/>'
    row = f"<row>{literal('1')}{literal('2')}</row>"
    assert value(f"<relation>{columns}{row}{row}</relation>") == [{"a": 1, "b": 2}] * 2


def test_a_function_is_called_by_name_or_by_position() -> None:
    function = (
        '<functionDefinition><formalParameter name="a"/><formalParameter name="b"/>'
        f"{literal('a - b')}</functionDefinition>"
    )
    boxed = f"<context>{entry('f', function)}{entry('', literal('f(b: 1, a: f(5, 2))'))}</context>"
    assert value(boxed) == 2


def test_an_invocation_binds_by_name() -> None:
    boxed = (
        f'<invocation>{literal("substring")}<binding><parameter name="start position"/>'
        f'{literal("2")}</binding><binding><parameter name="string"/>{literal("t")}'
        "</binding></invocation>"
    )
    assert value(boxed, t="abc") == "bc"


def test_an_invocation_of_no_function_is_null() -> None:
    assert value(f"<invocation>{literal('1')}</invocation>") is None


@pytest.mark.parametrize(
    ("condition", "expected"), [("true", 1), ("false", 2), ("null", 2), ('"x"', None)]
)
def test_a_conditional(condition: str, expected: object) -> None:
    parts = part("if", condition) + part("then", "1") + part("else", "2")
    assert value(f"<conditional>{parts}</conditional>") == expected


@pytest.mark.parametrize(
    ("match", "expected"), [("item > 1", [2, 3]), ("2", 2), ("-1", 3), ("9", None)]
)
def test_a_filter(match: str, expected: object) -> None:
    parts = part("in", "[1, 2, 3]") + part("match", match)
    assert value(f"<filter>{parts}</filter>") == expected


def test_a_filter_sees_the_entries_of_an_item() -> None:
    parts = part("in", "[{naam jong: 1}, {naam jong: 2}]") + part("match", "naam jong = 2")
    assert value(f"<filter>{parts}</filter>") == [{"naam jong": 2}]


def test_a_for_loop_sees_what_it_made_so_far() -> None:
    parts = part("in", "[1..4]") + part("return", "if i = 1 then 1 else i * partial[-1]")
    assert value(f'<for iteratorVariable="i">{parts}</for>') == [1, 2, 6, 24]


@pytest.mark.parametrize(
    ("kind", "satisfies", "expected"),
    [
        ("some", "i > 2", True),
        ("some", "i > 5", False),
        ("some", '"x"', None),
        ("every", "i > 0", True),
        ("every", "i > 1", False),
        ("every", 'if i = 1 then "x" else true', None),
    ],
)
def test_quantified_expressions(kind: str, satisfies: str, expected: bool | None) -> None:
    parts = part("in", "[1, 2, 3]") + part("satisfies", satisfies)
    assert value(f'<{kind} iteratorVariable="i">{parts}</{kind}>') is expected


def test_an_enormous_loop_ends_in_an_error() -> None:
    inner = f'<for iteratorVariable="j">{part("in", "[1..9999]")}{part("return", "j")}</for>'
    outer = f"<return>{inner}</return>"
    boxed = f'<for iteratorVariable="i">{part("in", "[1..9999]")}{outer}</for>'
    with pytest.raises(TooMuchWork):
        value(boxed)
