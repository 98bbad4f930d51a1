"""What a form is given of the process: variables as form-js reads them, and days in words.

A variable is there for conditions, calculations and texts. It never answers a question by itself:
what somebody chose earlier, perhaps in another month, would be sent again unseen. A question with
the property ``bekend`` is answered with what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import force_locale

from engine.clock import BUSINESS_ZONE
from engine.definitions.forms import Form
from engine.definitions.forms.model import Field
from engine.feel.durations import duration_text
from engine.feel.values import YearsMonthsDuration
from webui.presentation import local, show_day, show_moment

WORDS = "woorden"
"""Under this name a text of a form finds the days and moments among the variables, in Dutch."""


def form_variables(form: Form, variables: Mapping[str, Any]) -> dict[str, Any]:
    """FEEL values by name, ready for JSON, without those that would answer a question anew."""
    plain = {name: _plain(value) for name, value in variables.items()}
    _leave_open(form.fields, plain)
    with force_locale("nl"):
        words = _words(variables)
    return {**plain, WORDS: words} if words else plain


def asks_for_known(found: Field) -> bool:
    """Whether what is known already stands in the field."""
    properties = found.schema.get("properties")
    return isinstance(properties, Mapping) and properties.get("bekend") == "ja"


def _leave_open(fields: Iterable[Field], values: Any) -> None:
    """Take out of the values what the fields ask, and do not ask for as known."""
    for found in fields:
        if found.type == "group":
            _leave_open(found.children, _inside(values, found.path))
        elif found.path and not asks_for_known(found):
            above = _inside(values, found.path[:-1])
            if isinstance(above, dict):
                above.pop(found.path[-1], None)


def _inside(values: Any, path: Iterable[str]) -> Any:
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _plain(value: Any) -> Any:
    """As form-js writes values itself; ``None`` for what it has no word for."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal() | float():
            return int(value) if value == int(value) else float(value)
        case datetime():
            return _here(value).isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case timedelta() | YearsMonthsDuration():
            return duration_text(value)
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return None


def _words(value: Any) -> Any:
    """The same shape with nothing but days and moments, in words."""
    match value:
        case datetime():
            return show_moment(_here(value))
        case date():
            return show_day(value)
        case Mapping():
            told = {str(key): _words(inner) for key, inner in value.items()}
            return {key: words for key, words in told.items() if words}
    return None


def _here(value: datetime) -> datetime:
    """In the business zone; a local time is one there already."""
    return local(value) if value.tzinfo else value.replace(tzinfo=BUSINESS_ZONE)
