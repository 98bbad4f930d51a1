"""Casework: the commands of people, each checked, logged and done in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.errors import AccessDenied
from engine.access.permissions import Action
from engine.clock import Clock
from engine.definitions import publication
from engine.definitions.packages import Package
from engine.execution.variables import visible
from engine.families import consents, worklist
from engine.families.choices import datasets, referral_datasets
from engine.families.composition import Workbench, workbench
from engine.families.file import TrajectoryRef
from engine.families.permission import permit
from engine.families.trajectories import TaskFacts
from engine.runtime.errors import InstanceChanged
from engine.store.unit_of_work import in_transaction

Result = TypeVar("Result")

CONSENT_WITHDRAWN = "toestemming-ingetrokken"
"""The message that a trajectory gets when a consent of its family is withdrawn."""

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
    ) -> TrajectoryRef:
        """Take in a referral with the newest version of a method.

        Raises:
            AccessDenied: the entry is not for the actor's roles.
            FormNotValid: the answers were refused.
        """

        def work(session: Session) -> TrajectoryRef:
            package = newest_package(session, package_key)
            require_entry(package, entry_key, actor)
            choices = referral_datasets(session, actor.organisation_id, now=self._clock.now())
            return self._bench(session, actor).trajectories.refer(
                package, entry_key, answers, datasets=choices, submission_id=submission_id
            )

        return self._do(work)

    def complete_task(
        self,
        actor: Actor,
        task_id: UUID,
        answers: Mapping[str, Any],
        *,
        submission_id: UUID | None = None,
    ) -> None:
        """Complete a task with its form.

        Raises:
            AccessDenied: not the actor's to do.
            TaskNotOpen: completed or withdrawn before; ``where`` says by whom and when.
            TaskClaimed: somebody else has it.
            FormNotValid: the answers were refused.
        """

        def work(session: Session) -> None:
            complete_in(session, self._clock, actor, task_id, answers, submission_id)

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

    def signal(
        self, actor: Actor, trajectory_id: UUID, message: str, variables: Mapping[str, Any]
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
            return bench.runtime.publish(message, str(trajectory_id), variables)

        return self._do(work)

    def withdraw_consent(self, actor: Actor, consent_id: UUID) -> None:
        """Withdraw a consent and tell its trajectory, so that the diagram can act on it.

        Raises:
            AccessDenied: the actor may not, or there is no such consent.
        """

        def work(session: Session) -> None:
            consent = consents.withdraw_consent(session, actor, consent_id, now=self._clock.now())
            self._bench(session, actor).runtime.publish(
                CONSENT_WITHDRAWN, str(consent.trajectory_id), {"doel": consent.purpose}
            )

        self._do(work)

    def claim(self, actor: Actor, task_id: UUID) -> None:
        """Take a task. Raises as ``worklist.claim``."""
        self._do(lambda s: worklist.claim(s, actor, task_id, self._clock.now()))

    def unclaim(self, actor: Actor, task_id: UUID) -> None:
        """Give a task back. Raises as ``worklist.unclaim``."""
        self._do(lambda s: worklist.unclaim(s, actor, task_id, self._clock.now()))

    def retry_incident(self, actor: Actor, instance_id: UUID, token_id: UUID) -> None:
        """Try again where an incident stopped a trajectory.

        Raises:
            AccessDenied: the actor is no administrator.
        """
        if not actor.holds("administrator"):
            raise AccessDenied
        self._do(lambda s: self._bench(s, actor).runtime.retry(instance_id, token_id))

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


def complete_in(
    session: Session,
    clock: Clock,
    actor: Actor,
    task_id: UUID,
    answers: Mapping[str, Any],
    submission_id: UUID | None = None,
    bench: Workbench | None = None,
) -> None:
    """Complete a task inside the caller's transaction; raises as ``Casework.complete_task``."""
    now = clock.now()
    record = worklist.task_record(session, actor, task_id, now, action=Action.WORK_ON_TASK)
    bench = bench or workbench(session, clock, actor, record.relation)
    task = record.task
    worklist.require_not_taken(session, actor, record)
    package = bench.catalogue.package(task.package_version)
    instance = bench.store.get(task.instance_id)
    token = instance.execution.tasks.get(task_id)
    facts = TaskFacts(
        task_id,
        record.trajectory_id,
        task.element_id,
        task.form_id,
        task.package_version,
        visible(token) if token is not None else {},
    )
    choices = datasets(session, actor, record.trajectory_id, now=now, relation=record.relation)
    bench.trajectories.complete_task(
        package, facts, answers, datasets=choices, submission_id=submission_id
    )


def note_in(
    session: Session,
    clock: Clock,
    actor: Actor,
    trajectory_id: UUID,
    answers: Mapping[str, Any],
    submission_id: UUID | None = None,
    bench: Workbench | None = None,
) -> None:
    """Save a contact note inside the caller's transaction; raises as ``Casework.note_contact``."""
    now = clock.now()
    trajectory = permit(session, actor, Action.RECORD_CONTACT, trajectory_id, now=now)
    bench = bench or workbench(session, clock, actor)
    package = bench.catalogue.package(trajectory.package_version)
    choices = datasets(session, actor, trajectory_id, now=now)
    bench.trajectories.note_contact(
        package, trajectory_id, answers, datasets=choices, submission_id=submission_id
    )


def newest_package(session: Session, package_key: str) -> Package:
    """The newest version of a method in use.

    Raises:
        AccessDenied: no such method is published.
    """
    version = publication.latest(session, package_key)
    if version is None:
        raise AccessDenied
    return publication.load_version(session, version.version)


def require_entry(package: Package, entry_key: str, actor: Actor) -> None:
    """Make sure that an entry point is open to one of the actor's roles.

    Raises:
        AccessDenied: it is not, or there is no such entry.
    """
    entry = package.entries.get(entry_key)
    if entry is None or not any(actor.holds(role) for role in entry.by):
        raise AccessDenied
