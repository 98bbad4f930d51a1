"""Dates, times and time zones: reading their ISO text, writing it, and what a moment is."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .far import FarDate, FarDateTime, join, make_date

BUSINESS_ZONE = ZoneInfo("Europe/Amsterdam")
"""Where `now()` and `today()` are, and what a date and time without zone is taken for."""

MAX_OFFSET = dt.timedelta(hours=18)
_DATE = re.compile(r"(-?)([1-9][0-9]{4,8}|[0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+\-/]*)?",
    re.ASCII,
)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> dt.tzinfo | None:
    """The time zone with this IANA name, None if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_of_offset(offset: dt.timedelta) -> dt.tzinfo | None:
    """A fixed zone; None beyond 18 hours. Offset zero is UTC."""
    if abs(offset) > MAX_OFFSET:
        return None
    return dt.UTC if not offset else dt.timezone(offset)


def parse_date(text: str) -> dt.date | FarDate | None:
    """An ISO date (``2026-11-21``), or None."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    sign, year, month, day = found.groups()
    try:
        return make_date(int(sign + year), int(month), int(day))
    except ValueError:
        return None


def _parse_zone(text: str) -> dt.tzinfo | None:
    if text == "Z":
        return dt.UTC
    if text[0] == "@":
        return zone_named(text[1:])
    parts = [int(part) for part in text[1:].split(":")]
    if parts[1] > 59 or parts[-1] > 59:
        return None
    offset = dt.timedelta(hours=parts[0], minutes=parts[1], seconds=sum(parts[2:]))
    return zone_of_offset(-offset if text[0] == "-" else offset)


def _parse_clock(text: str) -> tuple[dt.time, bool] | None:
    """The time and whether it was written as 24:00:00, the end of the day."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = (int(part) for part in found.groups()[:3])
    fraction, zone_text = found.group(4), found.group(5)
    zone = _parse_zone(zone_text) if zone_text else None
    if zone_text and zone is None:
        return None
    micro = int((fraction or "")[:6].ljust(6, "0"))
    end_of_day = hour == 24 and not (minute or second or micro)
    try:
        return dt.time(0 if end_of_day else hour, minute, second, micro, zone), end_of_day
    except ValueError:
        return None


def parse_time(text: str) -> dt.time | None:
    """An ISO time with ``Z``, an offset or ``@Zone/Name``, or None. Digits beyond a microsecond
    are dropped.
    """
    clock = _parse_clock(text)
    return None if clock is None else clock[0]


def parse_datetime(text: str) -> dt.datetime | FarDateTime | None:
    """An ISO date and time, or a date alone (its midnight), or None."""
    day_text, separator, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    if not separator:
        return join(day, dt.time())
    clock = _parse_clock(time_text)
    if clock is None:
        return None
    time, end_of_day = clock
    if end_of_day:
        try:
            day = add_days(day, 1)
        except (OverflowError, ValueError):
            return None
    return join(day, time)


def add_days(day: dt.date | FarDate, days: int) -> dt.date | FarDate:
    """The date so many days later; raises ValueError or OverflowError beyond the calendar."""
    if isinstance(day, dt.date):
        try:
            return day + dt.timedelta(days=days)
        except OverflowError:
            pass
    ordinal = day.toordinal() + days
    cycles, rest = divmod(ordinal - 1, 146_097)
    near = dt.date.fromordinal(rest + 1)
    return make_date(near.year + cycles * 400, near.month, near.day)


def zone_text(zone: dt.tzinfo | None) -> str:
    """How a zone is written behind a time: ``Z``, ``+02:00``, ``@Europe/Paris`` or nothing."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None)
    if not offset:
        return "Z"
    seconds = int(abs(offset).total_seconds())
    text = f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
    if seconds % 60:
        text += f":{seconds % 60:02d}"
    return ("-" if offset < dt.timedelta() else "+") + text


def time_text(time: dt.time) -> str:
    """A time as ISO text without superfluous zeros in the fraction."""
    fraction = f".{time.microsecond:06d}".rstrip("0") if time.microsecond else ""
    clock = f"{time.hour:02d}:{time.minute:02d}:{time.second:02d}{fraction}"
    return clock + zone_text(time.tzinfo)


def moment_text(value: dt.date | dt.time | dt.datetime | FarDate | FarDateTime) -> str:
    """A date, time or date and time as ISO text that reads back to the same value."""
    if isinstance(value, (dt.datetime, FarDateTime)):
        return f"{value.date().isoformat()}T{time_text(value.timetz())}"
    if isinstance(value, dt.time):
        return time_text(value)
    return value.isoformat()


def utc_seconds(value: dt.datetime | FarDateTime) -> dt.timedelta:
    """Time since the start of year 1 in UTC; without zone the business zone is taken."""
    if isinstance(value, FarDateTime):
        time = value.time_part
        zone = time.tzinfo or BUSINESS_ZONE
        offset = zone.utcoffset(
            dt.datetime.combine(value.day_part.near(), time.replace(tzinfo=None))
        )
        days = value.day_part.toordinal()
    else:
        time = value.timetz()
        zone = value.tzinfo or BUSINESS_ZONE
        offset = zone.utcoffset(value.replace(tzinfo=None))
        days = value.toordinal()
    clock = dt.timedelta(
        hours=time.hour, minutes=time.minute, seconds=time.second, microseconds=time.microsecond
    )
    return dt.timedelta(days=days) + clock - (offset or dt.timedelta())
