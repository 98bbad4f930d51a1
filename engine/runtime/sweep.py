"""The sweep: claims due timers one by one and fires each in a transaction of its own.

A claim locks the root of the timer's tree with ``SKIP LOCKED``: any number of sweeps run side
by side, none waits for a person who works on the same tree, and the timers of one tree fire in the
order they are due. A killed sweep loses nothing, because its claim ends with its transaction. A
timer that keeps failing backs off and at last becomes an incident; the others don't wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from typing import cast as cast_to
from uuid import UUID

import structlog
from sqlalchemy import (
    Engine,
    String,
    Uuid,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session, aliased

from engine.clock import Clock
from engine.errors import KetenspoorError
from engine.execution.errors import ExecutionError
from engine.keys import new_key
from engine.runtime.commands import Runtime
from engine.runtime.models import (
    MOST_OF_A_NAME,
    BufferedMessage,
    Incident,
    ProcessInstance,
    SeenMessage,
    Timer,
)
from engine.runtime.sql import SqlStore
from engine.store.base import UtcDateTime
from engine.store.round_trips import Statement, read_together
from engine.store.settings import Number, number
from engine.store.unit_of_work import UnitOfWork, in_transaction

log = structlog.get_logger("ketenspoor.sweep")

REMEMBERED_DAYS = Number(
    "message-memory-days",
    90,
    "days",
    "how long the id of a message or submission is remembered, so that a repeat changes nothing",
)

MakeRuntime = Callable[[Session], Runtime]
_ROOT = aliased(ProcessInstance)
_IS_DUE = Timer.next_try_at <= bindparam("now", type_=UtcDateTime())
_CLAIMED = "ketenspoor.claimed"
"""The transaction's own setting that tells the second statement which tree the first one locked."""
_FREE = (
    select(_ROOT.id)
    .select_from(Timer)
    .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
    .join(_ROOT, _ROOT.id == ProcessInstance.root_id)
    .where(_IS_DUE)
    .order_by(Timer.next_try_at)
    .limit(1)
    .with_for_update(of=_ROOT, skip_locked=True)
    .cte("free")
)
_CLAIM = Statement(
    select(_FREE.c.id, func.set_config(_CLAIMED, cast(_FREE.c.id, String), true()).label("noted"))
)
_TIMER = ("token_id", "instance_id", "element_id", "element_name", "attempts")
_EARLIEST = Statement(
    select(
        *(getattr(Timer, name).label(f"timer_{name}") for name in _TIMER),
        *ProcessInstance.__table__.c,
    )
    .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
    .where(
        ProcessInstance.root_id
        == cast(func.nullif(func.current_setting(_CLAIMED, true()), ""), Uuid()),
        _IS_DUE,
    )
    .order_by(Timer.next_try_at, Timer.due_at, Timer.token_id)
    .limit(1)
    .with_for_update(of=ProcessInstance)
)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How a failing timer is retried: the first wait doubles each time, until it is an incident.

    ``stuck`` is the wait of a timer whose instance cannot even take the incident in.
    """

    first: timedelta = timedelta(seconds=10)
    attempts: int = 5
    stuck: timedelta = timedelta(hours=1)

    def wait(self, attempt: int) -> timedelta:
        """How long to wait after the ``attempt``-th failure (from 1)."""
        return self.first * int(2 ** (attempt - 1))


class TimerFailed(ExecutionError):
    """A timer could not be fired after repeated attempts."""

    code = "timer-failed"


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A claimed timer; ``attempts`` have failed before. ``instance`` is its row, locked."""

    token_id: UUID
    instance_id: UUID
    element_id: str
    element_name: str
    attempts: int
    instance: Any = field(repr=False)


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
        """Fire due timers, the earliest first, at most ``limit``; how many were tried."""
        tried = 0
        while tried < limit and self._fire_next():
            tried += 1
        return tried

    def tidy(self) -> None:
        """Forget buffered messages that have expired, and ids of messages of long ago."""
        now = self._clock.now()
        with UnitOfWork(self._database) as session:
            session.execute(delete(BufferedMessage).where(BufferedMessage.expires_at <= now))
            kept = timedelta(days=number(session, REMEMBERED_DAYS, now))
            session.execute(delete(SeenMessage).where(SeenMessage.seen_at <= now - kept))

    def _fire_next(self) -> bool:
        claimed: DueTimer | None = None

        def work(session: Session) -> None:
            nonlocal claimed
            now = self._clock.now()  # once: a clock may be set back in between
            claimed = claim_due(session, now)
            if claimed is None:
                return
            runtime = self._make_runtime(session)
            cast_to(SqlStore, runtime.store).take_in(claimed.instance)  # it was read with the claim
            runtime.fire_timer(claimed.instance_id, claimed.token_id, now)
            if claimed.attempts >= self._backoff.attempts:
                _resolve(session, claimed.token_id, self._clock.now())

        try:
            in_transaction(self._database, work)
        except (OperationalError, InterfaceError):
            raise  # the database is away: no fault of the timer
        except Exception as error:
            if claimed is None:
                raise
            self._put_off(claimed, error)
        return claimed is not None

    def _put_off(self, timer: DueTimer, error: Exception) -> None:
        attempt = timer.attempts + 1
        code = error.code if isinstance(error, KetenspoorError) else type(error).__name__
        log.warning(
            "timer-failed",
            instance=str(timer.instance_id),
            element=timer.element_id,
            attempt=attempt,
            error=code,
        )
        if attempt < self._backoff.attempts:
            self._try_later(timer, attempt, self._backoff.wait(attempt))
            return
        failed = TimerFailed(
            f"De timer kon {attempt} keer niet afgaan ({code}).",
            "Bekijk de oorzaak en probeer het opnieuw.",
            element_id=timer.element_id,
        )

        def stop(session: Session) -> None:
            runtime = self._make_runtime(session)
            runtime.store.get(timer.instance_id)  # from now on nobody gives it another instant
            if _is_due_now(session, timer.token_id, self._clock.now()):
                runtime.stop_with_incident(timer.instance_id, timer.token_id, failed)

        try:
            in_transaction(self._database, stop)
        except (OperationalError, InterfaceError):
            raise
        except Exception as worse:  # noqa: BLE001 - a damaged instance must not stop the sweep
            log.error("timer-stuck", instance=str(timer.instance_id), error=type(worse).__name__)
            self._try_later(timer, attempt, self._backoff.stuck, failed)

    def _try_later(
        self, timer: DueTimer, attempt: int, wait: timedelta, incident: TimerFailed | None = None
    ) -> None:
        now = self._clock.now()
        with UnitOfWork(self._database) as session:
            session.execute(
                update(Timer)
                .where(Timer.token_id == timer.token_id, Timer.due_at <= now)
                .values(attempts=attempt, next_try_at=now + wait)
            )
            if incident is not None:
                _report(session, timer, incident, now)


