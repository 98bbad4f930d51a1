"""The port to the family file: what trajectories and connectors need of it.

Two adapters exist: the real file on the database and one in memory for try-outs. Everything
personal stays behind this port; callers pass identifiers and get counts, dates and choices.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from engine.families.file.consent_stops import Stopped
from engine.families.file.consent_words import Pair
from engine.families.file.submissions import Submission


@dataclass(frozen=True, slots=True)
class TrajectoryRef:
    """The identifiers that a trajectory is known by."""

    trajectory_id: UUID
    family_id: UUID


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """Whose process it is: the trajectory, the way it came in by, and since when (UTC)."""

    ref: TrajectoryRef
    channel: str
    referred_at: datetime


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The trajectory that follows on another; ``begun`` unless it was there already."""

    ref: TrajectoryRef
    begun: bool


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What a process may know of contacts: how many and when the last was (UTC).

    ``missed_in_row``: appointments that came to nothing since the last that took place.
    """

    count: int
    last_at: datetime | None
    missed_in_row: int = 0


@dataclass(frozen=True, slots=True)
class BirthdayFacts:
    """The days to come on which children reach an age, the first one first, without names.

    ``unknown``: children of whom no date of birth is known.
    """

    days: tuple[date, ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """What a process may know of one guidance to an agency."""

    handover_id: UUID
    organisation: str
    life_domain: str
    status: str


class FamilyFile(Protocol):
    """The family file as the processes use it. Every call belongs to the caller's transaction."""

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
        """Make a family (from the referral's answers) and its trajectory; store the referral.

        ``after`` is a trajectory of a family that is known: it comes again and stays one family.
        """
        ...

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
        """Make the trajectory that follows on this one; who works in the roles ``keep`` stays.

        One of the same method that follows on it already, and is not closed, is given instead.
        """
        ...

    def seen(self, submission_id: UUID) -> TrajectoryRef | None:
        """The trajectory that a submission went to before, if it came before."""
        ...

    def identity(self, trajectory_id: UUID) -> IdentityFacts | None:
        """What a process that starts beside the trajectory is told; ``None`` if there is none."""
        ...

    def record(self, trajectory_id: UUID, submission: Submission, at: datetime) -> UUID:
        """Store a submitted form as a document and write its bound fields into the file.

        Returns the document's id.
        """
        ...

    def involve(
        self, trajectory_id: UUID, role: str, user_id: UUID, *, beside: bool, at: datetime
    ) -> None:
        """Involve a person in a role from now; unless ``beside``, the earlier one's role ends."""
        ...

    def release(self, trajectory_id: UUID, role: str, *, at: datetime) -> None:
        """Nobody has the role any more; who had it no longer sees the file by it."""
        ...

    def has_consent(self, trajectory_id: UUID, purpose: str, recipient: str | None) -> bool:
        """Whether a given, not withdrawn consent exists for the purpose (and the recipient)."""
        ...

    def agreed_to(self, trajectory_id: UUID) -> Collection[Pair]:
        """The purposes and recipients to which the family agrees now."""
        ...

    def stop(self, trajectory_id: UUID, before: Collection[Pair], at: datetime) -> Stopped | None:
        """Take out who may know nothing any more since the family agreed to what was before.

        Gives who has to hear of it; ``None``: nothing stopped.
        """
        ...

    def contacts(
        self, trajectory_id: UUID, since: datetime, kind: str | None = None
    ) -> ContactFacts:
        """Contacts that took place (no-shows not counted) since the instant."""
        ...

    def birthdays(self, trajectory_id: UUID, age: int, today: date) -> BirthdayFacts:
        """When the family's children reach an age, from ``today`` on."""
        ...

    def set_cadence(self, trajectory_id: UUID, per_week: float, at: datetime) -> None:
        """Set the planned contacts a week, shown by the contact meter."""
        ...

    def open_agreements(self, trajectory_id: UUID) -> int:
        """How many agreements are still open."""
        ...

    def families_of_worker(self, user_id: UUID, role: str) -> int:
        """How many families a worker has in a role now; closed trajectories do not count."""
        ...

    def concern_counts(self, trajectory_id: UUID) -> Mapping[str, int]:
        """The latest levels of concern, counted: ``ernstig``, ``licht``, ``geen``, ``onbekend``."""
        ...

    def goal_counts(self, trajectory_id: UUID) -> Mapping[str, int]:
        """Plan goals, counted: ``totaal``, ``behaald``, ``open``."""
        ...

    def handovers(self, trajectory_id: UUID, status: str | None = None) -> list[HandoverFacts]:
        """The guidances to agencies, oldest first."""
        ...

    def take_handover(self, trajectory_id: UUID, handover_id: UUID) -> HandoverFacts | None:
        """A guidance of the family goes on in this trajectory; ``None`` if there is none."""
        ...

    def receivers(self, handover_id: UUID) -> int:
        """How many people of the agency have an account, who may be asked to take over."""
        ...

    def set_handover(
        self, handover_id: UUID, status: str, reason: str | None, at: datetime
    ) -> None:
        """Move a guidance to another state, dated, with a reason where one is given."""
        ...

    def note(self, trajectory_id: UUID, text: str, at: datetime) -> None:
        """Put a line without personal content, written in the diagram, into the chronology."""
        ...

    def set_phase(self, trajectory_id: UUID, phase: str, at: datetime) -> None:
        """The trajectory entered a phase of its method."""
        ...

    def set_status(
        self, trajectory_id: UUID, status: str, outcome: str | None, at: datetime
    ) -> None:
        """The trajectory's status ``running``, ``aftercare`` or ``closed`` and its outcome."""
        ...
