"""Fewer round trips: reads asked together, writes kept back and sent together.

A step of a trajectory is some twenty small statements; each one sent by itself costs more in
waiting, and in SQLAlchemy, than in PostgreSQL. Here a statement is compiled once, is given to the
driver as it is, and travels in one pipeline with the others of its transaction.

``read_together`` asks at once; each statement still sees what was committed before *it* began, so
that a lock may come first and what it guards after it. ``write_later`` keeps a write until the next
statement of the transaction, whoever sends that, or until its commit: nobody ever reads around it.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.pq.abc import PGresult
from psycopg.types.json import Jsonb
from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    Select,
    Update,
    event,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import psycopg as dialects
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql import Executable
from sqlalchemy.sql.visitors import replacement_traverse

from engine.store.base import Base, table_of
from engine.store.exchange import Asked, Exchanger, StatementFailed

MOST_VALUES = 65_535
"""Values that PostgreSQL's protocol lets one statement have."""
_TRAFFIC = "ketenspoor-traffic"
_KEPT_BACK = "ketenspoor-has-kept-back"
_DIALECT = dialects.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]

Refusal = Callable[[], Exception]
"""Makes the exception for a write that did not find what it was to change."""


class Statement:
    """A statement of SQLAlchemy Core, compiled once; what changes are its ``bindparam`` values.

    Its constants are written out, so that the server plans with them.
    """

    def __init__(self, statement: Executable) -> None:
        written_out = replacement_traverse(cast(Any, statement), {}, _constant)
        compiled = written_out.compile(dialect=_DIALECT)
        if "POSTCOMPILE" in str(compiled):
            raise ValueError("in_() of a list changes with the list; use any_() or or_()")
        self.text = str(compiled).encode()
        self._names: Sequence[str] = compiled.positiontup or ()
        self._fixed: Mapping[str, Any] = dict(compiled.params)
        columns = [key for key, *_ in compiled._result_columns]
        row: Any = namedtuple("Row", columns, rename=True)  # type: ignore[misc]
        self.row: Callable[[Sequence[Any]], Any] = row._make

    def asked(self, given: Mapping[str, Any]) -> Asked:
        """The statement with its values in their places: its own, and those given."""
        values = {**self._fixed, **given}
        return self.text, [values[name] for name in self._names]


def _constant(element: Any, **_: Any) -> Any:
    """A value that is part of the statement itself, as it is written in SQL."""
    if not isinstance(element, BindParameter) or not element.unique or element.expanding:
        return None
    if not isinstance(element.value, str | int):  # bool is an int; None has its own writing
        return None
    process = element.type.literal_processor(_DIALECT)
    return None if process is None else literal_column(process(element.value), element.type)


