"""Times as people write them in scenario files: "3 weken", "P2D", "2026-01-05 09:00"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from engine.clock import BUSINESS_ZONE
from engine.execution import timing
from engine.feel.errors import FeelError
from engine.feel.values import YearsMonthsDuration, parse_duration
from engine.simulation.errors import ScenarioUnreadable

_AMOUNT = re.compile(r"^(\d+)\s*(minuten|minuut|uur|uren|dagen|dag|weken|week|maanden|maand|jaar)$")
_RELATIVE = re.compile(r"^@(vandaag|nu)\s*(?:([+-])\s*(.+))?$")
_UNITS = {
    "minuut": timedelta(minutes=1),
    "minuten": timedelta(minutes=1),
    "uur": timedelta(hours=1),
    "uren": timedelta(hours=1),
    "dag": timedelta(days=1),
    "dagen": timedelta(days=1),
    "week": timedelta(weeks=1),
    "weken": timedelta(weeks=1),
}

Duration = timedelta | YearsMonthsDuration


def read_duration(text: object) -> Duration:
    """A duration from Dutch words or ISO 8601.

    Raises:
        ScenarioUnreadable: it is neither.
    """
    words = str(text).strip().lower()
    match = _AMOUNT.match(words)
    if match:
        count, unit = int(match.group(1)), match.group(2)
        if unit in _UNITS:
            return _UNITS[unit] * count
        return YearsMonthsDuration(count * (12 if unit == "jaar" else 1))
    try:
        found = parse_duration(str(text).strip())
    except (FeelError, ValueError):
        found = None
    if not isinstance(found, timedelta | YearsMonthsDuration):
        raise ScenarioUnreadable(
            f"'{text}' is geen duur.", "Schrijf bijvoorbeeld '3 weken', '2 dagen' of 'PT4H'."
        )
    return found


def later(start: datetime, duration: Duration) -> datetime:
    """``start`` plus the duration on the business calendar, in UTC."""
    return timing.after(start, duration)


def read_instant(value: object) -> datetime:
    """An instant in UTC from local "2026-01-05 09:00" or a date (then 09:00).

    Raises:
        ScenarioUnreadable: it is neither.
    """
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime.combine(value, time(9))
    else:
        try:
            found = datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise ScenarioUnreadable(
                f"'{value}' is geen tijdstip.", "Schrijf bijvoorbeeld 2026-01-05 09:00."
            ) from None
    aware = found if found.tzinfo else found.replace(tzinfo=BUSINESS_ZONE)
    return aware.astimezone(UTC)


def relative_answer(text: str, now: datetime) -> str | None:
    """``@vandaag+2 weken`` as ISO date, ``@nu`` as ISO local date and time; else ``None``."""
    match = _RELATIVE.match(text)
    if match is None:
        return None
    moment = now
    if match.group(3):
        shift = read_duration(match.group(3))
        back = -shift if isinstance(shift, timedelta) else YearsMonthsDuration(-shift.months)
        moment = timing.after(now, shift if match.group(2) == "+" else back)
    local = moment.astimezone(BUSINESS_ZONE)
    if match.group(1) == "vandaag":
        return local.date().isoformat()
    return local.replace(second=0, microsecond=0, tzinfo=None).isoformat(timespec="minutes")
