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
from functools import lru_cache
from typing import Any, cast

from psycopg import sql
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
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql import Executable
from sqlalchemy.sql.visitors import replacement_traverse

from engine.store.base import Base, table_of
from engine.store.exchange import Asked, JsonText
from engine.store.idle_connections import give_back, take
from engine.store.late_session import LateSession
from engine.store.traffic import Carrier, Refusal, Traffic, Write, traffic_of

MOST_VALUES = 65_535
"""Values that PostgreSQL's protocol lets one statement have."""
_UNDER_WAY = "ketenspoor-under-way"
_KEPT_BACK = "ketenspoor-has-kept-back"
_DIALECT = dialects.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


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
            _keep_back(session, Write((self._text(len(some)), values)))


def read_together(session: Session, *asked: tuple[Statement, Mapping[str, Any]]) -> list[list[Any]]:
    """The rows of each statement, in one round trip; rows have their columns as attributes.

    What was kept back goes with them, before them.
    """
    carrier, traffic = _under_way(session)
    return _read(carrier, traffic, asked)


def ask(engine: Engine, *asked: tuple[Statement, Mapping[str, Any]]) -> list[list[Any]]:
    """The rows of each statement, in one round trip and a transaction of their own.

    For a look at a few rows: nothing is begun, nothing has to be committed.
    """
    pooled = take(engine)
    traffic = traffic_of(engine, pooled)
    try:
        return _read(pooled, traffic, asked, begin=False)
    finally:
        traffic.roll_back(pooled)
        give_back(engine, pooled)


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
    _keep_back(session, Write(statement.asked(values), refusal))


def send_ahead(session: Session) -> None:
    """Send what was kept back and go on at once: the server works on it meanwhile.

    What goes wrong with it is raised as ever, by the next statement or the commit.
    """
    if not session.info.get(_KEPT_BACK):
        return
    session.flush()  # rows that are kept back may refer to these
    carrier, traffic = _under_way(session)
    if traffic.kept:
        traffic.exchange(carrier, ahead=True)


def or_refuse(changing: Update) -> Select[Any]:
    """The statement that changes exactly one row, or fails: the server need not be asked twice."""
    changed = changing.returning(literal(1).label("one")).cte("changed")
    return select((literal(1) // func.count()).label("one")).select_from(changed)


@event.listens_for(Session, "before_commit")
def _send_all(session: Session) -> None:
    session.info.pop(_UNDER_WAY, None)
    if not session.info.get(_KEPT_BACK):
        return
    session.flush()  # rows that are kept back may refer to these
    carrier, traffic = _under_way(session)
    session.info.pop(_UNDER_WAY, None)
    if traffic.has_something:
        traffic.exchange(carrier, commit=not session.in_nested_transaction())
    session.info.pop(_KEPT_BACK, None)


@event.listens_for(Session, "after_transaction_create")
@event.listens_for(Session, "after_soft_rollback")
def _ask_again(session: Session, _transaction: SessionTransaction) -> None:
    """A savepoint is set by the session's connection, when it is asked for the next time."""
    session.info.pop(_UNDER_WAY, None)


def _under_way(session: Session) -> tuple[Carrier, Traffic]:
    """What the session's transaction goes over, and what goes over that."""
    if isinstance(session, LateSession) and session.asleep:
        return session.under_way()
    found: tuple[Connection, Traffic] | None = session.info.get(_UNDER_WAY)
    if found is None:
        connection = session.connection()
        traffic = traffic_of(connection.engine, connection)
        found = session.info[_UNDER_WAY] = (connection, traffic)
    return found


def _keep_back(session: Session, write: Write) -> None:
    session.info[_KEPT_BACK] = True
    _under_way(session)[1].kept.append(write)


def _read(
    carrier: Carrier,
    traffic: Traffic,
    asked: Sequence[tuple[Statement, Mapping[str, Any]]],
    *,
    begin: bool = True,
) -> list[list[Any]]:
    reads = [Write(statement.asked(given)) for statement, given in asked]
    results = traffic.exchange(carrier, reads, begin=begin)
    return [
        traffic.exchanger.rows(result, statement.row)
        for (statement, _), result in zip(asked, results, strict=True)
    ]
