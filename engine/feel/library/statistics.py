"""Built-in functions that come to one value of many: min, sum, mean, all, any ..."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import reduce

from ..arithmetic import add, divide, multiply, power, subtract
from ..comparison import equal, less
from ..errors import NullReason
from ..kinds import DECIMAL128, Value
from .registry import Body, Library

LIBRARY = Library()


def _both(name: str) -> Callable[[Body], Body]:
    """Declare a function of one list that also takes the items as arguments."""

    def register(body: Body) -> Body:
        LIBRARY.define(f"{name}(list: list)")(body)
        return LIBRARY.define(f"{name}(item...: any)")(body)

    return register


def _numbers(items: list[Value], least: int = 1) -> list[Decimal]:
    if len(items) < least:
        raise NullReason(f"Er is ten minste {least} getal nodig.", "feel.null.argument")
    for item in items:
        if not isinstance(item, Decimal):
            raise NullReason("Niet alles in de lijst is een getal.", "feel.null.argument")
    return items


def _extreme(items: list[Value], *, smallest: bool) -> Value:
    if not items:
        raise NullReason("De lijst is leeg.", "feel.null.argument")
    best = items[0]
    for item in items:
        smaller = less(item, best)
        if smaller is None:
            raise NullReason("Wat in de lijst staat, heeft geen volgorde.", "feel.null.comparison")
        if smaller if smallest else not smaller and equal(item, best) is not True:
            best = item
    return best


@_both("min")
def _min(items: list[Value]) -> Value:
    return _extreme(items, smallest=True)


@_both("max")
def _max(items: list[Value]) -> Value:
    return _extreme(items, smallest=False)


@_both("sum")
def _sum(items: list[Value]) -> Value:
    return reduce(add, _numbers(items))


@_both("product")
def _product(items: list[Value]) -> Value:
    return reduce(multiply, _numbers(items))


@_both("mean")
def _mean(items: list[Value]) -> Value:
    return divide(_sum(items), Decimal(len(items)))


@_both("median")
def _median(items: list[Value]) -> Value:
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return divide(add(ordered[middle - 1], ordered[middle]), Decimal(2))


@_both("stddev")
def _stddev(items: list[Value]) -> Value:
    numbers = _numbers(items, 2)
    mean = _mean(items)
    squares = [power(subtract(number, mean), Decimal(2)) for number in numbers]
    return DECIMAL128.sqrt(divide(_sum(squares), Decimal(len(items) - 1)))


@_both("mode")
def _mode(items: list[Value]) -> list[Value]:
    counts: dict[Decimal, int] = {}
    for number in _numbers(items, 0):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _decide(items: list[Value], *, decisive: bool) -> bool | None:
    if any(item is decisive for item in items):
        return decisive
    if all(isinstance(item, bool) for item in items):
        return not decisive
    raise NullReason("Niet alles in de lijst is true of false.", "feel.null.logic")


@_both("all")
def _all(items: list[Value]) -> bool | None:
    return _decide(items, decisive=False)


@_both("any")
def _any(items: list[Value]) -> bool | None:
    return _decide(items, decisive=True)
