"""Databases for tests: one of its own per test, with the migrated schema and without rows.

The server is the one of ``DATABASE_URL`` (its user must be allowed to make databases), or the
embedded one in ``var/tests``, which all test processes of this checkout share. A template is made
once per state of the migrations and kept, so that a run without new migrations starts at once.

Copying the template costs a quarter of a second of computing, emptying the few tables that a test
wrote to a few thousandths. So the next test gets the database of the last one: emptied, under
another name so that nobody comes back to it, and only where everything but rows is as it was.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url

from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from engine.store.schema import upgrade

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "ketenspoor_test"
STALE_SECONDS = 3 * 3600
USES = 40
"""How many tests a database serves before it is dropped, lest something adds up in it."""
MANY_ROWS = 10_000
"""Who wrote more leaves statistics and pages behind that others should not plan by."""

_OTHERS_LEAVE = """
SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_EVER_WRITTEN = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
  AND pg_relation_size(oid) > 0
"""
_NUMBERS_BEGIN_ANEW = """
SELECT count(setval(seqrelid, seqstart, false)) FROM pg_sequence
WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""
_SHAPE = """
SELECT (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_class)
    || (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_attribute)
    || (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_constraint)
    || (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_trigger)
    || (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_proc)
    || (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_namespace)
    || (SELECT string_agg(version_num, ',') FROM alembic_version)
"""
"""Changes with every change of a table, an index, a trigger, a function or the revision."""


@dataclass
class _Used:
    """A database that a test is done with; ``shape`` is that of its schema when it was copied."""

    name: str
    shape: str
    uses: int = 1


class TestServer:
    """A PostgreSQL server on which tests make and drop databases of their own."""

    __test__ = False  # not a test class, whatever pytest makes of its name

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self._used: _Used | None = None
        self._filled: dict[str, str] = {}
        self._drop_stale()

    def url(self, database: str) -> str:
        """The ``DATABASE_URL`` of one database of this server."""
        return self._url.set(database=database).render_as_string(hide_password=False)

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The address of a database with the whole schema and no rows; dropped at the end."""
        name = _new_name()
        self._copy(self._template(), name)
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    @contextmanager
    def clean_database(self) -> Iterator[str]:
        """The same as ``fresh_database`` for a test of rows alone, at once where one was used."""
        used, self._used = self._used or self._copied(), None
        try:
            yield self.url(used.name)
        finally:
            if self._used is None and used.uses < USES and self._emptied(used):
                self._used = used
            else:
                self._drop(used.name)

    def close(self) -> None:
        """Drop what was kept for further tests."""
        for name in (*self._filled.values(), *([self._used.name] if self._used else [])):
            self._drop(name)
        self._filled.clear()
        self._used = None

    @contextmanager
    def filled_database(self, kind: str, fill: Callable[[Engine], None]) -> Iterator[str]:
        """The address of a copy of what ``fill`` made, once for this process; dropped at the end.

        For what costs more to make than to copy; ``kind`` tells one such filling from another.
        """
        if kind not in self._filled:
            name = _new_name()
            self._copy(self._template(), name)
            self._filled[kind] = name
            engine = open_engine(self.url(name), ROOT / "var")
            try:
                fill(engine)
            except BaseException:
                del self._filled[kind]
                raise
            finally:
                close_engine(engine)
        name = _new_name()
        self._copy(self._filled[kind], name)
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """The address of a database without any table; dropped at the end."""
        name = _new_name()
        self._copy("template1", name)
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    def _copied(self) -> _Used:
        name = _new_name()
        self._copy(self._template(), name)
        with self._connect(name) as connection:
            return _Used(name, _one(connection, _SHAPE))

    def _emptied(self, used: _Used) -> bool:
        """Empty a database and give it another name; whether it is as good as new."""
        with self._connect(used.name) as connection:
            if not _one(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
                return False  # rows that may only be added could not be deleted
            _one(connection, _OTHERS_LEAVE)
            if _one(connection, _SHAPE) != used.shape:
                return False
            connection.execute("SET session_replication_role = replica")  # no triggers
            rows = 0
            written = [f'"{table}"' for (table,) in connection.execute(_EVER_WRITTEN).fetchall()]
            for table in written:
                rows += connection.execute(f"DELETE FROM {table}".encode()).rowcount
            _one(connection, _NUMBERS_BEGIN_ANEW)
            if written:  # rows that are read without an order come in that of a new table
                connection.execute(f"VACUUM {', '.join(written)}".encode())
        if rows > MANY_ROWS:
            return False
        name = _new_name()
        self._execute(f'ALTER DATABASE "{used.name}" RENAME TO "{name}"')
        used.name, used.uses = name, used.uses + 1
        return True

    def _drop(self, name: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _template(self) -> str:
        """The name of the database to copy, made first if this state of the schema is new."""
        name = f"{PREFIX}_template_{_schema_fingerprint()}"
        with self._connect() as connection:
            # Test processes start together; the first makes the template, the others wait.
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, [name]).fetchone() is None:
                unfinished = _new_name()
                self._copy("template1", unfinished)
                engine = open_engine(self.url(unfinished), ROOT / "var")
                try:
                    upgrade(engine)
                finally:
                    close_engine(engine)
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(unfinished), sql.Identifier(name)
                    )
                )
        return name

    def _copy(self, template: str, name: str) -> None:
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def _drop_stale(self) -> None:
        """Drop what test processes left that were ended before they could clean up."""
        with self._connect() as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}\\_%"]
            ).fetchall()
        for (name,) in rows:
            made = name.removeprefix(f"{PREFIX}_").split("_")[0]
            if made.isdigit() and int(made) < time.time() - STALE_SECONDS:
                self._drop(name)

    def _execute(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement.encode())

    @contextmanager
    def _connect(self, database: str | None = None) -> Iterator[psycopg.Connection]:
        url = self._url.set(drivername="postgresql", database=database or self._url.database)
        conninfo = url.render_as_string(hide_password=False)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            yield connection


@contextmanager
def running_server() -> Iterator[TestServer]:
    """The server for this test process: that of ``DATABASE_URL``, or the shared embedded one."""
    given = os.environ.get("DATABASE_URL")
    if given:
        with closing(TestServer(make_url(given))) as server:
            yield server
        return
    with EmbeddedServer(ROOT / "var" / "tests") as server:
        url = make_url(server.url())
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            # Test data may be lost in a crash; commits need not wait for the disk.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        with closing(TestServer(url)) as tests:
            yield tests


def _one(connection: psycopg.Connection, query: str) -> Any:
    """The one value that a query gives."""
    [value] = connection.execute(query.encode()).fetchone() or [None]
    return value


def _new_name() -> str:
    """A name nobody else has; it tells when it was given, so that a stale one is known as such."""
    return f"{PREFIX}_{int(time.time())}_{secrets.token_hex(4)}"


def _schema_fingerprint() -> str:
    """Changes whenever a migration does."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "engine" / "store" / "migrations").rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
