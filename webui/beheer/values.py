"""Values of process variables as administrators see and type them: FEEL literals, or JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from engine import feel
from engine.feel.errors import FeelError, FeelSyntaxError
from engine.feel.values import Function, from_json, kind_of, normalise, to_text

MOST_CHARACTERS = 10_000

KINDS = {
    "number": lazy_gettext("getal"),
    "string": lazy_gettext("tekst"),
    "boolean": lazy_gettext("ja of nee"),
    "date": lazy_gettext("datum"),
    "time": lazy_gettext("tijd"),
    "date and time": lazy_gettext("datum en tijd"),
    "days and time duration": lazy_gettext("duur"),
    "years and months duration": lazy_gettext("duur"),
    "list": lazy_gettext("lijst"),
    "context": lazy_gettext("groep waarden"),
    "null": lazy_gettext("leeg"),
}


class NotAValue(ValueError):
    """What was typed cannot be a value; the message says why and how to write it."""


def kind_in_words(value: Any) -> str:
    """What kind of value it is, in the reader's language."""
    kind = kind_of(normalise(value))
    return str(KINDS.get(kind, kind))


def written(value: Any) -> str:
    """A value as it could be typed again: ``"tekst"``, ``3``, ``@"2026-01-05"``."""
    return to_text(normalise(value), nested=True)


def typed(text: str, now: datetime) -> Any:
    """The value that was typed.

    Raises:
        NotAValue: it is no FEEL value and no JSON.
    """
    text = text.strip()
    if len(text) > MOST_CHARACTERS:
        raise NotAValue(gettext("Dit is te lang; bewaar grote gegevens niet in het proces."))
    try:
        expression = feel.compile(text)
        names = sorted(expression.names)
        explained = None if names else expression.explain({}, now=now)
    except FeelSyntaxError as error:
        return _json_or(text, error)
    except FeelError as error:
        raise NotAValue(_told(error)) from None
    if explained is None:
        raise NotAValue(
            gettext(
                '“%(name)s” is geen waarde. Zet een tekst tussen aanhalingstekens: "%(name)s".',
                name=names[0],
            )
        )
    if isinstance(explained.value, Function):
        raise NotAValue(gettext("Een functie kan niet bewaard worden."))
    if explained.value is None and text != "null":
        why = " ".join(dict.fromkeys(reason.message for reason in explained.reasons))
        raise NotAValue(
            gettext("Dit geeft geen waarde. %(why)s Bedoel je niets, schrijf dan null.", why=why)
        )
    return explained.value


def _json_or(text: str, error: FeelSyntaxError) -> Any:
    try:
        return from_json(json.loads(text))
    except (ValueError, FeelError, RecursionError):
        raise NotAValue(_told(error)) from None


def _told(error: FeelError) -> str:
    parts = [error.message, error.remedy]
    if error.expected:
        parts.insert(1, gettext("Verwacht: %(what)s.", what=error.expected))
    return " ".join(part for part in parts if part)
