"""Scripts that set several variables at once."""

from __future__ import annotations

import pytest

from engine.definitions.dialects.scripts import assignments


@pytest.mark.parametrize("language", ["", "python", "Python"])
def test_plain_values_are_each_set(language: str):
    assert assignments('a, b, c = 1, "x, y", True\n', language) == [
        ("a", "1"),
        ("b", '"x, y"'),
        ("c", "true"),
    ]


@pytest.mark.parametrize(
    "script",
    ["a, b = b, a", "a, b = 1, 2, 3", "a, b = f(1), 2", 'a, b = "\\d", 2', "a, b = [1, 2]"],
)
def test_what_reads_or_does_anything_else_is_no_script_of_values(script: str):
    assert assignments(script, "python") is None


def test_in_javascript_a_comma_sets_only_the_last():
    assert assignments("a, b = 1, 2", "javascript") is None
