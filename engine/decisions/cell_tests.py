"""Input cells as tests of a value, with a short way for the plainest of them.

Most cells compare a number or a text with constants. For a value of the same type those are
decided by Python's own comparison, which is what FEEL prescribes for them; everything else goes
through FEEL.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from engine.decisions.feel_binding import Tests, constant_of
from engine.decisions.feel_binding import syntax as s
from engine.decisions.run import Scope

CellTest: TypeAlias = Callable[[Any, Scope, datetime | None], bool]
"""Whether a value passes a cell; what is neither true nor false does not pass."""

Holds: TypeAlias = Callable[[Any], bool]

_SIGNS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def cell_test(tests: Tests) -> CellTest:
    """The test of one cell."""

    def in_feel(value: Any, scope: Scope, now: datetime | None) -> bool:
        return tests.test(value, scope, now) is True

    for kind in (Decimal, str):
        holds = _tests(tests.tree, kind)
        if holds is not None:
            return _guarded(kind, holds, in_feel)
    return in_feel


def _guarded(kind: type, holds: Holds, otherwise: CellTest) -> CellTest:
    def test(value: Any, scope: Scope, now: datetime | None) -> bool:
        return holds(value) if type(value) is kind else otherwise(value, scope, now)

    return test


def _tests(tree: s.Node, kind: type) -> Holds | None:
    """The plain form of a cell of which every constant is of one type, else None."""
    if not isinstance(tree, s.Tests) or tree.any_value:
        return None
    parts = [_test(test, kind) for test in tree.tests]
    plain = [part for part in parts if part is not None]
    if len(plain) < len(parts):
        return None
    if len(plain) == 1 and not tree.negated:
        return plain[0]
    if tree.negated:
        return lambda value: not any(part(value) for part in plain)
    return lambda value: any(part(value) for part in plain)


def _test(test: s.Node, kind: type) -> Holds | None:
    match test:
        case s.Compare() if kind is Decimal or test.operator in ("=", "!="):
            return _compare(_SIGNS[test.operator], test.operand, kind)
        case s.RangeLiteral() if kind is Decimal:
            return _interval(test)
        case s.Literal() | s.Negation():
            return _compare(operator.eq, test, kind)
        case _:
            return None


def _compare(sign: Callable[[Any, Any], bool], operand: s.Node, kind: type) -> Holds | None:
    constant = _constant(operand)
    if type(constant) is not kind:
        return None
    return lambda value: sign(value, constant)


def _interval(test: s.RangeLiteral) -> Holds | None:
    start, end = _constant(test.start), _constant(test.end)
    if type(start) is not Decimal or type(end) is not Decimal:
        return None
    above = operator.ge if test.start_included else operator.gt
    below = operator.le if test.end_included else operator.lt
    return lambda value: above(value, start) and below(value, end)


def _constant(node: s.Node) -> Any:
    plain = isinstance(node, s.Literal) or (
        isinstance(node, s.Negation) and isinstance(node.operand, s.Literal)
    )
    return constant_of(node) if plain else None
