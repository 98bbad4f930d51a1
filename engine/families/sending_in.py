"""Forms sent in for a task or as a contact note: permitted, logged once, carried out once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action
from engine.clock import Clock
from engine.execution.variables import visible
from engine.families.composition import workbench
from engine.families.errors import SubmissionReused
from engine.families.file.choices import lists_of
from engine.families.file.documents import of_submission
from engine.families.models import Document
from engine.families.rights.permission import permit
from engine.families.tasks import worklist
from engine.families.tasks.at_hand import take_in_hand, trajectory_in_hand
from engine.families.trajectories import TaskFacts
from engine.runtime.errors import InstanceChanged


def complete_in(
    session: Session,
    clock: Clock,
    actor: Actor,
    task_id: UUID,
    answers: Mapping[str, Any],
    submission_id: UUID | None = None,
    *,
    confirms: bool = False,
) -> None:
    """Complete a task inside the caller's transaction; raises as ``Casework.complete_task``."""
    now = clock.now()
    at_hand = take_in_hand(session, actor, task_id, submission_id, now, confirms=confirms)
    if sent_before(session, actor, submission_id, task_id=task_id) is not None:
        return
    task, relation = (at_hand.task, at_hand.relation) if at_hand else (None, None)
    record = worklist.admit(
        session, actor, task_id, task, relation, now, action=Action.WORK_ON_TASK
    )
    if at_hand is None or at_hand.trajectory is None:  # admit has refused
        raise AssertionError
    if at_hand.instance is None:  # let in only a moment ago
        raise InstanceChanged("Wie aan deze taak mag werken, is net veranderd.")
    bench = workbench(session, clock, actor, record.relation, logged=True)
    task = record.task
    token = bench.store.take_in(at_hand.instance).execution.tasks.get(task_id)
    formless = task.form_id is None and submission_id is not None
    if formless and bench.store.message_seen(f"submission:{submission_id}"):
        return
    worklist.require_not_taken(session, actor, record)
    facts = TaskFacts(
        task_id,
        record.trajectory_id,
        task.element_id,
        task.form_id,
        task.package_version,
        visible(token) if token is not None else {},
    )
    choices = lists_of(session, at_hand.trajectory, record.relation, now, facts.variables)
    bench.trajectories.complete_task(
        bench.catalogue.package(task.package_version),
        facts,
        answers,
        datasets=choices,
        submission_id=submission_id,
    )


def note_in(
    session: Session,
    clock: Clock,
    actor: Actor,
    trajectory_id: UUID,
    answers: Mapping[str, Any],
    submission_id: UUID | None = None,
) -> None:
    """Save a contact note inside the caller's transaction; raises as ``Casework.note_contact``."""
    now = clock.now()
    at_hand = trajectory_in_hand(session, actor, trajectory_id, submission_id, now)
    earlier = sent_before(session, actor, submission_id, trajectory_id=trajectory_id)
    if earlier is not None:
        return
    relation = at_hand.relation if at_hand else None
    trajectory = permit(
        session, actor, Action.RECORD_CONTACT, trajectory_id, now=now, relation=relation
    )
    bench = workbench(session, clock, actor, relation, logged=True)
    package = bench.catalogue.package(trajectory.package_version)
    choices = lists_of(session, trajectory, relation, now)
    bench.trajectories.note_contact(
        package, trajectory_id, answers, datasets=choices, submission_id=submission_id
    )


def sent_before(
    session: Session,
    actor: Actor,
    submission_id: UUID | None,
    *,
    task_id: UUID | None = None,
    trajectory_id: UUID | None = None,
) -> Document | None:
    """The document that this very submission made before. The same one elsewhere waits for this.

    It is asked before permission is: what was done may have ended the actor's part in it, and a
    repeated delivery must still be told that it arrived.

    Raises:
        SubmissionReused: the id came from somebody else, or with another task or trajectory.
    """
    document = None if submission_id is None else of_submission(session, submission_id)
    if document is None:
        return None
    same = (document.by_user_id, document.task_id) == (actor.user_id, task_id)
    if not same or trajectory_id not in (None, document.trajectory_id):
        raise SubmissionReused(
            "Dit formulier is al voor iets anders gebruikt.",
            "Open het formulier opnieuw en verstuur het nog eens.",
            submission_id=submission_id,
        )
    return document
