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
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from engine.access.actors import Actor, confirm, confirming
from engine.access.permissions import Relation
from engine.definitions.published import shared_forms
from engine.families.file import documents
from engine.families.models import Trajectory
from engine.families.rights.sight import AnyActor, AnyHolder, held_roles
from engine.families.rights.task_relations import near, task_relation
from engine.families.rights.visibility import file_relation, held_role, relation_of
from engine.runtime.instance_rows import locked_of_task
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
            has nothing to do with the trajectory.
    """

    task: UserTask
    trajectory: Trajectory | None
    relation: Relation | None
    instance: Any


def take_in_hand(
    session: Session,
    actor: Actor,
    task_id: UUID,
    submission_id: UUID | None,
    now: datetime,
    *,
    confirms: bool = False,
) -> TaskAtHand | None:
    """Lock the task's tree and read the task; ``None`` when there is no such task.

    Whether the actor may work on it is asked after the lock, when it counts; before it only whether
    the actor is near, so that strangers do not come to wait or to be waited for.

    The submission's document is looked up along with it, for ``documents.of_submission``.

    Raises:
        ActorChanged: with ``confirms``, as ``actors.confirm`` says.
    """
    first = [confirming(actor, now)] if confirms else []
    if submission_id is not None:
        first += documents.asking(submission_id)
    facts_of = {"task_id": task_id, **AnyActor.values(actor, now)}
    asked = _statements(held_roles(actor))
    *answered, instances, tasks = read_together(
        session, *first, (asked.locked, facts_of), (asked.facts, facts_of)
    )
    if confirms:
        confirm(actor, answered[0])
    if submission_id is not None:
        documents.note_answer(session, submission_id, answered[-1])
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
    """Read a trajectory; ``None`` when there is no such one. The submission as with a task.

    Which packages share forms is looked up along with it: most methods share the contact note.
    """
    first = [] if submission_id is None else documents.asking(submission_id)
    values = {"trajectory_id": trajectory_id, **AnyActor.values(actor, now)}
    asked = _statements(held_roles(actor))
    *answered, newest, found = read_together(
        session, *first, (shared_forms.LOOK, {}), (asked.of_trajectory, values)
    )
    shared_forms.note_looked(session, newest)
    if submission_id is not None:
        documents.note_answer(session, submission_id, answered[-1])
    if not found:
        return None
    columns = found[0]._asdict()
    kind, role = columns.pop("kind"), columns.pop("held_role")
    trajectory = adopt(session, Trajectory, columns)
    return TrajectoryAtHand(trajectory, relation_of(kind, role))


# a process that a message started may have another kind of business key
_TRAJECTORY_KEY = case(
    (_TASK.business_key.regexp_match("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
     cast(_TASK.business_key, Uuid())),
)  # fmt: skip
_TASK_IN_TRAJECTORY = UserTask.__table__.outerjoin(
    Trajectory.__table__, _TRAJECTORY.id == _TRAJECTORY_KEY
)


@dataclass(frozen=True, slots=True)
class _Statements:
    """What is asked for holders of some system roles."""

    locked: Statement
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
        run=_TRAJECTORY,
        at=actor.at,
    )
    is_near = or_(
        _TASK.assignee_id == actor.user_id,
        _TASK.assigned_id == actor.user_id,
        near(actor, _TRAJECTORY, actor.at),
    )
    trajectory = [column.label(_PREFIX + column.name) for column in _TRAJECTORY]
    return _Statements(
        locked=locked_of_task(_TASK_IN_TRAJECTORY, is_near),
        facts=Statement(
            select(*_TASK, kind.label("kind"), *trajectory)
            .select_from(_TASK_IN_TRAJECTORY)
            .where(_TASK.id == bindparam("task_id", type_=Uuid()))
        ),
        of_trajectory=Statement(
            select(
                *_TRAJECTORY,
                file_relation(actor, _TRAJECTORY, actor.at).label("kind"),
                held_role(actor, _TRAJECTORY.id, actor.at).label("held_role"),
            ).where(_TRAJECTORY.id == bindparam("trajectory_id", type_=Uuid()))
        ),
    )
