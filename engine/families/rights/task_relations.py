"""Who may work on which task; each rule is one SQL expression, as in ``visibility``."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    String,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from engine.access.actors import Actor, among, holds_at
from engine.access.models import SystemRole
from engine.access.permissions import Relation, RelationKind
from engine.families.models import Involvement, Trajectory
from engine.families.rights.sight import (
    ASKED,
    AnyActor,
    Assigned,
    Instant,
    Key,
    Run,
    Sight,
    Text,
)
from engine.families.rights.visibility import coordinated, relation_of, takes_part
from engine.store.round_trips import Statement, read_together

_WORK = aliased(Involvement)  # made once, since that is slow


def task_relation(
    actor: Sight,
    *,
    role: Text,
    system_role: Text,
    assigned_id: Assigned,
    run: Run,
    at: Instant,
) -> ColumnElement[str | None]:
    """The kind of relation by which the actor may work on a task, NULL if none.

    The arguments are columns (or literals) of the query: the task's package role, the system role
    that the package maps it to, whom the diagram gave it to (NULL: nobody in particular), and those
    of the task's trajectory.

    Of a task that the diagram gave to a person:

    * assigned: the actor is that person and holds a role in the chain of who runs the trajectory
    * leads: the actor leads the organisation that runs it; nobody else has to do with the task

    Of the others:

    * involved: the actor holds the system role and works for the trajectory in the package role
    * leads: the actor leads the organisation that runs it, and the task is a worker's or a leader's
    * coordinates: the task is a coordinator's, the actor is one of the chain, nobody else does it
    * may-take: the actor holds the system role and nobody works in the package role
    """
    coordinates = and_(system_role == SystemRole.COORDINATOR.value, coordinated(actor, run, at))
    holds = or_(_works_where(actor, system_role, run), coordinates)
    free = nobody_in(role=role, trajectory_id=run.id, at=at)
    leads = among(run.organisation_id, actor.organisations(SystemRole.PROJECT_LEADER))
    of_leader = or_(
        *(system_role == one.value for one in (SystemRole.WORKER, SystemRole.PROJECT_LEADER)),
        system_role == SystemRole.PARTNER.value,
    )
    personal = case(
        (
            and_(assigned_id == actor.user_id, takes_part(actor, run, at)),
            literal(RelationKind.ASSIGNED.value),
        ),
        (leads, literal(RelationKind.LEADS.value)),
        else_=null(),
    )
    mine = involved_in(actor, role=role, trajectory_id=run.id, at=at)
    return case(
        (assigned_id.is_not(None), personal),
        (and_(holds, mine), literal(RelationKind.INVOLVED.value)),
        (and_(of_leader, leads), literal(RelationKind.LEADS.value)),
        (and_(coordinates, free), literal(RelationKind.COORDINATES.value)),
        (and_(holds, free), literal(RelationKind.MAY_TAKE.value)),
        else_=null(),
    )


def may_work_on(
    session: Session,
    actor: Actor,
    *,
    role: str,
    system_role: str,
    trajectory_id: UUID,
    at: datetime,
    assigned_id: UUID | None = None,
) -> Relation | None:
    """The relation by which the actor may see and complete a task, or ``None``."""
    asked = {"role": role, "system_role": system_role, "assigned_id": assigned_id}
    asked["trajectory_id"] = trajectory_id
    [rows] = read_together(session, (_WORK_ON, {**asked, **AnyActor.values(actor, at)}))
    return relation_of(rows[0].kind, role) if rows else None


def involved_in(
    actor: Sight, *, role: Text, trajectory_id: Key, at: Instant
) -> ColumnElement[bool]:
    """The condition that the actor works for the trajectory in the package role."""
    return exists().where(
        _WORK.trajectory_id == trajectory_id,
        _WORK.role == role,
        _WORK.user_id == actor.user_id,
        holds_at(_WORK, at),
    )


def nobody_in(*, role: Text, trajectory_id: Key, at: Instant) -> ColumnElement[bool]:
    """The condition that nobody works for the trajectory in the package role."""
    somebody = select(literal(1)).where(
        _WORK.trajectory_id == trajectory_id,
        _WORK.role == role,
        holds_at(_WORK, at),
    )
    # not "not exists", for which the planner may read all involvements of the region
    return somebody.limit(1).scalar_subquery().is_(None)


def near(actor: Sight, run: Run, at: Instant) -> ColumnElement[bool]:
    """Whether the actor could have to do with a trajectory at all.

    True of everybody to whom ``task_relation`` gives a relation other than a task of their own, and
    of others of the same organisation and chain; asked where only strangers must be kept out.
    """
    own = [among(run.organisation_id, actor.organisations(role)) for role in ASKED]
    return or_(*own, coordinated(actor, run, at))


def _works_where(actor: Sight, system_role: Text, run: Run) -> ColumnElement[bool]:
    """The actor holds the worker's or leader's role where the trajectory runs."""
    return or_(
        *(
            and_(system_role == role.value, among(run.organisation_id, actor.organisations(role)))
            for role in (SystemRole.WORKER, SystemRole.PROJECT_LEADER)
        )
    )


_WORK_ON = Statement(
    select(
        task_relation(
            AnyActor(),
            role=bindparam("role", type_=String()),
            system_role=bindparam("system_role", type_=String()),
            assigned_id=bindparam("assigned_id", type_=Uuid()),
            run=Trajectory,
            at=AnyActor.at,
        ).label("kind")
    ).where(Trajectory.id == bindparam("trajectory_id", type_=Uuid()))
)
