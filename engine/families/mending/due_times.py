"""Another due time for a task or a running timer, given by a person with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action, Relation, RelationKind
from engine.clock import Clock
from engine.definitions.published import publication
from engine.execution.errors import NotWaiting
from engine.families.composition import workbench
from engine.families.errors import DueChangedMeanwhile, ReasonMissing
from engine.families.mending.courses import course_of, require_allowed
from engine.families.models import DueChange, Trajectory
from engine.families.rights.permission import permit
from engine.families.rights.process_owners import mending_relation
from engine.families.rights.visibility import leading_relation
from engine.runtime.models import ProcessInstance, Timer, UserTask
from engine.store.unit_of_work import in_transaction

MOST_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class DueTime:
    """A task or running timer that can get another due time. ``kind`` is ``task`` or ``timer``."""

    kind: str
    instance_id: UUID
    element_id: str
    name: str
    due: datetime | None


def change_due(
    database: Engine,
    clock: Clock,
    actor: Actor,
    trajectory_id: UUID,
    token_id: UUID,
    due: datetime,
    reason: str,
    *,
    seen: datetime | None,
) -> DueTime:
    """Let a task or timer be due at another instant (UTC); gives it as it was before.

    ``seen`` is the due time that the person saw. The reason goes into the chronology, never into
    the process or its audit.

    Raises:
        AccessDenied: the actor may not change due times of this trajectory.
        ReasonMissing: no reason is given, or a very long one.
        DueInThePast: the instant has passed.
        DueChangedMeanwhile: somebody else changed it first.
        NotWaiting: the task is done, or the timer is gone.
        MendOfSafety: it is about safety, and this person does not know the family.
    """
    now = clock.now()

    def work(session: Session) -> DueTime:
        relation = _relation(session, actor, trajectory_id, now)
        trajectory = permit(
            session, actor, Action.RESCHEDULE, trajectory_id, now=now, relation=relation,
            object_type="due-time", object_id=token_id,
        )  # fmt: skip
        text = reason.strip()
        if not 0 < len(text) <= MOST_CHARACTERS:
            raise ReasonMissing(
                "Er is geen reden gegeven, of een te lange.",
                f"Schrijf in hooguit {MOST_CHARACTERS} tekens waarom dit nodig is.",
            )
        bench = workbench(session, clock, actor, logged=True)
        instance_id = _standing(session, trajectory, token_id).instance_id
        bench.store.get(instance_id)  # from now on nobody else changes it
        known = _standing(session, trajectory, token_id)
        if known.due != seen:
            raise DueChangedMeanwhile(
                "Iemand anders heeft dit tijdstip zojuist veranderd.",
                "Bekijk het nieuwe tijdstip, en verander het opnieuw als dat nodig is.",
                due=known.due,
            )
        course = course_of(session, trajectory.id, instance_id)
        if course is not None:
            require_allowed(course, relation, "rescheduled")
        bench.runtime.change_due(instance_id, token_id, due)
        session.add(
            DueChange(
                trajectory_id=trajectory.id,
                family_id=trajectory.family_id,
                instance_id=instance_id,
                token_id=token_id,
                element_id=known.element_id,
                kind=known.kind,
                name=known.name,
                due_before=known.due,
                due_after=due,
                reason=text,
                by_user_id=actor.user_id,
                at=now,
            )
        )
        return known

    return in_transaction(database, work)


def due_time(
    session: Session, actor: Actor, trajectory_id: UUID, token_id: UUID, now: datetime
) -> DueTime:
    """A task or timer as somebody sees it who may give it another due time; leaves one log line.

    Raises:
        AccessDenied: the actor may not change due times of this trajectory.
        NotWaiting: the task is done, or the timer is gone.
    """
    relation = _relation(session, actor, trajectory_id, now)
    trajectory = permit(
        session, actor, Action.RESCHEDULE, trajectory_id, now=now, relation=relation,
        object_type="due-time", object_id=token_id, log_if_allowed=False,
    )  # fmt: skip
    owns = relation is not None and relation.kind is RelationKind.OWNS_PROCESS
    permit(
        session, actor, Action.LOOK_TO_MEND if owns else Action.READ, trajectory_id, now=now,
        relation=relation, object_type="due-time", object_id=token_id,
    )  # fmt: skip
    found = _standing(session, trajectory, token_id)
    return replace(found, name=_as_drawn(session, found)) if owns else found


def _relation(
    session: Session, actor: Actor, trajectory_id: UUID, now: datetime
) -> Relation | None:
    return leading_relation(session, actor, trajectory_id, now) or mending_relation(
        session, actor, trajectory_id, now
    )


def _as_drawn(session: Session, found: DueTime) -> str:
    """The name of the element: without whom or what this task is about."""
    instance = session.get_one(ProcessInstance, found.instance_id)
    package = publication.load_version(session, instance.package_version)
    process = package.processes.get(instance.process_id)
    element = process.elements.get(found.element_id) if process else None
    return (element.name if element else "") or found.element_id


def _standing(session: Session, trajectory: Trajectory, token_id: UUID) -> DueTime:
    of_trajectory = ProcessInstance.business_key == str(trajectory.id)
    task = (
        select(UserTask.instance_id, UserTask.element_id, UserTask.name, UserTask.due_at)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(UserTask.id == token_id, UserTask.status == "open", of_trajectory)
    )
    timer = (
        select(Timer.instance_id, Timer.element_id, Timer.element_name, Timer.due_at)
        .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
        .where(Timer.token_id == token_id, of_trajectory)
    )
    for kind, query in (("task", task), ("timer", timer)):
        row = session.execute(query).one_or_none()
        if row is not None:
            instance_id, element_id, name, due = row
            return DueTime(kind, instance_id, element_id, name or element_id, due)
    raise NotWaiting(
        "Deze taak is al klaar, of deze termijn loopt niet meer.",
        "Bekijk waar het traject nu staat.",
        token_id=token_id,
    )
