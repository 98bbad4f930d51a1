"""How a FEEL value is written as text: what ``string()`` gives."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from .durations import duration_text
from .far import FarDate, FarDateTime
from .kinds import Function, Range, Value, YearsMonthsDuration
from .lexer import quote
from .moments import moment_text


def number_text(number: Decimal) -> str:
    """A number without exponent, for instance ``1000`` for 1E+3."""
    text = format(number, "f")
    return text[1:] if number.is_zero() and text.startswith("-") else text


def to_text(value: Value, *, nested: bool = False) -> str:
    """A value as text. Texts inside lists and contexts are quoted."""
    if isinstance(value, str):
        return quote(value) if nested else value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, list):
        return "[" + ", ".join(to_text(item, nested=True) for item in value) + "]"
    if isinstance(value, dict):
        entries = (f"{_key(key)}: {to_text(item, nested=True)}" for key, item in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, Range):
        return range_text(value)
    if isinstance(value, Function):
        return f"function {value.name}".strip()
    return _scalar(value, nested=nested)


def _scalar(value: Value, *, nested: bool) -> str:
    if isinstance(value, (dt.timedelta, YearsMonthsDuration)):
        text = duration_text(value)
    elif isinstance(value, (dt.date, dt.time, FarDate, FarDateTime)):
        text = moment_text(value)
    else:
        text = str(value)
    return f'@"{text}"' if nested else text


def _key(key: str) -> str:
    return key if key.replace(" ", "_").isidentifier() else quote(key)


def range_text(value: Range) -> str:
    """A range as FEEL writes it: ``[1..10)`` or ``(> 10)``."""
    if value.operator:
        bound = value.end if value.operator in ("<", "<=") else value.start
        return f"({value.operator} {to_text(bound, nested=True)})"
    opening = "[" if value.start_included else "("
    closing = "]" if value.end_included else ")"
    start, end = to_text(value.start, nested=True), to_text(value.end, nested=True)
    return f"{opening}{start}..{end}{closing}"
