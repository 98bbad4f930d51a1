"""Reads what forms say of meetings: whom it is about, who is meant, and the family's consent."""

from __future__ import annotations

from datetime import UTC
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.models import Organisation, User
from engine.families.file import answers, naming
from engine.families.file.recording import Fields, Recording
from engine.families.models import (
    MEETING_SUBJECTS,
    Agreement,
    CareMeeting,
    CaseDirectionOffer,
    Consent,
    FamilyMember,
    MeetingParticipant,
)
from engine.families.models.happenings import CONSENT_FORMS

MEETING, PARTICIPANT, AGREEMENT, DIRECTION = "overlegId", "deelnemerId", "afspraakId", "regieId"
"""The variables of a task that say which meeting, participant, agreement or offer it is about."""

Row = TypeVar("Row", CareMeeting, Agreement, CaseDirectionOffer)


def own(recording: Recording, table: type[Row], variable: str) -> Row | None:
    """The row that the task is about, if it is this family's; nobody else changes it meanwhile."""
    found_id = recording.about.get(variable)
    found = recording.session.get(table, found_id, with_for_update=True) if found_id else None
    return (
        found if found is not None and found.family_id == recording.trajectory.family_id else None
    )


def participant_of(recording: Recording) -> MeetingParticipant | None:
    """The participant that the task is about, if of a meeting of this family.

    Nobody else changes it meanwhile: whom a withdrawal takes out does not come back by a reply.
    """
    found_id = recording.about.get(PARTICIPANT)
    session = recording.session
    found = session.get(MeetingParticipant, found_id, with_for_update=True) if found_id else None
    if found is None:
        return None
    meeting = recording.session.get_one(CareMeeting, found.meeting_id)
    return found if meeting.family_id == recording.trajectory.family_id else None


def somebody(
    session: Session, row: Fields
) -> tuple[str | None, UUID | None, str | None, UUID | None]:
    """A person with an account (``persoon``), else a name (``naam``) and organisation."""
    user_id = account(session, row.get("persoon"))
    if user_id is not None:
        user = session.get_one(User, user_id)
        organisation = session.get_one(Organisation, user.organisation_id)
        return user.name, user.id, organisation.name, organisation.id
    chosen = row.get("organisatie")
    return (
        answers.text(row.get("naam"), 200),
        None,
        naming.organisation(session, chosen),
        naming.organisation_id(session, chosen),
    )


def account(session: Session, chosen: object) -> UUID | None:
    """The id of a chosen user whose account is open."""
    key = answers.key(chosen)
    user = session.get(User, key) if key else None
    return user.id if user is not None and user.active else None


def subjects_in(value: object) -> list[str]:
    """The subjects that were chosen, in the fixed order."""
    chosen = value if isinstance(value, list) else [value]
    return [s for s in MEETING_SUBJECTS if any(answers.text(one) == s for one in chosen)]


def note_consent(
    recording: Recording, fields: Fields, recipient: str, purpose: str, agreed: bool
) -> None:
    """The family's word on a recipient and purpose, given as ``gever`` and ``vorm`` say."""
    session, family_id = recording.session, recording.trajectory.family_id
    giver = answers.key(fields.get("gever"))
    member = session.get(FamilyMember, giver) if giver else None
    member = member if member is not None and member.family_id == family_id else None
    session.add(
        Consent(
            **recording.place,
            giver=(naming.person(session, family_id, fields.get("gever")) or ""),
            giver_member_id=member.id if member else None,
            purpose=purpose,
            recipient=recipient,
            form=answers.choice(fields.get("vorm"), CONSENT_FORMS) or "mondeling",
            agreed=agreed,
            given_at=recording.at.astimezone(UTC),
            document_id=recording.document_id,
        )
    )
