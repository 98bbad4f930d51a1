"""The lists that forms of a care meeting choose from: people, participants, and their subjects."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine.access.actors import chain_organisations, holds_at
from engine.access.models import Organisation, RoleAssignment, SystemRole, User
from engine.families.file import naming
from engine.families.meetings.consent import ENDED, subjects_of
from engine.families.meetings.database import key_of, participants_of
from engine.families.meetings.port import SUBJECT_NAMES
from engine.families.models import CareMeeting, MeetingParticipant, Trajectory

Choice = dict[str, str]

INVITABLE = (
    SystemRole.PARTNER,
    SystemRole.WORKER,
    SystemRole.PROJECT_LEADER,
    SystemRole.COORDINATOR,
)


def people(session: Session, organisation_id: UUID, at: datetime) -> list[Choice]:
    """Everybody with an account and a part in the chain, partners first, then by organisation."""
    held = _takes_part(organisation_id, at)
    rows = session.execute(
        select(User.id, User.name, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.active, User.id.in_(held))
        .order_by(Organisation.id == organisation_id, Organisation.name, User.name, User.id)
    )
    return [{"value": str(row.id), "label": f"{row.name} ({row.organisation})"} for row in rows]


def part_of_chain(
    session: Session, user_id: UUID, organisation_id: UUID, at: datetime
) -> User | None:
    """The user, if they have a part in the chain of the organisation."""
    held = _takes_part(organisation_id, at)
    return session.scalar(select(User).where(User.id == user_id, User.active, User.id.in_(held)))


def _takes_part(organisation_id: UUID, at: datetime) -> Select[tuple[UUID]]:
    chain = chain_organisations([organisation_id], at)
    return select(RoleAssignment.user_id).where(
        holds_at(RoleAssignment, at),
        RoleAssignment.role.in_(INVITABLE),
        or_(
            RoleAssignment.organisation_id == organisation_id,
            RoleAssignment.organisation_id.in_(chain),
        ),
    )


def participants(session: Session, meeting: CareMeeting | None) -> list[Choice]:
    """Who was invited to the meeting."""
    found = participants_of(session, meeting.id) if meeting else ()
    return [
        {"value": key_of(one), "label": one.recipient}
        for one in found
        if one.state not in (*ENDED, "voorgesteld")
    ]


def subjects(session: Session, meeting: CareMeeting | None) -> list[Choice]:
    """Each participant with each subject: what the family is asked to agree to."""
    found = participants_of(session, meeting.id) if meeting else ()
    return [
        {"value": f"{key_of(one)}:{subject}", "label": f"{one.recipient}: {SUBJECT_NAMES[subject]}"}
        for one in found
        if one.state not in ENDED
        for subject in one.subjects
    ]


def owners(
    session: Session, trajectory: Trajectory, meeting: CareMeeting | None, at: datetime
) -> list[Choice]:
    """Who can promise something: participants with whom is shared, the family, its workers."""
    found = participants_of(session, meeting.id) if meeting else ()
    shared = subjects_of(session, trajectory.family_id, found, at)
    there: list[MeetingParticipant] = [one for one in found if shared[one.id]]
    invited = {one.user_id for one in there}
    members = naming.members(session, trajectory.family_id)
    workers = _own_people(session, trajectory.organisation_id, at)
    return [
        *({"value": key_of(one), "label": one.recipient} for one in there),
        *({"value": str(one.id), "label": one.name} for one in members),
        *({"value": str(key), "label": name} for key, name in workers if key not in invited),
    ]


def meeting_of(
    session: Session, trajectory: Trajectory, about: dict[str, UUID]
) -> CareMeeting | None:
    """The meeting that a task is about, if it is this family's."""
    found = session.get(CareMeeting, about["overlegId"]) if "overlegId" in about else None
    return found if found is not None and found.family_id == trajectory.family_id else None


def _own_people(session: Session, organisation_id: UUID, at: datetime) -> list[tuple[UUID, str]]:
    held = select(RoleAssignment.user_id).where(
        holds_at(RoleAssignment, at),
        RoleAssignment.organisation_id == organisation_id,
        RoleAssignment.role.in_((SystemRole.WORKER, SystemRole.PROJECT_LEADER)),
    )
    rows = session.execute(
        select(User.id, User.name)
        .where(User.active, User.id.in_(held))
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in rows]
