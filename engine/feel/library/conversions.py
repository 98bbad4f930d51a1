"""Built-in functions that make a value from another: date, time, number, string, range ..."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from .. import syntax as s
from ..durations import Day, Duration, Moment, duration_text, parse_duration_text
from ..errors import FeelError, NullReason
from ..far import FarDate, FarDateTime, join, make_date
from ..kinds import DECIMAL128, Range, Value, YearsMonthsDuration
from ..limits import check_string
from ..moments import parse_date, parse_datetime, parse_time, zone_named, zone_of_offset
from ..parser import parse
from ..range_values import check_ascending, make_range
from ..text_form import to_text
from .registry import Library

LIBRARY = Library()
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?", re.ASCII)


def whole(number: Decimal, what: str) -> int:
    """A number as int, if it is a whole one of reasonable size. Raises `NullReason`."""
    if number != number.to_integral_value() or abs(number) > 10**12:
        raise NullReason(f"{what} {number} is geen heel getal.", "feel.null.argument")
    return int(number)


def _read(value: Value, text: str, what: str) -> Value:
    if value is None:
        raise NullReason(f"{text!r} is geen {what}.", "feel.null.text")
    return value


@LIBRARY.define("date(from: string|date|date and time)")
def _date(value: str | Day | Moment) -> Value:
    if isinstance(value, str):
        return _read(parse_date(value), value, "datum")
    return value.date() if isinstance(value, (dt.datetime, FarDateTime)) else value


@LIBRARY.define("date(year: number, month: number, day: number)")
def _date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Value:
    try:
        return make_date(whole(year, "Jaar"), whole(month, "Maand"), whole(day, "Dag"))
    except ValueError:
        raise NullReason(
            f"De datum {year}-{month}-{day} bestaat niet.", "feel.null.calendar"
        ) from None


@LIBRARY.define("time(from: string|time|date and time)")
def _time(value: str | dt.time | Moment) -> Value:
    if isinstance(value, str):
        return _read(parse_time(value), value, "tijd")
    return value if isinstance(value, dt.time) else value.timetz()


@LIBRARY.define(
    "time(hour: number, minute: number, second: number, offset?: days and time duration)"
)
def _time_of_parts(
    hour: Decimal, minute: Decimal, second: Decimal, offset: dt.timedelta | None
) -> dt.time:
    zone = _offset_zone(offset)
    seconds = int(second)
    micros = int((second - seconds) * 1_000_000)
    try:
        return dt.time(whole(hour, "Uur"), whole(minute, "Minuut"), seconds, micros, zone)
    except (ValueError, OverflowError):
        raise NullReason(
            f"De tijd {hour}:{minute}:{second} bestaat niet.", "feel.null.calendar"
        ) from None


def _offset_zone(offset: dt.timedelta | None) -> dt.tzinfo | None:
    if offset is None:
        return None
    zone = zone_of_offset(offset)
    if zone is None:
        raise NullReason("Een tijdverschil is ten hoogste 18 uur.", "feel.null.zone")
    return zone


@LIBRARY.define("date and time(from: string|date and time)")
def _date_and_time(value: str | Moment) -> Value:
    if isinstance(value, str):
        return _read(parse_datetime(value), value, "datum en tijd")
    return value


@LIBRARY.define("date and time(date: date|date and time, time: time)")
def _date_and_time_of(day: Day | Moment, time: dt.time) -> Value:
    date = day.date() if isinstance(day, (dt.datetime, FarDateTime)) else day
    return join(date, time)


_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@LIBRARY.define(f"date and time({_PARTS}, offset?: days and time duration)")
def _date_and_time_of_parts(
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: dt.timedelta | None,
) -> Value:
    return join(_date_of_parts(year, month, day), _time_of_parts(hour, minute, second, offset))


@LIBRARY.define(f"date and time({_PARTS}, timezone: string)")
def _date_and_time_in_zone(
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    timezone: str,
) -> Value:
    zone = _read(zone_named(timezone), timezone, "tijdzone")
    time = _time_of_parts(hour, minute, second, None).replace(tzinfo=zone)
    return join(_date_of_parts(year, month, day), time)


@LIBRARY.define("duration(from: string|days and time duration|years and months duration)")
def _duration(value: Value) -> Value:
    if isinstance(value, str):
        return _read(parse_duration_text(value), value, "duur")
    return value


@LIBRARY.define("cycle(interval: days and time duration|years and months duration)")
def _cycle(interval: Duration) -> str:
    """The text of a timer that repeats without end, as Camunda 8's function of this name."""
    return f"R/{duration_text(interval)}"


