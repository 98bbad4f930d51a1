"""The port to care meetings, agreements and case direction: what connectors need of the file.

Two adapters: ``meetings.SqlMeetings`` on the database, and one in memory for try-outs. Personal
content stays behind it: a process gets ids, counts, dates and choices.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

PARTICIPATION_ENDED = "deelname-vervallen"
"""The message that ends what somebody was asked: its key is the participant's or agreement's id."""

SUBJECT_NAMES = {
    "huishouding": "huishouden en geld",
    "maatschappelijk": "werk, school en netwerk",
    "opvoeding": "opvoeding",
    "welzijn": "gezondheid en welzijn",
    "partnerrelatie": "relatie tussen de ouders",
    "hulp": "welke hulp er is",
    "veiligheid": "veiligheid",
}
"""The subjects of a care meeting by key, as a consent names them."""

DIRECTION_PURPOSE = "casusregie"
"""The purpose of the consent by which somebody may be asked to direct the case."""


def purpose_of(subject: str) -> str:
    """The purpose of the consent for a subject at a care meeting."""
    return f"zorgoverleg: {SUBJECT_NAMES[subject]}"


@dataclass(frozen=True, slots=True)
class ParticipantFacts:
    """What a process may know of a participant. ``user_id``: the account, if there is one."""

    participant_id: UUID
    user_id: UUID | None
    state: str
    consented: bool


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What a process may know of a meeting: counts of replies, and dates (UTC)."""

    planned_at: datetime | None
    state: str
    with_family: bool
    coming: int
    declined: int
    silent: int
    consented: int
    next_on: date | None


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What a process may know of an agreement.

    ``consented``: whether the family agrees that its owner knows of the meeting; so it is of who
    did not take part in it.
    """

    agreement_id: UUID
    user_id: UUID | None
    due: date | None
    state: str
    consented: bool = True


@dataclass(frozen=True, slots=True)
class DirectionFacts:
    """Case direction: whether there is a director, and the latest offer to somebody."""

    directed: bool
    offer_id: UUID | None
    user_id: UUID | None
    state: str | None
    consented: bool


class MeetingFile(Protocol):
    """Care meetings as the processes use them. Every call belongs to the caller's transaction."""

    def begin_meeting(
        self, trajectory_id: UUID, purpose: str, *, with_family: bool, at: datetime
    ) -> UUID:
        """A new meeting that is being prepared."""
        ...

    def participants(self, trajectory_id: UUID, meeting_id: UUID) -> list[ParticipantFacts]:
        """Everybody who is to take part, in the order in which they were named."""
        ...

    def invite(self, trajectory_id: UUID, participant_id: UUID, at: datetime) -> bool:
        """Invite somebody if the family agrees to it now; whether that was so."""
        ...

    def meeting(self, trajectory_id: UUID, meeting_id: UUID) -> MeetingFacts:
        """How far a meeting is."""
        ...

    def share_minutes(
        self, trajectory_id: UUID, meeting_id: UUID, at: datetime
    ) -> list[ParticipantFacts]:
        """Let participants read the minutes from now on; those with whom they may be shared."""
        ...

    def agreements(self, trajectory_id: UUID, meeting_id: UUID) -> list[AgreementFacts]:
        """What was agreed at a meeting."""
        ...

    def direction(self, trajectory_id: UUID) -> DirectionFacts:
        """Who directs the case, and who was asked last."""
        ...

    def hand_over_direction(self, trajectory_id: UUID, offer_id: UUID, at: datetime) -> bool:
        """Let the one who accepted direct the case from now on; ``False`` if they did not."""
        ...
