"""The arithmetic of FEEL between numbers, texts, moments and durations.

Every function returns the result or raises `NullReason` with the cause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow

from .durations import between, shift
from .errors import FeelLimitError, NullReason
from .far import FarDate, FarDateTime, join
from .kinds import DECIMAL128, Value, YearsMonthsDuration, kind_of, label_of
from .limits import check_string

_DAYS = "days and time duration"
_MONTHS = "years and months duration"
_MOMENT = "date and time"


def _too_large() -> FeelLimitError:
    return FeelLimitError("Een getal wordt te groot.", code="feel.limit.number")


def add(left: Value, right: Value) -> Value:
    """``left + right``."""
    kinds = kind_of(left), kind_of(right)
    if kinds == ("number", "number"):
        return _number(DECIMAL128.add, left, right)
    if kinds == ("string", "string"):
        check_string(len(left) + len(right))
        return left + right
    if kinds[0] in ("date", _MOMENT) and kinds[1] in (_DAYS, _MONTHS):
        return _shifted(left, right)
    if kinds[1] in ("date", _MOMENT) and kinds[0] in (_DAYS, _MONTHS):
        return _shifted(right, left)
    if kinds in (("time", _DAYS), (_DAYS, "time")):
        return _shift_clock(left, right) if kinds[0] == "time" else _shift_clock(right, left)
    if kinds in ((_DAYS, _DAYS), (_MONTHS, _MONTHS)):
        return _sum_of_durations(left, right)
    raise _no_operation("+", left, right)


def subtract(left: Value, right: Value) -> Value:
    """``left - right``."""
    kinds = kind_of(left), kind_of(right)
    if kinds == ("number", "number"):
        return _number(DECIMAL128.subtract, left, right)
    if kinds[1] in (_DAYS, _MONTHS) and kinds[0] in ("date", _MOMENT, "time", kinds[1]):
        return add(left, negate(right))
    if kinds == ("time", "time"):
        return _between_times(left, right)
    if kinds[0] in ("date", _MOMENT) and kinds[1] in ("date", _MOMENT):
        return _between_moments(left, right)
    raise _no_operation("-", left, right)


def multiply(left: Value, right: Value) -> Value:
    """``left * right``."""
    kinds = kind_of(left), kind_of(right)
    if kinds == ("number", "number"):
        return _number(DECIMAL128.multiply, left, right)
    if kinds[0] in (_DAYS, _MONTHS) and kinds[1] == "number":
        return _scale(left, right)
    if kinds[1] in (_DAYS, _MONTHS) and kinds[0] == "number":
        return _scale(right, left)
    raise _no_operation("*", left, right)


def divide(left: Value, right: Value) -> Value:
    """``left / right``."""
    kinds = kind_of(left), kind_of(right)
    if kinds == ("number", "number"):
        return _number(DECIMAL128.divide, left, right)
    if kinds[0] in (_DAYS, _MONTHS) and kinds[1] == "number":
        return _scale(left, right, dividing=True)
    if kinds in ((_DAYS, _DAYS), (_MONTHS, _MONTHS)):
        return _number(DECIMAL128.divide, _size(left), _size(right))
    raise _no_operation("/", left, right)


def power(left: Value, right: Value) -> Value:
    """``left ** right``."""
    if kind_of(left) == kind_of(right) == "number":
        if left == 0 and right == 0:
            return Decimal(1)
        return _number(DECIMAL128.power, left, right)
    raise _no_operation("**", left, right)


def negate(value: Value) -> Value:
    """``-value``."""
    kind = kind_of(value)
    if kind == "number":
        return DECIMAL128.minus(value)
    if kind == _DAYS:
        return -value
    if kind == _MONTHS:
        return YearsMonthsDuration(-value.months)
    raise NullReason(f"Van {label_of(value)} bestaat geen negatieve.", "feel.null.operand")


OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def _no_operation(sign: str, left: Value, right: Value) -> NullReason:
    return NullReason(
        f"{sign} werkt niet tussen {label_of(left)} en {label_of(right)}.",
        "feel.null.operand",
    )


def _number(
    operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal
) -> Decimal:
    try:
        result = operation(left, right)
    except (InvalidOperation, DivisionByZero):
        raise NullReason("De berekening heeft geen uitkomst.", "feel.null.number") from None
    except Overflow:
        raise _too_large() from None
    if not result.is_finite():
        raise NullReason("Delen door nul heeft geen uitkomst.", "feel.null.division")
    return result


def _shifted(moment: Value, duration: Value) -> Value:
    try:
        return shift(moment, duration)
    except (ValueError, OverflowError):
        raise NullReason("De uitkomst valt buiten de kalender.", "feel.null.calendar") from None


def _shift_clock(time: dt.time, duration: dt.timedelta) -> dt.time:
    start = dt.datetime.combine(dt.date(2000, 1, 1), time.replace(tzinfo=None))
    moved = start + (duration - dt.timedelta(days=duration.days))
    return moved.time().replace(tzinfo=time.tzinfo)


def _sum_of_durations(left: Value, right: Value) -> Value:
    if isinstance(left, YearsMonthsDuration):
        return YearsMonthsDuration(left.months + right.months)
    try:
        return left + right
    except OverflowError:
        raise _too_large() from None


def _between_times(left: dt.time, right: dt.time) -> dt.timedelta:
    if (left.tzinfo is None) != (right.tzinfo is None):
        raise NullReason("Maar een van de twee tijden heeft een tijdzone.", "feel.null.zone")
    day = dt.date(2000, 1, 1)
    if str(left.tzinfo) == str(right.tzinfo):
        left, right = left.replace(tzinfo=None), right.replace(tzinfo=None)
    elif left.utcoffset() is None or right.utcoffset() is None:
        raise NullReason("Het tijdverschil van een tijdzone hangt van de dag af.", "feel.null.zone")
    return dt.datetime.combine(day, left) - dt.datetime.combine(day, right)


def as_moment(value: Value, zone: dt.tzinfo | None) -> dt.datetime | FarDateTime:
    """A date as its midnight in a zone; a date and time as it is."""
    if isinstance(value, (dt.datetime, FarDateTime)):
        return value
    return join(value, dt.time(tzinfo=zone))


def _between_moments(left: Value, right: Value) -> dt.timedelta:
    # A date alone is its midnight in UTC, as DMN defines; two dates differ by whole days.
    dates = isinstance(left, FarDate) or type(left) is dt.date
    others = isinstance(right, FarDate) or type(right) is dt.date
    if dates and others:
        return dt.timedelta(days=left.toordinal() - right.toordinal())
    if dates or others:
        zoned = right.timetz() if dates else left.timetz()
        zone = dt.UTC if zoned.tzinfo is not None else None
        left, right = as_moment(left, zone), as_moment(right, zone)
    first, second = left.timetz().tzinfo, right.timetz().tzinfo
    if (first is None) != (second is None):
        raise NullReason("Maar een van de twee momenten heeft een tijdzone.", "feel.null.zone")
    if first is None:
        left, right = _in_zone(left, dt.UTC), _in_zone(right, dt.UTC)
    return between(left, right)


def _in_zone(moment: dt.datetime | FarDateTime, zone: dt.tzinfo) -> dt.datetime | FarDateTime:
    return join(moment.date(), moment.timetz().replace(tzinfo=zone))


def _size(duration: Value) -> Decimal:
    if isinstance(duration, YearsMonthsDuration):
        return Decimal(duration.months)
    micros = (duration.days * 86_400 + duration.seconds) * 1_000_000 + duration.microseconds
    return Decimal(micros)


def _scale(duration: Value, factor: Decimal, *, dividing: bool = False) -> Value:
    operation = DECIMAL128.divide if dividing else DECIMAL128.multiply
    size = int(_number(operation, _size(duration), factor))
    if isinstance(duration, YearsMonthsDuration):
        return YearsMonthsDuration(size)
    try:
        return dt.timedelta(microseconds=size)
    except OverflowError:
        raise _too_large() from None
