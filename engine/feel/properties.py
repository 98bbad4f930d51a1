"""``value.name``: the entries of contexts and the properties of dates, times, durations, ranges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from zoneinfo import ZoneInfo

from .errors import NullReason
from .far import FarDateTime
from .kinds import Value, kind_of, label_of
from .limits import Run

_HOUR = 3600


def _day(value: Value) -> Value:
    return value.date() if isinstance(value, (dt.datetime, FarDateTime)) else value


def _clock(value: Value) -> dt.time:
    return value if isinstance(value, dt.time) else value.timetz()


def _offset(value: Value) -> Value:
    if isinstance(value, FarDateTime):
        return dt.datetime.combine(value.day_part.near(), value.time_part).utcoffset()
    return value.utcoffset()


def _zone(value: Value) -> Value:
    zone = _clock(value).tzinfo
    return zone.key if isinstance(zone, ZoneInfo) else None


def _part(divisor: int, modulus: int) -> Callable[[dt.timedelta], Value]:
    """A component of a duration, with the sign of the duration."""

    def read(value: dt.timedelta) -> Value:
        size = abs(value)
        number = (size.days * 86_400 + size.seconds) // divisor
        number = number % modulus if modulus else number
        return Decimal(-number if value < dt.timedelta() else number)

    return read


def _months_part(years: bool) -> Callable[[Value], Value]:
    def read(value: Value) -> Value:
        parts = divmod(abs(value.months), 12)
        number = parts[0 if years else 1]
        return Decimal(-number if value.months < 0 else number)

    return read


_DATE: dict[str, Callable[[Value], Value]] = {
    "year": lambda value: Decimal(_day(value).year),
    "month": lambda value: Decimal(_day(value).month),
    "day": lambda value: Decimal(_day(value).day),
    "weekday": lambda value: Decimal(_day(value).isoweekday()),
}
_TIME: dict[str, Callable[[Value], Value]] = {
    "hour": lambda value: Decimal(_clock(value).hour),
    "minute": lambda value: Decimal(_clock(value).minute),
    "second": lambda value: Decimal(_clock(value).second),
    "time offset": _offset,
    "timezone": _zone,
}
PROPERTIES: dict[str, dict[str, Callable[[Value], Value]]] = {
    "date": _DATE,
    "time": _TIME,
    "date and time": _DATE | _TIME,
    "days and time duration": {
        "days": _part(86_400, 0),
        "hours": _part(_HOUR, 24),
        "minutes": _part(60, 60),
        "seconds": _part(1, 60),
    },
    "years and months duration": {"years": _months_part(True), "months": _months_part(False)},
    "range": {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}


def property_of(value: Value, name: str, run: Run) -> Value:
    """The entry or property with this name; of a list, that of each item.

    Raises `NullReason` if the value has none.
    """
    if isinstance(value, dict):
        if name in value:
            return value[name]
        raise NullReason(f"De context heeft geen {name!r}.", "feel.null.entry")
    if isinstance(value, list):
        run.spend(len(value))
        return [_of_item(item, name, run) for item in value]
    if value is None:
        raise NullReason(f"Null heeft geen {name!r}.", "feel.null.path")
    reader = PROPERTIES.get(kind_of(value), {}).get(name)
    if reader is None:
        raise NullReason(
            f"{label_of(value).capitalize()} heeft geen {name!r}.", "feel.null.property"
        )
    return reader(value)


def _of_item(item: Value, name: str, run: Run) -> Value:
    try:
        return property_of(item, name, run)
    except NullReason:
        return None
