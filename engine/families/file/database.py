"""The family file on the database, as trajectories and connectors use it (port: ``file.py``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import User
from engine.access.permissions import Relation
from engine.clock import Clock
from engine.families.errors import PersonUnknown
from engine.families.file import (
    answers,
    consent_stops,
    consents,
    course,
    documents,
    facts,
    handovers,
    involvements,
    referrals,
    sent_in,
)
from engine.families.file.consent_stops import Stopped
from engine.families.file.consent_words import Pair
from engine.families.file.port import (
    BirthdayFacts,
    ContactFacts,
    FollowUp,
    HandoverFacts,
    IdentityFacts,
    TrajectoryRef,
)
from engine.families.file.sent_in import Sender
from engine.families.file.submissions import Submission
from engine.families.models import Trajectory


class SqlFamilyFile:
    """The family file within one session. It never commits: the caller's transaction does.

    With an actor, what people do (referring, submitting a form) is checked and logged. Without one
    it is the process itself that asks, whose diagram says what it may know: nothing is checked.
    """

    def __init__(
        self,
        session: Session,
        actor: Actor | None,
        clock: Clock,
        *,
        organisation_id: UUID | None = None,
        relation: Relation | None = None,
        logged: bool = False,
    ) -> None:
        """Open the file.

        Args:
            session: the caller's transaction.
            actor: the user who acts; ``None`` for the process and for the public.
            clock: the source of now.
            organisation_id: who runs a trajectory that is opened; else the actor's organisation,
                or the first running one of its chain.
            relation: the relation by which the actor works on a task (``may_work_on``); else the
                relation to the trajectory counts.
            logged: the caller has already written the access log's line of what is done.
        """
        self._session = session
        self._clock = clock
        self._sender = Sender(actor, organisation_id, relation, logged)

    # --- what people do ---------------------------------------------------------------------------

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

        With ``after``, a trajectory of a family that is known, the new one is of that family. A
        submission that came before gives the trajectory that it made then.

        Raises:
            AccessDenied: the actor may not refer families, or not this one again.
            AlreadyRunning: the family has a trajectory of this method that is not closed.
            NoRunningOrganisation: no organisation runs trajectories here.
            SubmissionReused: the same submission id came with another form.
        """
        earlier = documents.find(self._session, submission)
        if earlier is not None:
            return TrajectoryRef(earlier.trajectory_id, earlier.family_id)
        trajectory = sent_in.begin(
            self._session,
            self._sender,
            submission,
            package_key=package_key,
            package_version=package_version,
            channel=channel,
            at=at,
            after=after,
        )
        return TrajectoryRef(trajectory.id, trajectory.family_id)

    def record(self, trajectory_id: UUID, submission: Submission, at: datetime) -> UUID:
        """Store a submitted form as a document and write its bound fields into the file.

        A submission that came before changes nothing and gives the document it made then.

        Raises:
            AccessDenied: the actor may not write here.
            SubmissionReused: the same submission id came with another trajectory or form.
        """
        return sent_in.record(self._session, self._sender, trajectory_id, submission, at)

    def seen(self, submission_id: UUID) -> TrajectoryRef | None:
        """The trajectory that a submission went to before, if it came before.

        From here to the end of the transaction, the same submission elsewhere waits for this one.
        """
        document = documents.of_submission(self._session, submission_id)
        return TrajectoryRef(document.trajectory_id, document.family_id) if document else None

    def identity(self, trajectory_id: UUID) -> IdentityFacts | None:
        """What a process that starts beside the trajectory is told; ``None`` if there is none."""
        trajectory = self._session.get(Trajectory, trajectory_id)
        if trajectory is None:
            return None
        ref = TrajectoryRef(trajectory.id, trajectory.family_id)
        return IdentityFacts(ref, trajectory.channel, trajectory.started_at)

    # --- what the process does --------------------------------------------------------------------

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
        previous = self._trajectory(trajectory_id)
        there = referrals.begun_after(self._session, previous, package_key)
        if there is not None:
            return FollowUp(TrajectoryRef(there.id, there.family_id), begun=False)
        trajectory = referrals.make_after(
            self._session, previous, package_key=package_key, package_version=package_version,
            channel=channel, at=at,
        )  # fmt: skip
        involvements.carry_over(self._session, previous.id, trajectory, keep, at=at)
        return FollowUp(TrajectoryRef(trajectory.id, trajectory.family_id), begun=True)

    def involve(
        self, trajectory_id: UUID, role: str, user_id: UUID, *, beside: bool, at: datetime
    ) -> None:
        """Involve a person in a role from now; unless ``beside``, the earlier one's role ends.

        Raises:
            PersonUnknown: there is no such user, or the account is closed.
        """
        trajectory = self._trajectory(trajectory_id)
        user = self._session.get(User, user_id)
        if user is None or not user.active:
            raise PersonUnknown(
                "De gekozen persoon heeft geen account.",
                "Kies iemand uit de lijst van medewerkers.",
                role=role,
                user_id=user_id,
            )
        involvements.begin(self._session, trajectory, role, user_id, beside=beside, at=at)

    def release(self, trajectory_id: UUID, role: str, *, at: datetime) -> None:
        """Nobody has the role any more; who had it no longer sees the file by it."""
        involvements.end_role(self._session, trajectory_id, role, at=at)

    def has_consent(self, trajectory_id: UUID, purpose: str, recipient: str | None) -> bool:
        """Whether a given, not withdrawn consent exists for the purpose (and the recipient)."""
        trajectory = self._trajectory(trajectory_id)
        now = self._clock.now()
        consents.hold(self._session, trajectory.family_id)
        return consents.is_given(self._session, trajectory.family_id, purpose, recipient, now)

    def agreed_to(self, trajectory_id: UUID) -> Collection[Pair]:
        """The purposes and recipients to which the family agrees now, for a form that changes it.

        Nobody else changes it, or goes on by it, before this transaction ends.
        """
        family_id = self._trajectory(trajectory_id).family_id
        consents.hold_to_change(self._session, family_id)
        return consents.agreed_to(self._session, family_id, self._clock.now())

    def stop(self, trajectory_id: UUID, before: Collection[Pair], at: datetime) -> Stopped | None:
        """Take out who may know nothing any more since the family agreed to what was before."""
        family_id = self._trajectory(trajectory_id).family_id
        return consent_stops.stop(self._session, family_id, trajectory_id, before, at)

    def contacts(
        self, trajectory_id: UUID, since: datetime, kind: str | None = None
    ) -> ContactFacts:
        """Contacts that took place (no-shows not counted) since the instant."""
        return facts.contacts(self._session, trajectory_id, since, kind)

    def birthdays(self, trajectory_id: UUID, age: int, today: date) -> BirthdayFacts:
        """When the family's children reach an age, from ``today`` on."""
        family_id = self._trajectory(trajectory_id).family_id
        return facts.birthdays(self._session, family_id, age, today)

    def set_cadence(self, trajectory_id: UUID, per_week: float, at: datetime) -> None:
        """Set the planned contacts a week, shown by the contact meter.

        Raises:
            CadenceOutOfRange: fewer than none, or more than anybody could keep.
        """
        course.set_cadence(self._session, self._trajectory(trajectory_id), per_week, at)

    def open_agreements(self, trajectory_id: UUID) -> int:
        """How many agreements are still open."""
        return facts.open_agreements(self._session, trajectory_id)

    def families_of_worker(self, user_id: UUID, role: str) -> int:
        """How many families a worker has in a role now; closed trajectories do not count."""
        return involvements.families_of_worker(self._session, user_id, role)

    def concern_counts(self, trajectory_id: UUID) -> Mapping[str, int]:
        """The latest levels of concern, counted: ``ernstig``, ``licht``, ``geen``, ``onbekend``."""
        return facts.concern_counts(self._session, trajectory_id)

    def goal_counts(self, trajectory_id: UUID) -> Mapping[str, int]:
        """Plan goals, counted: ``totaal``, ``behaald``, ``open`` (not scored yet)."""
        return facts.goal_counts(self._session, trajectory_id)

    def handovers(self, trajectory_id: UUID, status: str | None = None) -> list[HandoverFacts]:
        """The guidances to agencies, oldest first."""
        return facts.handovers(self._session, trajectory_id, status)

    def take_handover(self, trajectory_id: UUID, handover_id: UUID) -> HandoverFacts | None:
        """A guidance of the family goes on in this trajectory; ``None`` if there is none."""
        trajectory = self._trajectory(trajectory_id)
        found = handovers.take(self._session, trajectory, handover_id)
        if found is None:
            return None
        return HandoverFacts(found.id, found.organisation, found.life_domain or "", found.status)

    def receivers(self, handover_id: UUID) -> int:
        """How many people of the agency have an account, who may be asked to take over."""
        return len(handovers.receivers(self._session, handover_id, self._clock.now()))

    def set_handover(
        self, handover_id: UUID, status: str, reason: str | None, at: datetime
    ) -> None:
        """Move a guidance to another state, dated, with a reason where one is given.

        Raises:
            HandoverUnknown: there is no such guidance.
            HandoverStatusUnknown: there is no such state.
        """
        actor = self._sender.actor
        handovers.set_status(
            self._session,
            handover_id,
            status,
            answers.text(reason),
            by=actor.user_id if actor else None,
            at=at,
        )

    def note(self, trajectory_id: UUID, text: str, at: datetime) -> None:
        """Put a line without personal content, written in the diagram, into the chronology."""
        course.note(self._session, self._trajectory(trajectory_id), text, at)

    def set_phase(self, trajectory_id: UUID, phase: str, at: datetime) -> None:
        """The trajectory entered a phase of its method; the phase it is in is no change."""
        course.set_phase(self._session, self._trajectory(trajectory_id), phase, at)

    def set_status(
        self, trajectory_id: UUID, status: str, outcome: str | None, at: datetime
    ) -> None:
        """The trajectory's status ``running``, ``aftercare`` or ``closed`` and its outcome.

        Closing ends everybody's involvement: who worked here no longer reads the file.

        Raises:
            StatusUnknown: there is no such status.
        """
        course.set_status(self._session, self._trajectory(trajectory_id), status, outcome, at)

    # --- own --------------------------------------------------------------------------------------

    def _trajectory(self, trajectory_id: UUID) -> Trajectory:
        return course.trajectory_of(self._session, trajectory_id)
