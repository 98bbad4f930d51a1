"""Working days in the Netherlands: days that are not a Saturday, a Sunday or a public holiday
(Algemene termijnenwet; rules-and-standards.md §4).

5 May counts as a holiday every year and Good Friday is equated with one. Days that a decree
equates are passed in by the caller, who keeps them in a dated table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from functools import lru_cache

import holidays

from .moments import BUSINESS_ZONE

_NONE: frozenset[dt.date] = frozenset()
# Asked once here, so that loading the package's Dutch rules is no part of an evaluation.
holidays.country_holidays("NL")


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[dt.date]:
    """The public holidays of a year, 5 May and Good Friday included."""
    days = holidays.country_holidays("NL", years=year, categories=("public", "optional"))
    return frozenset(day for day in days if day.year == year)


def is_working_day(day: dt.date, equated: AbstractSet[dt.date] = _NONE) -> bool:
    """Whether a term runs on this day; ``equated`` are further days off."""
    return day.weekday() < 5 and day not in public_holidays(day.year) and day not in equated


def add(day: dt.date, count: int, equated: AbstractSet[dt.date] = _NONE) -> dt.date:
    """The working day that comes ``count`` working days after the day, or before it if negative.

    The day itself is not counted; zero gives the day itself. Raises OverflowError beyond the
    calendar.
    """
    step = dt.timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, equated)
    return day


def count(start: dt.date, end: dt.date, equated: AbstractSet[dt.date] = _NONE) -> int:
    """Working days after ``start`` up to and with ``end``; negative if ``end`` comes first."""
    if end < start:
        return -count(end, start, equated)
    days = (start + dt.timedelta(days=ahead) for ahead in range(1, (end - start).days + 1))
    return sum(is_working_day(day, equated) for day in days)


def end_of_day(day: dt.date) -> dt.datetime:
    """The last second of a local day, 23:59:59 in Europe/Amsterdam, in any season."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=BUSINESS_ZONE)
