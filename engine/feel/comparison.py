"""Equality and order between FEEL values; None where FEEL does not compare them.

Times are compared to the whole second, as DMN defines their value; a date and time without zone
is taken to be in the business zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from .far import FarDate, FarDateTime
from .kinds import Function, Range, Value, kind_of
from .limits import MAX_STEPS
from .moments import utc_seconds


def _time_key(value: dt.time) -> tuple[str, int]:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    if value.tzinfo is None:
        return "", seconds
    offset = value.utcoffset()
    if offset is None:
        return str(value.tzinfo), seconds
    return "UTC", seconds - int(offset.total_seconds())


def _seconds(value: dt.datetime | FarDateTime) -> int:
    return utc_seconds(value) // dt.timedelta(seconds=1)


def _ordinal(value: dt.date | FarDate) -> int:
    return value.toordinal()


def _itself(value: Value) -> Value:
    return value


_ORDER_KEYS: dict[str, Callable[[Value], Value]] = {
    "number": _itself,
    "string": _itself,
    "date": _ordinal,
    "time": _time_key,
    "date and time": _seconds,
    "days and time duration": _itself,
    "years and months duration": _itself,
}


def order_keys(left: Value, right: Value) -> tuple[Value, Value] | None:
    """Two Python values in the order of these FEEL values, None if they have no order."""
    kind = kind_of(left)
    key = _ORDER_KEYS.get(kind)
    if key is None or kind != kind_of(right):
        return None
    first, second = key(left), key(right)
    if kind == "time" and first[0] != second[0]:
        return None
    return first, second


def less(left: Value, right: Value) -> bool | None:
    """``left < right``; None if they have no order."""
    if type(left) is Decimal and type(right) is Decimal:
        return left < right
    keys = order_keys(left, right)
    return None if keys is None else bool(keys[0] < keys[1])


def less_or_equal(left: Value, right: Value) -> bool | None:
    """``left <= right``; None if they have no order."""
    if type(left) is Decimal and type(right) is Decimal:
        return left <= right
    keys = order_keys(left, right)
    return None if keys is None else bool(keys[0] <= keys[1])


def equal(left: Value, right: Value) -> bool | None:
    """``left = right``; None if their kinds differ and neither is null."""
    kind = type(left)
    if kind is type(right) and (kind is Decimal or kind is str or kind is bool):
        return bool(left == right)
    if left is None or right is None:
        return left is right
    name = kind_of(left)
    if name != kind_of(right):
        return None
    if name == "list":
        return len(left) == len(right) and all(map(same, left, right))
    if name == "context":
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if name == "range":
        return _equal_ranges(left, right)
    if name in ("function", "boolean"):
        return bool(left == right)
    keys = order_keys(left, right)
    return None if keys is None else bool(keys[0] == keys[1])


def same(left: Value, right: Value) -> bool:
    """Whether two values are equal for certain."""
    return equal(left, right) is True


def _equal_ranges(left: Range, right: Range) -> bool:
    return (
        left.start_included == right.start_included
        and left.end_included == right.end_included
        and (left.operator in ("=", "!=")) == (right.operator in ("=", "!="))
        and (left.operator == "!=") == (right.operator == "!=")
        and same(left.start, right.start)
        and same(left.end, right.end)
    )


def in_range(value: Value, interval: Range) -> bool | None:
    """Whether a value lies in a range; None if it cannot be compared with it."""
    if interval.operator == "!=":
        answer = equal(value, interval.start)
        return None if answer is None else not answer
    if interval.operator == "=":
        return equal(value, interval.start)
    if value is None:
        return None
    low: bool | None = True
    if interval.start is not None:
        test = less_or_equal if interval.start_included else less
        low = test(interval.start, value)
    high: bool | None = True
    if interval.end is not None:
        test = less_or_equal if interval.end_included else less
        high = test(value, interval.end)
    if low is False or high is False:
        return False
    return None if low is None or high is None else True


def is_same(left: Value, right: Value) -> bool:
    """``is()``: the same element of the domain, so zones and kinds must agree as well."""
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, (dt.time, dt.datetime)):
        return left.replace(tzinfo=None) == right.replace(tzinfo=None) and str(left.tzinfo) == str(
            right.tzinfo
        )
    return left == right if isinstance(left, (FarDateTime, Function)) else same(left, right)


def contains(items: list[Value], value: Value) -> bool:
    """Whether a list holds an equal item."""
    return any(same(item, value) for item in items)


def weight(value: Value, most: int = MAX_STEPS) -> int:
    """How many steps it takes to walk through a value; not counted beyond ``most``, since a value
    that holds another one many times over may have no end.
    """
    total = 0
    waiting = [value]
    while waiting and total <= most:
        item = waiting.pop()
        total += 1
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, str):
            total += len(item) // 50
    return total
