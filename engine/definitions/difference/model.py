"""A difference as plain data: files, what changed in each, and what it was before and after.

Words are keys into :mod:`engine.definitions.difference.words`, so that a screen may say them in
another language than Dutch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What happened to a thing between before and after."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class FileKind(StrEnum):
    """What a file of a package is."""

    DIAGRAM = "diagram"
    TABLE = "table"
    FORM = "form"
    SCENARIO = "scenario"
    MANIFEST = "manifest"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: the same in both, or only before (removed), or only after (added)."""

    sort: Sort
    text: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One setting that is different; empty where it was or is not there.

    ``what`` is a key of ``words.SETTINGS``; ``about`` names which one where there are several.
    ``spans`` tells both texts at once where they have enough in common to be read together.
    """

    what: str
    before: str = ""
    after: str = ""
    about: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is added, removed, changed or moved.

    Attributes:
        kind: a key of ``words.KINDS``.
        id: its id after, or before where it was removed; empty for what has none.
        before_id: its id before, where that was another.
        minor: it follows from another change, or alters nothing about how it runs.
    """

    sort: Sort
    kind: str
    id: str = ""
    name: str = ""
    details: tuple[Detail, ...] = ()
    before_id: str = ""
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a decision table."""

    sort: Sort
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``role`` is ``input``, ``output`` or ``note``."""

    sort: Sort
    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """A rule with its numbers from 1; ``None`` where it was or is not there."""

    sort: Sort
    number_before: int | None
    number_after: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """A decision table, whole, with the changes in it marked. Cells stand in order of columns."""

    id: str
    name: str
    sort: Sort
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text with its numbers from 1; a gap has neither number nor text."""

    sort: Sort
    number_before: int | None = None
    number_after: int | None = None
    text: str = ""

    @property
    def is_gap(self) -> bool:
        """Whether equal lines are left out here."""
        return self.number_before is None and self.number_after is None


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A file that is not the same.

    Attributes:
        path: after, or before where it was removed.
        before_path: where it stood before, if that was elsewhere.
        unreadable: it could not be read as what it is; ``lines`` compares its text.
    """

    path: str
    kind: FileKind
    name: str
    sort: Sort
    changes: tuple[Change, ...] = ()
    tables: tuple[TableDifference, ...] = ()
    lines: tuple[Line, ...] = ()
    before_path: str = ""
    unreadable: bool = False

    @property
    def main_changes(self) -> tuple[Change, ...]:
        """The changes that alter what happens."""
        return tuple(change for change in self.changes if not change.minor)

    @property
    def minor_changes(self) -> tuple[Change, ...]:
        """The changes that follow from others, or alter nothing."""
        return tuple(change for change in self.changes if change.minor)

    def marks(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """How each changed element is marked, by id: in the diagram before, and after."""
        before: dict[str, str] = {}
        after: dict[str, str] = {}
        for change in self.changes:
            if not change.id:
                continue
            if change.sort is not Sort.ADDED:
                before[change.before_id or change.id] = change.sort
            if change.sort is not Sort.REMOVED:
                after[change.id] = change.sort
        return before, after


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that is different between two packages, by file in the order of their kinds."""

    files: tuple[FileDifference, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both are the same."""
        return not self.files

    def count(self, sort: Sort) -> int:
        """How many things of this sort there are, the minor ones left out."""
        return sum(change.sort == sort for file in self.files for change in file.main_changes)
