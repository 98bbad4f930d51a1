"""Gaps, overlap and dead rules are found exactly: compared with trying every combination."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.decisions import Finding, load
from engine.decisions.checks.regions import Budget, TooLarge, uncovered
from tests.unit.decisions.dmn import decision, definitions, input_data, table, table_model

NUMBER = st.integers(0, 3)
NUMBER_CELLS = st.one_of(
    st.just("-"),
    NUMBER.map(str),
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "!="]), NUMBER).map("{0[0]} {0[1]}".format),
    st.tuples(st.sampled_from("[("), NUMBER, NUMBER, st.sampled_from("])")).map(
        "{0[0]}{0[1]}..{0[2]}{0[3]}".format
    ),
    st.tuples(NUMBER, NUMBER).map("{0[0]}, {0[1]}".format),
    st.tuples(NUMBER, NUMBER).map("not({0[0]}, > {0[1]})".format),
    st.tuples(NUMBER, NUMBER).map("? > {0[0]} and not(? = {0[1]})".format),
)
TEXTS = ["a", "b", "c"]
TEXT_CELLS = st.one_of(
    st.just("-"),
    st.sampled_from(TEXTS).map('"{}"'.format),
    st.sampled_from(TEXTS).map('not("{}")'.format),
    st.tuples(st.sampled_from(["<", ">="]), st.sampled_from(TEXTS)).map('{0[0]} "{0[1]}"'.format),
    st.just('["a", "c"]'),
)
BOOLEAN_CELLS = st.sampled_from(["-", "true", "false", "not(true)"])
FIRST_DAY = date(2026, 1, 30)
DAYS = st.integers(0, 3).map(lambda days: f'date("{FIRST_DAY + timedelta(days)}")')
DATE_CELLS = st.one_of(
    st.just("-"),
    DAYS,
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), DAYS).map("{0[0]} {0[1]}".format),
    st.tuples(DAYS, DAYS).map("[{0[0]}..{0[1]}]".format),
)
KINDS: dict[str, tuple[Any, list[Any]]] = {
    "number": (NUMBER_CELLS, [Decimal(step) / 2 for step in range(-2, 10)]),
    "integer": (NUMBER_CELLS, [Decimal(step) for step in range(-1, 5)]),
    "string": (TEXT_CELLS, ["", "a", "aa", "b", "bb", "c", "cc"]),
    "boolean": (BOOLEAN_CELLS, [True, False]),
    "date": (DATE_CELLS, [FIRST_DAY + timedelta(days) for days in range(-1, 6)]),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """The kinds of one to three columns, and rules with one output."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3))
    rule = st.tuples(*(KINDS[kind][0] for kind in kinds), st.sampled_from(['"x"', '"y"']))
    rules = draw(st.lists(rule.map(list), min_size=1, max_size=5))
    return kinds, rules


def findings(kinds: Sequence[str], rules: Sequence[Sequence[str]], policy: str) -> list[Finding]:
    inputs = [(f"x{at}", kind) for at, kind in enumerate(kinds)]
    return load(table_model(rules, inputs=inputs, hit_policy=policy)).check()


def combinations(kinds: Sequence[str]) -> list[tuple[Any, ...]]:
    return list(itertools.product(*(KINDS[kind][1] for kind in kinds)))


def matching(rules: Sequence[Sequence[str]], values: tuple[Any, ...]) -> list[int]:
    """The rules (from 0) that match, by FEEL alone."""
    return [
        number
        for number, rule in enumerate(rules)
        if all(
            feel.compile_unary(cell).test(value, {}) is True
            for cell, value in zip(rule, values, strict=False)
        )
    ]


def rules_of(found: list[Finding], code: str) -> set[str]:
    return {each.element_id for each in found if each.rule == code}


@settings(max_examples=150, deadline=None)
@given(tables())
def test_overlap_under_unique_is_found_exactly(made: tuple[list[str], list[list[str]]]) -> None:
    kinds, rules = made
    hits = [matching(rules, values) for values in combinations(kinds)]
    expected = {f"r{later + 1}" for hit in hits for later in hit[1:]}
    assert rules_of(findings(kinds, rules, "UNIQUE"), "overlap-unique") == expected


