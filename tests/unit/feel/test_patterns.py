"""Patterns by the rules of XPath."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import patterns
from engine.feel.errors import FeelLimitError, NullReason
from engine.feel.limits import Run


def found(text: str, pattern: str, flags: str = "") -> bool | None:
    try:
        return patterns.matches(Run(), text, pattern, flags)
    except NullReason:
        return None


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("foobar", "^fo*b", "", True),
        ("abZ", "[A-Z]*", "i", True),
        ("O", "[A-Z-[OI]]", "i", False),
        ("x", "[A-Z-[OI]]", "i", True),
        ("q", "[^Q]", "i", False),
        ("\u212a", "k", "i", True),
        ("Mary\rJones", "Mary.Jones", "", False),
        ("Mary\nJones", "Mary.Jones", "s", True),
        ("a\nb", "^b$", "m", True),
        ("hello world", r"hello\ sworld", "x", True),
        ("hello", r"\p{IsBasicLatin}+", "", True),
        ("é", r"^\p{Ll}$", "", True),
        ("é", r"^\P{IsBasicLatin}$", "", True),
        ("abab", r"^(ab)\1$", "", True),
        ("aA", r"(a)\1", "i", True),
        ("aaa", "^a{2,3}$", "", True),
        ("aaaa", "^a{2,3}$", "", False),
        ("a-b", r"^\c+$", "", True),
        ("1", r"^\i$", "", False),
        ("a", "(", "", None),
        ("a", "a**", "", None),
        ("a", r"\2(a)", "", None),
        ("a", r"[\1]", "", None),
        ("a", "[z-a]", "", None),
        ("a", r"\p{IsNowhere}", "", None),
        ("a", "a{3,2}", "", None),
        ("a", "(?=a)", "", None),
        ("a", "a", "q", None),
    ],
)
def test_pattern(text: str, pattern: str, flags: str, expected: bool | None) -> None:
    assert found(text, pattern, flags) is expected


SIMPLE = st.recursive(
    st.sampled_from(["a", "b", "[ab]", "[^a]", "c", "(?:)"]),
    lambda inner: st.one_of(
        st.builds("({}|{})".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
        st.builds("(?:{})*".format, inner),
        st.builds("(?:{})+?".format, inner),
        st.builds("(?:{}){{1,2}}".format, inner),
    ),
    max_leaves=6,
)


@given(SIMPLE, st.text("abc", max_size=8))
def test_simple_patterns_mean_what_they_mean_elsewhere(pattern: str, text: str) -> None:
    assert found(text, pattern) is bool(re.search(pattern, text))


@given(st.text("ab()[]{}*+?|\\^$.-1,dpIs", max_size=20), st.text("ab1", max_size=20))
def test_any_pattern_is_run_or_refused(pattern: str, text: str) -> None:
    try:
        answer = found(text, pattern)
    except FeelLimitError:
        answer = None
    assert answer in (True, False, None)
