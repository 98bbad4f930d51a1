"""Fewer round trips: reads asked together, writes kept back and sent together.

A step of a trajectory is some twenty small statements; each one sent by itself costs more in
waiting, and in SQLAlchemy, than in PostgreSQL. Here a statement is compiled once, is given to the
driver as it is, and travels in one pipeline with the others of its transaction.

``read_together`` asks at once; each statement still sees what was committed before *it* began, so
that a lock may come first and what it guards after it. ``write_later`` keeps a write until the next
statement of the transaction, whoever sends that, or until its commit: nobody ever reads around it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import psycopg as dialects
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable

from engine.store.base import Base

_PENDING = "ketenspoor-pending-writes"
_DIALECT = dialects.dialect()  # type: ignore[no-untyped-call]

Changed = Callable[[int], None]
"""Is told how many rows a write changed; may refuse it with an exception."""


class Statement:
    """A statement of SQLAlchemy Core, compiled once; what changes are its ``bindparam`` values."""

    def __init__(self, statement: Executable) -> None:
        compiled = cast(Any, statement).compile(dialect=_DIALECT)
        if "POSTCOMPILE" in str(compiled):
            raise ValueError("in_() of a list changes with the list; use any_() or or_()")
        self.text = str(compiled).encode()
        self.fixed: Mapping[str, Any] = dict(compiled.params)

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The values of all parameters: the statement's own, and those given."""
        return {**self.fixed, **given}


class Rows:
    """Inserts rows into one table; ``tail`` follows the values.

    A row gives every column but those that the database numbers and those named in ``without``.
    """

    def __init__(self, model: type[Base], *, without: Collection[str] = (), tail: str = "") -> None:
        table = cast(Table, model.__table__)
        columns = [c for c in table.columns if c.identity is None and c.name not in without]
        self.columns = [column.name for column in columns]
        self._json = [isinstance(column.type, JSONB) for column in columns]
        self._head = sql.SQL("INSERT INTO {} ({}) VALUES ").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )
        self._tail = tail
        self._text = lru_cache(64)(self._made)

    def _made(self, count: int) -> bytes:
        row = "(" + ", ".join(["%s"] * len(self.columns)) + ")"
        return self._head.as_bytes(None) + f"{', '.join([row] * count)} {self._tail}".encode()

    def write(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert the rows with the next statement or the commit."""
        if rows:
            values = [
                Jsonb(row[name]) if is_json and row[name] is not None else row[name]
                for row in rows
                for name, is_json in zip(self.columns, self._json, strict=True)
            ]
            _pending(session).append(_Write(self._text(len(rows)), values))


@dataclass(frozen=True, slots=True)
class _Write:
    text: bytes
    values: Any
    changed: Changed | None = None


def read_together(session: Session, *asked: tuple[Statement, Mapping[str, Any]]) -> list[list[Any]]:
    """The rows of each statement, in one round trip; rows have their columns as attributes."""
    connection = session.connection()
    _send(connection)
    raw = _driver(connection)
    for one, given in asked:
        _tell(connection, one.text, one.values(given))
    try:
        with raw.pipeline():
            cursors = [
                raw.cursor(row_factory=namedtuple_row).execute(one.text, one.values(given))
                for one, given in asked
            ]
        return [cursor.fetchall() if cursor.description else [] for cursor in cursors]
    except psycopg.Error as error:
        raise _told(error, raw) from None


def write_later(
    session: Session,
    statement: Statement,
    values: Mapping[str, Any],
    changed: Changed | None = None,
) -> None:
    """Write with the next statement of the transaction, or its commit; ``changed`` is told then."""
    _pending(session).append(_Write(statement.text, statement.values(values), changed))


def listen(engine: Engine) -> None:
    """Let the engine's transactions send what was kept back; done for all of the product's."""
    event.listen(engine, "before_cursor_execute", lambda connection, *_: _send(connection))
    event.listen(engine, "rollback", _forget)


@event.listens_for(Session, "before_commit")
def _send_all(session: Session) -> None:
    if session.info.pop(_PENDING, False):
        session.flush()  # rows that are kept back may refer to these
        _send(session.connection())


def _forget(connection: Connection) -> None:
    if not connection.invalidated:  # what a lost connection kept back is lost with it
        connection.info.pop(_PENDING, None)


def _pending(session: Session) -> list[_Write]:
    session.info[_PENDING] = True
    return cast(list[_Write], session.connection().info.setdefault(_PENDING, []))


def _send(connection: Connection) -> None:
    writes: list[_Write] | None = connection.info.pop(_PENDING, None)
    if not writes:
        return
    raw = _driver(connection)
    for write in writes:
        _tell(connection, write.text, write.values)
    try:
        with raw.pipeline():
            cursors = [raw.cursor().execute(write.text, write.values) for write in writes]
        counts = [cursor.rowcount for cursor in cursors]
    except psycopg.Error as error:
        raise _told(error, raw) from None
    for write, count in zip(writes, counts, strict=True):
        if write.changed is not None:
            write.changed(count)


def _tell(connection: Connection, statement: bytes, values: Any) -> None:
    """Tell who watches the engine's statements."""
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, None, statement.decode(), values, None, False)


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def _told(error: psycopg.Error, raw: psycopg.Connection[Any]) -> BaseException:
    """The error as SQLAlchemy tells it, without values of rows."""
    if error.diag.message_primary is not None:
        error.args = (error.diag.message_primary,)
    return DBAPIError.instance(
        None, None, error, psycopg.Error, hide_parameters=True,
        connection_invalidated=raw.closed,
    )  # fmt: skip
