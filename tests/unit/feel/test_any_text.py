"""Properties over many texts: they compile or are refused, end, and print back to themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel.parser import parse, parse_unary
from engine.feel.printer import print_tree
from engine.feel.syntax import Node

WORDS = [
    *("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "function"),
    *("external", "not", "and", "or", "between", "instance", "of", "true", "false", "null"),
    *("number", "list", "context", "x", "y", "item", "count", "sum", "date", "string", "1", "2.5"),
    *('"a"', '@"2026-01-01"', '@"P1D"', "+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">="),
    *("..", ".", ",", ":", "(", ")", "[", "]", "{", "}", "?", "->", "date and time", "range"),
    *("sort", "matches", "partial", "'", "//", "/*", "*/", '"', "\\"),
]
NOISE = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
)
ATOMS = st.sampled_from(
    [
        *("1", "0", "-2.5", "100", "true", "null", '"a"', '"\\\\d"', "x", "y", "xs", "c", "c.k"),
        *("a b", '@"2026-01-31"', '@"P1M"', '@"PT5H"', "[]", "{}"),
        '@"2026-03-29T01:00:00@Europe/Amsterdam"',
    ]
)


def _forms(e: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or"])
    return st.one_of(
        st.builds("({} {} {})".format, e, pairs, e),
        st.builds("{} {} {}".format, e, pairs, e),
        st.builds("-{}".format, e),
        st.builds("({}).k".format, e),
        st.builds("({})[{}]".format, e, e),
        st.builds("if {} then {} else {}".format, e, e, e),
        st.builds("for i in {} return {}".format, e, e),
        st.builds("for i in 1..3, j in ({}) return {}".format, e, e),
        st.builds("some i in {} satisfies {}".format, e, e),
        st.builds("[{}, {}]".format, e, e),
        st.builds("{{k: {}, 'l m': {}}}".replace("'", '"').format, e, e),
        st.builds("[({})..({}))".format, e, e),
        st.builds("({}) in ({}, > ({}))".format, e, e, e),
        st.builds("({}) between ({}) and ({})".format, e, e, e),
        st.builds("({}) instance of list<number>".format, e),
        st.builds("(function(p: number, q) {})({}, {})".format, e, e, e),
        st.builds("string({})".format, e),
        st.builds("count(list: {})".format, e),
        st.builds("sum({}, {})".format, e, e),
        st.builds("(<= {})".format, e.filter(lambda text: " " not in text)),
    )


TEXTS = st.recursive(ATOMS, _forms, max_leaves=8)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)
CONTEXTS = st.fixed_dictionaries(dict.fromkeys(("x", "y", "xs", "c", "a b"), JSON))


def refusal(action: Callable[[], object]) -> feel.FeelError | None:
    """The error of the one class that an action ends in, if any; others get through."""
    try:
        action()
    except feel.FeelError as error:
        return error
    return None


@given(NOISE, st.sampled_from([feel.compile, feel.compile_unary]))
@settings(max_examples=400)
def test_any_text_compiles_or_raises_the_one_error(
    text: str, compile_it: Callable[[str], object]
) -> None:
    error = refusal(lambda: compile_it(text))
    assert error is None or 0 <= error.position <= len(text)


@given(st.one_of(NOISE, TEXTS), CONTEXTS)
@settings(max_examples=600)
def test_any_expression_over_json_ends_within_its_bounds(
    text: str, context: dict[str, Any]
) -> None:
    error = refusal(lambda: feel.compile(text).explain(context))
    assert error is None or error.code.startswith(("feel.limit", "feel.syntax"))


def parsed(text: str) -> Node:
    try:
        return parse(text)
    except feel.FeelSyntaxError:
        reject()


@given(TEXTS)
@settings(max_examples=400)
def test_printing_and_parsing_is_stable(text: str) -> None:
    tree = parsed(text)
    printed = print_tree(tree)
    assert parse(printed) == tree
    assert print_tree(parse(printed)) == printed


@given(NOISE)
@settings(max_examples=400)
def test_whatever_parses_prints_and_parses_the_same(text: str) -> None:
    try:
        tree = parse(text)
    except feel.FeelError:
        return
    assert parse(print_tree(tree)) == tree


@given(st.lists(TEXTS, min_size=1, max_size=3).map(", ".join), st.booleans())
def test_unary_tests_print_and_parse_the_same(text: str, negated: bool) -> None:
    try:
        tree = parse_unary(f"not({text})" if negated else text)
    except feel.FeelSyntaxError:
        reject()
    assert parse_unary(print_tree(tree)) == tree
