"""Dates with a year that Python's calendar does not reach (before 1 or after 9999).

DMN allows nine-digit years. Such values can be written, printed, compared and taken apart;
the calendar repeats every 400 years, which is all the arithmetic they need.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MAX_YEAR = 999_999_999


def _near(year: int) -> int:
    """A year inside Python's range with the same calendar."""
    return year % 400 + 2000


@dataclass(frozen=True, slots=True, order=True)
class FarDate:
    """A date of the proleptic Gregorian calendar outside the years 1 to 9999."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if abs(self.year) > MAX_YEAR:
            raise ValueError("year out of range")
        self.near()

    def near(self) -> dt.date:
        """The same day in the same place of the 400-year cycle."""
        return dt.date(_near(self.year), self.month, self.day)

    def isoweekday(self) -> int:
        """Day of the week, Monday is 1."""
        return self.near().isoweekday()

    def toordinal(self) -> int:
        """Days since the start of year 1, negative before it."""
        return self.near().toordinal() + (self.year - _near(self.year)) // 400 * 146_097

    def isoformat(self) -> str:
        """The date as text, with a minus sign for years before zero."""
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class FarDateTime:
    """A date and time outside the years 1 to 9999."""

    day_part: FarDate
    time_part: dt.time

    def date(self) -> FarDate:
        """The calendar day."""
        return self.day_part

    def timetz(self) -> dt.time:
        """The time of day with its zone."""
        return self.time_part


def make_date(year: int, month: int, day: int) -> dt.date | FarDate:
    """A date of any year; raises ValueError if the day does not exist."""
    if 1 <= year <= 9999:
        return dt.date(year, month, day)
    return FarDate(year, month, day)


def join(day: dt.date | FarDate, time: dt.time) -> dt.datetime | FarDateTime:
    """A day and a time of day as one value."""
    if isinstance(day, FarDate):
        return FarDateTime(day, time)
    return dt.datetime.combine(day, time, tzinfo=time.tzinfo)
