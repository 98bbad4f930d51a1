"""Whether two rules give the same outputs."""

from __future__ import annotations

from enum import Enum

from engine.decisions.checks.cells import is_constant
from engine.decisions.elements import Rule, Text
from engine.decisions.feel_binding import constant_of, feel_equal, parse_expression


class Difference(Enum):
    """How the outputs of two rules compare."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


def compare_outputs(first: Rule, second: Rule, names: frozenset[str]) -> Difference:
    """One certain difference decides; outputs that are not constants are unknown."""
    found = [
        _compare(one, other, names)
        for one, other in zip(first.outputs, second.outputs, strict=True)
    ]
    if Difference.DIFFERENT in found:
        return Difference.DIFFERENT
    return Difference.UNKNOWN if Difference.UNKNOWN in found else Difference.SAME


def _compare(one: Text, other: Text, names: frozenset[str]) -> Difference:
    if one.text.split() == other.text.split():
        return Difference.SAME
    if not one.text.strip() or not other.text.strip():
        return Difference.DIFFERENT
    trees = [parse_expression(text.text, names) for text in (one, other)]
    if trees[0] == trees[1]:
        return Difference.SAME
    if not all(map(is_constant, trees)):
        return Difference.UNKNOWN
    equal = feel_equal(*(constant_of(tree) for tree in trees))
    return Difference.SAME if equal else Difference.DIFFERENT
