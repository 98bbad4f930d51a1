"""What a check found: one remark, with its place and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from engine.decisions.elements import Place

Level: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark about a model.

    Attributes:
        level: ``error`` stops publishing, ``warning`` does not.
        rule: stable kebab-case code of the check; see :mod:`engine.decisions.checking`.
        element_id: id of the element, cell or rule in the file.
        element_name: the decision, and the table's rule and column where there is one.
        line: line in the file, from 1; None if unknown.
        message: what is wrong (Dutch).
        remedy: how to mend it (Dutch).
    """

    level: Level
    rule: str
    element_id: str
    element_name: str
    line: int | None
    message: str
    remedy: str


def finding(
    level: Level, rule: str, place: Place, message: str, remedy: str, *, name: str = ""
) -> Finding:
    """A finding at a place; ``name`` goes before the place's own name."""
    return Finding(
        level, rule, place.element_id, name or place.element_name, place.line, message, remedy
    )
