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
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg import pq, sql
from psycopg.pq.abc import PGresult
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
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql import Executable
from sqlalchemy.sql.visitors import replacement_traverse

from engine.store.base import Base, table_of
from engine.store.exchange import Asked, Exchanger, JsonText, StatementFailed

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
                JsonText.of(row[name]) if is_json and row[name] is not None else row[name]
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
    reads = [_Write(statement.asked(given)) for statement, given in asked]
    return traffic.rows(asked, _exchange(connection, traffic, reads))


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
    if traffic.kept:
        _exchange(connection, traffic, ahead=True)


def or_refuse(changing: Update) -> Select[Any]:
    """The statement that changes exactly one row, or fails: the server need not be asked twice."""
    changed = changing.returning(literal(1).label("one")).cte("changed")
    return select((literal(1) // func.count()).label("one")).select_from(changed)


def listen(engine: Engine) -> None:
    """Let the engine's transactions send what was kept back; done for all of the product's."""
    event.listen(engine, "before_cursor_execute", _send_before, retval=True)
    event.listen(engine, "rollback", _forget)
    event.listen(engine, "rollback_savepoint", _forget)  # all from before it was sent with it
    event.listen(engine, "reset", _abandon)
    event.listen(engine, "commit", _refuse_half)


@event.listens_for(Session, "before_commit")
def _send_all(session: Session) -> None:
    session.info.pop(_TRAFFIC, None)
    if not session.info.get(_KEPT_BACK):
        return
    session.flush()  # rows that are kept back may refer to these
    connection, traffic = _under_way(session)
    session.info.pop(_TRAFFIC, None)
    if traffic.has_something:
        _exchange(connection, traffic, commit=not session.in_nested_transaction())
    session.info.pop(_KEPT_BACK, None)


@event.listens_for(Session, "after_transaction_create")
@event.listens_for(Session, "after_soft_rollback")
def _ask_again(session: Session, _transaction: SessionTransaction) -> None:
    """A savepoint is set by the session's connection, when it is asked for the next time."""
    session.info.pop(_TRAFFIC, None)


def _forget(connection: Connection, *_: Any) -> None:
    """What was kept back or sent ahead is rolled back, with all of it or with its savepoint."""
    if not connection.invalidated:  # what a lost connection kept back is lost with it
        _let_go(connection.info)


def _abandon(_raw: Any, record: ConnectionPoolEntry, _state: Any) -> None:
    """A connection comes back to the pool, perhaps of a session that nobody closed."""
    _let_go(record.info)


def _refuse_half(connection: Connection) -> None:
    """Commit no transaction in which something failed: PostgreSQL would roll it back silently."""
    raw = _raw(connection)
    if raw.pgconn.transaction_status == pq.TransactionStatus.INERROR:
        raise _told(psycopg.errors.InFailedSqlTransaction(), connection, raw)


def _let_go(info: Mapping[Any, Any]) -> None:
    traffic: _Traffic | None = info.get(_TRAFFIC)
    if traffic is None:
        return
    traffic.kept, traffic.sent, traffic.failed = [], [], None
    if traffic.exchanger.sent_ahead:
        with suppress(psycopg.Error):  # it is closed then, which the rollback finds
            traffic.exchanger.drop()


def _send_before(
    connection: Connection, _cursor: Any, statement: str, values: Any, *_: Any
) -> tuple[str, Any]:
    traffic = _traffic(connection)
    if traffic.has_something:
        _exchange(connection, traffic)
    return statement, values


@dataclass(slots=True)
class _Traffic:
    """What goes over one connection of the driver.

    Attributes:
        kept: what its transaction keeps back.
        sent: what was sent ahead and is not answered yet.
        failed: why what was kept back could not be written. Whoever asks next is told again, so
            that nobody who goes on after an error commits without it; a rollback ends that.
    """

    raw: psycopg.Connection[Any]
    exchanger: Exchanger
    kept: list[_Write] = field(default_factory=list)
    sent: list[_Write] = field(default_factory=list)
    failed: BaseException | None = None

    @property
    def has_something(self) -> bool:
        """Whether something has to be sent, answered or told first."""
        return bool(self.kept or self.sent or self.failed)

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
        raw = _raw(connection)
        found = info[_TRAFFIC] = _Traffic(raw, Exchanger(raw))
    return found


def _raw(connection: Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


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
    reads: Sequence[_Write] = (),
    *,
    begin: bool = True,
    commit: bool = False,
    ahead: bool = False,
) -> list[PGresult]:
    """The answers to ``reads``, after what was kept back; none yet when it is sent ``ahead``."""
    if traffic.failed is not None:
        raise traffic.failed
    kept, sent = traffic.kept, traffic.sent
    now = [*kept, *reads]
    for listener in connection.dispatch.before_cursor_execute:  # who watches the statements
        if listener is not _send_before:
            for write in now:
                text, values = write.asked
                listener(connection, None, text.decode(), values, None, False)
    asked, under_way = [write.asked for write in now], [*sent, *now]
    traffic.kept, traffic.sent = [], []
    try:
        if not ahead:
            results = traffic.exchanger.exchange(asked, begin=begin, commit=commit)
            return results[len(kept) :]
        traffic.exchanger.send(asked)
        traffic.sent = under_way
        return []
    except psycopg.DataError as error:  # nothing was sent: it is all still to be written
        traffic.kept, traffic.sent = kept, sent
        raise _told(error, connection, traffic.raw) from None
    except (StatementFailed, psycopg.Error) as error:
        raised = _why(error, under_way, connection, traffic.raw)
        if kept or sent:
            traffic.failed = raised
        raise raised from None


def _why(
    error: StatementFailed | psycopg.Error,
    under_way: Sequence[_Write],
    connection: Connection,
    raw: psycopg.Connection[Any],
) -> BaseException:
    if not isinstance(error, StatementFailed):
        return _told(error, connection, raw)
    refusal = under_way[error.place].refusal if error.place < len(under_way) else None
    if refusal is not None and isinstance(error.cause, psycopg.errors.DivisionByZero):
        return refusal()
    return _told(error.cause, connection, raw)


def _told(
    error: psycopg.Error, connection: Connection, raw: psycopg.Connection[Any]
) -> BaseException:
    """The error as SQLAlchemy tells it, without values of rows; a lost connection is given up."""
    if raw.closed:
        connection.invalidate()
    if error.diag.message_primary is not None:
        error.args = (error.diag.message_primary,)
    if is_too_much(error):
        return DataError(None, None, error, hide_parameters=True)
    return DBAPIError.instance(
        None, None, error, psycopg.Error, hide_parameters=True,
        connection_invalidated=raw.closed,
    )  # fmt: skip


def is_too_much(error: BaseException | None) -> bool:
    """Whether a value is more than the server takes, as in an index.

    PostgreSQL's drivers call that operational, as a server that is away; it is a fault of the data.
    """
    return (getattr(error, "sqlstate", None) or "").startswith(_PROGRAM_LIMIT)


_PROGRAM_LIMIT = "54"
