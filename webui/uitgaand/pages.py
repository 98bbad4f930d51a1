"""What the page of outgoing work shows: what waits, what was not sent, and what left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.families import approval_notices
from engine.families.approval_notices import WaitingMail
from engine.runtime.models import Incident
from engine.runtime.outward import INCIDENT_CODES
from engine.runtime.outward_models import OutwardMessage, OutwardWork
from integrations.mail import KeptMail, MailFolder

SHOWN = 50
"""How many of each list one page shows."""
LEFT_OUT_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SentRow:
    """One message that left."""

    element_id: str
    process_id: str
    to: str
    at: datetime
    attempt: int


@dataclass(frozen=True, slots=True)
class OutwardPage:
    """The page. ``waiting_count`` and ``failed_count`` count all, the lists hold the first ones.

    ``left_out`` was not sent either, but its diagram went on without it. ``approvals`` wait too;
    who got one is not kept.
    """

    waiting: Sequence[OutwardWork]
    waiting_count: int
    approvals: Sequence[WaitingMail]
    failed: Sequence[Incident]
    failed_count: int
    left_out: Sequence[Incident]
    sent: Sequence[SentRow]
    kept: Sequence[KeptMail] | None


def outward_page(session: Session, folder: MailFolder | None) -> OutwardPage:
    """Everything that the page shows; the mails of ``folder`` where mail is not really sent."""
    waiting = (
        select(OutwardWork).order_by(OutwardWork.deferred_at, OutwardWork.token_id).limit(SHOWN)
    )
    failed = select(Incident).where(*_FAILED).order_by(*_OLDEST_FIRST).limit(SHOWN)
    left_out = (
        select(Incident)
        .where(_OURS, Incident.resolved_at == Incident.raised_at)
        .order_by(Incident.raised_at.desc(), Incident.id.desc())
        .limit(LEFT_OUT_SHOWN)
    )
    approvals = approval_notices.waiting(session, SHOWN)
    waiting_count = session.scalar(select(func.count()).select_from(OutwardWork)) or 0
    return OutwardPage(
        session.scalars(waiting).all(),
        waiting_count + len(approvals),
        approvals,
        session.scalars(failed).all(),
        session.scalar(select(func.count()).select_from(Incident).where(*_FAILED)) or 0,
        session.scalars(left_out).all(),
        _sent(session),
        None if folder is None else folder.latest(SHOWN),
    )


def failed_ids(session: Session) -> Sequence[UUID]:
    """The incidents of everything that was not sent, the oldest first."""
    return session.scalars(select(Incident.id).where(*_FAILED).order_by(*_OLDEST_FIRST)).all()


def _sent(session: Session) -> list[SentRow]:
    rows = session.execute(
        select(OutwardMessage, User.name)
        .outerjoin(User, User.id == OutwardMessage.recipient_id)
        .order_by(OutwardMessage.sent_at.desc(), OutwardMessage.id.desc())
        .limit(SHOWN)
    )
    return [
        SentRow(
            one.element_id, one.process_id, name or str(one.recipient_id), one.sent_at, one.attempt
        )
        for one, name in rows
    ]


_OLDEST_FIRST = (Incident.raised_at, Incident.id)
_OURS = Incident.code.in_(sorted(INCIDENT_CODES))
_FAILED = (Incident.resolved_at.is_(None), _OURS)
