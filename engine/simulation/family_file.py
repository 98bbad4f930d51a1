"""The family file in memory: what try-outs need of it, and nothing that outlives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from engine.families.file import ContactFacts, HandoverFacts, IdentityFacts, TrajectoryRef
from engine.families.submissions import Submission


@dataclass(slots=True)
class _Handover:
    id: UUID
    organisation: str
    life_domain: str
    status: str


@dataclass(slots=True)
class MemoryFamilyFile:
    """One family's file. Implements the port ``engine.families.file.FamilyFile``.

    ``organisations`` maps organisation ids to names, for what diagrams show of handovers.
    """

    organisations: Mapping[str, str] = field(default_factory=dict)
    ref: TrajectoryRef | None = None
    known: IdentityFacts | None = None
    phase: str | None = None
    status: str = "referred"
    outcome: str | None = None
    members: list[Mapping[str, Any]] = field(default_factory=list)
    documents: list[Submission] = field(default_factory=list)
    contacts_done: list[tuple[datetime, str | None]] = field(default_factory=list)
    consents: list[Mapping[str, Any]] = field(default_factory=list)
    agreements: list[Mapping[str, Any]] = field(default_factory=list)
    concerns: dict[str, str] = field(default_factory=dict)
    goals: list[dict[str, Any]] = field(default_factory=list)
    guidance: list[_Handover] = field(default_factory=list)
    involved: dict[str, list[UUID]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    per_week: float | None = None

    def open_trajectory(
        self,
        *,
        package_key: str,
        package_version: str,
        channel: str,
        submission: Submission,
        at: datetime,
    ) -> TrajectoryRef:
        """Make the one family and its trajectory."""
        ref = self.begin(channel, at)
        self.record(ref.trajectory_id, submission, at)
        return ref

    def begin(self, channel: str, at: datetime) -> TrajectoryRef:
        """The one family and its trajectory are there."""
        self.ref = TrajectoryRef(uuid4(), uuid4())
        self.known = IdentityFacts(self.ref, channel, at)
        return self.ref

    def identity(self, trajectory_id: UUID) -> IdentityFacts | None:
        """What a process that starts beside the trajectory is told."""
        return self.known

    def seen(self, submission_id: UUID) -> TrajectoryRef | None:
        """Nothing is delivered twice in a try-out."""
        return None

    def record(self, trajectory_id: UUID, submission: Submission, at: datetime) -> UUID:
        """Keep the document and what its fields are bound to."""
        self.documents.append(submission)
        bound = submission.bindings
        self.members.extend(_rows(bound.get("gezinsleden")))
        self.agreements.extend(_rows(bound.get("afspraken")))
        self.goals.extend({**row, "stand": "open"} for row in _rows(bound.get("doelen")))
        for row in _rows(bound.get("toeleidingen")):
            organisation = str(row.get("organisatie", ""))
            self.guidance.append(
                _Handover(
                    uuid4(),
                    self.organisations.get(organisation, organisation),
                    str(row.get("leefgebied", "")),
                    "besproken",
                )
            )
        if any(path.startswith("contact.") for path in bound) and not bound.get("contact.gemist"):
            kind = bound.get("contact.soort")
            self.contacts_done.append((at, None if kind is None else str(kind)))
        if any(path.startswith("toestemming.") for path in bound):
            self.consents.append(
                {path.removeprefix("toestemming."): value for path, value in bound.items()}
            )
        for path, value in bound.items():
            if path.startswith("zorg."):
                self.concerns[path] = str(value)
            elif path.startswith("doelscore."):
                self._score(path.removeprefix("doelscore."), str(value))
        status = bound.get("overdracht.status")
        if status and submission.handover_id is not None:
            self.set_handover(submission.handover_id, str(status), None, at)
        return uuid4()

    def _score(self, domain: str, score: str) -> None:
        for goal in self.goals:
            if goal.get("leefgebied") == domain:
                goal["stand"] = score

    def involve(
        self, trajectory_id: UUID, role: str, user_id: UUID, *, beside: bool, at: datetime
    ) -> None:
        """Note who has the role."""
        self.involved[role] = [*(self.involved.get(role, []) if beside else []), user_id]

    def release(self, trajectory_id: UUID, role: str, *, at: datetime) -> None:
        """Nobody has the role any more."""
        self.involved.pop(role, None)

    def has_consent(self, trajectory_id: UUID, purpose: str, recipient: str | None) -> bool:
        """Whether the latest decision for the purpose (and recipient) is a yes."""
        for consent in reversed(self.consents):
            if consent.get("doel") not in (None, purpose):
                continue
            if recipient is None or consent.get("ontvanger") in (None, recipient):
                return consent.get("besluit") in ("ja", True)
        return False

    def contacts(
        self, trajectory_id: UUID, since: datetime, kind: str | None = None
    ) -> ContactFacts:
        """Contacts since the instant."""
        found = [at for at, k in self.contacts_done if at >= since and kind in (None, k)]
        return ContactFacts(len(found), max(found, default=None))

    def set_cadence(self, trajectory_id: UUID, per_week: float, at: datetime) -> None:
        """Note the planned contacts."""
        self.per_week = per_week

    def open_agreements(self, trajectory_id: UUID) -> int:
        """All agreements: nobody ticks them off in a try-out."""
        return len(self.agreements)

    def concern_counts(self, trajectory_id: UUID) -> Mapping[str, int]:
        """The latest level of every item, counted."""
        counts = Counter(self.concerns.values())
        return {level: counts[level] for level in ("ernstig", "licht", "geen", "onbekend")}

    def goal_counts(self, trajectory_id: UUID) -> Mapping[str, int]:
        """Goals, counted."""
        reached = sum(1 for goal in self.goals if goal["stand"] == "behaald")
        still_open = sum(1 for goal in self.goals if goal["stand"] == "open")
        return {"totaal": len(self.goals), "behaald": reached, "open": still_open}

    def handovers(self, trajectory_id: UUID, status: str | None = None) -> list[HandoverFacts]:
        """The guidances to agencies."""
        return [
            HandoverFacts(h.id, h.organisation, h.life_domain, h.status)
            for h in self.guidance
            if status in (None, h.status)
        ]

    def set_handover(
        self, handover_id: UUID, status: str, reason: str | None, at: datetime
    ) -> None:
        """Move a guidance to another state."""
        for handover in self.guidance:
            if handover.id == handover_id:
                handover.status = status

    def note(self, trajectory_id: UUID, text: str, at: datetime) -> None:
        """Keep the line."""
        self.notes.append(text)

    def set_phase(self, trajectory_id: UUID, phase: str, at: datetime) -> None:
        """Note the phase."""
        self.phase = phase

    def set_status(
        self, trajectory_id: UUID, status: str, outcome: str | None, at: datetime
    ) -> None:
        """Note status and outcome."""
        self.status = status
        self.outcome = outcome or self.outcome


def _rows(value: object) -> list[dict[str, Any]]:
    return (
        [dict(row) for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    )
