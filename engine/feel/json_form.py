"""FEEL values to JSON and back, without loss. The one place where this is done.

null, booleans, texts, lists and contexts are plain JSON. A whole number that JSON readers keep
exact (up to 2**53) is a plain number. Everything else is an object with one key that starts
with ``@``:

=====================  ====================================================================
``{"@n": "1.50"}``     a Decimal, digits as they are (``1.50`` stays ``1.50``)
``{"@d": "..."}``      a date, ``@t`` a time, ``@dt`` a date and time, with zone
``{"@p": "P1D"}``      a days and time duration, ``@m`` a years and months duration
``{"@r": [...]}``      a range: start, end, start included, end included, operator
``{"@i": "..."}``      an int too large for a plain number
``{"@o": {...}}``      a context with one key that itself starts with ``@``
=====================  ====================================================================

A Decimal without digits behind the point and an int of the same value become the same plain
number, and come back as int: FEEL takes both for the same number, and so does Python's ``==``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .durations import duration_text, parse_duration_text
from .errors import FeelLimitError, FeelValueError
from .far import FarDate, FarDateTime
from .kinds import Range, Value, YearsMonthsDuration, to_number
from .limits import MAX_DEPTH
from .moments import moment_text, parse_date, parse_datetime, parse_time

SAFE_INTEGER = 2**53
_PLAIN = frozenset({str, bool, int, type(None)})
_SAME = frozenset({str, bool, type(None)})
_TEXTS = frozenset({str})
_SCALARS = frozenset({dt.datetime, dt.timedelta, dt.date, dt.time})
_EXACT = _PLAIN | {dt.timedelta, dt.date}
"""Types whose values cannot be changed and are read as they were written."""


def to_json(value: Value, depth: int = 0) -> Any:
    """A FEEL value as what `json.dumps` takes. Raises `FeelValueError` for anything else, and
    for functions, which have no JSON.
    """
    kind = type(value)
    if kind in _SAME:
        return value
    if kind is int and -SAFE_INTEGER <= value <= SAFE_INTEGER:
        return value
    if depth <= MAX_DEPTH:
        if kind is dict:
            return _context_to_json(value, depth)
        if kind in _SCALARS:
            return _scalar_to_json(value)
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, Decimal, float)):
        return _number_to_json(value)
    if depth > MAX_DEPTH:
        raise FeelLimitError(
            f"Een waarde is meer dan {MAX_DEPTH} diep genest.", code="feel.limit.depth"
        )
    if isinstance(value, (list, tuple)):
        return [to_json(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return _context_to_json(value, depth)
    if isinstance(value, Range):
        ends = [to_json(value.start, depth + 1), to_json(value.end, depth + 1)]
        return {"@r": [*ends, value.start_included, value.end_included, value.operator]}
    return _scalar_to_json(value)


def _number_to_json(value: int | Decimal | float) -> Any:
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, int):
        return value if abs(value) <= SAFE_INTEGER else {"@i": str(value)}
    if not value.is_finite():
        raise FeelValueError(f"FEEL kent geen getal {value}.", code="feel.value.number")
    plain = value.as_tuple().exponent == 0 and not (value.is_zero() and value.is_signed())
    return int(value) if plain and abs(value) <= SAFE_INTEGER else {"@n": str(value)}


def _context_to_json(value: dict[str, Value], depth: int) -> Any:
    result = {}
    for key, item in value.items():
        if type(key) is not str and not isinstance(key, str):
            raise FeelValueError(f"De sleutel {key!r} van een context is geen tekst.")
        result[key] = item if type(item) in _SAME else to_json(item, depth + 1)
    return {"@o": result} if len(result) == 1 and _is_tagged(result) else result


def _is_tagged(value: dict[str, Any]) -> bool:
    """Whether the one key of a context says what it is, instead of being a name."""
    return next(iter(value)).startswith("@")


def _scalar_to_json(value: Value) -> dict[str, str]:
    kind = type(value)
    if kind is dt.datetime and value.tzinfo is dt.UTC and not value.microsecond:
        return {"@dt": value.isoformat()[:-6] + ("Z!" if value.fold else "Z")}
    if isinstance(value, dt.timedelta):
        return {"@p": _duration(value)}
    if isinstance(value, (dt.datetime, FarDateTime)):
        return {"@dt": moment_text(value) + _fold_mark(value)}
    if isinstance(value, (dt.date, FarDate)):
        return {"@d": moment_text(value)}
    if isinstance(value, dt.time):
        return {"@t": moment_text(value)}
    if isinstance(value, YearsMonthsDuration):
        return {"@m": str(value)}
    raise FeelValueError(f"{type(value).__name__} heeft geen JSON-vorm.", code="feel.value.json")


_duration = lru_cache(1024)(duration_text)  # the same few come back step after step


def _fold_mark(value: dt.datetime | FarDateTime) -> str:
    """The hour that comes twice at the end of summer time: its second coming."""
    return "!" if isinstance(value, dt.datetime) and value.fold else ""


def from_json(value: Any, depth: int = 0) -> Value:
    """What `to_json` gave, as FEEL value. Raises `FeelValueError` for an unknown tag or text."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if depth > 3 * MAX_DEPTH:
        raise FeelLimitError("De JSON is te diep genest.", code="feel.limit.depth")
    if kind is list:
        return [from_json(item, depth + 1) for item in value]
    if kind is float:
        return to_number(value)
    if kind is not dict:
        return value
    if len(value) != 1 or not _is_tagged(value):
        return {
            key: item if type(item) in _PLAIN else from_json(item, depth + 1)
            for key, item in value.items()
        }
    [(tag, body)] = value.items()
    return _read(tag, body, depth)


