"""When a timer is due: ISO 8601 and FEEL durations, dates and cycles on the business calendar.

Years, months, weeks and days move the local calendar (so that a due time keeps its wall-clock
hour across a change to or from summer time); hours and smaller are exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from engine.clock import BUSINESS_ZONE
from engine.execution.errors import ExpressionFailed
from engine.feel.errors import FeelError
from engine.feel.values import YearsMonthsDuration, parse_duration

_REPEAT = re.compile(r"^R(\d*)/(.+)$")


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: ``remaining`` firings (``None``: without end), ``interval`` in ISO 8601."""

    remaining: int | None
    interval: str
    first: datetime | None = None


def after(start: datetime, duration: timedelta | YearsMonthsDuration | str) -> datetime:
    """``start`` plus a duration, in UTC; calendar parts in the business time zone.

    Raises:
        ExpressionFailed: the text is not an ISO 8601 duration.
    """
    value = as_duration(duration)
    local = start.astimezone(BUSINESS_ZONE)
    if isinstance(value, YearsMonthsDuration):
        return _plus_months(local, value.months).astimezone(UTC)
    whole_days = timedelta(days=value.days)
    return (local + whole_days).astimezone(UTC) + (value - whole_days)


def _plus_months(local: datetime, months: int) -> datetime:
    index = local.year * 12 + local.month - 1 + months
    year, month = divmod(index, 12)
    for day in range(local.day, 27, -1):
        try:
            return local.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return local.replace(year=year, month=month + 1)


def as_duration(value: object) -> timedelta | YearsMonthsDuration:
    """A duration from a FEEL value or ISO 8601 text.

    Raises:
        ExpressionFailed: the value is no duration.
    """
    if isinstance(value, timedelta | YearsMonthsDuration):
        return value
    if isinstance(value, str):
        try:
            parsed = parse_duration(value.strip())
        except (ValueError, FeelError):
            parsed = None
        if isinstance(parsed, timedelta | YearsMonthsDuration):
            return parsed
    raise ExpressionFailed(
        "Dit is geen duur.", "Schrijf bijvoorbeeld P3D (3 dagen), P2W (2 weken) of PT4H (4 uur)."
    )


def as_instant(value: object) -> datetime:
    """An instant in UTC; a date means the end of that local day, a local time the business zone.

    Raises:
        ExpressionFailed: the value is no date and no date and time.
    """
    if isinstance(value, str):
        value = _parse_instant(value.strip())
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=BUSINESS_ZONE)
        return aware.astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(23, 59, 59), BUSINESS_ZONE).astimezone(UTC)
    raise ExpressionFailed(
        "Dit is geen datum of tijdstip.", 'Schrijf bijvoorbeeld date and time("2026-03-01T09:00").'
    )


def _parse_instant(text: str) -> object:
    text = re.sub(r"\[.*\]$", "", text)
    for parse in (date.fromisoformat, datetime.fromisoformat):
        try:
            return parse(text)
        except ValueError:
            continue
    return text


def as_cycle(value: object) -> Cycle:
    """A cycle from ``R3/PT1H`` text, from FEEL's ``cycle(...)`` or from a bare duration.

    Raises:
        ExpressionFailed: the value is no cycle.
    """
    if isinstance(value, timedelta | YearsMonthsDuration):
        return Cycle(None, str_duration(value))
    if isinstance(value, str):
        match = _REPEAT.match(value.strip())
        if match:
            remaining = int(match.group(1)) if match.group(1) else None
            parts = match.group(2).split("/")
            first = as_instant(parts[0]) if len(parts) == 2 else None
            as_duration(parts[-1])
            return Cycle(remaining, parts[-1], first)
    raise ExpressionFailed(
        "Dit is geen herhaling.", "Schrijf bijvoorbeeld R/P7D (elke week) of R3/PT1H (driemaal)."
    )


def str_duration(value: timedelta | YearsMonthsDuration) -> str:
    """A duration as ISO 8601 text."""
    if isinstance(value, YearsMonthsDuration):
        return f"P{value.months}M"
    seconds = value.seconds
    return f"P{value.days}DT{seconds}S" if seconds else f"P{value.days}D"


def due_date(value: Any, now: datetime) -> datetime | None:
    """A user task's due instant from a date, a date and time, or a duration from now."""
    if value is None or value == "":
        return None
    if isinstance(value, timedelta | YearsMonthsDuration):
        return after(now, value)
    if isinstance(value, str) and value.lstrip("-").startswith("P"):
        return after(now, value)
    return as_instant(value)
