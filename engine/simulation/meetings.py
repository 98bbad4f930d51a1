"""Care meetings in memory: what try-outs need of them (port: ``engine.families.meetings.port``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from engine.families.errors import MeetingPurposeUnknown, MeetingUnknown
from engine.families.file import answers
from engine.families.file.submissions import Submission
from engine.families.meetings.bindings import AGREED, KEPT, OUTCOMES, REPLIES
from engine.families.meetings.consent import ENDED
from engine.families.meetings.port import (
    DIRECTION_PURPOSE,
    AgreementFacts,
    DirectionFacts,
    MeetingFacts,
    ParticipantFacts,
    purpose_of,
)
from engine.families.models import MEETING_PURPOSES, MEETING_SUBJECTS


@dataclass(slots=True)
class _Participant:
    id: UUID
    key: str
    user_id: UUID | None
    subjects: list[str]
    agreed: set[str] = field(default_factory=set)
    state: str = "voorgesteld"

    @property
    def shared(self) -> bool:
        return self.state not in ENDED and bool(self.agreed)


@dataclass(slots=True)
class _Agreement:
    id: UUID
    owner: str
    user_id: UUID | None
    due: date | None
    state: str = "open"


@dataclass(slots=True)
class _Meeting:
    purpose: str
    with_family: bool
    state: str = "voorbereiding"
    planned_at: datetime | None = None
    next_on: date | None = None
    shared: bool = False
    people: list[_Participant] = field(default_factory=list)
    agreements: list[_Agreement] = field(default_factory=list)


@dataclass(slots=True)
class _Offer:
    id: UUID
    user_id: UUID | None
    consented: bool
    state: str = "gevraagd"


@dataclass(slots=True)
class MemoryMeetings:
    """The meetings of one family. ``directors`` are those who ever accepted, the last one now."""

    meetings: dict[UUID, _Meeting] = field(default_factory=dict)
    offers: list[_Offer] = field(default_factory=list)
    directors: list[UUID] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)

    # --- what connectors ask ----------------------------------------------------------------------

    def begin_meeting(
        self, trajectory_id: UUID, purpose: str, *, with_family: bool, at: datetime
    ) -> UUID:
        """A new meeting that is being prepared."""
        if purpose not in MEETING_PURPOSES:
            raise MeetingPurposeUnknown(
                "Dit doel van een overleg bestaat niet.",
                f"Gebruik een van: {', '.join(MEETING_PURPOSES)}.",
                purpose=purpose,
            )
        meeting_id = uuid4()
        self.meetings[meeting_id] = _Meeting(purpose, with_family)
        return meeting_id

    def participants(self, trajectory_id: UUID, meeting_id: UUID) -> list[ParticipantFacts]:
        """Everybody who is to take part."""
        return [
            ParticipantFacts(one.id, one.user_id, one.state, one.shared)
            for one in self._meeting(meeting_id).people
        ]

    def invite(self, trajectory_id: UUID, participant_id: UUID, at: datetime) -> bool:
        """Invite somebody if the family agrees to it."""
        found = self._participant(participant_id)
        if found is None:
            raise MeetingUnknown("Deze deelnemer bestaat niet.", participant_id=participant_id)
        if found.shared and found.state == "voorgesteld":
            found.state = "uitgenodigd"
        return found.shared

    def meeting(self, trajectory_id: UUID, meeting_id: UUID) -> MeetingFacts:
        """How far a meeting is."""
        found = self._meeting(meeting_id)
        states = [one.state for one in found.people if one.shared]
        return MeetingFacts(
            planned_at=found.planned_at,
            state=found.state,
            with_family=found.with_family,
            coming=states.count("komt"),
            declined=states.count("komt-niet"),
            silent=states.count("uitgenodigd"),
            consented=len(states),
            next_on=found.next_on,
        )

    def share_minutes(
        self, trajectory_id: UUID, meeting_id: UUID, at: datetime
    ) -> list[ParticipantFacts]:
        """Participants may read the minutes."""
        self._meeting(meeting_id).shared = True
        people = self.participants(trajectory_id, meeting_id)
        return [one for one in people if one.consented and one.state != "voorgesteld"]

    def agreements(self, trajectory_id: UUID, meeting_id: UUID) -> list[AgreementFacts]:
        """What was agreed."""
        meeting = self._meeting(meeting_id)
        out = {one.key for one in meeting.people if not one.shared}
        return [
            AgreementFacts(one.id, one.user_id, one.due, one.state, one.owner not in out)
            for one in meeting.agreements
        ]

    def direction(self, trajectory_id: UUID) -> DirectionFacts:
        """Who directs the case, and who was asked last."""
        offer = self.offers[-1] if self.offers else None
        return DirectionFacts(
            directed=bool(self.directors),
            offer_id=offer.id if offer else None,
            user_id=offer.user_id if offer else None,
            state=offer.state if offer else None,
            consented=offer is not None and offer.consented,
        )

    def hand_over_direction(self, trajectory_id: UUID, offer_id: UUID, at: datetime) -> bool:
        """Who accepted directs the case from now on."""
        accepted = any(
            one.id == offer_id and one.state == "aangenomen" and one.consented
            for one in self.offers
        )
        if accepted:
            self.directors.append(offer_id)
        return accepted

    # --- what forms say ---------------------------------------------------------------------------

    def record(self, submission: Submission, at: datetime) -> None:
        """Keep what a form says of meetings, agreements and case direction."""
        bound = submission.bindings
        about = submission.about
        said = {path.removeprefix("overleg."): value for path, value in bound.items()}
        participant = self._participant(about.get("deelnemerId"))
        reply = answers.choice(bound.get("overleg.antwoord"), REPLIES)
        if participant is not None and reply is not None and participant.state not in ENDED:
            participant.state = reply
        meeting = self.meetings.get(about["overlegId"]) if "overlegId" in about else None
        if meeting is not None:
            self._of_meeting(meeting, said)
        kept = answers.choice(bound.get("afspraak.stand"), KEPT)
        for one in (a for m in self.meetings.values() for a in m.agreements):
            if one.id == about.get("afspraakId"):
                one.due = answers.day(bound.get("afspraak.datum")) or one.due
                one.state = one.state if kept is None else kept
        self._of_direction(bound, about.get("regieId"))

    def withdraw(self, purpose: str | None) -> None:
        """The family withdraws a consent, and with it those to its parts (all, for ``None``)."""
        for meeting in self.meetings.values():
            for one in meeting.people:
                self._take_back(meeting, one, {s for s in one.agreed if _part(s, purpose)})
        for offer in self.offers if purpose in (None, DIRECTION_PURPOSE) else ():
            if offer.consented and offer.state == "gevraagd":
                offer.state = "vervallen"
                self.ended.append(offer.id)
            offer.consented = False

    def end_without_consent(self) -> list[UUID]:
        """Ids of what people were asked and, since the last time, may no longer know of."""
        ended, self.ended = self.ended, []
        return ended

    def _take_back(self, meeting: _Meeting, one: _Participant, subjects: set[str]) -> None:
        asked = one.shared and one.state != "voorgesteld"
        one.agreed -= subjects
        if not asked or one.agreed:
            return
        one.state = "ingetrokken"
        self.ended.append(one.id)
        self.ended += (a.id for a in meeting.agreements if a.owner == one.key and a.state == "open")

    def _agree(self, meeting: _Meeting, decision: str, ticked: object) -> None:
        """The family's word on everybody; a no counts at the other meetings, too."""
        chosen = {str(one) for one in ticked} if isinstance(ticked, list) else set()
        for one in meeting.people:
            if one.state in ENDED:
                continue
            everything = decision == "alles"
            agreed = {s for s in one.subjects if everything or f"{one.key}:{s}" in chosen}
            one.agreed = set() if decision == "niets" else agreed
            if not one.agreed:
                one.state = "geen-toestemming"
            refused = set(one.subjects) - one.agreed
            for other in self.meetings.values():
                for same in other.people if other is not meeting else ():
                    if same.key == one.key:
                        self._take_back(other, same, refused)

    def lists(
        self, people: Sequence[Mapping[str, str]], members: Sequence[Mapping[str, Any]]
    ) -> dict[str, list[dict[str, str]]]:
        """What forms of a meeting choose from; of all meetings, since ids tell nobody anything."""
        there = [one for meeting in self.meetings.values() for one in meeting.people]
        keys = list(dict.fromkeys(one.key for one in there))
        named = [{"value": key, "label": key} for key in keys]
        pairs = [f"{one.key}:{subject}" for one in there for subject in one.subjects]
        family = [{"value": str(m.get("naam")), "label": str(m.get("naam"))} for m in members]
        return {
            "personen": [dict(one) for one in people],
            "overlegdeelnemers": named,
            "overlegonderwerpen": [{"value": pair, "label": pair} for pair in pairs],
            "afspraakhouders": [*named, *family, *(dict(one) for one in people)],
        }

    # --- own --------------------------------------------------------------------------------------

    def _of_meeting(self, meeting: _Meeting, said: Mapping[str, Any]) -> None:
        meeting.planned_at = answers.instant(said.get("wanneer")) or meeting.planned_at
        meeting.next_on = answers.day(said.get("volgende")) or meeting.next_on
        for row in answers.rows(said.get("deelnemers")):
            user_id = answers.key(row.get("persoon"))
            key = str(user_id or row.get("naam") or row.get("organisatie") or "")
            wanted = row.get("onderwerpen")
            subjects = [s for s in MEETING_SUBJECTS if isinstance(wanted, list) and s in wanted]
            if key and subjects and key not in {one.key for one in meeting.people}:
                meeting.people.append(_Participant(uuid4(), key, user_id, subjects))
        decision = answers.choice(said.get("besluit"), AGREED)
        if decision is not None:
            self._agree(meeting, decision, said.get("toestemming"))
        outcome = answers.choice(said.get("uitkomst"), OUTCOMES)
        asked = [one for one in meeting.people if one.state not in (*ENDED, "voorgesteld")]
        present = said.get("aanwezig")
        for one in asked if "aanwezig" in said else ():
            there = isinstance(present, list) and one.key in present
            one.state = "aanwezig" if there else "afwezig"
        for one in asked if outcome == "verzet" else ():
            one.state = "uitgenodigd"
        meeting.state = meeting.state if outcome is None else outcome
        for row in answers.rows(said.get("afspraken")):
            meeting.agreements.append(
                _Agreement(
                    uuid4(),
                    str(row.get("wie")),
                    answers.key(row.get("wie")),
                    answers.day(row.get("datum")),
                )
            )

    def _of_direction(self, bound: Mapping[str, Any], offer_id: UUID | None) -> None:
        reply = answers.yes_no(bound.get("regie.antwoord"))
        if reply is not None:
            for offer in self.offers:
                if offer.id == offer_id and offer.state == "gevraagd":
                    offer.state = "aangenomen" if reply else "geweigerd"
            return
        names = (bound.get(f"regie.{name}") for name in ("persoon", "naam", "organisatie"))
        if any(names):
            consented = answers.yes_no(bound.get("regie.toestemming")) is True
            self.offers.append(_Offer(uuid4(), answers.key(bound.get("regie.persoon")), consented))

    def _meeting(self, meeting_id: UUID) -> _Meeting:
        found = self.meetings.get(meeting_id)
        if found is None:
            raise MeetingUnknown(
                "Dit overleg bestaat niet in dit traject.",
                "Begin het overleg met de koppeling overleg-beginnen.",
                meeting_id=meeting_id,
            )
        return found

    def _participant(self, participant_id: UUID | None) -> _Participant | None:
        everybody = (one for meeting in self.meetings.values() for one in meeting.people)
        return next((one for one in everybody if one.id == participant_id), None)


def _part(subject: str, purpose: str | None) -> bool:
    """Whether a consent for the subject falls under the purpose; under ``None`` all do."""
    return purpose is None or f"{purpose_of(subject)}:".startswith(f"{purpose}:")
