"""Built-in functions on lists. Positions count from 1, or from the end with a minus sign."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key

from ..calls import invoke
from ..comparison import contains, same, weight
from ..errors import NullReason
from ..kinds import Function, Value
from ..limits import Run, check_list
from .conversions import whole
from .registry import Library

LIBRARY = Library()


def _index(items: list[Value], position: Decimal) -> int:
    """The Python index of a FEEL position. Raises `NullReason` if there is none."""
    number = whole(position, "Plaats")
    if 1 <= number <= len(items):
        return number - 1
    if -len(items) <= number <= -1:
        return len(items) + number
    raise NullReason(f"De lijst van {len(items)} heeft geen plaats {position}.", "feel.null.index")


@LIBRARY.define("list contains(list: list, element?: any)")
def _list_contains(items: list[Value], element: Value) -> bool:
    return contains(items, element)


@LIBRARY.define("count(list: list)")
def _count(items: list[Value]) -> Decimal:
    return Decimal(len(items))


@LIBRARY.define("sublist(list: list, start position: number, length?: number)")
def _sublist(items: list[Value], position: Decimal, length: Decimal | None) -> list[Value]:
    start = _index(items, position)
    if length is None:
        return items[start:]
    size = whole(length, "Lengte")
    if size < 1 or start + size > len(items):
        raise NullReason(f"De lijst heeft daar geen {length} waarden.", "feel.null.index")
    return items[start : start + size]


@LIBRARY.define("append(list: list, item...: any)")
def _append(items: list[Value], more: list[Value]) -> list[Value]:
    check_list(len(items) + len(more))
    return items + more


@LIBRARY.define("concatenate(list...: list)")
def _concatenate(lists: list[list[Value]]) -> list[Value]:
    check_list(sum(map(len, lists)))
    return [item for items in lists for item in items]


@LIBRARY.define("insert before(list: list, position: number, newItem?: any)")
def _insert_before(items: list[Value], position: Decimal, item: Value) -> list[Value]:
    index = _index(items, position)
    check_list(len(items) + 1)
    return [*items[:index], item, *items[index:]]


@LIBRARY.define("remove(list: list, position: number)")
def _remove(items: list[Value], position: Decimal) -> list[Value]:
    index = _index(items, position)
    return items[:index] + items[index + 1 :]


@LIBRARY.define("list replace(list: list, position: number, newItem: any)")
def _list_replace(items: list[Value], position: Decimal, item: Value) -> list[Value]:
    index = _index(items, position)
    return [*items[:index], item, *items[index + 1 :]]


@LIBRARY.define("list replace(list: list, match: function, newItem: any)", run=True)
def _list_replace_matches(run: Run, items: list[Value], match: Function, new: Value) -> list[Value]:
    result = []
    for item in items:
        run.spend(2)
        answer = invoke(match, [item, new], None, run)
        if not isinstance(answer, bool):
            raise NullReason("De functie moet true of false geven.", "feel.null.function")
        result.append(new if answer else item)
    return result


@LIBRARY.define("reverse(list: list)")
def _reverse(items: list[Value]) -> list[Value]:
    return items[::-1]


@LIBRARY.define("index of(list: list, match?: any)")
def _index_of(items: list[Value], match: Value) -> list[Value]:
    return [Decimal(at + 1) for at, item in enumerate(items) if same(item, match)]


def _distinct(items: list[Value], run: Run) -> list[Value]:
    result: list[Value] = []
    for item in items:
        run.spend(weight(item) * (1 + len(result)))
        if not contains(result, item):
            result.append(item)
    return result


@LIBRARY.define("union(list...: list)", run=True)
def _union(run: Run, lists: list[list[Value]]) -> list[Value]:
    return _distinct(_concatenate(lists), run)


@LIBRARY.define("distinct values(list: list)", run=True)
def _distinct_values(run: Run, items: list[Value]) -> list[Value]:
    return _distinct(items, run)


@LIBRARY.define("flatten(list: list)", run=True)
def _flatten(run: Run, items: list[Value]) -> list[Value]:
    result: list[Value] = []
    waiting = items[::-1]
    while waiting:
        run.spend(1)
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        else:
            result.append(item)
    check_list(len(result))
    return result


@LIBRARY.define("sort(list: list, precedes: function)", run=True)
def _sort(run: Run, items: list[Value], precedes: Function) -> list[Value]:
    def order(left: Value, right: Value) -> int:
        run.spend(2)
        if invoke(precedes, [left, right], None, run) is True:
            return -1
        return 1 if invoke(precedes, [right, left], None, run) is True else 0

    return sorted(items, key=cmp_to_key(order))