@settings(max_examples=150, deadline=None)
@given(tables())
def test_overlap_under_any_is_found_where_outputs_differ(
    made: tuple[list[str], list[list[str]]],
) -> None:
    kinds, rules = made
    hits = [matching(rules, values) for values in combinations(kinds)]
    expected = {
        f"r{later + 1}"
        for hit in hits
        for earlier, later in itertools.combinations(hit, 2)
        if rules[earlier][-1] != rules[later][-1]
    }
    assert rules_of(findings(kinds, rules, "ANY"), "overlap-any") == expected


@settings(max_examples=150, deadline=None)
@given(tables())
def test_gaps_are_found_exactly(made: tuple[list[str], list[list[str]]]) -> None:
    kinds, rules = made
    expected = any(not matching(rules, values) for values in combinations(kinds))
    assert bool(rules_of(findings(kinds, rules, "FIRST"), "gap")) == expected


@settings(max_examples=150, deadline=None)
@given(tables())
def test_rules_that_first_never_reaches_are_found_exactly(
    made: tuple[list[str], list[list[str]]],
) -> None:
    kinds, rules = made
    hits = [matching(rules, values) for values in combinations(kinds)]
    reached = {hit[0] for hit in hits if hit}
    ever = {number for hit in hits for number in hit}
    found = findings(kinds, rules, "FIRST")
    assert rules_of(found, "rule-unreachable") == {f"r{n + 1}" for n in ever - reached}
    assert rules_of(found, "rule-never-matches") == {
        f"r{n + 1}" for n in set(range(len(rules))) - ever
    }


def messages(found: list[Finding], code: str) -> list[str]:
    return [each.message for each in found if each.rule == code]


def test_a_gap_shows_an_example_of_every_stretch() -> None:
    found = findings(["number"], [["[0..10)", "1"], ["[20..30]", "2"]], "UNIQUE")
    assert messages(found, "gap") == ["Geen enkele regel past bij x0 = -1, 10 of 31."]


def test_whole_numbers_and_dates_have_nothing_between_neighbours() -> None:
    assert not findings(["integer"], [["<= 9", "1"], [">= 10", "2"]], "UNIQUE")
    days = [['<= date("2026-01-31")', "1"], ['>= date("2026-02-01")', "2"]]
    assert not findings(["date"], days, "UNIQUE")


def test_numbers_have_something_between_neighbours() -> None:
    found = findings(["number"], [["<= 9", "1"], [">= 10", "2"]], "UNIQUE")
    assert messages(found, "gap") == ["Geen enkele regel past bij x0 = 9.5."]


def test_allowed_values_bound_the_column() -> None:
    rules = [['"laag"', "1"], ['"hoog"', "2"]]
    xml = table_model(rules, inputs=[("x", "string")], allowed='"laag", "hoog"')
    assert load(xml).check() == []
    xml = table_model(rules, inputs=[("x", "string")], allowed='"laag", "midden", "hoog"')
    assert messages(load(xml).check(), "gap") == ['Geen enkele regel past bij x = "midden".']


def test_allowed_values_of_an_item_definition_bound_the_column() -> None:
    item = (
        '<itemDefinition name="tNiveau"><typeRef>string</typeRef><allowedValues>'
        '<text>"laag", "hoog"</text></allowedValues></itemDefinition>'
    )
    rules = [['"laag"', "1"], ['"hoog"', "2"]]
    text = item + decision("besluit", table(rules, inputs=[("x", "tNiveau")]))
    assert load(definitions(text)).check() == []


def test_two_columns_with_one_expression_are_one() -> None:
    rules = [["< 10", ">= 0", "1"], [">= 10", "-", "2"], ["< 0", "< 0", "3"]]
    xml = table_model(rules, inputs=[("x", "number"), ("x", "number")])
    assert load(xml).check() == []


def test_null_counts_only_where_a_cell_asks_for_it() -> None:
    assert not findings(["boolean"], [["true", "1"], ["false", "2"]], "UNIQUE")
    found = findings(["boolean"], [["true", "1"], ["null", "2"]], "UNIQUE")
    assert messages(found, "gap") == ["Geen enkele regel past bij x0 = nee."]


