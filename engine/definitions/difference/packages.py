"""Two packages next to each other, file by file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from engine.definitions.difference.diagrams import WRITING, compare_diagrams
from engine.definitions.difference.forms import compare_forms
from engine.definitions.difference.manifests import compare_manifests
from engine.definitions.difference.model import (
    Change,
    Difference,
    FileDifference,
    FileKind,
    Sort,
    TableDifference,
)
from engine.definitions.difference.tables import compare_tables
from engine.definitions.difference.texts import as_text, lines
from engine.definitions.manifest import FILE

_SUFFIXES: Final = {
    ".bpmn": FileKind.DIAGRAM,
    ".dmn": FileKind.TABLE,
    ".form": FileKind.FORM,
    ".yaml": FileKind.SCENARIO,
    ".yml": FileKind.SCENARIO,
}
_ORDER: Final = tuple(FileKind)
_EMPTY: Final = {
    FileKind.DIAGRAM: b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    FileKind.TABLE: b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
    FileKind.FORM: b"{}",
    FileKind.MANIFEST: b"",
}
"""What a file that is not there is compared as."""
_MAIN_ID: Final = re.compile(rb"<(?:\w+:)?(?:process|decision)\s[^>]*?\bid=\"([^\"]+)\"")


def compare(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Difference:
    """What is different between the files of two packages, by path. Never raises on content."""
    moved = _moved(before, after)
    found = []
    for path, content in after.items():
        was_at = path if path in before else moved.get(path)
        if was_at is None:
            found.append(_single(path, content, Sort.ADDED))
        elif before[was_at] != content or was_at != path:
            file = compare_files(path, before[was_at], content)
            before_path = was_at if was_at != path else ""
            sort = Sort.MOVED if before[was_at] == content else Sort.CHANGED
            found.append(replace(file, sort=sort, before_path=before_path))
    for path, content in before.items():
        if path not in after and path not in moved.values():
            found.append(_single(path, content, Sort.REMOVED))
    return Difference(tuple(sorted(found, key=lambda one: (_ORDER.index(one.kind), one.path))))


def compare_files(path: str, before: bytes, after: bytes) -> FileDifference:
    """What is different between two contents of one file."""
    kind = kind_of(path)
    changes, tables = _read(kind, path, before, after)
    file = FileDifference(path, kind, _name_of(path, kind), Sort.CHANGED, changes or (), tables)
    if changes is not None and kind not in (FileKind.SCENARIO, FileKind.TEXT):
        return file
    found = lines(as_text(before), as_text(after))
    only_writing = () if found or before == after else (WRITING,)
    return replace(file, lines=found, changes=only_writing, unreadable=changes is None)


def kind_of(path: str) -> FileKind:
    """What a file is, by its name."""
    if path == FILE:
        return FileKind.MANIFEST
    return _SUFFIXES.get(PurePosixPath(path).suffix.lower(), FileKind.TEXT)


def _read(
    kind: FileKind, path: str, before: bytes, after: bytes
) -> tuple[tuple[Change, ...] | None, tuple[TableDifference, ...]]:
    if kind is FileKind.DIAGRAM:
        return compare_diagrams(before, after, path), ()
    if kind is FileKind.FORM:
        return compare_forms(before, after), ()
    if kind is FileKind.MANIFEST:
        return compare_manifests(before, after), ()
    if kind is FileKind.TABLE:
        found = compare_tables(before, after)
        return found if found is not None else (None, ())
    return (), ()


def _single(path: str, content: bytes, sort: Sort) -> FileDifference:
    """A file that is only there before, or only after: told as against an empty one."""
    empty = _EMPTY.get(kind_of(path), b"")
    pair = (empty, content) if sort is Sort.ADDED else (content, empty)
    return replace(compare_files(path, *pair), sort=sort)


def _moved(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, str]:
    """Paths before, by path after, of files that got another name."""
    gone = {path: content for path, content in before.items() if path not in after}
    found: dict[str, str] = {}
    for path, content in after.items():
        if path in before:
            continue
        same = [was for was, old in gone.items() if old == content] or [
            was
            for was, old in gone.items()
            if kind_of(was) is kind_of(path) and (key := _key(old)) and key == _key(content)
        ]
        if same:
            found[path] = same[0]
            del gone[same[0]]
    return found


def _key(content: bytes) -> bytes:
    """The id of the first process or decision in a file."""
    known = _MAIN_ID.search(content)
    return known.group(1) if known else b""


def _name_of(path: str, kind: FileKind) -> str:
    pure = PurePosixPath(path)
    return pure.stem if kind in _EMPTY and kind is not FileKind.MANIFEST else pure.name
