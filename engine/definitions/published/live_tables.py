"""Whether two versions differ in numbers of live tables only, so that the new one may go to all.

A package names its live tables (``levende_tabellen`` in ``pakket.toml``). In those a number, a date
or a length of time may become another one; which rules there are, what they ask and what they
give stays. Notes, scenarios and the package's own README may change along: nothing runs by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.definitions.difference import (
    Change,
    Difference,
    FileDifference,
    FileKind,
    Sort,
    compare,
)
from engine.definitions.packages import Package

_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_NUMBER: Final = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_TIME: Final = re.compile(
    r'"(?:-?P(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?'
    r'|\d{4}-\d\d-\d\d(?:T[\d:.+@\w/-]*)?|\d\d:\d\d(?::\d\d)?)"'
)
_WITHOUT_EFFECT: Final = frozenset({FileKind.SCENARIO, FileKind.TEXT})


@dataclass(frozen=True, slots=True)
class LiveChange:
    """What a change in numbers is about.

    Attributes:
        tables: the live tables that changed, by id.
        decisions: all decisions of their files: what a process asks may rest on such a table.
        hindrances: what else changed, in the package's own words; nothing may.
    """

    tables: tuple[str, ...]
    decisions: frozenset[str]
    hindrances: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Whether it may go to all trajectories that run on the version before."""
        return bool(self.tables) and not self.hindrances


def live_change(before: Package, after: Package) -> LiveChange:
    """What changed between two versions, seen as a change of live tables."""
    found: Difference = compare(before.files, after.files)
    allowed = frozenset(before.live_tables) & frozenset(after.live_tables)
    tables: dict[str, None] = {}
    paths: list[str] = []
    hindrances: dict[str, None] = {}
    for file in found.files:
        if file.kind in _WITHOUT_EFFECT:
            continue
        if file.kind is not FileKind.TABLE or file.sort is not Sort.CHANGED or file.unreadable:
            hindrances[file.path] = None
            continue
        paths.append(file.path)
        for change in file.changes:
            if change.minor or not _has_effect(file, change):
                continue
            if change.id in allowed and _numbers_only(file, change):
                tables[change.id] = None
            else:
                hindrances[change.name or change.id or file.path] = None
    models = (before.decision_models.get(path) for path in paths)
    ids = frozenset(one.id for model in models if model is not None for one in model.decisions)
    return LiveChange(tuple(tables), ids, tuple(hindrances))


def _has_effect(file: FileDifference, change: Change) -> bool:
    """Whether it is more than a note beside a rule."""
    notes = {
        column.name for table in file.tables for column in table.columns if column.role == "note"
    }
    if change.kind != "rule" or change.sort is not Sort.CHANGED:
        return True
    return any(one.what != "cell" or one.about not in notes for one in change.details)


def _numbers_only(file: FileDifference, change: Change) -> bool:
    if change.kind != "rule" or change.sort is not Sort.CHANGED:
        return False
    notes = {
        column.name for table in file.tables for column in table.columns if column.role == "note"
    }
    cells = [one for one in change.details if one.about not in notes]
    return all(one.what == "cell" and _masked(one.before) == _masked(one.after) for one in cells)


def _masked(text: str) -> str:
    """A cell with its numbers, dates and lengths of time taken out."""
    parts = list(_pieces(text))
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _pieces(text: str) -> Iterator[str]:
    place = 0
    for string in _STRING.finditer(text):
        yield _NUMBER.sub("#", text[place : string.start()])
        yield '"@"' if _TIME.fullmatch(string[0]) and string[0] != '"P"' else string[0]
        place = string.end()
    yield _NUMBER.sub("#", text[place:])
