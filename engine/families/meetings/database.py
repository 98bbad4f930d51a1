"""Care meetings, agreements and case direction on the database (port: ``meeting_file.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.families.errors import MeetingPurposeUnknown, MeetingUnknown, TrajectoryUnknown
from engine.families.file.consents import hold
from engine.families.meetings.consent import ENDED, may_direct, owns, subjects_of
from engine.families.meetings.port import (
    AgreementFacts,
    DirectionFacts,
    MeetingFacts,
    ParticipantFacts,
)
from engine.families.models import (
    MEETING_PURPOSES,
    Agreement,
    CareMeeting,
    CaseDirectionOffer,
    CaseDirector,
    Family,
    MeetingParticipant,
    Trajectory,
)


class SqlMeetings:
    """Implements ``MeetingFile`` within one session. It never commits."""

    def __init__(self, session: Session, clock: Clock, by: UUID | None) -> None:
        self._session = session
        self._clock = clock
        self._by = by

    def begin_meeting(
        self, trajectory_id: UUID, purpose: str, *, with_family: bool, at: datetime
    ) -> UUID:
        """A new meeting that is being prepared.

        Raises:
            MeetingPurposeUnknown: there is no such purpose.
            TrajectoryUnknown: there is no such trajectory.
        """
        if purpose not in MEETING_PURPOSES:
            raise MeetingPurposeUnknown(
                "Dit doel van een overleg bestaat niet.",
                f"Gebruik een van: {', '.join(MEETING_PURPOSES)}.",
                purpose=purpose,
            )
        trajectory = self._session.get(Trajectory, trajectory_id)
        if trajectory is None:
            raise TrajectoryUnknown("Dit traject bestaat niet.", trajectory_id=trajectory_id)
        meeting = CareMeeting(
            trajectory_id=trajectory.id,
            family_id=trajectory.family_id,
            purpose=purpose,
            with_family=with_family,
            state="voorbereiding",
            created_at=at,
            created_by=self._by,
        )
        self._session.add(meeting)
        self._session.flush()
        return meeting.id

    def participants(self, trajectory_id: UUID, meeting_id: UUID) -> list[ParticipantFacts]:
        """Everybody who is to take part, in the order in which they were named."""
        meeting = self._meeting(trajectory_id, meeting_id)
        hold(self._session, meeting.family_id)
        people = participants_of(self._session, meeting_id)
        shared = subjects_of(self._session, meeting.family_id, people, self._clock.now())
        return [
            ParticipantFacts(one.id, one.user_id, one.state, bool(shared[one.id])) for one in people
        ]

    def invite(self, trajectory_id: UUID, participant_id: UUID, at: datetime) -> bool:
        """Invite somebody if the family agrees to it now; whether that was so."""
        participant = self._session.get(MeetingParticipant, participant_id)
        if participant is None:
            raise MeetingUnknown("Deze deelnemer bestaat niet.", participant_id=participant_id)
        meeting = self._meeting(trajectory_id, participant.meeting_id)
        hold(self._session, meeting.family_id)
        self._session.refresh(participant)
        shared = subjects_of(self._session, meeting.family_id, [participant], at)
        agreed = bool(shared[participant.id])
        if agreed and participant.state in ("voorgesteld", "uitgenodigd"):
            participant.state, participant.state_since = "uitgenodigd", at
        elif not agreed and participant.state not in ENDED:
            participant.state, participant.state_since = "geen-toestemming", at
        self._session.flush()
        return agreed

    def meeting(self, trajectory_id: UUID, meeting_id: UUID) -> MeetingFacts:
        """How far a meeting is."""
        meeting = self._meeting(trajectory_id, meeting_id)
        people = self.participants(trajectory_id, meeting_id)
        states = [one.state for one in people if one.consented]
        return MeetingFacts(
            planned_at=meeting.planned_at,
            state=meeting.state,
            with_family=meeting.with_family,
            coming=states.count("komt"),
            declined=states.count("komt-niet"),
            silent=states.count("uitgenodigd"),
            consented=len(states),
            next_on=meeting.next_on,
        )

    def share_minutes(
        self, trajectory_id: UUID, meeting_id: UUID, at: datetime
    ) -> list[ParticipantFacts]:
        """Let participants read the minutes from now on; those with whom they may be shared."""
        meeting = self._meeting(trajectory_id, meeting_id)
        meeting.minutes_shared_at = meeting.minutes_shared_at or at
        self._session.flush()
        people = self.participants(trajectory_id, meeting_id)
        return [one for one in people if one.consented and one.state != "voorgesteld"]

    def agreements(self, trajectory_id: UUID, meeting_id: UUID) -> list[AgreementFacts]:
        """What was agreed at a meeting."""
        meeting = self._meeting(trajectory_id, meeting_id)
        hold(self._session, meeting.family_id)
        people = participants_of(self._session, meeting_id)
        shared = subjects_of(self._session, meeting.family_id, people, self._clock.now())
        out = [one for one in people if not shared[one.id]]
        rows = self._session.scalars(
            select(Agreement)
            .where(Agreement.meeting_id == meeting_id)
            .order_by(Agreement.created_at, Agreement.due.nulls_last(), Agreement.id)
        )
        return [
            AgreementFacts(
                row.id, row.owner_user_id, row.due, row.state,
                consented=not any(owns(one, row) for one in out),
            )
            for row in rows
        ]  # fmt: skip

    def direction(self, trajectory_id: UUID) -> DirectionFacts:
        """Who directs the case, and who was asked last."""
        trajectory = self._session.get_one(Trajectory, trajectory_id)
        hold(self._session, trajectory.family_id)
        offer = self._session.scalars(
            select(CaseDirectionOffer)
            .where(CaseDirectionOffer.trajectory_id == trajectory_id)
            .order_by(CaseDirectionOffer.asked_at.desc(), CaseDirectionOffer.sequence.desc())
            .limit(1)
        ).one_or_none()
        return DirectionFacts(
            directed=self._director(trajectory.family_id) is not None,
            offer_id=offer.id if offer else None,
            user_id=offer.user_id if offer else None,
            state=offer.state if offer else None,
            consented=offer is not None and may_direct(self._session, offer, self._clock.now()),
        )

    def hand_over_direction(self, trajectory_id: UUID, offer_id: UUID, at: datetime) -> bool:
        """Let the one who accepted direct the case from now on, if the family still agrees.

        The family's row is locked, so that there is exactly one director at any instant.
        """
        offer = self._session.get(CaseDirectionOffer, offer_id)
        if offer is None or offer.trajectory_id != trajectory_id:
            return False
        self._session.get(Family, offer.family_id, with_for_update=True)
        self._session.refresh(offer)
        if offer.state != "aangenomen" or not may_direct(self._session, offer, at):
            return False
        current = self._director(offer.family_id)
        if current is not None:
            if (current.name, current.user_id) == (offer.name, offer.user_id):
                return True
            current.until = max(at, current.since)
            self._session.flush()
        self._session.add(
            CaseDirector(
                family_id=offer.family_id,
                organisation_id=offer.organisation_id,
                user_id=offer.user_id,
                name=offer.name,
                since=max(at, current.since) if current else at,
            )
        )
        self._session.flush()
        return True

    def _director(self, family_id: UUID) -> CaseDirector | None:
        return self._session.scalars(
            select(CaseDirector).where(
                CaseDirector.family_id == family_id, CaseDirector.until.is_(None)
            )
        ).one_or_none()

    def _meeting(self, trajectory_id: UUID, meeting_id: UUID) -> CareMeeting:
        meeting = self._session.get(CareMeeting, meeting_id)
        if meeting is None or meeting.trajectory_id != trajectory_id:
            raise MeetingUnknown(
                "Dit overleg bestaat niet in dit traject.",
                "Begin het overleg met de koppeling overleg-beginnen.",
                meeting_id=meeting_id,
            )
        return meeting


def key_of(participant: MeetingParticipant) -> str:
    """How forms name a participant: the account, else the name that was given."""
    return str(participant.user_id or participant.recipient)


def participants_of(session: Session, meeting_id: UUID) -> Sequence[MeetingParticipant]:
    """The participants of a meeting, in the order in which they were named."""
    return session.scalars(
        select(MeetingParticipant)
        .where(MeetingParticipant.meeting_id == meeting_id)
        .order_by(MeetingParticipant.sequence)
    ).all()
