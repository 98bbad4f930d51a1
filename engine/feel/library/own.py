"""Ketenspoor's additions to FEEL, all under the name ``ketenspoor``.

======================================================  ==========================================
``ketenspoor.add working days(from, days)``             the date so many working days later
``ketenspoor.add working days(from, days, equated)``    with further days off, a list of dates
``ketenspoor.is working day(date)``                     also with a list of equated days
``ketenspoor.count working days(from, to)``             after the first date, up to and with ``to``
``ketenspoor.age(birth date)``                          in whole years today
``ketenspoor.age(birth date, at)``                      in whole years at a date
``ketenspoor.end of day(date)``                         23:59:59 of that day in Europe/Amsterdam
======================================================  ==========================================

A date and time counts as its day in Europe/Amsterdam.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from .. import working_days
from ..errors import NullReason
from ..kinds import Value
from ..limits import Run
from ..moments import BUSINESS_ZONE
from .conversions import whole
from .dates import moment_of
from .registry import Library

NAMESPACE = "ketenspoor"
LIBRARY = Library()
MAX_DAYS = 1000
YEAR_COST = 1000
"""Steps for the public holidays of one year, whether or not they are known already."""
_DAY = "date|date and time"


def local_day(value: Value) -> dt.date:
    """The day in the business zone. Raises `NullReason` beyond the years 1 to 9999."""
    if isinstance(value, dt.datetime):
        return value.astimezone(BUSINESS_ZONE).date() if value.tzinfo else value.date()
    if isinstance(value, dt.date):
        return value
    raise NullReason("De datum valt buiten de kalender.", "feel.null.calendar")


def _equated(items: list[Value] | None) -> frozenset[dt.date]:
    days = items or []
    if not all(isinstance(day, dt.date) for day in days):
        raise NullReason("Gelijkgestelde dagen zijn een lijst van datums.", "feel.null.argument")
    return frozenset(map(local_day, days))


def _pay_for_years(run: Run, first: int, last: int) -> None:
    """Charge each year once per evaluation."""
    known = run.years if run.years is not None else set()
    new = set(range(min(first, last), max(first, last) + 1)) - known
    run.spend(YEAR_COST * len(new))
    run.years = known | new


@LIBRARY.define(f"add working days(from: {_DAY}, days: number, equated days?: list)", run=True)
def _add_working_days(
    run: Run, start: Value, days: Decimal, equated: list[Value] | None
) -> dt.date:
    count = whole(days, "Aantal dagen")
    if abs(count) > MAX_DAYS:
        raise NullReason(f"Er kunnen ten hoogste {MAX_DAYS} werkdagen bij.", "feel.null.argument")
    first = local_day(start)
    try:
        # A year has at least 240 working days.
        _pay_for_years(run, first.year, first.year + count // 240 + (count > 0))
        run.spend(abs(count))
        return working_days.add(first, count, _equated(equated))
    except (OverflowError, ValueError):
        raise NullReason("De datum valt buiten de kalender.", "feel.null.calendar") from None


@LIBRARY.define(f"is working day(date: {_DAY}, equated days?: list)", run=True)
def _is_working_day(run: Run, value: Value, equated: list[Value] | None) -> bool:
    day = local_day(value)
    _pay_for_years(run, day.year, day.year)
    return working_days.is_working_day(day, _equated(equated))


@LIBRARY.define(f"count working days(from: {_DAY}, to: {_DAY}, equated days?: list)", run=True)
def _count_working_days(run: Run, start: Value, end: Value, equated: list[Value] | None) -> Decimal:
    first, last = local_day(start), local_day(end)
    _pay_for_years(run, first.year, last.year)
    run.spend(abs((last - first).days))
    return Decimal(working_days.count(first, last, _equated(equated)))


@LIBRARY.define(f"age(birth date: {_DAY}, at?: {_DAY})", run=True)
def _age(run: Run, birth: Value, at: Value) -> Decimal:
    born = local_day(birth)
    day = moment_of(run).date() if at is None else local_day(at)
    if day < born:
        raise NullReason("De datum ligt voor de geboorte.", "feel.null.argument")
    return Decimal(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


@LIBRARY.define(f"end of day(date: {_DAY})")
def _end_of_day(day: Value) -> dt.datetime:
    return working_days.end_of_day(local_day(day))
