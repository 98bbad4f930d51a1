"""The files of a package: out of a folder, a zip or a single file, into bytes by path.

Nothing outside the package is read: no links, no paths upwards, and bounds on number and size
that hold for what really comes out of a zip, not for what its directory claims.
"""

from __future__ import annotations

import hashlib
import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from engine.definitions.errors import PackageUnreadable

SUFFIXES: Final = frozenset(
    {".toml", ".bpmn", ".dmn", ".form", ".yaml", ".yml", ".md", ".json", ".svg"}
)
"""What belongs to a package; other files in its folder are left out of it."""

SINGLE_FILES: Final = frozenset({".bpmn", ".dmn", ".form"})
OTHER_BPMN: Final = frozenset({".xml", ".bpmn2", ".bpmn20"})
"""How other tools name BPMN files; one by itself is read as ``<name>.bpmn``."""

MAX_PATH: Final = 200
MAX_FILES: Final = 2_000
MAX_FILE_BYTES: Final = 20 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 100 * 1024 * 1024
MAX_ZIP_BYTES: Final = 50 * 1024 * 1024
_ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def files_at(path: Path) -> dict[str, bytes]:
    """The package's files by relative path, sorted.

    Raises:
        PackageUnreadable: nothing there, not a package, unsafe or too large.
    """
    try:
        if path.is_dir():
            return _sorted(_from_folder(path))
        if not path.is_file():
            raise PackageUnreadable(
                f"Er is geen map of bestand ‘{path.name}’.", "Controleer het pad.", file=path.name
            )
        suffix = path.suffix.lower()
        if suffix in SINGLE_FILES:
            _bound_size(path.name, path.stat().st_size)
            return {path.name: path.read_bytes()}
        if suffix in OTHER_BPMN:
            _bound_size(path.name, path.stat().st_size)
            return {f"{path.name}.bpmn": path.read_bytes()}
        if suffix == ".zip":
            if path.stat().st_size > MAX_ZIP_BYTES:
                raise _too_large(path.name, MAX_ZIP_BYTES)
            return files_in_zip(path.read_bytes(), path.name)
    except OSError as error:
        raise PackageUnreadable(
            f"‘{path.name}’ kan niet gelezen worden: {error.strerror}.",
            "Controleer het pad en de rechten.",
            file=path.name,
        ) from None
    raise PackageUnreadable(
        f"‘{path.name}’ is geen pakket.",
        "Geef een map, een .zip, of één .bpmn-, .dmn- of .form-bestand.",
        file=path.name,
    )


def files_in_zip(content: bytes, name: str = "pakket.zip") -> dict[str, bytes]:
    """The package's files in a zip; one folder around everything is left out of the paths.

    Raises:
        PackageUnreadable: no zip, or unsafe or too large inside.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = dict(_from_zip(archive))
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        OSError,
    ) as error:
        raise PackageUnreadable(
            f"‘{name}’ is geen leesbare zip: {error}.", "Maak de zip opnieuw.", file=name
        ) from None
    return _sorted(_without_outer_folder(found))


def to_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files; the same files always give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    return target.getvalue()


def version_of(files: Mapping[str, bytes]) -> str:
    """The content hash: SHA-256 over the sorted paths and contents, each with its length."""
    digest = hashlib.sha256()
    for path in sorted(files):
        for part in (path.encode(), files[path]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _from_folder(folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    for path in sorted(_walk(folder)):
        relative = _normal(path.relative_to(folder).as_posix())
        _bound_size(relative, path.stat().st_size)
        found[relative] = path.read_bytes()
        total += len(found[relative])
        _bound_totals(len(found), total)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file() and path.suffix.lower() in SUFFIXES:
            yield path


def _from_zip(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = archive.infolist()
    _bound_totals(len(entries), 0)
    total = 0
    seen: set[str] = set()
    for entry in entries:
        path = _safe_path(entry)
        if entry.is_dir() or path is None:
            continue
        if path in seen:
            raise PackageUnreadable(
                f"Het bestand ‘{path}’ staat twee keer in de zip.", "Maak de zip opnieuw."
            )
        seen.add(path)
        with archive.open(entry) as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
        _bound_size(path, len(content))
        total += len(content)
        _bound_totals(len(seen), total)
        yield path, content


def _safe_path(entry: zipfile.ZipInfo) -> str | None:
    """The entry's path, or None for what does not belong to a package."""
    if _is_unsafe(entry.filename) or "\x00" in entry.orig_filename or _is_link(entry):
        raise PackageUnreadable(
            f"De zip bevat een onveilig pad of een koppeling: ‘{entry.filename[:80]}’.",
            "Maak de zip opnieuw vanuit de map van het pakket.",
        )
    return _of_package(entry.filename)


def safe_path(path: str) -> str:
    """The path of a package's file as it is kept.

    Raises:
        PackageUnreadable: it leads out of the package, or no package has such a file.
    """
    kept = None if _is_unsafe(path) or "\x00" in path else _of_package(path)
    if kept is None or len(kept) > MAX_PATH:
        raise PackageUnreadable(
            f"‘{path[:80]}’ is geen naam voor een bestand van een pakket.",
            f"Gebruik letters, cijfers en streepjes, en een van {', '.join(sorted(SUFFIXES))}.",
            file=path[:80],
        )
    return kept


def bounded(files: Mapping[str, bytes]) -> None:
    """Make sure that this is not too much for a package.

    Raises:
        PackageUnreadable: it is.
    """
    for path, content in files.items():
        _bound_size(path, len(content))
    _bound_totals(len(files), sum(map(len, files.values())))


def _is_unsafe(name: str) -> bool:
    parts = name.rstrip("/").split("/")
    return (
        name.startswith("/")
        or "\\" in name
        or ":" in parts[0]
        or any(part in ("", ".", "..") for part in parts)
    )


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _of_package(name: str) -> str | None:
    path = PurePosixPath(_normal(name))
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    if hidden or path.suffix.lower() not in SUFFIXES:
        return None
    return path.as_posix()


def _without_outer_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    outer = {path.partition("/")[0] for path in files}
    if len(outer) != 1 or any("/" not in path for path in files):
        return files
    return {path.partition("/")[2]: content for path, content in files.items()}


def _normal(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _sorted(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: files[path] for path in sorted(files)}


def _bound_size(name: str, size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise _too_large(name, MAX_FILE_BYTES)


def _bound_totals(count: int, total: int) -> None:
    if count > MAX_FILES:
        raise PackageUnreadable(
            f"Het pakket heeft meer dan {MAX_FILES} bestanden.", "Splits het pakket."
        )
    if total > MAX_TOTAL_BYTES:
        raise _too_large("het pakket", MAX_TOTAL_BYTES)


def _too_large(name: str, limit: int) -> PackageUnreadable:
    return PackageUnreadable(
        f"‘{name}’ is te groot; het maximum is {limit // (1024 * 1024)} MB.",
        "Maak het kleiner of splits het.",
    )
