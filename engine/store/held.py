"""One holder at a time while a connection lives: no row is locked, no transaction is open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError


@contextmanager
def held(engine: Engine, key: UUID) -> Iterator[bool]:
    """Hold ``key`` for as long as this goes on; ``False`` when another process or thread does.

    Who holds it and dies, or loses its connection, holds it no longer.
    """
    asked = {"key": int.from_bytes(key.bytes[8:], signed=True)}
    with engine.connect() as outer:
        watch = outer.execution_options(isolation_level="AUTOCOMMIT")
        got = bool(watch.scalar(text("SELECT pg_try_advisory_lock(:key)"), asked))
        try:
            yield got
        finally:
            if got:
                try:
                    watch.execute(text("SELECT pg_advisory_unlock(:key)"), asked)
                except DBAPIError:
                    watch.invalidate()  # the lock went with the connection
