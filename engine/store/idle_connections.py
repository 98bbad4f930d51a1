"""Pooled connections are looked at before they are used again, mostly without a round trip.

One that comes back is rolled back when something still runs on it, which is rare.

A server that ends a connection says so on its socket: something to read on an idle connection means
that it has to be asked. One that was idle for long is asked anyway, since a router in between may
have dropped it silently.
"""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg
from psycopg import pq
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

ASKED_AFTER_SECONDS = 30.0
_LEFT_AT = "ketenspoor-left-at"


def watch(engine: Engine) -> None:
    """Check the engine's connections when they are taken out of the pool."""
    event.listen(engine, "reset", _put_to_rest)
    event.listen(engine, "checkin", _note)
    event.listen(engine, "checkout", _check)


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