@LIBRARY.define(
    "cycle(repetitions: any, interval: days and time duration|years and months duration)"
)
def _counted_cycle(repetitions: Value, interval: Duration) -> str:
    if repetitions is None:
        return _cycle(interval)
    if not isinstance(repetitions, Decimal):
        raise NullReason("Het aantal herhalingen is een getal.", "feel.null.argument")
    return f"R{max(0, whole(repetitions, 'Aantal herhalingen'))}/{duration_text(interval)}"


@LIBRARY.define("years and months duration(from: date|date and time, to: date|date and time)")
def _months_between(start: Day | Moment, end: Day | Moment) -> YearsMonthsDuration:
    first, last = _parts(start), _parts(end)
    sign = 1
    if (first.year, first.month, first.day) > (last.year, last.month, last.day):
        first, last, sign = last, first, -1
    months = (last.year - first.year) * 12 + last.month - first.month
    return YearsMonthsDuration(sign * (months - (last.day < first.day)))


def _parts(value: Day | Moment) -> dt.date | FarDate:
    return value.date() if isinstance(value, (dt.datetime, FarDateTime)) else value


@LIBRARY.define("string(from?: any)")
def _string(value: Value) -> Value:
    if value is None:
        return None
    text = to_text(value)
    check_string(len(text))
    return text


@LIBRARY.define("number(from: string|number)")
def _number(value: str | Decimal) -> Value:
    return _number_from(value, None, None) if isinstance(value, str) else value


@LIBRARY.define(
    "number(from: string, grouping separator: string|null, decimal separator: string|null)"
)
def _number_from(text: str, grouping: str | None, point: str | None) -> Decimal:
    if grouping not in (None, " ", ",", "."):
        raise NullReason("Het groepsteken is een spatie, een komma of een punt.")
    if point not in (None, ",", ".") or (point or ".") == grouping:
        raise NullReason("Het decimaalteken is een punt of een komma, en niet het groepsteken.")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, "#") if point else plain.replace(".", "#")
    if "." in plain or "," in plain:
        raise NullReason(f"{text!r} is geen getal.", "feel.null.text")
    plain = plain.replace("#", ".")
    if not _NUMBER.fullmatch(plain):
        raise NullReason(f"{text!r} is geen getal.", "feel.null.text")
    try:
        return DECIMAL128.create_decimal(plain)
    except ArithmeticError:
        raise NullReason(f"{text!r} is een te groot getal.", "feel.null.text") from None


@LIBRARY.define("not(negand?: boolean)")
def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


@LIBRARY.define("range(from: string)")
def _range(text: str) -> Range:
    try:
        node = parse(text)
    except FeelError as error:
        raise NullReason(f"{text!r} is geen bereik: {error.message}", "feel.null.text") from None
    if not isinstance(node, s.RangeLiteral):
        raise NullReason(f"{text!r} is geen bereik.", "feel.null.text")
    interval = make_range(
        _endpoint(node.start), _endpoint(node.end), node.start_included, node.end_included
    )
    return check_ascending(interval)


def _endpoint(node: s.Node) -> Value:
    """A literal, or one of the functions that read a literal text; nothing that is computed."""
    if isinstance(node, s.Literal):
        return node.value
    if isinstance(node, s.Call) and isinstance(node.function, s.Name) and not node.names:
        reader = _READERS.get(node.function.name)
        argument = node.arguments[0] if len(node.arguments) == 1 else None
        if reader and isinstance(argument, s.Literal) and isinstance(argument.value, str):
            return reader(argument.value)
    raise NullReason(
        "De grenzen van een bereik in een tekst zijn vaste waarden.", "feel.null.range"
    )


_READERS = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_datetime,
    "duration": parse_duration_text,
}
