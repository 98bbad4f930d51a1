"""What a caller gives to a process, as a process owner types it: lines of ``name: value``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from engine.simulation.errors import PlayRefused

LONGEST: Final = 20_000


def given_text(answers: Mapping[str, Any]) -> str:
    """The lines for what is given; empty for nothing."""
    if not answers:
        return ""
    return str(yaml.safe_dump(dict(answers), allow_unicode=True, sort_keys=False))


def given_from(text: str) -> dict[str, Any]:
    """What the lines give. A text after ``=`` is FEEL, which the call works out.

    Raises:
        PlayRefused: the lines are no lines of ``name: value``.
    """
    try:
        found = yaml.safe_load(text[:LONGEST])
    except (yaml.YAMLError, ValueError, RecursionError):
        found = text
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise PlayRefused(
            "Wat de aanroeper meegeeft is niet te lezen.",
            "Schrijf op elke regel een naam, een dubbele punt, een spatie en een waarde.",
        )
    return found
