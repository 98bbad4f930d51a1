"""Worklists: which tasks somebody may do, and what one task is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, cast, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.access.actors import Actor
from engine.access.errors import AccessDenied
from engine.access.models import SystemRole, User
from engine.access.permissions import Action, Relation, RelationKind, authorize
from engine.families.discretion import Discreet
from engine.families.models import Family, Trajectory
from engine.families.permission import permit
from engine.families.reach import open_tasks_within_reach
from engine.families.visibility import may_work_on, nobody_in, task_relation
from engine.runtime.errors import TaskClaimed, TaskNotFound, TaskNotOpen
from engine.runtime.models import UserTask

MINE = "mine"
TEAM = "team"


@dataclass(frozen=True, slots=True, repr=False)
class WorkItem(Discreet):
    """One open task as a list shows it. ``list`` is ``mine`` or ``team``."""

    task_id: UUID
    name: str
    list: str
    trajectory_id: UUID
    family_id: UUID
    family_name: str
    role: str | None
    package_key: str
    package_version: str
    created_at: datetime
    due_at: datetime | None
    priority: int
    assignee_id: UUID | None
    assignee: str | None


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task, open or not, with the relation by which the reader may see it."""

    task: UserTask
    trajectory_id: UUID
    family_id: UUID
    relation: Relation
    completed_by: str | None = None


def worklist(session: Session, actor: Actor, now: datetime) -> list[WorkItem]:
    """The open tasks that are the actor's own or that the actor could take; one log line.

    *Mine*: claimed by the actor; or unclaimed and the actor is involved in the task's role; or
    unclaimed, nobody is involved in its role, and it is a project leader's or coordinator's task.
    *Team*: the rest of what the actor may do and nobody claimed; a project leader also sees what
    the workers of the organisation have claimed. The soonest due first.
    """
    employed = Relation(RelationKind.EMPLOYED) if actor.roles else None
    authorize(session, actor, Action.LIST_TASKS, employed, at=now, object_type="tasks")
    rows = session.execute(_query(actor, now)).all()
    return [_item(row) for row in rows]


def _query(actor: Actor, now: datetime) -> Select[Any]:
    trajectory_key = cast(UserTask.business_key, Uuid)
    kind = task_relation(
        actor,
        role=_text(UserTask.role),
        system_role=_text(UserTask.system_role),
        trajectory_id=trajectory_key,
        at=now,
    ).label("kind")
    own_desk = and_(
        UserTask.system_role.in_([SystemRole.PROJECT_LEADER, SystemRole.COORDINATOR]),
        UserTask.system_role.in_([role for role, _organisation in actor.roles]),
        nobody_in(role=_text(UserTask.role), trajectory_id=trajectory_key, at=now),
    )
    mine = or_(
        UserTask.assignee_id == actor.user_id,
        and_(
            UserTask.assignee_id.is_(None),
            or_(kind == RelationKind.INVOLVED.value, own_desk),
        ),
    ).label("mine")
    return (
        select(UserTask, Family.name.label("family_name"), Trajectory, User.name, mine)
        .join(Trajectory, Trajectory.id == trajectory_key)
        .join(Family, Family.id == Trajectory.family_id)
        .outerjoin(User, User.id == UserTask.assignee_id)
        .where(
            UserTask.status == "open",
            UserTask.id.in_(open_tasks_within_reach(actor)),
            or_(UserTask.assignee_id == actor.user_id, kind.is_not(None)),
            or_(mine, UserTask.assignee_id.is_(None), kind == RelationKind.LEADS.value),
        )
        .order_by(UserTask.due_at.asc().nulls_last(), UserTask.created_at)
    )


def _text(column: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    return func.coalesce(column, "")


def _item(row: Any) -> WorkItem:
    task, family_name, trajectory, assignee, mine = row
    return WorkItem(
        task_id=task.id,
        name=task.name,
        list=MINE if mine else TEAM,
        trajectory_id=trajectory.id,
        family_id=trajectory.family_id,
        family_name=family_name,
        role=task.role,
        package_key=task.package_key,
        package_version=task.package_version,
        created_at=task.created_at,
        due_at=task.due_at,
        priority=task.priority,
        assignee_id=task.assignee_id,
        assignee=assignee,
    )


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
        .order_by(UserTask.due_at.asc().nulls_last(), UserTask.created_at)
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
    if relation is None and task is not None and task.assignee_id == actor.user_id:
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
    """Give a task back to the team.

    Raises:
        AccessDenied, TaskNotOpen, TaskClaimed: as for ``claim``.
    """
    record = task_record(session, actor, task_id, now, action=Action.WORK_ON_TASK)
    _lock_open(session, record)
    if record.task.assignee_id not in (None, actor.user_id):
        _refuse_unless_leading(session, record)
    session.execute(
        update(UserTask).where(UserTask.id == task_id).values(assignee_id=None, claimed_at=None)
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
