"""The queue of outward work as steps and the doctor use it: defer, look, defer again.

Who defers needs nothing of Procrastinate but its function in the database: the job travels with the
other writes of the step, in the same round trip and the same transaction. It holds ids only. The
row in ``outward_work`` goes with it, so that everybody can see what waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, exists, func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql import column, table

from engine.definitions.connectors import OUTWARD
from engine.execution.standing import Standing
from engine.runtime.models import AuditEvent
from engine.runtime.outward_models import OutwardMessage, OutwardWork
from engine.runtime.store import Instance
from engine.store.round_trips import Rows, Statement, write_later

QUEUE = "uitgaand"
TASK = "carry-out"
"""Name of the one task that workers know; its arguments are ``instance_id`` and ``token_id``."""

_DEFER = Statement(
    text(
        "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW("
        f"'{QUEUE}', '{TASK}', 0, NULL, NULL, jsonb_build_object("
        "'instance_id', CAST(:instance_id AS text), 'token_id', CAST(:token_id AS text), "
        "'job_type', CAST(:job_type AS text)), NULL)::procrastinate_job_to_defer_v1])"
    )
)
_JOBS = table("procrastinate_jobs", column("status"), column("args"))
_WORK = Rows(OutwardWork)


def is_outward(wait: Standing) -> bool:
    """Whether the token waits for outward work."""
    return wait.kind == "job" and wait.name in OUTWARD


def defer(session: Session, instance: Instance, waits: Sequence[Standing], now: datetime) -> None:
    """Put the work of tokens that began to wait into the queue, with the step's other writes."""
    _WORK.write(session, [_row(instance, wait, now) for wait in waits])
    for wait in waits:
        _put(session, instance.id, wait.token_id, wait.name)


def _row(instance: Instance, wait: Standing, now: datetime) -> dict[str, Any]:
    return {
        "token_id": wait.token_id,
        "instance_id": instance.id,
        "business_key": instance.business_key,
        "package_key": instance.package_key,
        "process_id": instance.process_id,
        "element_id": wait.element_id,
        "element_name": wait.element_name,
        "job_type": wait.name,
        "deferred_at": now,
        "attempts": 0,
        "next_try_at": None,
        "last_error": None,
    }


def _put(session: Session, instance_id: UUID, token_id: UUID, job_type: str | None) -> None:
    given: Mapping[str, Any] = {
        "instance_id": str(instance_id), "token_id": str(token_id), "job_type": job_type,
    }  # fmt: skip
    write_later(session, _DEFER, given)


# -- for workers ---------------------------------------------------------------------------------

_TAKE_UP = text(
    """
    SELECT procrastinate_retry_job_v2(job.id, now(), NULL, NULL, NULL) FROM (
        SELECT job.id FROM procrastinate_jobs job
        LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
        WHERE job.status = 'doing' AND job.queue_name = :queue
          AND (worker.id IS NULL
               OR worker.last_heartbeat < now() - make_interval(secs => :silent)
               OR (SELECT max(event.at) FROM procrastinate_events event
                   WHERE event.job_id = job.id AND event.type = 'started')
                  < now() - make_interval(secs => :endless))
        FOR UPDATE OF job SKIP LOCKED) job
    """
)


def take_up_again(session: Session, *, silent: float, endless: float) -> int:
    """Give jobs back to the queue whose worker is gone, or that go on for ever; how many.

    A worker is gone when it gave no sign of life for ``silent`` seconds. What began ``endless``
    seconds ago has ended, but the queue was not told. Should it go on after all, then its token is
    held by who carries it out, and nobody begins anew.
    """
    asked = {"queue": QUEUE, "silent": silent, "endless": endless}
    return len(session.execute(_TAKE_UP, asked).all())


# -- for the doctor ------------------------------------------------------------------------------


def without_job(session: Session) -> list[OutwardWork]:
    """What waits for a job that the queue doesn't have (any more)."""
    in_queue = exists().where(
        func.jsonb_extract_path_text(_JOBS.c.args, "token_id")
        == cast(OutwardWork.token_id, String),
        cast(_JOBS.c.status, String).in_(["todo", "doing"]),
    )
    waiting = select(OutwardWork).where(~in_queue)
    return list(session.scalars(waiting.order_by(OutwardWork.deferred_at, OutwardWork.token_id)))


def defer_again(session: Session) -> int:
    """Put what lost its job into the queue anew; how many."""
    lost = without_job(session)
    for work in lost:
        _put(session, work.instance_id, work.token_id, work.job_type)
    return len(lost)


def without_cause(session: Session) -> Iterator[OutwardMessage]:
    """Messages that left although no audit tells of the element that asked for them."""
    caused = exists().where(
        AuditEvent.token_id == OutwardMessage.token_id,
        AuditEvent.instance_id == OutwardMessage.instance_id,
        AuditEvent.type == "activated",  # of the element, which another version may call otherwise
    )
    yield from session.scalars(select(OutwardMessage).where(~caused).order_by(OutwardMessage.id))
