"""Cutting the values of one column into pieces that no cell can tell apart.

The bounds that a column's cells mention (``< 100``, ``[18..65]``, ``"hoog"``) cut its values into
points and open stretches between them. Every test built from those bounds gives the same answer
for a whole piece, so one sample of each piece tells all: the analysis is exact, and it asks the
real FEEL tests instead of imitating them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from itertools import pairwise
from typing import Any, Final

from engine.decisions.feel_binding import YearsMonthsDuration


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a column's values, with one value out of it."""

    sample: Any


class NotOrdered(Exception):
    """The bounds cannot be put in one order (a time with and one without a zone, say)."""


def segments(kind: str, bounds: Iterable[Any], with_null: bool = False) -> list[Segment]:
    """The pieces of a column of this kind, in order; null, if it counts, is the last.

    Args:
        kind: FEEL's name of the type, or ``integer``.
        bounds: every constant that the column's cells mention, of that kind.
        with_null: whether null is a value of its own here.

    Raises:
        NotOrdered: the kind has no order, or the bounds cannot be compared.
    """
    if kind not in _CUTTERS:
        raise NotOrdered(kind)
    ordered = _ordered(bounds)
    found = [Segment(sample) for sample in _CUTTERS[kind](ordered)]
    return [*found, Segment(None)] if with_null else found


def _ordered(bounds: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    try:
        for bound in sorted(bounds):
            if not found or found[-1] != bound:
                found.append(bound)
    except TypeError as error:
        raise NotOrdered(str(error)) from None
    return found


def _pieces(
    bounds: list[Any],
    below: Callable[[Any], Any | None],
    between: Callable[[Any, Any], Any | None],
    above: Callable[[Any], Any | None],
    anything: Any,
) -> list[Any]:
    """Samples of every piece that holds a value; a neighbour function gives None if none does."""
    if not bounds:
        return [anything]
    samples = [below(bounds[0])]
    for lower, upper in pairwise(bounds):
        samples += [lower, between(lower, upper)]
    samples += [bounds[-1], above(bounds[-1])]
    return [sample for sample in samples if sample is not None]


def _numbers(bounds: list[Decimal]) -> list[Any]:
    return _pieces(
        bounds,
        lambda lowest: _beside(lowest, Decimal(-1)),
        _number_between,
        lambda highest: _beside(highest, Decimal(1)),
        Decimal(0),
    )


def _beside(bound: Decimal, step: Decimal) -> Decimal:
    """A number beyond the last bound: the next but one whole number, or the double."""
    beyond = _DIGITS.add(bound, step)
    return beyond.to_integral_value() if beyond != bound else bound + abs(bound) * step


def _number_between(lower: Decimal, upper: Decimal) -> Decimal | None:
    whole = _DIGITS.add(lower, Decimal(1)).to_integral_value(rounding="ROUND_FLOOR")
    if lower < whole < upper:
        return whole
    middle = _DIGITS.divide(_DIGITS.add(lower, upper), Decimal(2))
    return middle if lower < middle < upper else None


def _integers(bounds: list[Decimal]) -> list[Any]:
    """Whole numbers: ``<= 9`` and ``>= 10`` leave nothing between them."""
    whole: set[int] = set()
    for bound in bounds:
        floor = int(bound.to_integral_value(rounding="ROUND_FLOOR"))
        whole |= {floor} if bound == floor else {floor, floor + 1}
    return [Decimal(number) for number in _discrete(sorted(whole))]


def _discrete(
    bounds: list[int], lowest: int | None = None, highest: int | None = None
) -> list[int]:
    return _pieces(
        bounds,
        lambda first: first - 1 if lowest is None or first > lowest else None,
        lambda lower, upper: lower + 1 if upper - lower > 1 else None,
        lambda last: last + 1 if highest is None or last < highest else None,
        0 if lowest is None else lowest,
    )


def _dates(bounds: list[date]) -> list[Any]:
    if not bounds:
        return [_SOME_DAY]
    days = _discrete(
        [day.toordinal() for day in bounds], date.min.toordinal(), date.max.toordinal()
    )
    return [date.fromordinal(day) for day in days]


def _months(bounds: list[YearsMonthsDuration]) -> list[Any]:
    return [YearsMonthsDuration(found) for found in _discrete([each.months for each in bounds])]


def _durations(bounds: list[timedelta]) -> list[Any]:
    return _pieces(
        bounds,
        lambda lowest: lowest - timedelta(days=1),
        _halfway,
        lambda highest: highest + timedelta(days=1),
        timedelta(0),
    )


def _date_times(bounds: list[datetime]) -> list[Any]:
    if len({bound.tzinfo is None for bound in bounds}) > 1:
        raise NotOrdered("a date and time with and one without a zone")
    if bounds and bounds[0].tzinfo is not None:
        bounds = [bound.astimezone(UTC) for bound in bounds]
    return _pieces(
        bounds,
        lambda earliest: earliest - timedelta(days=1),
        _halfway,
        lambda latest: latest + timedelta(days=1),
        datetime.combine(_SOME_DAY, time(12)),
    )


def _halfway(lower: Any, upper: Any) -> Any | None:
    middle = lower + (upper - lower) / 2
    return middle if lower < middle < upper else None


def _times(bounds: list[time]) -> list[Any]:
    if any(bound.tzinfo is not None for bound in bounds):
        raise NotOrdered("a time with a zone")
    moments = [datetime.combine(_SOME_DAY, bound) for bound in bounds]
    first, last = (datetime.combine(_SOME_DAY, bound) for bound in (time.min, time.max))
    found = _pieces(
        moments,
        lambda earliest: first if first < earliest else None,
        _halfway,
        lambda latest: last if latest < last else None,
        datetime.combine(_SOME_DAY, time(12)),
    )
    return [moment.time() for moment in found]


def _strings(bounds: list[str]) -> list[Any]:
    return _pieces(
        bounds,
        lambda lowest: "" if lowest else None,
        lambda lower, upper: lower + "\x00" if lower + "\x00" < upper else None,
        lambda highest: highest + "\x00",
        "",
    )


def _booleans(bounds: list[bool]) -> list[Any]:
    return [True, False]


_DIGITS: Final = Context(prec=34)
_SOME_DAY: Final = date(2026, 1, 1)
_CUTTERS: Final[dict[str, Callable[[list[Any]], list[Any]]]] = {
    "number": _numbers,
    "integer": _integers,
    "string": _strings,
    "boolean": _booleans,
    "date": _dates,
    "time": _times,
    "date and time": _date_times,
    "days and time duration": _durations,
    "years and months duration": _months,
}
