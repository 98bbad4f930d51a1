"""Values, types and rules in words, in Dutch, for findings and explanations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from engine.decisions.feel_binding import value_text

TYPE_NAMES: Final = {
    "number": "getal",
    "integer": "geheel getal",
    "string": "tekst",
    "boolean": "ja/nee-waarde",
    "date": "datum",
    "time": "tijd",
    "date and time": "datum en tijd",
    "days and time duration": "duur in dagen en tijd",
    "years and months duration": "duur in jaren en maanden",
    "list": "lijst",
    "context": "structuur",
    "range": "interval",
    "function": "functie",
    "null": "lege waarde",
}


def type_in_words(name: str) -> str:
    """The Dutch word for FEEL's name of a type."""
    return TYPE_NAMES.get(name, name)


def value_in_words(value: Any, known: Iterable[Any] = ()) -> str:
    """A value as an example: ``17``, ``"hoog"``, ``ja``; ``known`` are values it is not."""
    if value is None:
        return "leeg"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, str):
        return _text_in_words(value, known)
    return value_text(value)


def _text_in_words(value: str, known: Iterable[Any]) -> str:
    """Made-up texts (empty, or ending in a null character) read as "another text"."""
    if value and not value.endswith("\x00"):
        return f'"{value}"'
    listed = [f'"{other}"' for other in known if isinstance(other, str)]
    if not listed:
        return "een willekeurige tekst"
    return f"een andere tekst dan {join(listed)}"


def join(parts: list[str]) -> str:
    """``a``, ``a of b``, ``a, b of c``."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " of " + parts[-1]


def rules_in_words(numbers: Iterable[int]) -> str:
    """``regel 1 en regel 3``."""
    parts = [f"regel {number}" for number in numbers]
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " en " + parts[-1]
