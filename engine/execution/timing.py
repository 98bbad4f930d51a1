"""When a timer is due: ISO 8601 and FEEL durations, dates and cycles on the business calendar.

Years, months, weeks and days move the local calendar (so that a due time keeps its wall-clock
hour across a change to or from summer time); hours and smaller are exact.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.clock import BUSINESS_ZONE
from engine.definitions.cron import is_cron, next_after
from engine.execution.errors import ExpressionFailed
from engine.feel.values import YearsMonthsDuration, duration_text

_REPEAT = re.compile(r"^R(\d*)/(.+)$")
_N = r"(\d{1,9}(?:[.,]\d{1,9})?)"
_DURATION = re.compile(
    rf"([+-]?)P(?=\d|T\d)(?:{_N}Y)?(?:{_N}M)?(?:{_N}W)?(?:{_N}D)?"
    rf"(?:T(?=\d)(?:{_N}H)?(?:{_N}M)?(?:{_N}S)?)?",
    re.ASCII,
)
_MANY = 2**40


@dataclass(frozen=True, slots=True)
class Span:
    """A duration in its three kinds: calendar months, calendar days, exact time."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta(0)

    @property
    def is_positive(self) -> bool:
        """Whether it moves forward."""
        return max(self.months, self.days) > 0 or self.exact > timedelta(0)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: ``remaining`` firings (``None``: without end), ``interval`` in ISO 8601.

    One written as ``cron`` has no interval.
    """

    remaining: int | None
    interval: str
    first: datetime | None = None
    cron: str | None = None

    def first_due(self, now: datetime) -> datetime:
        """When it goes off first, counted from ``now``."""
        if self.cron is not None:
            return next_after(self.cron, now)
        return self.first or after(now, self.interval)


def after(
    start: datetime, duration: timedelta | YearsMonthsDuration | str, *, times: int = 1
) -> datetime:
    """``start`` plus so many times a duration, in UTC; calendar parts in the business time zone.

    A day that a month doesn't have becomes its last; an hour that a night skips comes an hour
    later.

    Raises:
        ExpressionFailed: the text is not an ISO 8601 duration, or leads beyond the calendar.
    """
    span = as_span(duration)
    try:
        return _moved(start, span.months * times, span.days * times, span.exact * times)
    except (OverflowError, ValueError) as error:
        raise ExpressionFailed(
            "De duur is te groot.", "Kies een duur die binnen de kalender valt."
        ) from error


def _moved(start: datetime, months: int, days: int, exact: timedelta) -> datetime:
    if months or days:
        local = start.astimezone(BUSINESS_ZONE)
        year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        local = local.replace(year=year, month=month + 1, day=min(local.day, last))
        start = (local + timedelta(days=days)).astimezone(UTC)
    return start.astimezone(UTC) + exact


def firings_until(anchor: datetime, interval: str, now: datetime) -> int:
    """The number of the first firing after ``now``, when that at ``anchor`` has number 0."""
    low, high = -1, 1
    while high < _MANY and after(anchor, interval, times=high) <= now:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if after(anchor, interval, times=middle) <= now:
            low = middle
        else:
            high = middle
    return high


def as_span(value: object) -> Span:
    """A duration from a FEEL value or ISO 8601 text, in which months and days may be mixed.

    Raises:
        ExpressionFailed: the value is no duration.
    """
    if isinstance(value, YearsMonthsDuration):
        return Span(months=value.months)
    if isinstance(value, timedelta):
        sign, size = (-1, -value) if value < timedelta(0) else (1, value)
        return Span(days=sign * size.days, exact=sign * (size - timedelta(days=size.days)))
    if isinstance(value, str) and (found := _DURATION.fullmatch(value.strip())):
        sign = -1 if found[1] == "-" else 1
        years, months, weeks, days, hours, minutes, seconds = (
            Decimal(part.replace(",", ".")) if part else Decimal(0) for part in found.groups()[1:]
        )
        whole_months, whole_days = years * 12 + months, int(weeks * 7 + days)
        part_day = weeks * 7 + days - whole_days
        rest = ((part_day * 24 + hours) * 60 + minutes) * 60 + seconds
        if whole_months == int(whole_months) and rest < _MANY:
            exact = timedelta(microseconds=int(rest * 1_000_000))
            return Span(sign * int(whole_months), sign * whole_days, sign * exact)
    raise ExpressionFailed(
        "Dit is geen duur.", "Schrijf bijvoorbeeld P3D (3 dagen), P2W (2 weken) of PT4H (4 uur)."
    )


_LAST = datetime(9999, 12, 31, 22, 59, 59, tzinfo=UTC)


def as_instant(value: object) -> datetime:
    """An instant in UTC; a date means the end of that local day, a local time the business zone.

    Raises:
        ExpressionFailed: the value is no date and no date and time, or lies beyond the calendar.
    """
    if isinstance(value, str):
        value = _parse_instant(value.strip())
    if isinstance(value, datetime):
        return _in_calendar(value if value.tzinfo else value.replace(tzinfo=BUSINESS_ZONE))
    if isinstance(value, date):
        return _in_calendar(datetime.combine(value, time(23, 59, 59), BUSINESS_ZONE))
    raise ExpressionFailed(
        "Dit is geen datum of tijdstip.", 'Schrijf bijvoorbeeld date and time("2026-03-01T09:00").'
    )


def _in_calendar(aware: datetime) -> datetime:
    """The instant in UTC; none is later than the last that has a day where people read it."""
    try:
        return min(aware.astimezone(UTC), _LAST)
    except OverflowError:
        raise ExpressionFailed(
            "Dit tijdstip valt buiten de kalender.", "Kies een jaar van 2 tot en met 9998."
        ) from None


def _parse_instant(text: str) -> object:
    """ISO 8601; a zone name in brackets counts when there is no offset."""
    plain, _, zone = text.removesuffix("]").partition("[")
    for parse in (date.fromisoformat, datetime.fromisoformat):
        try:
            found = parse(plain)
            if isinstance(found, datetime) and found.tzinfo is None and zone:
                return found.replace(tzinfo=ZoneInfo(zone))
            return found
        except (ValueError, OSError, ZoneInfoNotFoundError):
            continue
    return text


def as_cycle(value: object) -> Cycle:
    """A cycle from ``R3/PT1H`` text, cron text, FEEL's ``cycle(...)`` or a bare duration.

    Raises:
        ExpressionFailed: the value is no cycle, or one that never or endlessly fires.
    """
    if isinstance(value, timedelta | YearsMonthsDuration):
        value = f"R/{duration_text(value)}"
    if isinstance(value, str) and is_cron(value):
        return Cycle(None, "", cron=" ".join(value.split()))
    match = _REPEAT.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ExpressionFailed(
            "Dit is geen herhaling.",
            "Schrijf bijvoorbeeld R/P7D (elke week), R3/PT1H (driemaal) of 0 0 9 * * MON (cron).",
        )
    remaining = int(match.group(1)) if match.group(1) else None
    *starts, interval = match.group(2).split("/")
    if remaining == 0 or len(starts) > 1 or not as_span(interval).is_positive:
        raise ExpressionFailed(
            "Deze herhaling gaat nooit of eindeloos af.",
            "Herhaal minstens één keer, met tijd ertussen, bijvoorbeeld R3/P1D.",
        )
    return Cycle(remaining, interval, as_instant(starts[0]) if starts else None)


def due_date(value: Any, now: datetime) -> datetime | None:
    """A user task's due instant from a date, a date and time, or a duration from now."""
    if value is None or value == "":
        return None
    if isinstance(value, timedelta | YearsMonthsDuration):
        return after(now, value)
    if isinstance(value, str) and value.strip().lstrip("+-").startswith("P"):
        return after(now, value)
    return as_instant(value)
