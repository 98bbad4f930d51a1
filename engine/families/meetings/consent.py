"""The family's consent as the gate of a care meeting: per participant and per subject.

A participant may know of a subject when somebody of the family said yes to it, and nobody's latest
word on it is a no or has been withdrawn. Asked anew each time: a withdrawal counts at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.families.file.consent_words import Pair
from engine.families.file.consents import agreed_to
from engine.families.meetings.port import DIRECTION_PURPOSE, purpose_of
from engine.families.models import (
    Agreement,
    CareMeeting,
    CaseDirectionOffer,
    MeetingParticipant,
)

ENDED = ("geen-toestemming", "ingetrokken")
"""States of who may know nothing of the meeting."""


def shared_subjects(participant: MeetingParticipant, given: Collection[Pair]) -> list[str]:
    """The subjects of which the participant may know."""
    if participant.state in ENDED:
        return []
    return [
        subject
        for subject in participant.subjects
        if (purpose_of(subject), participant.recipient) in given
    ]


def subjects_of(
    session: Session, family_id: UUID, participants: Iterable[MeetingParticipant], at: datetime
) -> Mapping[UUID, list[str]]:
    """The same for several participants of one family, by their ids."""
    people = list(participants)
    given = agreed_to(session, family_id, at) if people else ()
    return {one.id: shared_subjects(one, given) for one in people}


def may_direct(session: Session, offer: CaseDirectionOffer, at: datetime) -> bool:
    """Whether the family agrees that this one is asked to direct its case."""
    recipient = recipient_of(offer.name, offer.organisation)
    return (DIRECTION_PURPOSE, recipient) in agreed_to(session, offer.family_id, at)


def recipient_of(person: str | None, organisation: str | None) -> str:
    """How a consent names a participant."""
    if person and organisation:
        return f"{person} ({organisation})"[:200]
    return (person or organisation or "")[:200]


def owns(participant: MeetingParticipant, agreement: Agreement) -> bool:
    """Whether the participant promised it: by account, else by name."""
    if participant.user_id is not None:
        return agreement.owner_user_id == participant.user_id
    return agreement.owner_user_id is None and agreement.owner == participant.recipient


def end_without_consent(session: Session, family_id: UUID, at: datetime) -> list[UUID]:
    """Take out who may know of no subject any more; ids of what they were asked to do.

    That are the participants, their open agreements, and who was asked to direct the case.
    """
    people = session.scalars(
        select(MeetingParticipant)
        .join(CareMeeting, CareMeeting.id == MeetingParticipant.meeting_id)
        .where(
            CareMeeting.family_id == family_id,
            MeetingParticipant.state.not_in((*ENDED, "voorgesteld")),
        )
        .order_by(MeetingParticipant.sequence)
    ).all()
    shared = subjects_of(session, family_id, people, at)
    ended: list[UUID] = []
    for one in people:
        if shared[one.id]:
            continue
        one.state, one.state_since = "ingetrokken", at
        ended.append(one.id)
        promised = session.scalars(
            select(Agreement)
            .where(Agreement.meeting_id == one.meeting_id, Agreement.state == "open")
            .order_by(Agreement.created_at, Agreement.id)
        )
        ended += (promise.id for promise in promised if owns(one, promise))
    offers = session.scalars(
        select(CaseDirectionOffer)
        .where(CaseDirectionOffer.family_id == family_id, CaseDirectionOffer.state == "gevraagd")
        .order_by(CaseDirectionOffer.sequence)
    )
    for offer in offers:
        if not may_direct(session, offer, at):
            offer.state, offer.answered_at = "vervallen", at
            ended.append(offer.id)
    session.flush()
    return ended