def claim_due(session: Session, now: datetime) -> DueTimer | None:
    """The earliest due timer of a tree that nobody works on; the tree is locked until the commit.

    The tree is claimed first and its timers are looked at after that: what was due when the search
    began may have fired meanwhile, and something earlier may have come in its place.
    """
    while True:
        roots, rows = read_together(session, (_CLAIM, {"now": now}), (_EARLIEST, {"now": now}))
        if not roots:
            return None
        if rows:
            timer = {name: getattr(rows[0], f"timer_{name}") for name in _TIMER}
            return DueTimer(**timer, instance=rows[0])


def fire_again(session: Session, token_id: UUID, now: datetime) -> bool:
    """Let the next sweep fire a timer that was put off; ``False`` when no timer runs there.

    One that a person has put off since, or whose next firing is later, keeps its instant.
    """
    found = session.scalar(
        update(Timer)
        .where(Timer.token_id == token_id)
        .values(next_try_at=func.greatest(Timer.due_at, now))
        .returning(Timer.token_id)
    )
    if found is not None:
        _resolve(session, token_id, now)
    return found is not None


def _is_due_now(session: Session, token_id: UUID, now: datetime) -> bool:
    query = select(Timer.token_id).where(Timer.token_id == token_id, Timer.due_at <= now)
    return session.scalar(query) is not None


def overdue_by(session: Session, now: datetime) -> timedelta:
    """How long the oldest due timer has been waiting; zero when none is due."""
    oldest = session.scalar(select(func.min(Timer.next_try_at)).where(Timer.next_try_at <= now))
    return now - oldest if oldest is not None else timedelta(0)


def _report(session: Session, timer: DueTimer, incident: TimerFailed, now: datetime) -> None:
    """An incident beside the state, for an instance that cannot be loaded or written."""
    instance = session.get_one(ProcessInstance, timer.instance_id)
    open_one = select(Incident.id).where(
        Incident.token_id == timer.token_id, Incident.resolved_at.is_(None)
    )
    if session.scalar(open_one) is not None:
        return
    session.execute(
        insert(Incident).values(
            id=new_key(),
            token_id=timer.token_id,
            instance_id=timer.instance_id,
            business_key=instance.business_key,
            package_key=instance.package_key,
            process_id=instance.process_id,
            element_id=timer.element_id,
            element_name=timer.element_name[:MOST_OF_A_NAME],
            code=incident.code,
            message=incident.message,
            remedy=incident.remedy,
            raised_at=now,
        )
    )


def _resolve(session: Session, token_id: UUID, now: datetime) -> None:
    session.execute(
        update(Incident)
        .where(Incident.token_id == token_id, Incident.resolved_at.is_(None))
        .values(resolved_at=now)
    )
