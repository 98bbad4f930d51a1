"""What was changed in a file when it was opened, and what a person must decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.definitions.model import Finding
from engine.definitions.reading.xml import Node, place_of
from engine.definitions.reporting import Place, Placed

MOST: Final = 2_000
"""Notes of one file; what comes after is not told any more."""


class NoteKind(StrEnum):
    """What a note asks of its reader."""

    DECIDE = "decide"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing about a file that was opened.

    Attributes:
        line: the 1-based line in the file as it came; 0 for the file as a whole.
        mend: what the reader can do.
    """

    kind: NoteKind
    rule: str
    element_id: str
    element_name: str
    line: int
    message: str
    mend: str

    def as_dict(self) -> dict[str, object]:
        """The note as the command line prints it."""
        return {name: getattr(self, name) for name in self.__slots__}


class Notes:
    """The notes of one file while it is being opened; nothing is said twice."""

    def __init__(self) -> None:
        self._found: dict[Note, None] = {}

    def decide(self, rule: str, at: Node | Placed, message: str, mend: str) -> None:
        """Something that only a person can decide."""
        self._add(NoteKind.DECIDE, rule, at, message, mend)

    def changed(self, rule: str, at: Node | Placed, message: str, mend: str) -> None:
        """Something that says the same in other words now."""
        self._add(NoteKind.CHANGED, rule, at, message, mend)

    def kept(self, rule: str, at: Node | Placed, message: str, mend: str) -> None:
        """Something that stays in the file and does nothing here."""
        self._add(NoteKind.KEPT, rule, at, message, mend)

    def take(self, findings: Iterable[Finding], mend: str) -> None:
        """Note translations that were reported as findings."""
        for found in findings:
            place = Place(found.element_id, found.element_name, found.line)
            self.changed(found.rule, place, found.message, mend)

    def all(self) -> tuple[Note, ...]:
        """The notes: decisions first, then by line."""
        order = list(NoteKind)
        return tuple(sorted(self._found, key=lambda note: (order.index(note.kind), note.line)))

    def __bool__(self) -> bool:
        return bool(self._found)

    def _add(self, kind: NoteKind, rule: str, at: Node | Placed, message: str, mend: str) -> None:
        if len(self._found) >= MOST:
            return
        place: Placed = place_of(at) if isinstance(at, Node) else at
        name = " ".join(place.name.split())
        self._found[Note(kind, rule, place.id, name, place.line, message, mend)] = None
