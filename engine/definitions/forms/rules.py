"""Settings of a field that contradict themselves, or can't be what their place asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from engine import feel
from engine.definitions.expressions import problems, shorten
from engine.definitions.forms.model import CHOICES_ONE, INPUTS, Field
from engine.feel.library import BUILTINS

_KEY: Final = re.compile(r"[^\W\d]\w*( +\w+)*", re.UNICODE)
_YES_OR_NO: Final = ("disabled", "readonly")
_BOUNDS: Final = (("min", "max"), ("minLength", "maxLength"))


class Wrong(NamedTuple):
    """What is wrong with a field, to stand behind its name, and how to mend it."""

    rule: str
    message: str
    remedy: str


def wrong_settings(found: Field) -> Iterator[Wrong]:
    """Every setting of a field that can't be meant so."""
    if found.type in INPUTS and not all(_KEY.fullmatch(part) for part in found.path):
        yield Wrong(
            "form-key",
            f"heeft de sleutel ‘{shorten(found.key)}’. Daar kan geen uitdrukking naar verwijzen.",
            "Gebruik letters, cijfers en _, en begin met een letter; een punt tussen de delen mag.",
        )
    required = found.rules.get("required")
    switches = {"required": required, **{name: found.schema.get(name) for name in _YES_OR_NO}}
    for name, value in switches.items():
        is_feel = isinstance(value, str) and value.strip().startswith("=")
        if not (value is None or isinstance(value, bool) or value == "" or is_feel):
            yield Wrong(
                "form-value",
                f"heeft bij ‘{name}’ ‘{shorten(str(value))}’, maar dat is geen true of false.",
                "Kies true of false.",
            )
    for lowest, highest in _BOUNDS:
        ends = [found.rules.get(name) for name in (lowest, highest)]
        numbers = [_number(end) for end in ends]
        if numbers[0] is not None and numbers[1] is not None and numbers[0] > numbers[1]:
            yield Wrong(
                "form-bounds",
                f"moet minstens {ends[0]} en hoogstens {ends[1]} zijn; dat kan niet.",
                f"Maak {lowest} niet groter dan {highest}.",
            )
    default = found.schema.get("defaultValue")
    choices = [option.value for option in found.options]
    if found.type in CHOICES_ONE and choices and default not in (None, "", *choices):
        yield Wrong(
            "form-default",
            f"begint met ‘{shorten(str(default))}’, maar dat is geen van de keuzes.",
            "Kies als beginwaarde een van de keuzes, of maak haar leeg.",
        )


def miscalled(text: str) -> Iterator[Wrong]:
    """Functions in an expression that FEEL does not have, or that can't be called so."""
    if problems(text):
        return
    compiled = feel.compile(text)
    for name in sorted(compiled.names - BUILTINS.keys()):
        if re.search(rf"(?<![\w.]){re.escape(name)}\s*\(", text):
            yield Wrong(
                "feel-unknown-function",
                f"gebruikt de functie ‘{shorten(name)}’, maar die kent FEEL niet.",
                "Gebruik een functie van FEEL.",
            )
    for why in feel.miscalls(compiled.tree):
        yield Wrong(
            "feel-arguments",
            f"roept een functie verkeerd aan. {why}",
            "Geef de functie de argumenten die zij nodig heeft.",
        )


def _number(value: object) -> float | None:
    """A bound as a number; what is calculated or no number has none."""
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None
