"""What goes over one connection: writes kept back, exchanges, and what went wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

import psycopg
from psycopg import pq
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection, Engine, PoolProxiedConnection, event
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from engine.store.exchange import Asked, Exchanger, StatementFailed

Carrier: TypeAlias = Connection | PoolProxiedConnection
"""What a transaction goes over: a connection of SQLAlchemy, or the pool's beneath it."""
Refusal: TypeAlias = Callable[[], Exception]
"""Makes the exception for a write that did not find what it was to change."""
_TRAFFIC = "ketenspoor-traffic"


@dataclass(frozen=True, slots=True)
class Write:
    """A statement with its values, and what it raises where it divides by zero."""

    asked: Asked
    refusal: Refusal | None = None


def listen(engine: Engine) -> None:
    """Let the engine's transactions send what was kept back; done for all of the product's."""
    event.listen(engine, "before_cursor_execute", _send_before, retval=True)
    event.listen(engine, "rollback", _forget)
    event.listen(engine, "rollback_savepoint", _forget)  # all from before it was sent with it
    event.listen(engine, "reset", _abandon)
    event.listen(engine, "commit", _refuse_half)


def traffic_of(engine: Engine, carrier: Carrier) -> Traffic:
    """What goes over a connection of the engine; the same until the connection is closed."""
    info = carrier.info
    found: Traffic | None = info.get(_TRAFFIC)
    if found is None:
        raw = _raw(carrier)
        found = info[_TRAFFIC] = Traffic(engine, raw, Exchanger(raw))
    return found


@dataclass(slots=True)
class Traffic:
    """What goes over one connection of the driver.

    Attributes:
        kept: what its transaction keeps back.
        sent: what was sent ahead and is not answered yet.
        failed: why what was kept back could not be written. Whoever asks next is told again, so
            that nobody who goes on after an error commits without it; a rollback ends that.
    """

    engine: Engine
    raw: psycopg.Connection[Any]
    exchanger: Exchanger
    kept: list[Write] = field(default_factory=list)
    sent: list[Write] = field(default_factory=list)
    failed: BaseException | None = None

    @property
    def has_something(self) -> bool:
        """Whether something has to be sent, answered or told first."""
        return bool(self.kept or self.sent or self.failed)

    def exchange(
        self,
        carrier: Carrier,
        reads: Sequence[Write] = (),
        *,
        begin: bool = True,
        commit: bool = False,
        ahead: bool = False,
    ) -> list[PGresult]:
        """The answers to ``reads``, after what was kept back; none yet when it is sent ``ahead``.

        Raises as SQLAlchemy does, without values of rows; or what a write's ``refusal`` makes.
        """
        if self.failed is not None:
            raise self.failed
        kept, sent = self.kept, self.sent
        now = [*kept, *reads] if reads else kept
        self._show(carrier, now)
        asked = [write.asked for write in now]
        self.kept, self.sent = [], []
        try:
            if not ahead:
                results = self.exchanger.exchange(asked, begin=begin, commit=commit)
                return results[len(kept) :]
            self.exchanger.send(asked)
            self.sent = [*sent, *now]
            return []
        except psycopg.DataError as error:  # nothing was sent: it is all still to be written
            self.kept, self.sent = kept, sent
            raise self._told(error, carrier) from None
        except (StatementFailed, psycopg.Error) as error:
            raised = self._why(error, [*sent, *now], carrier)
            if kept or sent:
                self.failed = raised
            raise raised from None

    def commit(self, pooled: PoolProxiedConnection) -> None:
        """End the transaction, if one runs, after what was kept back.

        Raises as ``exchange``, and where something failed in it or its connection was lost.
        """
        if self.failed is not None:
            raise self.failed
        self.require_connected(pooled)
        self.require_whole(pooled)
        for listener in self.engine.dispatch.commit:
            if listener is not _refuse_half:
                listener(Connection(self.engine, pooled))
        if self.has_something or self.raw.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            self.exchange(pooled, commit=True)

    def roll_back(self, pooled: PoolProxiedConnection) -> None:
        """Undo the transaction, if one runs. A connection that does not let it be is closed."""
        self.let_go()
        try:
            if not self.raw.closed:
                if self.raw.pgconn.transaction_status != pq.TransactionStatus.IDLE:
                    self.raw.rollback()
                return
        except psycopg.Error:
            self.raw.close()  # which rolls back as well
        _give_up(pooled)

    def let_go(self) -> None:
        """Forget what is to be rolled back."""
        self.kept, self.sent, self.failed = [], [], None
        if self.exchanger.sent_ahead:
            with suppress(psycopg.Error):  # it is closed then, which the rollback finds
                self.exchanger.drop()

    def require_whole(self, carrier: Carrier) -> None:
        """Commit no transaction in which something failed: PostgreSQL would roll it back silently.

        Raises:
            InternalError: it did.
        """
        if self.raw.pgconn.transaction_status == pq.TransactionStatus.INERROR:
            raise self._told(psycopg.errors.InFailedSqlTransaction(), carrier)

    def require_connected(self, carrier: Carrier) -> None:
        """Go on with no transaction whose connection was lost.

        Raises:
            OperationalError: it was.
        """
        if self.raw.closed:
            raise self._told(psycopg.OperationalError("the connection was lost"), carrier)

    def _show(self, carrier: Carrier, writes: Sequence[Write]) -> None:
        """Tell who watches the engine's statements."""
        for listener in self.engine.dispatch.before_cursor_execute:
            if listener is not _send_before:
                shown = carrier
                if not isinstance(shown, Connection):
                    shown = Connection(self.engine, shown)
                for write in writes:
                    text, values = write.asked
                    listener(shown, None, text.decode(), values, None, False)

    def _why(
        self, error: StatementFailed | psycopg.Error, under_way: Sequence[Write], carrier: Carrier
    ) -> BaseException:
        if not isinstance(error, StatementFailed):
            return self._told(error, carrier)
        refusal = under_way[error.place].refusal if error.place < len(under_way) else None
        if refusal is not None and isinstance(error.cause, psycopg.errors.DivisionByZero):
            return refusal()
        return self._told(error.cause, carrier)

    def _told(self, error: psycopg.Error, carrier: Carrier) -> BaseException:
        """The error as SQLAlchemy tells it; a lost connection is given up."""
        if self.raw.closed:
            _give_up(carrier)
        if error.diag.message_primary is not None:
            error.args = (error.diag.message_primary,)
        if is_too_much(error):
            return DataError(None, None, error, hide_parameters=True)
        return DBAPIError.instance(
            None, None, error, psycopg.Error, hide_parameters=True,
            connection_invalidated=self.raw.closed,
        )  # fmt: skip