def _read(tag: str, body: Any, depth: int) -> Value:
    reader = _READERS.get(tag)
    if reader is not None:
        result = reader(body) if isinstance(body, str) else None
    elif tag == "@o" and isinstance(body, dict):
        return {key: from_json(item, depth + 1) for key, item in body.items()}
    elif tag == "@r" and isinstance(body, list) and len(body) == 5:
        return Range(from_json(body[0], depth + 1), from_json(body[1], depth + 1), *body[2:])
    else:
        result = None
    if result is None:
        wrong = {tag: body}
        raise FeelValueError(f"{wrong!r} is niet de JSON van een waarde.", code="feel.value.json")
    return result


def read_json(raw: bytes) -> Any:
    """The JSON that holds what `to_json` gave, with the values in their places.

    Raises:
        ValueError: it is no JSON.
        FeelValueError: it holds an unknown tag, or a text that its tag does not allow.
    """
    text = raw.decode()
    if '"@o"' in text:  # what is inside must not be taken for what it looks like
        return from_json(json.loads(text))
    return _READING.decode(text)


def _untagged(value: dict[str, Any]) -> Value:
    if len(value) == 1:
        for tag, body in value.items():
            if tag[:1] == "@":
                return _read(tag, body, 0)
    return value


_READING = json.JSONDecoder(object_hook=_untagged)


def copied(value: Value, depth: int = 0) -> Value:
    """What ``from_json(to_json(value))`` gives, without writing what is plain. Raises the same."""
    kind = type(value)
    if kind in _EXACT:
        return value
    if depth <= MAX_DEPTH:
        if kind is list:
            return [copied(item, depth + 1) for item in value]
        if kind is dict and set(map(type, value)) <= _TEXTS:
            return {
                key: item if type(item) in _EXACT else copied(item, depth + 1)
                for key, item in value.items()
            }
    return from_json(to_json(value, depth))


def _read_number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


def _read_integer(text: str) -> int | None:
    return int(text) if text.removeprefix("-").isdigit() else None


def _read_moment(text: str) -> Value:
    moment = parse_datetime(text.removesuffix("!"))
    if text.endswith("!") and isinstance(moment, dt.datetime):
        return moment.replace(fold=1)
    return moment


_READERS: dict[str, Callable[[str], Value]] = {
    "@n": _read_number,
    "@i": _read_integer,
    # none of these can be changed by who gets it, and the same ones come back step after step
    "@d": lru_cache(1024)(parse_date),
    "@t": lru_cache(1024)(parse_time),
    "@dt": lru_cache(1024)(_read_moment),
    "@p": lru_cache(1024)(parse_duration_text),
    "@m": lru_cache(1024)(parse_duration_text),
}
