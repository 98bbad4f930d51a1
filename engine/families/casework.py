"""Casework: the commands of people, each checked, logged and done in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from sqlalchemy import Engine, Text, bindparam, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.errors import AccessDenied
from engine.access.log import LogLine, log_refused
from engine.access.permissions import Action
from engine.clock import Clock
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.definitions.published.models import PackageVersion
from engine.families.beside import starting as beside
from engine.families.composition import Workbench, workbench
from engine.families.file import consent_stops, documents
from engine.families.file.choices import datasets, referral_lists
from engine.families.file.port import TrajectoryRef
from engine.families.rights.permission import permit
from engine.families.sending_in import complete_in, note_in, sent_before
from engine.families.tasks import worklist
from engine.families.trajectories import Datasets
from engine.runtime.errors import InstanceChanged
from engine.store.round_trips import Statement, read_together
from engine.store.unit_of_work import in_transaction

Result = TypeVar("Result")

ATTEMPTS = 4
"""How often a command that met another on the same instance is done again."""


class Casework:
    """The commands. Safe to share between threads; every call is one transaction."""

    def __init__(self, database: Engine, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def refer(
        self,
        actor: Actor,
        package_key: str,
        entry_key: str,
        answers: Mapping[str, Any],
        *,
        submission_id: UUID | None = None,
        after: UUID | None = None,
    ) -> TrajectoryRef:
        """Take in a referral with the newest version of a method.

        With ``after``, a trajectory of a family that is known, the family comes again.

        Raises:
            AccessDenied: the entry is not for the actor's roles, or there is none; or the family
                is not one that the actor may begin another trajectory for.
            AlreadyRunning: that family has a trajectory of this method that is not closed.
            FormNotValid: the answers were refused.
            SubmissionReused: the submission id belongs to something else.
        """

        def work(session: Session) -> TrajectoryRef:
            newest = _newest_version(session, package_key, submission_id)
            earlier = sent_before(session, actor, submission_id)
            if earlier is not None:
                return TrajectoryRef(earlier.trajectory_id, earlier.family_id)
            package = _in_use(session, newest)
            if not may_enter(package, entry_key, actor):
                refuse_referral(session, actor, entry_key, self._clock.now())
            now = self._clock.now()
            choices: Datasets = (
                referral_lists(session, actor.organisation_id, now=now)
                if after is None
                else datasets(session, actor, after, now=now, logged=True)
            )
            return self._bench(session, actor).trajectories.refer(
                package, entry_key, answers, datasets=choices, submission_id=submission_id,
                after=after,
            )  # fmt: skip

        return self._do(work)

    def complete_task(
        self,
        actor: Actor,
        task_id: UUID,
        answers: Mapping[str, Any],
        *,
        submission_id: UUID | None = None,
        confirms: bool = False,
    ) -> None:
        """Complete a task with its form.

        Raises:
            ActorChanged: with ``confirms``, the actor is not as it was looked up before.
            AccessDenied: not the actor's to do.
            TaskNotOpen: completed or withdrawn before; ``where`` says by whom and when.
            TaskClaimed: somebody else has it.
            FormNotValid: the answers were refused.
            SubmissionReused: the submission id belongs to something else.
        """

        def work(session: Session) -> None:
            complete_in(
                session, self._clock, actor, task_id, answers, submission_id, confirms=confirms
            )

        self._do(work)

    def note_contact(
        self,
        actor: Actor,
        trajectory_id: UUID,
        answers: Mapping[str, Any],
        *,
        submission_id: UUID | None = None,
    ) -> None:
        """Save a contact note, at any time, outside any task.

        Raises:
            AccessDenied: the actor may not write in this file.
            FormNotValid: the answers were refused.
        """

        def work(session: Session) -> None:
            note_in(session, self._clock, actor, trajectory_id, answers, submission_id)

        self._do(work)

    def start_beside(
        self,
        actor: Actor,
        trajectory_id: UUID,
        package_key: str,
        key: str,
        answers: Mapping[str, Any],
        *,
        submission_id: UUID | None = None,
    ) -> UUID | None:
        """Start a process of a shared package beside a trajectory, also when that is closed.

        Gives the id of the instance; ``None`` for a submission that came before.

        Raises:
            AccessDenied: not for the actor, not in use, or another organisation's trajectory.
            FormNotValid: the answers were refused.
            SubmissionReused: the submission id belongs to something else.
        """

        def work(session: Session) -> UUID | None:
            return beside.start_in(
                session, self._clock, actor, trajectory_id, package_key, key, answers, submission_id
            )

        return self._do(work)

    def signal(
        self,
        actor: Actor,
        trajectory_id: UUID,
        message: str,
        variables: Mapping[str, Any],
        *,
        submission_id: UUID | None = None,
    ) -> bool:
        """Send a message into a trajectory (signs of relapse, a withdrawn consent).

        Whether something in the trajectory waited for it.

        Raises:
            AccessDenied: the actor may not signal here.
        """

        def work(session: Session) -> bool:
            permit(
                session, actor, Action.SIGNAL, trajectory_id, now=self._clock.now(),
                object_type="message", object_id=message,
            )  # fmt: skip
            bench = self._bench(session, actor)
            message_id = None if submission_id is None else str(submission_id)
            key = str(trajectory_id)
            return bench.runtime.publish(message, key, variables, message_id=message_id)

        return self._do(work)

    def withdraw_consent(self, actor: Actor, consent_id: UUID) -> None:
        """Withdraw a consent and tell the family's trajectories, so that diagrams can act on it.

        Who may no longer know of a care meeting is out of it at once, and so are their tasks; a
        guidance that rests on the consent stops sharing, and asks the family.

        Raises:
            AccessDenied: the actor may not, or there is no such consent.
        """

        def work(session: Session) -> None:
            stopped = consent_stops.withdraw(session, actor, consent_id, self._clock.now())
            if stopped is not None:
                stopped.tell(self._bench(session, actor).runtime.publish)

        self._do(work)

    def claim(self, actor: Actor, task_id: UUID) -> None:
        """Take a task. Raises as ``worklist.claim``."""
        self._do(lambda s: worklist.claim(s, actor, task_id, self._clock.now()))

    def unclaim(self, actor: Actor, task_id: UUID) -> None:
        """Give a task back. Raises as ``worklist.unclaim``."""
        self._do(lambda s: worklist.unclaim(s, actor, task_id, self._clock.now()))

    def _bench(self, session: Session, actor: Actor) -> Workbench:
        return workbench(session, self._clock, actor)

    def _do(self, work: Callable[[Session], Result]) -> Result:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return in_transaction(self._database, work)
            except InstanceChanged:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError


def _newest_version(
    session: Session, package_key: str, submission_id: UUID | None = None
) -> str | None:
    """Along with it, a submission's document is looked up, for ``documents.of_submission``."""
    first = [] if submission_id is None else documents.asking(submission_id)
    *answered, found = read_together(session, *first, (_NEWEST, {"key": package_key}))
    if submission_id is not None:
        documents.note_answer(session, submission_id, answered[1])
    return found[0].version if found else None


def _in_use(session: Session, version: str | None) -> Package:
    if version is None:
        raise AccessDenied
    return publication.load_version(session, version)


def may_enter(package: Package, entry_key: str, actor: Actor) -> bool:
    """Whether there is such an entry point, open to one of the actor's roles."""
    entry = package.entries.get(entry_key)
    return entry is not None and any(actor.holds(role) for role in entry.by)


def refuse_referral(session: Session, actor: Actor, entry_key: str, now: datetime) -> NoReturn:
    """Refuse a referral and log that it was tried.

    Raises:
        AccessDenied: always.
    """
    line = LogLine(Action.OPEN, now, object_type="entry", object_id=entry_key)
    log_refused(session, actor, line)
    raise AccessDenied


_NEWEST = Statement(
    select(PackageVersion.version)
    .where(
        PackageVersion.key == bindparam("key", type_=Text()), PackageVersion.retired_at.is_(None)
    )
    .order_by(PackageVersion.number.desc())
    .limit(1)
)
