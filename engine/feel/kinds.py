"""The values of FEEL: which Python types stand for them, and the three that are our own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, Overflow
from typing import Any, TypeAlias

from .errors import FeelLimitError, FeelValueError
from .far import FarDate, FarDateTime
from .limits import MAX_DEPTH

Value: TypeAlias = Any
"""A FEEL value: Decimal, str, bool, None, date, time, datetime, timedelta,
`YearsMonthsDuration`, list, dict, `Range` or `Function`."""

DECIMAL128 = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, Overflow],
)
"""Arithmetic of IEEE 754 decimal128, as DMN prescribes."""


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A duration in whole calendar months, for instance ``P1Y2M`` = 14 months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        sign = "-" if self.months < 0 else ""
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{sign}P{text}"


@dataclass(frozen=True, slots=True)
class Range:
    """An interval, or the set that a unary test such as ``(> 10)`` stands for.

    ``operator`` is empty for ``[a..b]`` and one of ``< <= > >= = !=`` for the short forms; an open
    side is None and not included.
    """

    start: Value
    end: Value
    start_included: bool = True
    end_included: bool = True
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function: its name and the name of its type (None: anything)."""

    name: str
    type: Any = None
    optional: bool = False
    variadic: bool = False


@dataclass(frozen=True, eq=False)
class Function:
    """A function value. ``call`` receives the arguments in the order of ``parameters``.

    Used for functions defined in FEEL and, by ``engine.decisions``, for business knowledge models.
    """

    name: str
    parameters: tuple[Parameter, ...]
    call: Callable[[list[Value]], Value]
    result: Any = None


KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    dt.date: "date",
    FarDate: "date",
    dt.time: "time",
    dt.datetime: "date and time",
    FarDateTime: "date and time",
    dt.timedelta: "days and time duration",
    YearsMonthsDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}

KIND_LABELS: dict[str, str] = {
    "number": "een getal",
    "string": "een tekst",
    "boolean": "true of false",
    "null": "null",
    "date": "een datum",
    "time": "een tijd",
    "date and time": "een datum en tijd",
    "days and time duration": "een duur in dagen en uren",
    "years and months duration": "een duur in jaren en maanden",
    "list": "een lijst",
    "context": "een context",
    "range": "een bereik",
    "function": "een functie",
    "any": "een waarde",
    "unknown": "iets onbekends",
}
"""The kinds in words, for messages to process owners."""


def label_of(value: Value) -> str:
    """The kind of a value in words, for a message."""
    return KIND_LABELS[kind_of(value)]


def kind_of(value: Value) -> str:
    """The FEEL name of a value's kind, for instance ``number`` or ``date and time``."""
    kind = KINDS.get(type(value))
    return kind if kind is not None else _kind_of_subclass(value)


def _kind_of_subclass(value: Value) -> str:
    # A date and time is a date to Python, so that it is asked first.
    for base in (dt.datetime, *KINDS):
        if isinstance(value, base):
            return KINDS[base]
    return "unknown"


def to_number(value: int | float | Decimal) -> Decimal | None:
    """A number from outside as Decimal of at most 34 digits; None for NaN and infinity."""
    number = (
        value
        if isinstance(value, Decimal)
        else Decimal(repr(value) if isinstance(value, float) else value)
    )
    if not number.is_finite():
        return None
    try:
        return DECIMAL128.plus(number)
    except Overflow:
        raise FeelLimitError("Het getal is te groot.", code="feel.limit.number") from None


_PLAIN = frozenset(KINDS) - {Decimal, list, dict, Range}


def normalise(value: object, depth: int = 0) -> Value:
    """A value from outside as FEEL value: int and float become Decimal, tuples lists, deeply.

    Returns the same object where nothing had to change. Raises `FeelValueError` for a Python
    object that FEEL does not know, `FeelLimitError` for a value nested too deeply.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, (Decimal, float)) or (
        isinstance(value, int) and not isinstance(value, bool)
    ):
        return to_number(value)
    if depth > MAX_DEPTH:
        raise FeelLimitError(
            f"Een waarde is meer dan {MAX_DEPTH} diep genest.", code="feel.limit.depth"
        )
    if isinstance(value, (list, tuple)):
        return _normalise_items(value, depth)
    if isinstance(value, Mapping):
        return _normalise_entries(value, depth)
    if isinstance(value, Range):
        return Range(
            normalise(value.start, depth + 1),
            normalise(value.end, depth + 1),
            value.start_included,
            value.end_included,
            value.operator,
        )
    if kind_of(value) != "unknown":
        return value
    raise FeelValueError(f"FEEL kent geen waarde van het Python-type {kind.__name__}.")


def _normalise_items(items: Sequence[object], depth: int) -> list[Value]:
    result = [normalise(item, depth + 1) for item in items]
    if type(items) is list and all(map(_same, items, result)):
        return items
    return result


def _normalise_entries(entries: Mapping[Any, object], depth: int) -> dict[str, Value]:
    result = {str(key): normalise(item, depth + 1) for key, item in entries.items()}
    if type(entries) is dict and all(map(_same, entries.values(), result.values())):
        return entries
    return result


def _same(before: object, after: object) -> bool:
    return before is after
