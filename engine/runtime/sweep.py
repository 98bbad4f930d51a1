"""The sweep: claims due timers one by one and fires each in a transaction of its own.

``FOR UPDATE SKIP LOCKED`` lets any number of sweeps run side by side; a killed one loses nothing,
because its claim ends with its transaction. A timer that keeps failing backs off and at last
becomes an incident; the others don't wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.errors import KetenspoorError
from engine.execution.errors import ExecutionError
from engine.runtime.commands import Runtime
from engine.runtime.models import BufferedMessage, Timer
from engine.store.unit_of_work import UnitOfWork

log = structlog.get_logger("ketenspoor.sweep")

MakeRuntime = Callable[[Session], Runtime]


@dataclass(frozen=True, slots=True)
class Backoff:
    """How a failing timer is retried: the first wait doubles each time, until it is an incident."""

    first: timedelta = timedelta(seconds=10)
    attempts: int = 5

    def wait(self, attempt: int) -> timedelta:
        """How long to wait after the ``attempt``-th failure (from 1)."""
        return self.first * int(2 ** (attempt - 1))


class TimerFailed(ExecutionError):
    """A timer could not be fired after repeated attempts."""

    code = "timer-failed"


class Sweep:
    """Fires what is due. ``run_once`` is called by the scheduler and by whoever moves the clock."""

    def __init__(
        self,
        database: Engine,
        clock: Clock,
        make_runtime: MakeRuntime,
        *,
        backoff: Backoff | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._make_runtime = make_runtime
        self._backoff = backoff or Backoff()

    def run_once(self, limit: int = 500) -> int:
        """Fire due timers, the earliest first, at most ``limit``; how many were fired."""
        fired = 0
        while fired < limit and self._fire_next():
            fired += 1
        return fired

    def tidy(self) -> None:
        """Forget buffered messages that have expired."""
        with UnitOfWork(self._database) as session:
            expired = session.scalars(
                select(BufferedMessage).where(BufferedMessage.expires_at <= self._clock.now())
            )
            for message in expired:
                session.delete(message)

    def _fire_next(self) -> bool:
        now = self._clock.now()
        claimed: Timer | None = None
        try:
            with UnitOfWork(self._database) as session:
                claimed = self._claim(session, now)
                if claimed is None:
                    return False
                self._make_runtime(session).fire_timer(claimed.instance_id, claimed.token_id)
        except Exception as error:
            if claimed is None:
                raise
            self._put_off(claimed, error)
        return True

    def _claim(self, session: Session, now: datetime) -> Timer | None:
        return session.scalars(
            select(Timer)
            .where(Timer.next_try_at <= now)
            .order_by(Timer.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()

    def _put_off(self, timer: Timer, error: Exception) -> None:
        attempt = timer.attempts + 1
        code = error.code if isinstance(error, KetenspoorError) else type(error).__name__
        log.warning(
            "timer-failed",
            instance=str(timer.instance_id),
            element=timer.element_id,
            attempt=attempt,
            error=code,
        )
        now = self._clock.now()
        with UnitOfWork(self._database) as session:
            if attempt < self._backoff.attempts:
                session.execute(
                    update(Timer)
                    .where(Timer.token_id == timer.token_id)
                    .values(attempts=attempt, next_try_at=now + self._backoff.wait(attempt))
                )
                return
            failed = TimerFailed(
                f"De timer kon {attempt} keer niet afgaan ({code}).",
                "Bekijk de oorzaak en probeer het opnieuw.",
                element_id=timer.element_id,
            )
            self._make_runtime(session).stop_with_incident(
                timer.instance_id, timer.token_id, failed
            )


def overdue_by(session: Session, now: datetime) -> timedelta:
    """How long the oldest due timer has been waiting; zero when none is due."""
    oldest = session.scalar(select(func.min(Timer.next_try_at)).where(Timer.next_try_at <= now))
    return now - oldest if oldest is not None else timedelta(0)
