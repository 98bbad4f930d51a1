"""Built-in functions on the calendar, and the two that read the clock of the evaluation."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ..comparison import is_same
from ..durations import Day, Moment
from ..far import FarDate, FarDateTime
from ..kinds import Value
from ..limits import Run
from ..moments import BUSINESS_ZONE
from .registry import Library

LIBRARY = Library()
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def moment_of(run: Run) -> dt.datetime:
    """The one moment of an evaluation, in the business zone. A naive clock is taken for UTC."""
    if run.moment is None:
        now = run.now or dt.datetime.now(dt.UTC)
        if now.tzinfo is None:
            now = now.replace(tzinfo=dt.UTC)
        run.moment = now.astimezone(BUSINESS_ZONE)
    return run.moment


@LIBRARY.define("now()", run=True)
def _now(run: Run) -> dt.datetime:
    return moment_of(run)


@LIBRARY.define("today()", run=True)
def _today(run: Run) -> dt.date:
    return moment_of(run).date()


def calendar_day(value: Day | Moment) -> dt.date:
    """The day in question; for years beyond Python's, the same day of its 400-year cycle."""
    if isinstance(value, FarDateTime):
        value = value.day_part
    if isinstance(value, FarDate):
        return value.near()
    return value.date() if isinstance(value, dt.datetime) else value


@LIBRARY.define("day of year(date: date|date and time)")
def _day_of_year(value: Day | Moment) -> Decimal:
    return Decimal(calendar_day(value).timetuple().tm_yday)


@LIBRARY.define("day of week(date: date|date and time)")
def _day_of_week(value: Day | Moment) -> str:
    return _DAYS[calendar_day(value).weekday()]


@LIBRARY.define("month of year(date: date|date and time)")
def _month_of_year(value: Day | Moment) -> str:
    return _MONTHS[calendar_day(value).month - 1]


@LIBRARY.define("week of year(date: date|date and time)")
def _week_of_year(value: Day | Moment) -> Decimal:
    return Decimal(calendar_day(value).isocalendar().week)


@LIBRARY.define("is(value1?: any, value2?: any)")
def _is(left: Value, right: Value) -> bool:
    return is_same(left, right)
