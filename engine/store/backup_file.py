"""The file of a backup: its manifest, and reading it back after comparing all of it."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.store.errors import BackupUnusable

FORMAT = "ketenspoor-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class TableCopy:
    """One table of a backup: its columns in the order of the text, and what the text must be."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        """The name of its text inside the archive."""
        return f"tables/{self.name}.copy"


@dataclass(frozen=True, slots=True)
class SequenceValue:
    """The last number that an identity column gave out."""

    table: str
    column: str
    last: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself. ``created_at`` in UTC, ISO 8601."""

    product: str
    schema: str
    postgresql: str
    created_at: str
    tables: tuple[TableCopy, ...]
    sequences: tuple[SequenceValue, ...]

    @property
    def rows(self) -> int:
        """The number of rows in all tables."""
        return sum(table.rows for table in self.tables)

    def to_json(self) -> bytes:
        """The text of the manifest."""
        document = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}
        return json.dumps(document, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, raw: bytes) -> Manifest:
        """A manifest from its text.

        Raises:
            BackupUnusable: it is not one, or of a later version of the product.
        """
        try:
            read: dict[str, Any] = json.loads(raw)
            form, number = read.pop("format"), read.pop("format_version")
            if form != FORMAT or number != FORMAT_VERSION:
                raise BackupUnusable(
                    "Deze reservekopie heeft een vorm die deze versie niet kent.",
                    "Zet haar terug met de versie van het product die haar maakte.",
                )
            tables = tuple(
                TableCopy(t["name"], tuple(t["columns"]), t["rows"], t["sha256"])
                for t in read.pop("tables")
            )
            sequences = tuple(SequenceValue(**s) for s in read.pop("sequences"))
            return cls(**read, tables=tables, sequences=sequences)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise unusable("de inhoudsopgave is onleesbaar") from error


@contextmanager
def open_backup(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup, after all of it was compared with what its manifest says.

    Raises:
        BackupUnusable: it is no backup, incomplete or damaged; says which.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = Manifest.from_json(archive.read(MANIFEST))
            for table in manifest.tables:
                _compare(archive, table)
            yield archive, manifest
    except OSError as error:
        raise BackupUnusable(
            f"{file} kan niet worden gelezen: {error.strerror}.", "Controleer naam en rechten."
        ) from error
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise unusable("het bestand is onvolledig of geen reservekopie") from error


def _compare(archive: zipfile.ZipFile, table: TableCopy) -> None:
    digest = hashlib.sha256()
    try:
        for chunk in chunks(archive, table):
            digest.update(chunk)
    except (zipfile.BadZipFile, KeyError, EOFError, zlib.error) as error:
        raise unusable(f"tabel {table.name} is beschadigd") from error
    if digest.hexdigest() != table.sha256:
        raise unusable(f"tabel {table.name} is beschadigd")


def chunks(archive: zipfile.ZipFile, table: TableCopy) -> Iterator[bytes]:
    """The text of a table, piece by piece."""
    with archive.open(table.member) as member:
        while chunk := member.read(_CHUNK):
            yield chunk


def unusable(why: str) -> BackupUnusable:
    """The error of a file that cannot be put back; ``why`` without a full stop."""
    return BackupUnusable(
        f"Deze reservekopie is niet bruikbaar: {why}.",
        "Neem een andere kopie. In de database is niets veranderd.",
    )
