"""Mail about a second pair of eyes: to who may approve, and to who asked once it was answered.

It says that there is something to look at and nothing else. Each person has a job in the queue of
what goes out, put there in the transaction of the question or of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.clock import Clock
from engine.definitions.published.care_models import PublicationRequest
from engine.families.notices import Notice
from engine.runtime.outward import OutwardFailed
from engine.runtime.outward_queue import QUEUE
from engine.store.unit_of_work import UnitOfWork

log = structlog.get_logger("ketenspoor.outward")

TELL: Final = "tell-of-approval"
"""Name of the task that workers know; its arguments are ``request_id`` and ``recipient_id``."""

AGAIN: Final = timedelta(minutes=5)
GIVEN_UP: Final = timedelta(days=1)
"""When it is tried again, and when nobody needs the mail any more."""

_TEXTS: Final = {
    ("asked", "nl"): (
        "Een collega vraagt u om mee te kijken",
        "Een collega wil een procespakket publiceren en vraagt om een tweede paar ogen.",
    ),
    ("asked", "en"): (
        "A colleague asks you to look",
        "A colleague wants to publish a process package and asks for a second pair of eyes.",
    ),
    ("approved", "nl"): (
        "Uw vraag is goedgekeurd",
        "Een collega keurde goed wat u vroeg. U kunt het publiceren.",
    ),
    ("approved", "en"): (
        "Your question was approved",
        "A colleague approved what you asked. You can publish it.",
    ),
    ("returned", "nl"): (
        "Uw vraag is teruggestuurd",
        "Een collega stuurde terug wat u vroeg, met uitleg.",
    ),
    ("returned", "en"): (
        "Your question was sent back",
        "A colleague sent back what you asked, with an explanation.",
    ),
}
_DEFER: Final = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW("
    f"'{QUEUE}', '{TELL}', 0, NULL, NULL, jsonb_build_object("
    "'request_id', CAST(:request_id AS text), 'recipient_id', CAST(:recipient_id AS text)), NULL)"
    "::procrastinate_job_to_defer_v1])"
)

_WAITING: Final = text(
    "SELECT u.name, coalesce(r.decided_at, r.asked_at), j.scheduled_at FROM procrastinate_jobs j"
    " JOIN users u ON u.id = CAST(j.args->>'recipient_id' AS uuid)"
    " JOIN publication_requests r ON r.id = CAST(j.args->>'request_id' AS uuid)"
    " WHERE j.task_name = :task AND j.status IN ('todo', 'doing') ORDER BY j.id LIMIT :most"
)


def tell(session: Session, request: PublicationRequest, people: Iterable[UUID]) -> int:
    """Mail these people about a question as it is now; how many."""
    told = list(dict.fromkeys(people))
    for person in told:
        session.execute(_DEFER, {"request_id": str(request.id), "recipient_id": str(person)})
    return len(told)


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail that did not leave yet.

    Attributes:
        to: who gets it.
        since: when there was something to tell.
        next_try_at: after an attempt that did not succeed.
    """

    to: str
    since: datetime
    next_try_at: datetime | None


def waiting(session: Session, most: int) -> list[WaitingMail]:
    """The mails that wait in the queue, the oldest first."""
    return [WaitingMail(*row) for row in session.execute(_WAITING, {"task": TELL, "most": most})]


class ApprovalDesk:
    """Sends what :func:`tell` put in the queue; ``send`` is ``None`` where there is no mail."""

    def __init__(
        self, database: Engine, clock: Clock, send: Callable[[Notice, str], None] | None
    ) -> None:
        self._database = database
        self._clock = clock
        self._send = send

    def carry_out(self, request_id: str, recipient_id: str) -> datetime | None:
        """One mail; when to try again, ``None`` when it left or need not any more."""
        with UnitOfWork(self._database) as session:
            found = _notice(session, UUID(request_id), UUID(recipient_id), self._clock.now())
        if found is None or self._send is None:
            return None
        notice, key = found
        try:
            self._send(notice, key)
        except OutwardFailed as failed:
            log.warning("approval-mail-failed", request=request_id, code=failed.code)
            return self._clock.now() + AGAIN if failed.again else None
        log.info("approval-mail-sent", request=request_id)
        return None


def _notice(
    session: Session, request_id: UUID, recipient_id: UUID, now: datetime
) -> tuple[Notice, str] | None:
    """What a person is told about a question as it is now, with the key of the mail."""
    request = session.get(PublicationRequest, request_id)
    user = session.get(User, recipient_id)
    if request is None or user is None or not user.active:
        return None
    about = "asked" if recipient_id != request.asked_by else request.decision
    if about == "asked" and request.decision is not None:
        return None  # it was answered or asked anew before the mail left
    if now - (request.decided_at or request.asked_at) > GIVEN_UP:
        return None
    language = user.language if user.language in ("nl", "en") else "nl"
    texts = _TEXTS.get((about or "", language))
    if texts is None:
        return None
    return Notice(user.email, language, *texts), f"{request.id}.{about}.{recipient_id}"
