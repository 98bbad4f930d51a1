"""One task: who may see, take and do it, and what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.errors import AccessDenied
from engine.access.models import User
from engine.access.permissions import Action, Relation, RelationKind, authorize
from engine.families.rights.permission import permit
from engine.families.rights.task_relations import may_work_on
from engine.runtime.errors import TaskClaimed, TaskNotFound, TaskNotOpen
from engine.runtime.models import UserTask


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task, open or not, with the relation by which the reader may see it."""

    task: UserTask
    trajectory_id: UUID
    family_id: UUID
    relation: Relation
    completed_by: str | None = None


def open_tasks_of(
    session: Session, actor: Actor, trajectory_id: UUID, now: datetime
) -> Sequence[UserTask]:
    """The open tasks of a trajectory, for who may read its file.

    Raises:
        AccessDenied: the actor may not.
    """
    permit(session, actor, Action.READ, trajectory_id, now=now, object_type="tasks")
    return session.scalars(
        select(UserTask)
        .where(UserTask.business_key == str(trajectory_id), UserTask.status == "open")
        .order_by(UserTask.due_at.asc().nulls_last(), UserTask.created_at, UserTask.id)
    ).all()


def task_record(
    session: Session, actor: Actor, task_id: UUID, now: datetime, *, action: Action
) -> TaskRecord:
    """One task, if the actor may do ``action`` with it; leaves one log line.

    Raises:
        AccessDenied: not permitted, or no such task; the two cannot be told apart.
    """
    task = session.get(UserTask, task_id, populate_existing=True)
    trajectory_id = _trajectory_of(task)
    relation = None
    if task is not None and trajectory_id is not None:
        relation = may_work_on(
            session,
            actor,
            role=task.role or "",
            system_role=task.system_role or "",
            assigned_id=task.assigned_id,
            trajectory_id=trajectory_id,
            at=now,
        )
    return admit(session, actor, task_id, task, relation, now, action=action)


def admit(
    session: Session,
    actor: Actor,
    task_id: UUID,
    task: UserTask | None,
    relation: Relation | None,
    now: datetime,
    *,
    action: Action,
) -> TaskRecord:
    """The same for a task that has been read, with the relation by which the actor may work on it.

    Raises:
        AccessDenied: not permitted, or no such task; the two cannot be told apart.
    """
    trajectory_id = _trajectory_of(task)
    none_but_the_task = relation is None or relation.kind is RelationKind.MAY_TAKE
    if none_but_the_task and task is not None and holds_task(actor, task):
        relation = Relation(RelationKind.HOLDS_TASK)
    if task is None or trajectory_id is None or relation is None:
        authorize(
            session, actor, action, None, at=now, trajectory_id=trajectory_id,
            object_type="task", object_id=task_id,
        )  # fmt: skip
        raise AccessDenied
    trajectory = permit(
        session, actor, action, trajectory_id, now=now, relation=relation,
        object_type="task", object_id=task_id,
    )  # fmt: skip
    done_by = session.get(User, task.completed_by) if task.completed_by else None
    return TaskRecord(
        task, trajectory_id, trajectory.family_id, relation, done_by.name if done_by else None
    )


def holds_task(actor: Actor, task: UserTask) -> bool:
    """Whether the actor took the task; what a diagram gave somebody is not taken."""
    return task.assignee_id == actor.user_id and task.assigned_id is None


def _trajectory_of(task: UserTask | None) -> UUID | None:
    try:
        return UUID(task.business_key) if task is not None and task.business_key else None
    except ValueError:
        return None


def claim(session: Session, actor: Actor, task_id: UUID, now: datetime) -> None:
    """Take a task: it leaves the team's list. A project leader may take over from another.

    Raises:
        AccessDenied: not the actor's to do.
        TaskNotOpen: it was completed or withdrawn.
        TaskClaimed: somebody else has it.
    """
    record = task_record(session, actor, task_id, now, action=Action.WORK_ON_TASK)
    _lock_open(session, record)
    if record.task.assignee_id not in (None, actor.user_id):
        _refuse_unless_leading(session, record)
    session.execute(
        update(UserTask)
        .where(UserTask.id == task_id)
        .values(assignee_id=actor.user_id, claimed_at=now)
    )


def unclaim(session: Session, actor: Actor, task_id: UUID, now: datetime) -> None:
    """Give a task back to the team, or to whom the diagram gave it.

    Raises:
        AccessDenied, TaskNotOpen, TaskClaimed: as for ``claim``.
    """
    record = task_record(session, actor, task_id, now, action=Action.WORK_ON_TASK)
    _lock_open(session, record)
    if record.task.assignee_id not in (None, actor.user_id):
        _refuse_unless_leading(session, record)
    session.execute(
        update(UserTask)
        .where(UserTask.id == task_id)
        .values(assignee_id=UserTask.assigned_id, claimed_at=None)
    )


def require_not_taken(session: Session, actor: Actor, record: TaskRecord) -> None:
    """Make sure that nobody else has claimed the open task; a project leader may step in.

    Raises:
        TaskClaimed: somebody else has it.
    """
    if record.task.status == "open" and record.task.assignee_id not in (None, actor.user_id):
        _refuse_unless_leading(session, record)


def _refuse_unless_leading(session: Session, record: TaskRecord) -> None:
    if record.relation.kind is RelationKind.LEADS:
        return
    holder = session.get(User, record.task.assignee_id)
    raise TaskClaimed(
        f"{holder.name if holder else 'Iemand anders'} heeft deze taak al opgepakt.",
        "Overleg met elkaar, of vraag de projectleider om de taak over te nemen.",
        task_id=record.task.id,
    )


def _lock_open(session: Session, record: TaskRecord) -> None:
    locked = session.scalars(
        select(UserTask)
        .where(UserTask.id == record.task.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if locked is None:
        raise TaskNotFound("Deze taak bestaat niet.", task_id=record.task.id)
    if locked.status != "open":
        raise TaskNotOpen(
            "Deze taak is al afgerond of vervallen.",
            "Bekijk in het gezinsdossier wat er gebeurd is.",
            task_id=locked.id,
            by=locked.completed_by,
            at=locked.ended_at,
            status=locked.status,
        )
