"""Which names an expression takes from its context."""

from __future__ import annotations

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("gezin.naam", {"gezin"}),
        ("a + b * a", {"a", "b"}),
        ("Monthly Salary * 12", {"Monthly Salary"}),
        ("for x in xs return x + y", {"xs", "y"}),
        ("some x in xs satisfies x > y", {"xs", "y"}),
        ("{a: 1, b: a + c}", {"c"}),
        ("(function(a) a + b)(1)", {"b"}),
        ("count(list) > 1", {"list"}),
        ("ketenspoor.age(geboren)", {"geboren"}),
        ("x in (y, > z)", {"x", "y", "z"}),
        ("kinderen[leeftijd < grens]", {"kinderen"}),
        ("1 + 2", set()),
    ],
)
def test_free_names(text: str, names: set[str]) -> None:
    assert feel.compile(text).names == names


def test_names_in_a_filter_are_possible() -> None:
    assert feel.compile("kinderen[leeftijd < grens]").possible_names == {"leeftijd", "grens"}
