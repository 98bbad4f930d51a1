"""Where names are looked up while an expression is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from .kinds import KINDS, Range, Value, normalise
from .limits import Run

Code: TypeAlias = "Callable[[Scope], Value]"
"""A compiled part of an expression."""

MISSING: Final = object()
READY: Final = frozenset(KINDS) - {Decimal, list, dict, Range}
"""Types that a value from outside may have without any conversion."""


class Scope:
    """One frame of names; the outermost holds the caller's context as it came."""

    __slots__ = ("parent", "run", "values")

    def __init__(self, values: Mapping[str, Any], parent: Scope | None, run: Run) -> None:
        self.values = values
        self.parent = parent
        self.run = run


def from_outside(run: Run, name: str, value: object) -> Value:
    """A variable of the caller as FEEL value, converted once per evaluation."""
    if run.roots is None:
        run.roots = {}
    elif name in run.roots:
        return run.roots[name]
    result = normalise(value)
    run.roots[name] = result
    return result