def test_a_default_output_closes_every_gap() -> None:
    xml = table_model([["> 5", "1"]], defaults=["0"])
    assert load(xml).check() == []


def test_a_cell_that_depends_on_more_is_not_guessed_at() -> None:
    xml = table_model(
        [["< y", "-", "1"], [">= y", "-", "2"]], inputs=[("x", "number"), ("y", "number")]
    )
    assert [each.rule for each in load(xml).check()] == ["check-incomplete"]


def test_a_certain_gap_is_shown_in_spite_of_such_a_cell() -> None:
    rules = [["< y", "1", "1"]]
    xml = table_model(rules, inputs=[("x", "number"), ("y", "number")])
    assert messages(load(xml).check(), "gap") == ["Geen enkele regel past bij y = 0 of 2."]


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("time", ['< time("08:00:00")', '>= time("08:00:00")']),
        (
            "dateTime",
            ['< date and time("2026-01-01T00:00:00Z")', '>= date and time("2026-01-01T00:00:00Z")'],
        ),
        ("dayTimeDuration", ['< duration("P1D")', '>= duration("P1D")']),
        ("yearMonthDuration", ['<= duration("P11M")', '>= duration("P1Y")']),
    ],
)
def test_times_and_durations_are_judged_too(kind: str, cells: list[str]) -> None:
    assert findings([kind], [[cell, "1"] for cell in cells], "UNIQUE") == []
    found = findings([kind], [[cells[0], "1"]], "UNIQUE")
    assert [each.rule for each in found] == ["gap"]


def test_a_large_table_is_checked_in_time() -> None:
    columns = 8
    rules = [
        [f">= {row}" if at % 3 else str(row) for at in range(columns)] + ["1"] for row in range(60)
    ]
    inputs = [(f"x{at}", "number") for at in range(columns)]
    found = load(table_model(rules, inputs=inputs, hit_policy="FIRST")).check()
    assert {each.rule for each in found} <= {"gap", "check-too-large"}


PERSON = (
    '<itemDefinition name="tPersoon"><itemComponent name="status"><typeRef>string</typeRef>'
    '<allowedValues><text>"actief", "gestopt"</text></allowedValues></itemComponent>'
    "</itemDefinition>"
)


@pytest.mark.parametrize("type_ref", ["", "string"])
def test_limits_of_the_input_data_bound_the_column(type_ref: str) -> None:
    rules = [['"actief"', "1"], ['"gestopt"', "2"]]
    text = decision(
        "besluit", table(rules, inputs=[("persoon.status", type_ref)]), inputs=["persoon"]
    )
    assert load(definitions(PERSON + input_data("persoon", "tPersoon") + text)).check() == []


def test_a_table_without_inputs_is_checked_too() -> None:
    xml = table_model([["1"], ["2"]], inputs=[])
    assert [each.rule for each in load(xml).check()] == ["overlap-unique"]
    assert load(table_model([["1"]], inputs=[])).check() == []


def test_more_work_than_the_budget_is_refused() -> None:
    rows = [(1 << row | 1, 1 << row | 2) for row in range(2, 40)]
    with pytest.raises(TooLarge):
        uncovered(((1 << 40) - 1, (1 << 40) - 1), rows, Budget(1000))


def test_an_enormous_table_ends_with_a_remark() -> None:
    rules = [[f"{row}", f"> {row}", "1"] for row in range(1200)]
    xml = table_model(rules, inputs=[("x", "number"), ("y", "number")])
    assert [each.rule for each in load(xml).check()] == ["check-too-large"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("1", "1.0", []),
        ("1 + 1", "2", []),
        ("x", "x ", []),
        ("1", "2", ["error"]),
        ("1", "", ["error"]),
        ("x", "x + 0", ["warning"]),
    ],
)
def test_outputs_under_any_are_compared_by_value(
    first: str, second: str, expected: list[str]
) -> None:
    found = findings(
        ["number"], [["-", first.replace("x", "x0")], ["-", second.replace("x", "x0")]], "ANY"
    )
    assert [each.level for each in found] == expected
