"""What a translation left to a person: kept at its element as a property until it is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

OPEN_DECISION: Final = "te-beslissen"
"""The property that holds what is to be decided; a second one ends in ``-2``."""


def left_to_decide(properties: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Name and text of each decision that is open at an element."""
    for name, text in properties.items():
        if name == OPEN_DECISION or name.startswith(f"{OPEN_DECISION}-"):
            yield name, text
