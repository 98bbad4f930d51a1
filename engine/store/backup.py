"""Backups: the content of the whole database at one instant, as one file.

The file is a zip archive: ``tables/<name>.copy`` for each table (PostgreSQL's text form of COPY,
rows in the order of the primary key) and, written last, ``manifest.json`` with the schema's
revision and each table's columns, number of rows and SHA-256. It holds the rows only: the tables
come from the product's own migrations. So a backup of one PostgreSQL fits in any other from
version 15 on, which the dumps of ``pg_dump`` do not; and the same rows always give the same hashes.

The file is written under another name and gets its own when it is complete and on the disk.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, text

from engine.store.backup_file import MANIFEST, Manifest, SequenceValue, TableCopy
from engine.store.errors import BackupFailed
from engine.store.schema import LOCK, revision_of

REVISION_TABLE = "alembic_version"
PRESSED = 1
"""How hard zip works: at 6 a backup takes twice as long, and is a tenth smaller."""

TEXT_FORM = """
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL client_encoding = 'UTF8'
"""
"""What makes equal rows give equal text on every server."""

_TABLES = text("""
SELECT c.relname AS name,
       array_agg(a.attname::text ORDER BY a.attnum) AS columns,
       array(SELECT k.attname::text
             FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS u (attnum, place)
             JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = u.attnum
             WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY u.place) AS key
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> :revisions
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
GROUP BY c.oid, c.relname ORDER BY c.relname
""")

_SEQUENCES = text("""
SELECT t.relname AS table, a.attname AS column, s.last_value AS last
FROM pg_depend d JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S'
JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid
     AND a.attnum = d.refobjsubid
JOIN pg_sequences s ON s.schemaname = 'public' AND s.sequencename = q.relname
WHERE d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND s.last_value IS NOT NULL
ORDER BY 1, 2
""")


def make_backup(engine: Engine, file: Path, created_at: datetime) -> Manifest:
    """Write the database as it is at one instant to a new file, readable by its owner only.

    Work goes on meanwhile: nothing is locked but changes of the tables themselves.

    Raises:
        BackupFailed: the file exists, the disk is full, there are no tables yet; says which.
    """
    if file.exists():
        raise BackupFailed(f"{file} bestaat al.", "Kies een andere naam of verplaats dat bestand.")
    try:
        handle, name = tempfile.mkstemp(prefix=f"{file.name}.onvolledig-", dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as raw:
                manifest = _write(engine, raw, created_at)
                raw.flush()
                os.fsync(raw.fileno())
            Path(name).rename(file)
        finally:
            Path(name).unlink(missing_ok=True)
        _sync_folder(file.parent)
    except OSError as error:
        raise BackupFailed(
            f"De reservekopie kon niet worden geschreven: {error.strerror}.",
            "Kies een map waarin u mag schrijven en met genoeg ruimte.",
            file=file,
        ) from error
    except psycopg.Error as error:
        raise BackupFailed(
            "De database brak het lezen af.", "Probeer het opnieuw.", sqlstate=error.sqlstate
        ) from None
    return manifest


def _write(engine: Engine, raw: IO[bytes], created_at: datetime) -> Manifest:
    with (
        steady_schema(engine) as connection,
        zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=PRESSED) as archive,
    ):
        revision = revision_of(connection)
        if revision is None:
            raise BackupFailed(
                "In deze database staan nog geen gegevens van Ketenspoor.",
                "Controleer DATABASE_URL of KETENSPOOR_VAR.",
            )
        server = str(connection.execute(text("SHOW server_version")).scalar_one())
        tables = []
        for name, columns, key in table_list(connection):
            with archive.open(f"tables/{name}.copy", "w", force_zip64=True) as member:
                tables.append(copy_out(connection, name, columns, key, member))
        manifest = Manifest(
            version("ketenspoor"),
            revision,
            server,
            created_at.isoformat(),
            tuple(tables),
            tuple(SequenceValue(*row) for row in connection.execute(_SEQUENCES)),
        )
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


@contextmanager
def steady_schema(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one instant, while nobody migrates the tables."""
    with engine.connect() as outer:
        watch = outer.execution_options(isolation_level="AUTOCOMMIT")
        watch.execute(text("SELECT pg_advisory_lock_shared(:key)"), {"key": LOCK})
        try:
            with engine.connect() as inner:
                connection = inner.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                with connection.begin():
                    connection.execute(text(TEXT_FORM))
                    yield connection
        finally:
            watch.execute(text("SELECT pg_advisory_unlock_shared(:key)"), {"key": LOCK})


def table_list(connection: Connection) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The tables of the product's schema by name, with their columns and primary keys."""
    found = connection.execute(_TABLES, {"revisions": REVISION_TABLE})
    return [(row.name, tuple(row.columns), tuple(row.key)) for row in found]


def copy_out(
    connection: Connection,
    name: str,
    columns: tuple[str, ...],
    key: tuple[str, ...],
    to: IO[bytes] | None = None,
) -> TableCopy:
    """Read a table in the order of its key, write its text to ``to``, and tell what it was."""
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    order = sql.SQL(", ").join(map(sql.Identifier, key or columns))
    query = sql.SQL("COPY (SELECT {} FROM public.{} ORDER BY {}) TO STDOUT").format(
        listed, sql.Identifier(name), order
    )
    digest, rows = hashlib.sha256(), 0
    with psycopg_of(connection).cursor() as cursor, cursor.copy(query) as copying:
        for chunk in copying:
            digest.update(chunk)
            rows += bytes(chunk).count(b"\n")
            if to is not None:
                to.write(chunk)
    return TableCopy(name, columns, rows, digest.hexdigest())


def psycopg_of(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's connection below one of SQLAlchemy, in the same transaction."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def _sync_folder(folder: Path) -> None:
    """Have the name on the disk too, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