class Rows:
    """Inserts rows into one table; ``tail`` follows the values.

    A row gives every column but those that the database numbers and those named in ``without``.
    """

    def __init__(self, model: type[Base], *, without: Collection[str] = (), tail: str = "") -> None:
        table = table_of(model)
        columns = [c for c in table.columns if c.identity is None and c.name not in without]
        self.columns = [column.name for column in columns]
        self._json = [isinstance(column.type, JSONB) for column in columns]
        self._head = sql.SQL("INSERT INTO {} ({}) VALUES ").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )
        self._tail = tail
        self._text = lru_cache(64)(self._made)

    def _made(self, count: int) -> bytes:
        width = len(self.columns)
        rows = (
            "(" + ", ".join(f"${row * width + place + 1}" for place in range(width)) + ")"
            for row in range(count)
        )
        return self._head.as_bytes(None) + f"{', '.join(rows)} {self._tail}".encode()

    def write(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert the rows with the next statement or the commit."""
        at_once = MOST_VALUES // len(self.columns)
        for first in range(0, len(rows), at_once):
            some = rows[first : first + at_once]
            values = [
                Jsonb(row[name]) if is_json and row[name] is not None else row[name]
                for row in some
                for name, is_json in zip(self.columns, self._json, strict=True)
            ]
            _keep_back(session, _Write((self._text(len(some)), values)))


@dataclass(frozen=True, slots=True)
class _Write:
    asked: Asked
    refusal: Refusal | None = None


def read_together(session: Session, *asked: tuple[Statement, Mapping[str, Any]]) -> list[list[Any]]:
    """The rows of each statement, in one round trip; rows have their columns as attributes.

    What was kept back goes with them, before them.
    """
    connection, traffic = _under_way(session)
    writes = traffic.taken()
    reads = [_Write(statement.asked(given)) for statement, given in asked]
    results = _exchange(connection, traffic, [*writes, *reads])[len(writes) :]
    return traffic.rows(asked, results)


def ask(engine: Engine, *asked: tuple[Statement, Mapping[str, Any]]) -> list[list[Any]]:
    """The rows of each statement, in one round trip and a transaction of their own.

    For a look at a few rows: nothing is begun, nothing has to be committed.
    """
    with engine.connect() as connection:
        traffic = _traffic(connection)
        reads = [_Write(statement.asked(given)) for statement, given in asked]
        return traffic.rows(asked, _exchange(connection, traffic, reads, begin=False))


def write_later(
    session: Session,
    statement: Statement,
    values: Mapping[str, Any],
    refusal: Refusal | None = None,
) -> None:
    """Write with the next statement of the transaction, or its commit.

    ``refusal`` makes the exception for a statement that divides by zero, which is how a statement
    says that it did not find what it was to change (``or_refuse``).
    """
    _keep_back(session, _Write(statement.asked(values), refusal))


def send_ahead(session: Session) -> None:
    """Send what was kept back and go on at once: the server works on it meanwhile.

    What goes wrong with it is raised as ever, by the next statement or the commit.
    """
    if not session.info.get(_KEPT_BACK):
        return
    session.flush()  # rows that are kept back may refer to these
    connection, traffic = _under_way(session)
    if writes := traffic.taken():
        _exchange(connection, traffic, writes, ahead=True)


def or_refuse(changing: Update) -> Select[Any]:
    """The statement that changes exactly one row, or fails: the server need not be asked twice."""
    changed = changing.returning(literal(1).label("one")).cte("changed")
    return select((literal(1) // func.count()).label("one")).select_from(changed)


def listen(engine: Engine) -> None:
    """Let the engine's transactions send what was kept back; done for all of the product's."""
    event.listen(engine, "before_cursor_execute", _send_before, retval=True)
    event.listen(engine, "rollback", _forget)


@event.listens_for(Session, "before_commit")
def _send_all(session: Session) -> None:
    session.info.pop(_TRAFFIC, None)
    if not session.info.pop(_KEPT_BACK, False):
        return
    session.flush()  # rows that are kept back may refer to these
    connection, traffic = _under_way(session)
    session.info.pop(_TRAFFIC, None)
    if traffic.kept or traffic.sent:
        commit = not session.in_nested_transaction()
        _exchange(connection, traffic, traffic.taken(), commit=commit)


@event.listens_for(Session, "after_transaction_create")
@event.listens_for(Session, "after_soft_rollback")
def _ask_again(session: Session, _transaction: SessionTransaction) -> None:
    """A savepoint is set by the session's connection, when it is asked for the next time."""
    session.info.pop(_TRAFFIC, None)


def _forget(connection: Connection) -> None:
    if connection.invalidated:  # what a lost connection kept back is lost with it
        return
    traffic: _Traffic | None = connection.info.get(_TRAFFIC)
    if traffic is None:
        return
    traffic.kept, traffic.sent = [], []
    if traffic.exchanger.sent_ahead:
        traffic.exchanger.drop()


def _send_before(
    connection: Connection, _cursor: Any, statement: str, values: Any, *_: Any
) -> tuple[str, Any]:
    traffic = _traffic(connection)
    if traffic.kept or traffic.sent:
        _exchange(connection, traffic, traffic.taken())
    return statement, values


@dataclass(slots=True)
class _Traffic:
    """What goes over one connection of the driver.

    Attributes:
        kept: what its transaction keeps back.
        sent: what was sent ahead and is not answered yet.
    """

    raw: psycopg.Connection[Any]
    exchanger: Exchanger
    kept: list[_Write] = field(default_factory=list)
    sent: list[_Write] = field(default_factory=list)

    def taken(self) -> list[_Write]:
        """What was kept back; from now on nothing is."""
        writes, self.kept = self.kept, []
        return writes

    def rows(
        self, asked: Sequence[tuple[Statement, Mapping[str, Any]]], results: Sequence[PGresult]
    ) -> list[list[Any]]:
        """The rows of the answer to each statement."""
        return [
            self.exchanger.rows(result, statement.row)
            for (statement, _), result in zip(asked, results, strict=True)
        ]


def _traffic(connection: Connection) -> _Traffic:
    info = connection.info
    found: _Traffic | None = info.get(_TRAFFIC)
    if found is None:
        raw = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        found = info[_TRAFFIC] = _Traffic(raw, Exchanger(raw))
    return found


def _under_way(session: Session) -> tuple[Connection, _Traffic]:
    """The connection of the session's transaction, and what goes over it."""
    found: tuple[Connection, _Traffic] | None = session.info.get(_TRAFFIC)
    if found is None:
        connection = session.connection()
        found = session.info[_TRAFFIC] = (connection, _traffic(connection))
    return found


def _keep_back(session: Session, write: _Write) -> None:
    session.info[_KEPT_BACK] = True
    _under_way(session)[1].kept.append(write)


def _exchange(
    connection: Connection,
    traffic: _Traffic,
    writes: Sequence[_Write],
    *,
    begin: bool = True,
    commit: bool = False,
    ahead: bool = False,
) -> list[PGresult]:
    for listener in connection.dispatch.before_cursor_execute:  # who watches the statements
        if listener is not _send_before:
            for write in writes:
                text, values = write.asked
                listener(connection, None, text.decode(), values, None, False)
    asked, raw = [write.asked for write in writes], traffic.raw
    under_way, traffic.sent = [*traffic.sent, *writes], []
    try:
        if not ahead:
            return traffic.exchanger.exchange(asked, begin=begin, commit=commit)
        traffic.exchanger.send(asked)
        traffic.sent = under_way
        return []
    except StatementFailed as failed:
        refusal = under_way[failed.place].refusal if failed.place < len(under_way) else None
        if refusal is not None and isinstance(failed.cause, psycopg.errors.DivisionByZero):
            raise refusal() from None
        raise _told(failed.cause, connection, raw) from None
    except psycopg.Error as error:
        raise _told(error, connection, raw) from None


def _told(
    error: psycopg.Error, connection: Connection, raw: psycopg.Connection[Any]
) -> BaseException:
    """The error as SQLAlchemy tells it, without values of rows; a lost connection is given up."""
    if raw.closed:
        connection.invalidate()
    if error.diag.message_primary is not None:
        error.args = (error.diag.message_primary,)
    return DBAPIError.instance(
        None, None, error, psycopg.Error, hide_parameters=True,
        connection_invalidated=raw.closed,
    )  # fmt: skip
