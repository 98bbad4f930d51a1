"""The family file in memory: what try-outs need of it, and nothing that outlives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from engine.families.errors import AlreadyRunning
from engine.families.file.answers import day, text, yes_no
from engine.families.file.consent_stops import Stopped, no_longer
from engine.families.file.consent_words import Pair, Word, agreed_pairs
from engine.families.file.facts import days_to_come
from engine.families.file.guidance_consent import NOTHING_SHARED, keys_of
from engine.families.file.handovers import ENDED
from engine.families.file.port import (
    BirthdayFacts,
    ContactFacts,
    FollowUp,
    HandoverFacts,
    IdentityFacts,
    TrajectoryRef,
)
from engine.families.file.submissions import Submission
from engine.simulation.errors import ScenarioFailed
from engine.simulation.family_run import HandoverRow, Run
from engine.simulation.meetings import MemoryMeetings


@dataclass(slots=True)
class MemoryFamilyFile:
    """One family's file. Implements the port ``engine.families.file.port.FamilyFile``.

    ``organisations`` maps organisation ids to names, for what diagrams show of handovers. The
    family has a run per trajectory, the oldest first; ``followed`` is the one that is looked at.
    """

    organisations: Mapping[str, str] = field(default_factory=dict)
    runs: dict[UUID, Run] = field(default_factory=dict)
    followed: UUID | None = None
    members: list[Mapping[str, Any]] = field(default_factory=list)
    documents: list[Submission] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    meetings: MemoryMeetings = field(default_factory=MemoryMeetings)

    def open_trajectory(
        self,
        *,
        package_key: str,
        package_version: str,
        channel: str,
        submission: Submission,
        at: datetime,
        after: UUID | None = None,
    ) -> TrajectoryRef:
        """Make the one family and its trajectory, or another one of it; from now on look at it.

        Raises:
            AlreadyRunning: the family has a trajectory of this method that is not closed.
        """
        if any(run.package_key == package_key and run.status != "closed" for run in self):
            raise AlreadyRunning("Dit gezin heeft al een traject van deze methode dat nog loopt.")
        ref = self.begin(channel, at, package_key=package_key, package_version=package_version)
        self.record(ref.trajectory_id, submission, at)
        return ref

    def begin(
        self, channel: str, at: datetime, *, package_key: str = "", package_version: str = ""
    ) -> TrajectoryRef:
        """The one family has a trajectory, which is looked at from now on."""
        ref = self._run(channel, at, package_key, package_version)
        self.followed = ref.trajectory_id
        return ref

    def follow_up(
        self,
        trajectory_id: UUID,
        *,
        package_key: str,
        package_version: str,
        channel: str,
        keep: Sequence[str],
        at: datetime,
    ) -> FollowUp:
        """Another trajectory of the family, with those who work in the roles ``keep``."""
        for run in self:
            if (run.after, run.package_key) == (trajectory_id, package_key) and (
                run.status != "closed"
            ):
                return FollowUp(run.known.ref, begun=False)
        ref = self._run(channel, at, package_key, package_version, trajectory_id)
        involved = self.runs[trajectory_id].involved
        self.runs[ref.trajectory_id].involved = {
            role: list(people) for role, people in involved.items() if role in keep
        }
        return FollowUp(ref, begun=True)

    def _run(
        self, channel: str, at: datetime, key: str, version: str, after: UUID | None = None
    ) -> TrajectoryRef:
        family_id = next((run.known.ref.family_id for run in self), None) or uuid4()
        ref = TrajectoryRef(uuid4(), family_id)
        self.runs[ref.trajectory_id] = Run(IdentityFacts(ref, channel, at), key, version, after)
        return ref

    def __iter__(self) -> Iterator[Run]:
        """The runs of the family, the oldest first."""
        return iter(self.runs.values())

    @property
    def run(self) -> Run:
        """The run that is looked at.

        Raises:
            ScenarioFailed: nobody referred the family yet.
        """
        if self.followed is None:
            raise ScenarioFailed("Er is nog geen aanmelding gedaan.")
        return self.runs[self.followed]

    def identity(self, trajectory_id: UUID) -> IdentityFacts | None:
        """What a process that starts beside the trajectory is told."""
        run = self.runs.get(trajectory_id)
        return None if run is None else run.known

    def seen(self, submission_id: UUID) -> TrajectoryRef | None:
        """Nothing is delivered twice in a try-out."""
        return None

    def record(self, trajectory_id: UUID, submission: Submission, at: datetime) -> UUID:
        """Keep the document and what its fields are bound to."""
        self.documents.append(submission)
        self.meetings.record(submission, at)
        run, bound = self.runs[trajectory_id], submission.bindings
        self.members.extend(_rows(bound.get("gezinsleden")))
        run.agreements.extend(_rows(bound.get("afspraken")))
        run.goals.extend({**row, "stand": "open"} for row in _rows(bound.get("doelen")))
        for row in _rows(bound.get("toeleidingen")):
            organisation = str(row.get("organisatie", ""))
            run.guidance.append(
                HandoverRow(
                    uuid4(),
                    self.organisations.get(organisation, organisation),
                    str(row.get("leefgebied", "")),
                    "besproken",
                )
            )
        if any(path.startswith("contact.") for path in bound):
            kind = bound.get("contact.soort")
            if bound.get("contact.gemist"):
                run.missed_in_row += 1
            else:
                run.missed_in_row = 0
                run.contacts_done.append((at, None if kind is None else str(kind)))
        self._hear(bound)
        for path, value in bound.items():
            if path.startswith("zorg."):
                run.concerns[path] = str(value)
            elif path.startswith("doelscore."):
                _score(run, path.removeprefix("doelscore."), str(value))
        for row in _rows(bound.get("doelstanden")):
            self._stand(run, str(row.get("doel")), str(row.get("stand")))
        status = bound.get("overdracht.status")
        if status and submission.handover_id is not None:
            self.set_handover(submission.handover_id, str(status), None, at)
        return uuid4()

    def _stand(self, run: Run, wording: str, state: str) -> None:
        """A goal's state; a goal of an earlier trajectory is taken along into this one."""
        named = [g for one in self for g in one.goals if g.get("doel") == wording]
        own = [goal for goal in run.goals if goal.get("doel") == wording]
        if named and not own:
            run.goals.append({**named[-1], "stand": state})
        for goal in own:
            goal["stand"] = state

    def involve(
        self, trajectory_id: UUID, role: str, user_id: UUID, *, beside: bool, at: datetime
    ) -> None:
        """Note who has the role."""
        involved = self.runs[trajectory_id].involved
        involved[role] = [*(involved.get(role, []) if beside else []), user_id]

    def release(self, trajectory_id: UUID, role: str, *, at: datetime) -> None:
        """Nobody has the role any more."""
        self.runs[trajectory_id].involved.pop(role, None)

    def has_consent(self, trajectory_id: UUID, purpose: str, recipient: str | None) -> bool:
        """Whether the family agrees to the purpose, towards the recipient where there is one."""
        given = self.agreed_to(trajectory_id)
        if recipient is None:
            return any(named == purpose for named, _ in given)
        return (purpose, self.organisations.get(recipient, recipient)) in given

    def agreed_to(self, trajectory_id: UUID | None = None) -> set[Pair]:
        """The purposes and recipients to which the family agrees; a yes never runs out here."""
        return agreed_pairs(self.words, datetime.max.replace(tzinfo=UTC))

    def stop(self, trajectory_id: UUID, before: Collection[Pair], at: datetime) -> Stopped | None:
        """What follows where the family agrees to less than before."""
        after = self.agreed_to()
        gone = sorted(set(before) - after, key=str)
        parts = self.meetings.end_without_consent()
        if not gone and not parts:
            return None
        running = (
            row
            for run in self
            for row in run.guidance
            if row.status not in (*ENDED, NOTHING_SHARED)
        )
        keys = (
            key for row in running for p in gone for key in keys_of(row.id, row.organisation, *p)
        )
        there = [run.known.ref.trajectory_id for run in self if run.status != "closed"]
        return Stopped(
            gone[0][0] if gone else "zorgoverleg",
            there or [trajectory_id],
            list(dict.fromkeys(keys)),
            parts,
            no_longer(gone, after),
        )

    def withdraw(self, purpose: str | None, at: datetime) -> Stopped | None:
        """The family withdraws its consents for a purpose (``None``: all); what follows."""
        before = self.agreed_to()
        taken = {
            (word.giver, word.purpose, word.recipient): None
            for word in self.words
            if word.agreed and purpose in (None, word.purpose)
        }
        self.words += [Word(*one, agreed=False) for one in taken]
        self.meetings.withdraw(purpose)
        return self.stop(self.run.known.ref.trajectory_id, before, at)

    def _hear(self, bound: Mapping[str, Any]) -> None:
        """Keep a yes or a no that a form tells."""
        purpose = text(bound.get("toestemming.doel"))
        agreed = yes_no(bound.get("toestemming.besluit"))
        if purpose is None or agreed is None:
            return
        recipient = text(bound.get("toestemming.ontvanger"))
        if recipient is not None:
            recipient = self.organisations.get(recipient, recipient)
        giver = text(bound.get("toestemming.gever")) or ""
        self.words.append(Word(giver, purpose, recipient, agreed))
        if not agreed and recipient is None:
            self.meetings.withdraw(purpose)

    def contacts(
        self, trajectory_id: UUID, since: datetime, kind: str | None = None
    ) -> ContactFacts:
        """Contacts since the instant."""
        run = self.runs[trajectory_id]
        found = [at for at, k in run.contacts_done if at >= since and kind in (None, k)]
        return ContactFacts(len(found), max(found, default=None), run.missed_in_row)

    def birthdays(self, trajectory_id: UUID, age: int, today: date) -> BirthdayFacts:
        """When the children reach an age, from ``today`` on."""
        born = {
            str(member.get("naam")): day(member.get("geboortedatum"))
            for member in self.members
            if member.get("rol") == "kind"
        }
        return days_to_come(list(born.values()), age, today)

    def set_cadence(self, trajectory_id: UUID, per_week: float, at: datetime) -> None:
        """Note the planned contacts."""
        self.runs[trajectory_id].per_week = per_week

    def open_agreements(self, trajectory_id: UUID) -> int:
        """All, those of closed trajectories included: nobody ticks them off in a try-out."""
        own = self.runs[trajectory_id]
        return sum(len(run.agreements) for run in self if run is own or run.status == "closed")

    def families_of_worker(self, user_id: UUID, role: str) -> int:
        """One when the worker has the role for the family that is played, else none."""
        return int(any(user_id in run.involved.get(role, []) for run in self))

    def concern_counts(self, trajectory_id: UUID) -> Mapping[str, int]:
        """The latest level of every item, counted."""
        counts = Counter(self.runs[trajectory_id].concerns.values())
        return {level: counts[level] for level in ("ernstig", "licht", "geen", "onbekend")}

    def goal_counts(self, trajectory_id: UUID) -> Mapping[str, int]:
        """Goals, counted."""
        goals = self.runs[trajectory_id].goals
        reached = sum(1 for goal in goals if goal["stand"] == "behaald")
        still_open = sum(1 for goal in goals if goal["stand"] == "open")
        return {"totaal": len(goals), "behaald": reached, "open": still_open}

    def handovers(self, trajectory_id: UUID, status: str | None = None) -> list[HandoverFacts]:
        """The guidances to agencies."""
        return [
            HandoverFacts(h.id, h.organisation, h.life_domain, h.status)
            for h in self.runs[trajectory_id].guidance
            if status in (None, h.status)
        ]

    def take_handover(self, trajectory_id: UUID, handover_id: UUID) -> HandoverFacts | None:
        """From now on it belongs to this trajectory."""
        found = [h for run in self for h in run.guidance if h.id == handover_id]
        for run in self:
            run.guidance = [h for h in run.guidance if h.id != handover_id]
        self.runs[trajectory_id].guidance.extend(found)
        facts = [HandoverFacts(h.id, h.organisation, h.life_domain, h.status) for h in found]
        return facts[0] if facts else None

    def receivers(self, handover_id: UUID) -> int:
        """How many people of the agency have an account: one, to be able to try that."""
        return int(any(h.id == handover_id for run in self for h in run.guidance))

    def set_handover(
        self, handover_id: UUID, status: str, reason: str | None, at: datetime
    ) -> None:
        """Move a guidance to another state."""
        for handover in (one for run in self for one in run.guidance):
            if handover.id == handover_id:
                handover.status = status

    def note(self, trajectory_id: UUID, text: str, at: datetime) -> None:
        """Keep the line."""
        self.runs[trajectory_id].notes.append(text)

    def set_phase(self, trajectory_id: UUID, phase: str, at: datetime) -> None:
        """Note the phase."""
        self.runs[trajectory_id].phase = phase

    def set_status(
        self, trajectory_id: UUID, status: str, outcome: str | None, at: datetime
    ) -> None:
        """Note status and outcome."""
        run = self.runs[trajectory_id]
        run.status, run.outcome = status, outcome or run.outcome
        if status == "closed":
            run.involved = {}


def _score(run: Run, domain: str, score: str) -> None:
    for goal in run.goals:
        if goal.get("leefgebied") == domain:
            goal["stand"] = score


def _rows(value: object) -> list[dict[str, Any]]:
    return (
        [dict(row) for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    )
