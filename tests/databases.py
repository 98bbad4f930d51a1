"""Databases for tests: a fresh one per test, copied from a template that holds the migrated schema.

The server is the one of ``DATABASE_URL`` (its user must be allowed to make databases), or the
embedded one in ``var/tests``, which all test processes of this checkout share. A template is made
once per state of the migrations and kept, so that a run without new migrations starts at once.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from engine.store.schema import upgrade

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "ketenspoor_test"
STALE_SECONDS = 3 * 3600


class TestServer:
    """A PostgreSQL server on which tests make and drop databases of their own."""

    __test__ = False  # not a test class, whatever pytest makes of its name

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
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
            self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """The address of a database without any table; dropped at the end."""
        name = _new_name()
        self._copy("template1", name)
        try:
            yield self.url(name)
        finally:
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
                self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement.encode())

    @contextmanager
    def _connect(self) -> Iterator[psycopg.Connection]:
        url = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection


@contextmanager
def running_server() -> Iterator[TestServer]:
    """The server for this test process: that of ``DATABASE_URL``, or the shared embedded one."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield TestServer(make_url(given))
        return
    with EmbeddedServer(ROOT / "var" / "tests") as server:
        url = make_url(server.url())
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
            # Test data may be lost in a crash; commits need not wait for the disk.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield TestServer(url)


def _new_name() -> str:
    """A name nobody else has; it tells when it was given, so that a stale one is known as such."""
    return f"{PREFIX}_{int(time.time())}_{secrets.token_hex(4)}"


def _schema_fingerprint() -> str:
    """Changes whenever a migration does."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "engine" / "store" / "migrations").rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
