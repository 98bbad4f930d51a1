"""How points and ranges lie to one another: before, meets, overlaps, during ...

The rules are those of DMN 1.5, table 78. A point is treated as the range from itself to itself
where the table says the same for both.
"""

from __future__ import annotations

from ..comparison import less, same
from ..errors import NullReason
from ..kinds import Range, Value
from .registry import Library

LIBRARY = Library()
POINT = "number|string|date|time|date and time|days and time duration|years and months duration"


def _less(left: Value, right: Value) -> bool:
    answer = less(left, right)
    if answer is None:
        raise NullReason("De twee hebben geen volgorde.", "feel.null.comparison")
    return answer


def _point(value: Value) -> Range:
    return Range(value, value)


def _ends_before(first: Range, second: Range) -> bool:
    """Whether nothing of the second range comes before the end of the first."""
    if _less(first.end, second.start):
        return True
    touching = same(first.end, second.start)
    return touching and not (first.end_included and second.start_included)


def _starts_no_later(first: Range, second: Range) -> bool:
    if _less(first.start, second.start):
        return True
    return same(first.start, second.start) and (first.start_included or not second.start_included)


def _ends_no_later(first: Range, second: Range) -> bool:
    if _less(first.end, second.end):
        return True
    return same(first.end, second.end) and (not first.end_included or second.end_included)


def _before(first: Range, second: Range) -> bool:
    return _ends_before(first, second)


def _meets(first: Range, second: Range) -> bool:
    return first.end_included and second.start_included and same(first.end, second.start)


def _overlaps(first: Range, second: Range) -> bool:
    return not _ends_before(first, second) and not _ends_before(second, first)


def _overlaps_before(first: Range, second: Range) -> bool:
    starts = _less(first.start, second.start) or (
        same(first.start, second.start) and first.start_included and not second.start_included
    )
    return starts and not _ends_before(first, second) and _ends_no_later(first, second)


def _finishes(first: Range, second: Range) -> bool:
    return (
        first.end_included == second.end_included
        and same(first.end, second.end)
        and _starts_no_later(second, first)
    )


def _includes(first: Range, second: Range) -> bool:
    return _starts_no_later(first, second) and _ends_no_later(second, first)


def _starts(first: Range, second: Range) -> bool:
    return (
        first.start_included == second.start_included
        and same(first.start, second.start)
        and _ends_no_later(first, second)
    )


def _coincides(first: Range, second: Range) -> bool:
    return (
        same(first.start, second.start)
        and same(first.end, second.end)
        and first.start_included == second.start_included
        and first.end_included == second.end_included
    )


@LIBRARY.define(f"before(point1: {POINT}, point2: {POINT})")
def _before_points(left: Value, right: Value) -> bool:
    return _less(left, right)


@LIBRARY.define(f"before(point: {POINT}, range: range)")
def _before_point_range(point: Value, interval: Range) -> bool:
    return _before(_point(point), interval)


@LIBRARY.define(f"before(range: range, point: {POINT})")
def _before_range_point(interval: Range, point: Value) -> bool:
    return _before(interval, _point(point))


@LIBRARY.define("before(range1: range, range2: range)")
def _before_ranges(first: Range, second: Range) -> bool:
    return _before(first, second)


@LIBRARY.define(f"after(point1: {POINT}, point2: {POINT})")
def _after_points(left: Value, right: Value) -> bool:
    return _less(right, left)


@LIBRARY.define(f"after(point: {POINT}, range: range)")
def _after_point_range(point: Value, interval: Range) -> bool:
    return _before(interval, _point(point))


@LIBRARY.define(f"after(range: range, point: {POINT})")
def _after_range_point(interval: Range, point: Value) -> bool:
    return _before(_point(point), interval)


@LIBRARY.define("after(range1: range, range2: range)")
def _after_ranges(first: Range, second: Range) -> bool:
    return _before(second, first)


@LIBRARY.define("meets(range1: range, range2: range)")
def _meets_ranges(first: Range, second: Range) -> bool:
    return _meets(first, second)


@LIBRARY.define("met by(range1: range, range2: range)")
def _met_by(first: Range, second: Range) -> bool:
    return _meets(second, first)


@LIBRARY.define("overlaps(range1: range, range2: range)")
def _overlaps_ranges(first: Range, second: Range) -> bool:
    return _overlaps(first, second)


@LIBRARY.define("overlaps before(range1: range, range2: range)")
def _overlaps_before_ranges(first: Range, second: Range) -> bool:
    return _overlaps_before(first, second)


@LIBRARY.define("overlaps after(range1: range, range2: range)")
def _overlaps_after(first: Range, second: Range) -> bool:
    return _overlaps_before(second, first)


@LIBRARY.define(f"finishes(point: {POINT}, range: range)")
def _finishes_point(point: Value, interval: Range) -> bool:
    return interval.end_included and same(interval.end, point)


@LIBRARY.define("finishes(range1: range, range2: range)")
def _finishes_ranges(first: Range, second: Range) -> bool:
    return _finishes(first, second)


@LIBRARY.define(f"finished by(range: range, point: {POINT})")
def _finished_by_point(interval: Range, point: Value) -> bool:
    return _finishes_point(point, interval)


@LIBRARY.define("finished by(range1: range, range2: range)")
def _finished_by_ranges(first: Range, second: Range) -> bool:
    return _finishes(second, first)


@LIBRARY.define(f"includes(range: range, point: {POINT})")
def _includes_point(interval: Range, point: Value) -> bool:
    return _includes(interval, _point(point))


@LIBRARY.define("includes(range1: range, range2: range)")
def _includes_ranges(first: Range, second: Range) -> bool:
    return _includes(first, second)


@LIBRARY.define(f"during(point: {POINT}, range: range)")
def _during_point(point: Value, interval: Range) -> bool:
    return _includes(interval, _point(point))


@LIBRARY.define("during(range1: range, range2: range)")
def _during_ranges(first: Range, second: Range) -> bool:
    return _includes(second, first)


@LIBRARY.define(f"starts(point: {POINT}, range: range)")
def _starts_point(point: Value, interval: Range) -> bool:
    return interval.start_included and same(interval.start, point)


@LIBRARY.define("starts(range1: range, range2: range)")
def _starts_ranges(first: Range, second: Range) -> bool:
    return _starts(first, second)


@LIBRARY.define(f"started by(range: range, point: {POINT})")
def _started_by_point(interval: Range, point: Value) -> bool:
    return _starts_point(point, interval)


@LIBRARY.define("started by(range1: range, range2: range)")
def _started_by_ranges(first: Range, second: Range) -> bool:
    return _starts(second, first)


@LIBRARY.define(f"coincides(point1: {POINT}, point2: {POINT})")
def _coincides_points(left: Value, right: Value) -> bool:
    return same(left, right)


@LIBRARY.define("coincides(range1: range, range2: range)")
def _coincides_ranges(first: Range, second: Range) -> bool:
    return _coincides(first, second)
