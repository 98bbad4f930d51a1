"""The face of this room: compiled expressions and unary tests, and the cache of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from . import calls, iteration, operators
from .comparison import weight
from .compiler import Compiler
from .errors import FeelLimitError
from .free_names import free_names
from .kinds import Value, normalise
from .library import BUILTINS
from .limits import MAX_RESULT, Reason, Run
from .mends import mend_of_name
from .parser import parse, parse_unary
from .scope import READY, Code, Scope
from .syntax import Node, Tests

CACHE_SIZE = 4096
_ROOMS = (calls, iteration, operators)  # importing them fills the compiler's rules

TypeTests = Mapping[str, Callable[[Value], bool]]
_NO_VALUES: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an evaluation came to and, where a part of it became null, why."""

    value: Value
    reasons: tuple[Reason, ...]


def _too_deep() -> FeelLimitError:
    return FeelLimitError("De berekening is te diep genest.", code="feel.limit.depth")


def _bounded(value: Value) -> Value:
    """A result, if whoever reads it will come to an end. Raises `FeelLimitError`."""
    if weight(value, MAX_RESULT) > MAX_RESULT:
        raise FeelLimitError(
            f"De uitkomst heeft meer dan {MAX_RESULT} delen.", code="feel.limit.result"
        )
    return value


class Expression:
    """A compiled FEEL expression; immutable, may be shared between threads."""

    __slots__ = ("_code", "names", "possible_names", "text", "tree")

    def __init__(self, text: str, tree: Node, compiler: Compiler) -> None:
        self.text = text
        self.tree = tree
        self._code: Code = compiler.compile(tree)
        found = free_names(tree, BUILTINS)
        self.names: frozenset[str] = found.certain
        """Variables that must come from the context."""
        self.possible_names: frozenset[str] = found.possible
        """Names inside a filter, which may be entries of the filtered items instead."""

    def evaluate(self, context: Mapping[str, Any], now: dt.datetime | None = None) -> Value:
        """The value in a context. ``now`` is what `now()` and `today()` go by; without it the
        system clock. Raises `FeelLimitError`, or `FeelValueError` for a foreign object.
        """
        try:
            value = self._code(Scope(context, None, Run(now)))
        except RecursionError:
            raise _too_deep() from None
        return _bounded(value) if type(value) in (list, dict) else value

    def explain(self, context: Mapping[str, Any], now: dt.datetime | None = None) -> Explanation:
        """Like `evaluate`, with the reasons for every part that became null."""
        reasons: list[Reason] = []
        try:
            value = self._code(Scope(context, None, Run(now, reasons)))
        except RecursionError:
            raise _too_deep() from None
        return Explanation(_bounded(value), tuple(reasons))

    @property
    def remedies(self) -> dict[str, str]:
        """For names that other languages spell so (``len``, ``str``): what FEEL writes."""
        return {name: mend for name in self.names if (mend := mend_of_name(name))}

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTests:
    """The compiled content of a decision table's input cell; immutable."""

    __slots__ = ("_alone", "_code", "names", "possible_names", "text", "tree")

    def __init__(self, text: str, tree: Tests, compiler: Compiler) -> None:
        self.text = text
        self.tree = tree
        self._code: Code = compiler.compile(tree)
        found = free_names(tree, BUILTINS)
        self.names: frozenset[str] = found.certain - {"?"}
        """Variables that must come from the context."""
        self.possible_names: frozenset[str] = found.possible - {"?"}
        """Names inside a filter, which may be entries of the filtered items instead."""
        self._alone = not (self.names or self.possible_names)

    def test(
        self,
        value: Any,
        context: Mapping[str, Any] = _NO_VALUES,
        now: dt.datetime | None = None,
    ) -> bool | None:
        """Whether a value passes; None if FEEL cannot say. Raises as `Expression.evaluate`."""
        return self._answer(value, context, Run(now))

    def explain(
        self,
        value: Any,
        context: Mapping[str, Any] = _NO_VALUES,
        now: dt.datetime | None = None,
    ) -> Explanation:
        """Like `test`, with the reasons for every part that became null."""
        reasons: list[Reason] = []
        answer = self._answer(value, context, Run(now, reasons))
        return Explanation(answer, tuple(reasons))

    def _answer(self, value: Any, context: Mapping[str, Any], run: Run) -> bool | None:
        kind = type(value)
        if kind not in READY and not (kind is Decimal and value.is_finite()):
            value = normalise(value)
        around = None if self._alone else Scope(context, None, run)
        try:
            answer = self._code(Scope({"?": value}, around, run))
        except RecursionError:
            raise _too_deep() from None
        return answer if isinstance(answer, bool) else None

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"


@lru_cache(maxsize=CACHE_SIZE)
def _compiled(text: str, names: frozenset[str]) -> Expression:
    return _build(text, names, None)


@lru_cache(maxsize=CACHE_SIZE)
def _compiled_unary(text: str, names: frozenset[str]) -> UnaryTests:
    return _build_unary(text, names, None)


def _build(text: str, names: frozenset[str], types: TypeTests | None) -> Expression:
    try:
        return Expression(text, parse(text, names), Compiler(BUILTINS, names, types))
    except RecursionError:
        raise _too_deep() from None


def _build_unary(text: str, names: frozenset[str], types: TypeTests | None) -> UnaryTests:
    try:
        return UnaryTests(text, parse_unary(text, names), Compiler(BUILTINS, names, types))
    except RecursionError:
        raise _too_deep() from None


def compile(text: str, names: Iterable[str] = (), types: TypeTests | None = None) -> Expression:
    """Compile an expression; equal texts are compiled once.

    ``names`` announces variables whose names contain signs or operator words (``a-b``,
    ``date and place``) or hide a built-in function; other names with spaces are read without it.
    ``types`` are the caller's own types for ``instance of``. Raises `FeelSyntaxError` or
    `FeelLimitError`.
    """
    if types:
        return _build(text, frozenset(names), types)
    return _compiled(text, frozenset(names))


def compile_unary(
    text: str, names: Iterable[str] = (), types: TypeTests | None = None
) -> UnaryTests:
    """Compile unary tests, as `compile` does for an expression."""
    if types:
        return _build_unary(text, frozenset(names), types)
    return _compiled_unary(text, frozenset(names))


def evaluate(text: str, context: Mapping[str, Any], now: dt.datetime | None = None) -> Value:
    """Compile and evaluate in one step. Keys of the context with spaces or signs are known."""
    names = [key for key in context if not key.isidentifier()]
    return compile(text, names).evaluate(context, now)
