"""Connections between two transactions: kept at hand, and looked at before they are used again.

SQLAlchemy's pool costs some forty calls for each transaction. So a few connections are kept beside
it, for transactions that may do without (``take``); whoever needs a connection of SQLAlchemy gets
one from the pool as ever. They count as taken out of the pool until it is disposed of.

A server that ends a connection says so on its socket: something to read on an idle connection means
that it has to be asked. One that was idle for long is asked anyway, since a router in between may
have dropped it silently. One that comes back is rolled back when something still runs on it, which
is rare.
"""

from __future__ import annotations

import select
import time
from typing import Any, cast

import psycopg
from psycopg import pq
from sqlalchemy import Engine, PoolProxiedConnection, QueuePool, event
from sqlalchemy.exc import DisconnectionError

ASKED_AFTER_SECONDS = 30.0
MOST_AT_HAND = 4
_LEFT_AT = "ketenspoor-left-at"


def watch(engine: Engine) -> None:
    """Check the engine's connections when they are taken out of the pool."""
    event.listen(engine, "reset", _put_to_rest)
    event.listen(engine, "checkin", _note)
    event.listen(engine, "checkout", _check)


class PoolAtHand(QueuePool):
    """A pool that keeps some connections at hand beside it. Safe to share between threads."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.at_hand: list[PoolProxiedConnection] = []

    def dispose(self) -> None:
        """Close what is at hand, and what is in the pool."""
        while self.at_hand:
            self.at_hand.pop().invalidate()
        super().dispose()


def take(engine: Engine) -> PoolProxiedConnection:
    """A connection for one transaction, to be given back by ``give_back``.

    Raises:
        OperationalError: the database is away.
    """
    at_hand = _at_hand(engine)
    while at_hand:
        try:
            found = at_hand.pop()
        except IndexError:  # another thread took it
            break
        if _is_usable(found):
            return found
        found.invalidate()
    return engine.connect().connection  # which tells as SQLAlchemy does that there is none


def give_back(engine: Engine, connection: PoolProxiedConnection) -> None:
    """Keep a connection on which no transaction runs for the next one."""
    at_hand = _at_hand(engine)
    if not connection.is_valid or at_hand is _NONE or len(at_hand) >= MOST_AT_HAND:
        connection.close()  # to the pool
        return
    connection.info[_LEFT_AT] = time.monotonic()
    at_hand.append(connection)


_NONE: list[PoolProxiedConnection] = []


def _at_hand(engine: Engine) -> list[PoolProxiedConnection]:
    pool = engine.pool
    return pool.at_hand if isinstance(pool, PoolAtHand) else _NONE


def _is_usable(connection: PoolProxiedConnection) -> bool:
    raw = cast("psycopg.Connection[Any]", connection.driver_connection)
    try:
        _check(raw, connection, connection)
    except DisconnectionError:
        return False
    return True


def _put_to_rest(connection: psycopg.Connection[Any], _record: Any, _state: Any) -> None:
    if connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:
        connection.rollback()


def _note(_connection: Any, record: Any) -> None:
    record.info[_LEFT_AT] = time.monotonic()


def _check(connection: psycopg.Connection[Any], record: Any, _proxy: Any) -> None:
    left_at = record.info.get(_LEFT_AT)
    if left_at is None:
        return  # made just now
    try:
        idle = time.monotonic() - left_at
        if idle < ASKED_AFTER_SECONDS and not _has_something_to_say(connection):
            return
        connection.execute("SELECT 1")
        connection.rollback()
    except (psycopg.Error, OSError, ValueError) as error:
        raise DisconnectionError from error  # the pool makes another one


def _has_something_to_say(connection: psycopg.Connection[Any]) -> bool:
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
    return bool(waiting.poll(0))
