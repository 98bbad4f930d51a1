"""Files that somebody uploads, as files of a draft: each under a name that says what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from engine.definitions.errors import DefinitionError, PackageUnreadable
from engine.definitions.manifest import FILE
from engine.definitions.opening.opened import Opened, open_diagram
from engine.definitions.package_files import MAX_PATH, OTHER_BPMN, SUFFIXES, files_in_zip

_LOOKED_AT: Final = 4_000
_ENDING: Final = re.compile(r"(\.bpmn(20)?)?(\.xml|\.bpmn2|\.bpmn20|\.bpmn|\.txt)$", re.IGNORECASE)
_ZIPS_OF_OTHERS: Final = frozenset({".bpm", ".vsdx", ".vsd", ".docx", ".xlsx", ".pptx", ".adl"})


@dataclass(frozen=True, slots=True)
class Upload:
    """What was uploaded.

    Attributes:
        originals: the files as they came, by path.
        opened: the diagrams among them that were opened, by path; empty for a whole package.
    """

    originals: Mapping[str, bytes]
    opened: Mapping[str, Opened]


def opened_upload(given: Iterable[tuple[str, bytes]]) -> Upload:
    """Files by name and content, made ready for a draft.

    A package (with its manifest) stays as it is. Of single files diagrams are opened.

    Raises:
        DefinitionError: one of them is refused; the message names it.
    """
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for name, content in given:
        if name.lower().endswith(".zip"):
            files |= _unpacked(name, content)
        else:
            path = _free(_path_of(name, content), files)
            files[path], names[path] = content, name
    if FILE in files:
        return Upload(files, {})
    opened: dict[str, Opened] = {}
    for path, content in files.items():
        if not path.endswith(".bpmn"):
            continue
        try:
            opened[path] = open_diagram(content, path)
        except DefinitionError as error:
            line = error.where.get("line")
            at = f", regel {line}" if isinstance(line, int) and line > 1 else ""
            raise PackageUnreadable(
                f"‘{names.get(path, path)[:80]}’{at}: {error.message}",
                error.remedy,
                file=path,
                code=error.code,
            ) from None
    return Upload(files, opened)


def _unpacked(name: str, content: bytes) -> dict[str, bytes]:
    found = files_in_zip(content, name)
    if not found:
        raise PackageUnreadable(
            f"In ‘{name[:80]}’ zit geen diagram, tabel, formulier of pakket.",
            "Pak de zip zelf uit en kies het .bpmn-bestand.",
            file=name[:80],
        )
    return found


def _path_of(name: str, content: bytes) -> str:
    """The name in the draft: what is BPMN ends in ``.bpmn``, whatever it was called."""
    suffix = PurePosixPath(name).suffix.lower()
    start = content[:_LOOKED_AT].replace(b"\x00", b"")
    if suffix == ".dmn" or (suffix in (".xml", "") and b"/spec/DMN/" in start):
        return _ended(name, ".dmn")
    if suffix in SUFFIXES and suffix != ".bpmn":
        return name
    if suffix in OTHER_BPMN | {".bpmn", ".txt", ""} | _ZIPS_OF_OTHERS or b"/BPMN/" in start:
        return _ended(name, ".bpmn")
    return name


def _free(path: str, taken: Mapping[str, bytes]) -> str:
    """A path that no other file of the upload has: two folders may hold the same name."""
    pure, number, found = PurePosixPath(path), 1, path
    while found in taken:
        number += 1
        found = f"{pure.stem}-{number}{pure.suffix}"
    return found


def _ended(name: str, suffix: str) -> str:
    stem = _ENDING.sub("", name) if _ENDING.search(name) else PurePosixPath(name).stem
    word = re.sub(r"[^\w .()+-]", "-", stem).strip(" .") or "diagram"
    return word[: MAX_PATH - len(suffix)] + suffix
