"""Waking idle workers: a timer that is due soon is announced when its transaction commits.

A worker sleeps until the next timer is due, at most its interval. Only a timer that comes in with
an earlier due instant than it could know of needs a NOTIFY; timers of days never cost one, because
PostgreSQL lets transactions that notify commit one after another. Losing an announcement, or the
connection that listens for it, only means that the interval is waited out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import psycopg
import structlog
from sqlalchemy import Engine, PoolProxiedConnection, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.runtime.models import Timer

log = structlog.get_logger("ketenspoor.sweep")

CHANNEL = "ketenspoor_timers"
SOON = timedelta(minutes=1)
"""Timers due within this time are announced; longer than any sensible interval of a sweep."""
LOOK_UP_SECONDS = 0.5
"""How often a sleeper looks whether it has to stop."""
LEAST_SECONDS = 0.2
"""The shortest sleep: a due timer whose tree somebody works on is not asked for without end."""


def announce(session: Session, due_at: datetime, now: datetime) -> None:
    """Wake idle workers when this transaction commits, if the timer is due soon."""
    if due_at - now <= SOON:
        session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})


class Alarm:
    """Sleeps until a timer is due or announced, the interval is over, or it is told to stop."""

    def __init__(self, database: Engine, clock: Clock, interval_seconds: float) -> None:
        self._database = database
        self._clock = clock
        self._interval = interval_seconds
        self._listener: PoolProxiedConnection | None = None

    def sleep(self, stopped: threading.Event) -> None:
        """Return when it may be time for another round."""
        deadline = time.monotonic() + self._seconds()
        while (left := deadline - time.monotonic()) > 0 and not stopped.is_set():
            if self._announced(min(left, LOOK_UP_SECONDS), stopped):
                return

    def close(self) -> None:
        """Listen no more."""
        listener, self._listener = self._listener, None
        if listener is not None:
            _driver(listener).close()
            listener.invalidate()  # nothing to roll back on it, and it goes back to no pool

    def _seconds(self) -> float:
        """The time until the next known timer is due, within bounds."""
        try:
            self._listen()
            with Session(self._database) as session:
                due = session.scalar(select(func.min(Timer.next_try_at)))
        except (SQLAlchemyError, psycopg.Error):
            self.close()
            return self._interval
        if due is None:
            return self._interval
        until = (due - self._clock.now()).total_seconds()
        return min(max(until, LEAST_SECONDS), self._interval)

    def _listen(self) -> None:
        """Listen before looking for the next timer: nothing comes in between unheard."""
        if self._listener is not None:
            return
        taken = self._database.raw_connection()
        taken.detach()  # from the pool: it is kept, and others have no use for it
        self._listener = taken
        driver = _driver(taken)
        driver.autocommit = True
        driver.execute(f"LISTEN {CHANNEL}")

    def _announced(self, seconds: float, stopped: threading.Event) -> bool:
        if self._listener is None:
            stopped.wait(seconds)
            return False
        try:
            heard = _driver(self._listener).notifies(timeout=seconds, stop_after=1)
            return any(True for _ in heard)
        except psycopg.Error:
            log.warning("listening-broke-off")
            self.close()
            return False


def _driver(taken: PoolProxiedConnection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", taken.dbapi_connection)


class SweepThread:
    """Rounds of work with sleep between them, on a thread of its own, until ``stop``."""

    def __init__(self, work: Callable[[], object], alarm: Alarm) -> None:
        self._work = work
        self._alarm = alarm
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin with a round at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the round that has begun."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopped.is_set():
                self._work()
                self._alarm.sleep(self._stopped)
        finally:
            self._alarm.close()
