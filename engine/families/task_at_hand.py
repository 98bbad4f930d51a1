"""What somebody wants to work on, a task or a trajectory: read with all it takes, in one trip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    String,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Relation
from engine.families import documents
from engine.families.models import Trajectory
from engine.families.sight import AnyActor, AnyHolder, held_roles
from engine.families.visibility import (
    file_relation,
    held_role,
    relation_of,
    task_relation,
)
from engine.runtime.instance_rows import LET_IN, LOCKED_OF_TASK
from engine.runtime.models import UserTask
from engine.store.adopting import adopt
from engine.store.round_trips import Statement, read_together

_TASK = UserTask.__table__.c
_TRAJECTORY = Trajectory.__table__.c
_NAMES = [column.name for column in _TRAJECTORY]
_PREFIX = "of_trajectory_"


@dataclass(frozen=True, slots=True)
class TaskAtHand:
    """A task as it is now that nobody else can change it.

    Attributes:
        task: its row, with the columns of ``UserTask``; not part of the session.
        trajectory: its trajectory, if the process belongs to one.
        relation: by which the actor may work on it, if at all.
        instance: the row of its process instance, for ``SqlStore.take_in``; ``None`` for who may
            not work on the task.
    """

    task: UserTask
    trajectory: Trajectory | None
    relation: Relation | None
    instance: Any


def take_in_hand(
    session: Session, actor: Actor, task_id: UUID, submission_id: UUID | None, now: datetime
) -> TaskAtHand | None:
    """Lock the task's tree and read the task; ``None`` when there is no such task.

    Whether the actor may work on it is asked twice: before the lock, so that others do not come to
    wait or to be waited for, and after it, when it counts.

    The submission's document is looked up along with it, for ``documents.of_submission``.
    """
    first = [] if submission_id is None else documents.asking(submission_id)
    facts_of = {"task_id": task_id, **AnyActor.values(actor, now)}
    asked = _statements(held_roles(actor))
    *answered, _, instances, tasks = read_together(
        session,
        *first,
        (asked.let_in, facts_of),
        (LOCKED_OF_TASK, {"task_id": task_id}),
        (asked.facts, facts_of),
    )
    if submission_id is not None:
        documents.note_answer(session, submission_id, answered[1])
    if not tasks:
        return None
    row = tasks[0]
    columns = {name: getattr(row, _PREFIX + name) for name in _NAMES}
    return TaskAtHand(
        task=row,
        trajectory=adopt(session, Trajectory, columns) if columns["id"] is not None else None,
        relation=relation_of(row.kind, row.role or ""),
        instance=instances[0] if instances else None,
    )


@dataclass(frozen=True, slots=True)
class TrajectoryAtHand:
    """A trajectory and the actor's relation to it, if any."""

    trajectory: Trajectory
    relation: Relation | None


def trajectory_in_hand(
    session: Session,
    actor: Actor,
    trajectory_id: UUID,
    submission_id: UUID | None,
    now: datetime,
) -> TrajectoryAtHand | None:
    """Read a trajectory; ``None`` when there is no such one. The submission as with a task."""
    first = [] if submission_id is None else documents.asking(submission_id)
    values = {"trajectory_id": trajectory_id, **AnyActor.values(actor, now)}
    asked = _statements(held_roles(actor))
    *answered, found = read_together(session, *first, (asked.of_trajectory, values))
    if submission_id is not None:
        documents.note_answer(session, submission_id, answered[1])
    if not found:
        return None
    columns = found[0]._asdict()
    kind, role = columns.pop("kind"), columns.pop("held_role")
    trajectory = adopt(session, Trajectory, columns)
    return TrajectoryAtHand(trajectory, relation_of(kind, role))


@dataclass(frozen=True, slots=True)
class _Statements:
    """What is asked for holders of some system roles."""

    let_in: Statement
    facts: Statement
    of_trajectory: Statement


@cache
def _statements(held: frozenset[str]) -> _Statements:
    actor = AnyHolder(held)
    kind = task_relation(
        actor,
        role=func.coalesce(_TASK.role, "", type_=String()),
        system_role=func.coalesce(_TASK.system_role, "", type_=String()),
        assigned_id=_TASK.assigned_id,
        trajectory_id=_TRAJECTORY.id,
        at=actor.at,
    )
    holds = and_(_TASK.assignee_id == actor.user_id, _TASK.assigned_id.is_(None))
    may = case((or_(kind.is_not(None), holds), "yes"), else_="")
    trajectory = [column.label(_PREFIX + column.name) for column in _TRAJECTORY]
    return _Statements(
        let_in=_of_task(func.set_config(LET_IN, may, true()).label("let_in")),
        facts=_of_task(*_TASK, kind.label("kind"), *trajectory),
        of_trajectory=Statement(
            select(
                *_TRAJECTORY,
                file_relation(actor, _TRAJECTORY.id, actor.at).label("kind"),
                held_role(actor, _TRAJECTORY.id, actor.at).label("held_role"),
            ).where(_TRAJECTORY.id == bindparam("trajectory_id", type_=Uuid()))
        ),
    )


def _of_task(*columns: Any) -> Statement:
    # a process that a message started may have another kind of business key
    key = case(
        (_TASK.business_key.regexp_match("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
         cast(_TASK.business_key, Uuid())),
    )  # fmt: skip
    return Statement(
        select(*columns)
        .outerjoin_from(UserTask.__table__, Trajectory.__table__, _TRAJECTORY.id == key)
        .where(_TASK.id == bindparam("task_id", type_=Uuid()))
    )