def is_too_much(error: BaseException | None) -> bool:
    """Whether a value is more than the server takes, as in an index.

    PostgreSQL's drivers call that operational, as a server that is away; it is a fault of the data.
    """
    return (getattr(error, "sqlstate", None) or "").startswith(_PROGRAM_LIMIT)


_PROGRAM_LIMIT = "54"


def _send_before(
    connection: Connection, _cursor: Any, statement: str, values: Any, *_: Any
) -> tuple[str, Any]:
    traffic = traffic_of(connection.engine, connection)
    if traffic.has_something:
        traffic.exchange(connection)
    return statement, values


def _forget(connection: Connection, *_: Any) -> None:
    """What was kept back or sent ahead is rolled back, with all of it or with its savepoint."""
    if not connection.invalidated:  # what a lost connection kept back is lost with it
        _let_go(connection.info)


def _abandon(_raw: Any, record: ConnectionPoolEntry, _state: Any) -> None:
    """A connection comes back to the pool, perhaps of a session that nobody closed."""
    _let_go(record.info)


def _let_go(info: Mapping[Any, Any]) -> None:
    traffic: Traffic | None = info.get(_TRAFFIC)
    if traffic is not None:
        traffic.let_go()


def _refuse_half(connection: Connection) -> None:
    """Commit no transaction in which something failed."""
    traffic_of(connection.engine, connection).require_whole(connection)


def _give_up(carrier: Carrier) -> None:
    if isinstance(carrier, Connection) or carrier.is_valid:
        carrier.invalidate()


def _raw(carrier: Carrier) -> psycopg.Connection[Any]:
    pooled = carrier.connection if isinstance(carrier, Connection) else carrier
    return cast("psycopg.Connection[Any]", pooled.driver_connection)
