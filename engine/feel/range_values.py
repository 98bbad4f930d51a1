"""Making ranges, with the checks that DMN asks for."""

from __future__ import annotations

from .comparison import less_or_equal
from .errors import NullReason
from .kinds import Range, Value, kind_of, label_of

_ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)


def make_range(start: Value, end: Value, start_included: bool, end_included: bool) -> Range:
    """``[start..end]``; raises `NullReason` for endpoints that are null or have no order."""
    if kind_of(start) != kind_of(end) or kind_of(start) not in _ORDERED:
        raise NullReason(
            f"Een bereik kan niet van {label_of(start)} tot {label_of(end)} lopen.",
            "feel.null.range",
        )
    return Range(start, end, start_included, end_included)


def check_ascending(interval: Range) -> Range:
    """The range, if it does not go downwards; else raises `NullReason`."""
    if less_or_equal(interval.start, interval.end) is not True:
        raise NullReason("Het bereik loopt omlaag.", "feel.null.range")
    return interval


def short_range(operator: str, operand: Value) -> Range:
    """The range that ``(< 10)``, ``(>= 10)``, ``(= 10)`` or ``(!= 10)`` stands for."""
    if operator in ("<", "<="):
        return Range(None, operand, False, operator == "<=", operator)
    if operator in (">", ">="):
        return Range(operand, None, operator == ">=", False, operator)
    return Range(operand, operand, True, True, operator)
