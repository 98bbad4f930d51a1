"""Durations: reading and writing ISO text, and adding them to a moment by the calendar."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TypeVar, overload
from zoneinfo import ZoneInfo

from .errors import FeelValueError
from .far import FarDate, FarDateTime, join, make_date
from .kinds import YearsMonthsDuration
from .moments import add_days, utc_seconds

Duration = dt.timedelta | YearsMonthsDuration
Day = dt.date | FarDate
Moment = dt.datetime | FarDateTime

_YEARS_MONTHS = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,9})Y)?(?:([0-9]{1,10})M)?", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]{1,9})D)?"
    r"(?:T(?=[0-9.])(?:([0-9]{1,11})H)?(?:([0-9]{1,13})M)?(?:([0-9]{1,14})(?:\.([0-9]*))?S)?)?",
    re.ASCII,
)
_WEEKS = re.compile(r"(-?)P([0-9]{1,8})W", re.ASCII)


def parse_duration_text(text: str) -> Duration | None:
    """An ISO 8601 duration as FEEL reads it, or None. Mixing months and days is not a duration."""
    found = _YEARS_MONTHS.fullmatch(text)
    if found is not None:
        sign, years, months = found.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return YearsMonthsDuration(-total if sign else total)
    found = _DAYS_TIME.fullmatch(text)
    if found is None or text.endswith("P"):
        return None
    sign, days, hours, minutes, seconds, fraction = found.groups()
    try:
        total_time = dt.timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=int((fraction or "")[:6].ljust(6, "0")),
        )
        return -total_time if sign else total_time
    except OverflowError:
        return None


def parse_duration(text: str) -> Duration:
    """An ISO 8601 duration as `timedelta` or `YearsMonthsDuration`; weeks (``P2W``) as well.

    Raises `FeelValueError` for any other text.
    """
    weeks = _WEEKS.fullmatch(text.strip())
    if weeks is not None:
        days = int(weeks.group(2)) * 7
        return dt.timedelta(days=-days if weeks.group(1) else days)
    duration = parse_duration_text(text.strip())
    if duration is None:
        raise FeelValueError(
            f"{text!r} is geen duur.",
            text=text,
            code="feel.value.duration",
            expected="bijvoorbeeld P14D, PT8H, P1DT12H of P3M",
            remedy="Dagen en uren, of jaren en maanden; niet door elkaar.",
        )
    return duration


def duration_text(duration: Duration) -> str:
    """A duration as ISO text in its shortest form: ``P1DT2H``, ``PT0S``, ``-P1Y2M``."""
    if isinstance(duration, YearsMonthsDuration):
        return str(duration)
    sign = "-" if duration < dt.timedelta() else ""
    size = abs(duration)
    hours, rest = divmod(size.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{size.microseconds:06d}".rstrip("0") if size.microseconds else ""
    days = f"{size.days}D" if size.days else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += f"{seconds}{fraction}S"
    if not days and not clock:
        clock = "0S"
    return f"{sign}P{days}" + (f"T{clock}" if clock else "")


def add_months(day: Day, months: int) -> Day:
    """The same day of the month so many months on, or that month's last day.

    Raises ValueError beyond the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year % 400 + 2000, month + 1)[1]
    return make_date(year, month + 1, min(day.day, last))


T = TypeVar("T", dt.datetime, dt.date)


@overload
def add_duration(moment: dt.datetime, duration: Duration) -> dt.datetime: ...
@overload
def add_duration(moment: dt.date, duration: Duration) -> dt.date: ...
def add_duration(moment: dt.date, duration: Duration) -> dt.date:
    """The moment a duration later.

    Months and whole days follow the calendar of the moment's named zone, so that a change to
    summer time does not shift a local due time; hours, minutes and seconds are exact. A day of the
    month that does not exist becomes the month's last day. A date plus hours stays a date. Raises
    `FeelValueError` beyond the years 1 to 9999.
    """
    try:
        result = shift(moment, duration)
    except (OverflowError, ValueError):
        result = None
    if isinstance(result, dt.date):
        return result
    raise FeelValueError("Het moment valt buiten de kalender.", code="feel.value.calendar")


def shift(moment: Day | Moment, duration: Duration) -> Day | Moment:
    """`add_duration` over all years of FEEL. Raises ValueError or OverflowError beyond them."""
    if isinstance(moment, (dt.datetime, FarDateTime)):
        if isinstance(duration, YearsMonthsDuration):
            return _settle(join(add_months(moment.date(), duration.months), moment.timetz()))
        return _shift_time(moment, duration)
    if isinstance(duration, YearsMonthsDuration):
        return add_months(moment, duration.months)
    return add_days(moment, duration // dt.timedelta(days=1))


def _shift_time(moment: Moment, duration: dt.timedelta) -> Moment:
    time = moment.timetz()
    if not isinstance(time.tzinfo, ZoneInfo):
        return _shift_clock(moment, duration)
    size = abs(duration)
    sign = -1 if duration < dt.timedelta() else 1
    moment = _settle(join(add_days(moment.date(), sign * size.days), time))
    rest = sign * (size - dt.timedelta(days=size.days))
    if not rest or isinstance(moment, FarDateTime):
        return _shift_clock(moment, rest)
    zone = moment.tzinfo
    return (moment.astimezone(dt.UTC) + rest).astimezone(zone)


def _shift_clock(moment: Moment, duration: dt.timedelta) -> Moment:
    """Plain arithmetic on day and clock, as for a fixed offset."""
    time = moment.timetz()
    clock = dt.timedelta(
        hours=time.hour, minutes=time.minute, seconds=time.second, microseconds=time.microsecond
    )
    total = clock + duration
    rest = dt.datetime(2000, 1, 1, tzinfo=dt.UTC) + (total - dt.timedelta(days=total.days))
    day = add_days(moment.date(), total.days)
    return join(day, rest.time().replace(tzinfo=time.tzinfo))


def _settle(moment: Moment) -> Moment:
    """A local time that a change to summer time skips moves on by the gap."""
    if isinstance(moment, FarDateTime) or not isinstance(moment.tzinfo, ZoneInfo):
        return moment
    return moment.astimezone(dt.UTC).astimezone(moment.tzinfo)


def between(later: Moment, earlier: Moment) -> dt.timedelta:
    """The exact time from one moment to the other."""
    return utc_seconds(later) - utc_seconds(earlier)
