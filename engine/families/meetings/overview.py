"""Care meetings and case direction as the family page tells of them, for who may read the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.models import Organisation
from engine.families.models import CareMeeting, CaseDirectionOffer, CaseDirector
from engine.families.rights.discretion import Discreet
from engine.families.tasks.shown_subjects import ShownMeeting, shown_meeting


@dataclass(frozen=True, slots=True, repr=False)
class DirectionRow(Discreet):
    """Who directs or directed the case (``since``), or was asked and does not (``asked_at``)."""

    name: str
    organisation: str | None
    since: datetime | None = None
    until: datetime | None = None
    asked_at: datetime | None = None
    state: str = ""
    answer: str | None = None


def meetings_of(session: Session, trajectory_id: UUID, now: datetime) -> Sequence[ShownMeeting]:
    """The meetings of a trajectory, the newest first. The caller has asked for permission."""
    rows = session.scalars(
        select(CareMeeting)
        .where(CareMeeting.trajectory_id == trajectory_id)
        .order_by(CareMeeting.created_at.desc(), CareMeeting.id.desc())
    )
    return [shown_meeting(session, row, now) for row in rows]


def directions_of(session: Session, family_id: UUID) -> Sequence[DirectionRow]:
    """Who directs the case, who did, and who was asked and is not (yet); the newest first."""
    directors = session.execute(
        select(CaseDirector, Organisation.name)
        .outerjoin(Organisation, Organisation.id == CaseDirector.organisation_id)
        .where(CaseDirector.family_id == family_id)
        .order_by(CaseDirector.since.desc(), CaseDirector.id.desc())
    )
    found = [
        (one.since, DirectionRow(one.name, organisation, since=one.since, until=one.until))
        for one, organisation in directors
    ]
    offers = session.scalars(
        select(CaseDirectionOffer)
        .where(CaseDirectionOffer.family_id == family_id, CaseDirectionOffer.state != "aangenomen")
        .order_by(CaseDirectionOffer.asked_at.desc(), CaseDirectionOffer.sequence.desc())
    )
    found += [
        (
            one.asked_at,
            DirectionRow(
                one.name,
                one.organisation,
                asked_at=one.asked_at,
                state=one.state,
                answer=one.answer,
            ),
        )
        for one in offers
    ]
    return [row for _, row in sorted(found, key=lambda pair: pair[0], reverse=True)]
