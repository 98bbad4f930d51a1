"""What an input cell compares with, read off its syntax tree.

A cell is *simple* when its answer depends on nothing but the column's value and constants:
comparisons, intervals, lists, ``not``, and the same written out with ``?``. Such a cell's answer
can change only at the constants it mentions. Any other cell (another variable, a calculation on
the value, a function of it) is not simple, and is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from engine.decisions.feel_binding import constant_of
from engine.decisions.feel_binding import syntax as s

_CONSTRUCTORS: Final = frozenset(
    {"date", "time", "date and time", "duration", "years and months duration", "number"}
)
_COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})


class NotSimple(Exception):
    """The cell depends on more than the column's value and constants."""


def bounds_of(tests: s.Node) -> list[Any]:
    """Every constant that a cell compares the column's value with.

    Raises:
        NotSimple: the cell cannot be judged by its constants.
    """
    return list(_test_bounds(tests))


def _test_bounds(node: s.Node) -> Iterator[Any]:
    """Bounds of a node that stands where a test is expected."""
    match node:
        case s.Tests():
            for test in node.tests:
                yield from _test_bounds(test)
        case s.Compare() | s.RangeLiteral() | s.ListLiteral():
            yield from _operand_bounds(node)
        case _ if is_constant(node):
            yield constant_of(node)
        case _:
            yield from _condition_bounds(node)


def _operand_bounds(node: s.Node) -> Iterator[Any]:
    """Bounds of a constant, an interval or a list of them."""
    match node:
        case s.Compare():
            yield from _operand_bounds(node.operand)
        case s.RangeLiteral():
            yield from _constants((node.start, node.end))
        case s.ListLiteral():
            for item in node.items:
                yield from _operand_bounds(item)
        case _:
            yield from _constants((node,))


def _condition_bounds(node: s.Node) -> Iterator[Any]:
    """Bounds of a condition on ``?``."""
    match node:
        case s.Binary() if node.operator in ("and", "or"):
            yield from _condition_bounds(node.left)
            yield from _condition_bounds(node.right)
        case s.Binary() if node.operator in _COMPARISONS and _is_value(node.left):
            yield from _constants((node.right,))
        case s.Binary() if node.operator in _COMPARISONS and _is_value(node.right):
            yield from _constants((node.left,))
        case s.Between() if _is_value(node.value):
            yield from _constants((node.low, node.high))
        case s.In() if _is_value(node.value):
            yield from _test_bounds(node.tests)
        case s.Call() if _is_name(node.function, "not") and len(node.arguments) == 1:
            yield from _condition_bounds(node.arguments[0])
        case s.Literal() if isinstance(node.value, bool):
            return
        case _:
            raise NotSimple


def _constants(nodes: Iterable[s.Node]) -> Iterator[Any]:
    for node in nodes:
        if not is_constant(node):
            raise NotSimple
        yield constant_of(node)


def is_constant(node: s.Node) -> bool:
    """Whether a node has the same value everywhere: literals and what is made of them."""
    match node:
        case s.Literal():
            return True
        case s.Negation():
            return is_constant(node.operand)
        case s.Binary():
            arithmetic = node.operator not in (*_COMPARISONS, "and", "or")
            return arithmetic and is_constant(node.left) and is_constant(node.right)
        case s.Call():
            made = isinstance(node.function, s.Name) and node.function.name in _CONSTRUCTORS
            return made and all(map(is_constant, node.arguments))
        case _:
            return False


def _is_value(node: s.Node) -> bool:
    return _is_name(node, "?")


def _is_name(node: s.Node, name: str) -> bool:
    return isinstance(node, s.Name) and node.name == name
