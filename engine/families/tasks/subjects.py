"""What a task is about, as its variables name it: ids only, which the file turns into content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

ABOUT = ("overlegId", "deelnemerId", "afspraakId", "regieId")
"""Variables that name a care meeting, a participant, an agreement and an offer of direction."""


def about(variables: Mapping[str, Any]) -> dict[str, UUID]:
    """What a task with these variables is about; what is no id is left out."""
    found: dict[str, UUID] = {}
    for name in ABOUT:
        try:
            if value := variables.get(name):
                found[name] = UUID(str(value))
        except ValueError:
            continue
    return found
