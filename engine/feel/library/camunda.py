"""The functions that Camunda 8 adds to FEEL, as far as they always give the same for the same.

What depends on chance (``uuid``, ``random number``) is left out: a step that is done again after a
collision must come to the same.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from decimal import Decimal

from ..comparison import contains, weight
from ..durations import duration_text
from ..errors import FeelValueError, NullReason
from ..kinds import Value, YearsMonthsDuration
from ..limits import Run, check_list, check_string
from ..moments import BUSINESS_ZONE, moment_text
from .registry import Library

LIBRARY = Library()
_DEEPEST = 50


@LIBRARY.define("is defined(value: any)")
def _is_defined(value: Value) -> bool:
    return value is not None


@LIBRARY.define("get or else(value: any, default: any)")
def _get_or_else(value: Value, default: Value) -> Value:
    return default if value is None else value


@LIBRARY.define("assert(value: any, condition: any)")
def _assert(value: Value, condition: Value) -> Value:
    return _assert_or_tell(value, condition, None)


@LIBRARY.define("assert(value: any, condition: any, cause: string)")
def _assert_or_tell(value: Value, condition: Value, cause: str | None) -> Value:
    if condition is True:
        return value
    raise FeelValueError(
        cause or "Aan de voorwaarde van ‘assert’ is niet voldaan.",
        remedy="Zorg dat de waarde er is en klopt, of vul iets in met ‘get or else’.",
        code="feel.assert",
    )


@LIBRARY.define("fromAi(value: any)")
@LIBRARY.define("fromAi(value: any, description: any)")
@LIBRARY.define("fromAi(value: any, description: any, type: any)")
@LIBRARY.define("fromAi(value: any, description: any, type: any, schema: any)")
@LIBRARY.define("fromAi(value: any, description: any, type: any, schema: any, options: any)")
def _from_ai(value: Value, *_about: Value) -> Value:
    """What the value is for is told to who fills it in; here it is the value itself."""
    return value


@LIBRARY.define("trim(string: string)")
def _trim(text: str) -> str:
    return text.strip()


@LIBRARY.define("is blank(string: string)")
def _is_blank(text: str) -> bool:
    return not text.strip()


@LIBRARY.define("is empty(list: list)")
def _is_empty(items: list[Value]) -> bool:
    return not items


@LIBRARY.define("to base64(value: string)")
def _to_base64(text: str) -> str:
    check_string(2 * len(text))
    return base64.b64encode(text.encode()).decode("ascii")


@LIBRARY.define("duplicate values(list: list)", run=True)
def _duplicate_values(run: Run, items: list[Value]) -> list[Value]:
    seen: list[Value] = []
    twice: list[Value] = []
    for item in items:
        run.spend(weight(item) * (1 + len(seen) + len(twice)))
        if not contains(seen, item):
            seen.append(item)
        elif not contains(twice, item):
            twice.append(item)
    return twice


@LIBRARY.define("partition(list: list, size: number)")
def _partition(items: list[Value], size: Decimal) -> list[Value]:
    length = int(size)
    if length < 1:
        raise NullReason("De grootte is ten minste 1.", "feel.null.argument")
    return [items[at : at + length] for at in range(0, len(items), length)]


@LIBRARY.define("last day of month(date: date|date and time)")
def _last_day_of_month(value: Value) -> dt.date:
    if not isinstance(value, dt.date):
        raise NullReason("De datum valt buiten de kalender.", "feel.null.calendar")
    day = value.date() if isinstance(value, dt.datetime) else value
    try:
        return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    except OverflowError:
        return day.replace(day=31)  # the last month of the calendar


@LIBRARY.define("unix timestamp(date time: date and time)")
def _unix_timestamp(value: Value) -> Decimal:
    if not isinstance(value, dt.datetime):
        raise NullReason("De datum valt buiten de kalender.", "feel.null.calendar")
    aware = value if value.tzinfo else value.replace(tzinfo=BUSINESS_ZONE)
    since = aware.astimezone(dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return Decimal(since // dt.timedelta(milliseconds=1))


@LIBRARY.define("from json(value: string)", run=True)
def _from_json(run: Run, text: str) -> Value:
    run.spend(len(text))
    try:
        found: Value = json.loads(text, parse_int=Decimal, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise NullReason("Dit is geen JSON.", "feel.null.argument") from None
    _bounded(found)
    return found


def _bounded(value: Value, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise NullReason("De JSON is te diep genest.", "feel.null.argument")
    if isinstance(value, (list, dict)):
        check_list(len(value))
        for item in value.values() if isinstance(value, dict) else value:
            _bounded(item, depth + 1)


@LIBRARY.define("to json(value: any)", run=True)
def _to_json(run: Run, value: Value) -> str:
    run.spend(weight(value))
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))
    check_string(len(text))
    return text


def _plain(value: Value) -> object:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if value is None or isinstance(value, (bool, str, int, float)):
        return value
    if isinstance(value, (dt.timedelta, YearsMonthsDuration)):
        return duration_text(value)
    if isinstance(value, (dt.date, dt.time)):
        return moment_text(value)
    raise NullReason("Deze waarde heeft geen vorm in JSON.", "feel.null.argument")
