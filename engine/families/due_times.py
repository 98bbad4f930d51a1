"""Another due time for a task or a running timer, given by a person with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action
from engine.clock import Clock
from engine.execution.errors import NotWaiting
from engine.families.composition import workbench
from engine.families.errors import DueChangedMeanwhile, ReasonMissing
from engine.families.models import DueChange, Trajectory
from engine.families.permission import permit
from engine.runtime.models import ProcessInstance, Timer, UserTask
from engine.store.unit_of_work import in_transaction

MOST_CHARACTERS = 500


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
) -> None:
    """Let a task or timer be due at another instant (UTC).

    ``seen`` is the due time that the person saw. The reason goes into the chronology, never into
    the process or its audit.

    Raises:
        AccessDenied: the actor may not change due times of this trajectory.
        ReasonMissing: no reason is given, or a very long one.
        DueInThePast: the instant has passed.
        DueChangedMeanwhile: somebody else changed it first.
        NotWaiting: the task is done, or the timer is gone.
    """
    now = clock.now()

    def work(session: Session) -> None:
        trajectory = permit(
            session, actor, Action.RESCHEDULE, trajectory_id, now=now,
            object_type="due-time", object_id=token_id,
        )  # fmt: skip
        text = reason.strip()
        if not 0 < len(text) <= MOST_CHARACTERS:
            raise ReasonMissing(
                "Er is geen reden gegeven, of een te lange.",
                f"Schrijf in hooguit {MOST_CHARACTERS} tekens waarom dit nodig is.",
            )
        bench = workbench(session, clock, actor, logged=True)
        instance_id = _owner(session, trajectory, token_id)
        bench.store.get(instance_id)  # from now on nobody else changes it
        change = _as_it_is(session, instance_id, token_id)
        if change.due_before != seen:
            raise DueChangedMeanwhile(
                "Iemand anders heeft dit tijdstip zojuist veranderd.",
                "Bekijk het nieuwe tijdstip, en verander het opnieuw als dat nodig is.",
                due=change.due_before,
            )
        bench.runtime.change_due(instance_id, token_id, due)
        change.trajectory_id, change.family_id = trajectory.id, trajectory.family_id
        change.due_after, change.reason = due, text
        change.by_user_id, change.at = actor.user_id, now
        session.add(change)

    in_transaction(database, work)


def _owner(session: Session, trajectory: Trajectory, token_id: UUID) -> UUID:
    for table, key in ((UserTask, UserTask.id), (Timer, Timer.token_id)):
        found = session.scalar(
            select(ProcessInstance.id)
            .join(table, table.instance_id == ProcessInstance.id)
            .where(key == token_id, ProcessInstance.business_key == str(trajectory.id))
        )
        if found is not None:
            return found
    raise _gone(token_id)


def _as_it_is(session: Session, instance_id: UUID, token_id: UUID) -> DueChange:
    """The task or timer as it is now that the instance is locked."""
    task = session.execute(
        select(UserTask.element_id, UserTask.name, UserTask.due_at).where(
            UserTask.id == token_id, UserTask.status == "open"
        )
    ).one_or_none()
    timer = session.execute(
        select(Timer.element_id, Timer.element_name, Timer.due_at).where(Timer.token_id == token_id)
    ).one_or_none()
    found = task or timer
    if found is None:
        raise _gone(token_id)
    element_id, name, due = found
    return DueChange(
        instance_id=instance_id,
        token_id=token_id,
        element_id=element_id,
        kind="task" if task else "timer",
        name=name or element_id,
        due_before=due,
    )


def _gone(token_id: UUID) -> NotWaiting:
    return NotWaiting(
        "Deze taak is al klaar, of deze termijn loopt niet meer.",
        "Bekijk waar het traject nu staat.",
        token_id=token_id,
    )
