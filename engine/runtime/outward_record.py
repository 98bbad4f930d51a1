"""What is put down of outward work: attempts, what left, what was put off, what was left out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.keys import new_key
from engine.runtime.models import Incident
from engine.runtime.outward import ATTEMPTS, FIRST_WAIT, OutwardFailed
from engine.runtime.outward_models import OutwardMessage, OutwardWork
from engine.store.settings import number


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that has begun; ``number`` counts from 1, ``most`` is how many there may be."""

    token_id: UUID
    instance_id: UUID
    business_key: str | None
    package_key: str
    process_id: str
    element_id: str
    element_name: str
    job_type: str
    number: int
    most: int
    first_wait: timedelta


def begin(session: Session, token_id: UUID, now: datetime) -> Attempt | None:
    """Count an attempt; ``None`` when the token waits no longer."""
    row = session.execute(
        update(OutwardWork)
        .where(OutwardWork.token_id == token_id)
        .values(attempts=OutwardWork.attempts + 1, next_try_at=None)
        .returning(OutwardWork)
    ).scalar_one_or_none()
    if row is None:
        return None
    return Attempt(
        token_id,
        row.instance_id,
        row.business_key,
        row.package_key,
        row.process_id,
        row.element_id,
        row.element_name,
        row.job_type,
        row.attempts,
        int(number(session, ATTEMPTS, now)),
        timedelta(seconds=number(session, FIRST_WAIT, now)),
    )


def still_waits(session: Session, token_id: UUID) -> bool:
    """Whether the token waits for its work (still)."""
    return session.get(OutwardWork, token_id) is not None


def reached(session: Session, token_id: UUID) -> Collection[UUID]:
    """Whom a message of this token was sent to before."""
    query = select(OutwardMessage.recipient_id).where(OutwardMessage.token_id == token_id)
    return session.scalars(query).all()


def sent(session: Session, attempt: Attempt, recipient_id: UUID, now: datetime) -> None:
    """A message left."""
    row = {
        "id": new_key(),
        "token_id": attempt.token_id,
        "recipient_id": recipient_id,
        "job_type": attempt.job_type,
        "instance_id": attempt.instance_id,
        "business_key": attempt.business_key,
        "process_id": attempt.process_id,
        "element_id": attempt.element_id,
        "attempt": attempt.number,
        "sent_at": now,
    }
    session.execute(insert(OutwardMessage).values(row).on_conflict_do_nothing())


def put_off(session: Session, attempt: Attempt, error: OutwardFailed, until: datetime) -> None:
    """The attempt failed; there will be another."""
    session.execute(
        update(OutwardWork)
        .where(OutwardWork.token_id == attempt.token_id)
        .values(next_try_at=until, last_error=error.code)
    )


def left_out(session: Session, attempt: Attempt, error: OutwardFailed, now: datetime) -> None:
    """The diagram went on without it: an incident that was solved at once tells of it."""
    session.add(
        Incident(
            token_id=attempt.token_id,
            instance_id=attempt.instance_id,
            business_key=attempt.business_key,
            package_key=attempt.package_key,
            process_id=attempt.process_id,
            element_id=attempt.element_id,
            element_name=attempt.element_name,
            code=error.code,
            message=error.message,
            remedy=error.remedy,
            raised_at=now,
            resolved_at=now,
        )
    )
