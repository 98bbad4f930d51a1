"""Putting a backup back: all of it in one transaction, or nothing.

The backup's tables are made by the migrations up to its revision, filled, read back and compared
with the manifest, and then brought to this version of the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from engine.store.backup import TEXT_FORM, copy_out, psycopg_of, table_list
from engine.store.backup_file import Manifest, TableCopy, chunks, open_backup, unusable
from engine.store.errors import RestoreFailed, RestoreRefused
from engine.store.schema import knows, revision_of, upgrade_to

_FOREIGN_KEYS = text("""
SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name,
       pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2
""")
_INDEXES = text("""
SELECT quote_ident(c.relname) AS name, pg_get_indexdef(c.oid) AS definition
FROM pg_class c WHERE c.relkind = 'i' AND c.relnamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid) ORDER BY 1
""")
_OTHERS = text("""
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
""")
_EMPTY_SCHEMA = """
DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and the revision that the tables have now."""

    manifest: Manifest
    schema: str

    @property
    def upgraded(self) -> bool:
        """Whether the tables were brought to a later version on the way."""
        return self.schema != self.manifest.schema


def restore_backup(engine: Engine, file: Path, *, replace: bool = False) -> Restored:
    """Put a backup into an empty database; with ``replace`` into any, whose content then goes.

    Raises:
        BackupUnusable: the file is no backup, incomplete or damaged.
        RestoreRefused: the database has content, or somebody works in it.
        RestoreFailed: it did not fit after all. The database is as it was, in each of the cases.
    """
    with open_backup(file) as (archive, manifest):
        if not knows(manifest.schema):
            raise RestoreRefused(
                f"Deze reservekopie is van een andere versie (schema {manifest.schema}).",
                f"Gebruik Ketenspoor {manifest.product} of nieuwer.",
            )
        try:
            with engine.begin() as connection:
                _require_ours(connection, replace=replace)
                connection.execute(text(_EMPTY_SCHEMA))
                upgrade_to(connection, manifest.schema)
                connection.execute(text(TEXT_FORM))
                _fill(connection, archive, manifest)
                upgrade_to(connection)
                schema = revision_of(connection) or manifest.schema
        except (psycopg.Error, DBAPIError) as error:
            # Only the code: the message of the database may quote the row it stopped at.
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise RestoreFailed(
                "De reservekopie kon niet worden teruggezet; de database is zoals zij was.",
                "Probeer het opnieuw; blijft het misgaan, meld dan deze code.",
                sqlstate=getattr(cause, "sqlstate", None) or type(cause).__name__,
            ) from None
    return Restored(manifest, schema)


def database_name(engine: Engine) -> str:
    """The name of the database, by which a person confirms that this is the one to empty."""
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT current_database()")).scalar_one())


def _require_ours(connection: Connection, *, replace: bool) -> None:
    others = connection.execute(_OTHERS).scalar_one()
    if others:
        raise RestoreRefused(
            f"Er wordt nog in deze database gewerkt ({others} verbindingen).",
            "Stop eerst serve, web en worker.",
        )
    if replace:
        return
    for name, _columns, _key in table_list(connection):
        query = sql.SQL("SELECT EXISTS (SELECT FROM public.{})").format(sql.Identifier(name))
        if (psycopg_of(connection).execute(query).fetchone() or (False,))[0]:
            raise RestoreRefused(
                "In deze database staan al gegevens.",
                "Neem een lege database, of geef --force om haar eerst leeg te maken.",
            )


def _fill(connection: Connection, archive: ZipFile, manifest: Manifest) -> None:
    known = {name: (columns, key) for name, columns, key in table_list(connection)}
    for table in manifest.tables:
        columns, _key = known.get(table.name, ((), ()))
        if set(columns) != set(table.columns):
            raise unusable(f"tabel {table.name} heeft andere kolommen dan schema {manifest.schema}")
    # References are checked at once at the end: in no order of tables could one stand in the way.
    references = connection.execute(_FOREIGN_KEYS).all()
    for row in references:
        connection.exec_driver_sql(f"ALTER TABLE {row.table} DROP CONSTRAINT {row.name}")
    # Indexes too are made at once at the end: entry by entry they take far longer.
    indexes = connection.execute(_INDEXES).all()
    for row in indexes:
        connection.exec_driver_sql(f"DROP INDEX public.{row.name}")
    for table in manifest.tables:  # what a row set off when it came has happened already
        connection.exec_driver_sql(f'ALTER TABLE public."{table.name}" DISABLE TRIGGER USER')
    for table in manifest.tables:
        _copy_in(connection, archive, table)
        columns, key = known[table.name]
        if copy_out(connection, table.name, table.columns, key) != table:
            raise RestoreFailed(
                f"Tabel {table.name} kwam niet gelijk terug; de database is zoals zij was.",
                "Meld dit: het hoort niet te kunnen.",
            )
    for row in indexes:
        connection.exec_driver_sql(row.definition.replace("%", "%%"))
    for row in references:
        connection.exec_driver_sql(
            f"ALTER TABLE {row.table} ADD CONSTRAINT {row.name} {row.definition}".replace("%", "%%")
        )
    for table in manifest.tables:
        connection.exec_driver_sql(f'ALTER TABLE public."{table.name}" ENABLE TRIGGER USER')
    _count_on(connection, manifest)
    psycopg_of(connection).execute("ANALYZE")


def _copy_in(connection: Connection, archive: ZipFile, table: TableCopy) -> None:
    query = sql.SQL("COPY public.{} ({}) FROM STDIN").format(
        sql.Identifier(table.name), _listed(table.columns)
    )
    with psycopg_of(connection).cursor() as cursor, cursor.copy(query) as copying:
        for chunk in chunks(archive, table):
            copying.write(chunk)


def _count_on(connection: Connection, manifest: Manifest) -> None:
    """Let identity columns go on after the last number, also of rows that are gone."""
    for sequence in manifest.sequences:
        connection.execute(
            text(
                "SELECT setval(pg_get_serial_sequence("
                "format('public.%I', CAST(:table AS text)), :column), :last)"
            ),
            {"table": sequence.table, "column": sequence.column, "last": sequence.last},
        )


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
