"""Who has to do with which trajectory, and who may work on which task.

Each rule is one SQL expression that gives the kind of relation or NULL. Lists filter with it, a
single check asks for it: both always agree.
"""

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
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from engine.access.actors import Actor, among, chain_organisations
from engine.access.models import SystemRole
from engine.access.permissions import Relation, RelationKind
from engine.families.models import Consent, Involvement, Trajectory
from engine.families.rights.sight import (
    ASKED,
    AnyActor,
    Assigned,
    Instant,
    Key,
    Organisations,
    Run,
    Sight,
    Text,
)
from engine.runtime.models import UserTask
from engine.store.round_trips import Statement, read_together

# Aliases, so that a query may hold the tables themselves as well; made once, since that is slow.
_WORK = aliased(Involvement)
_RUN = aliased(Trajectory)
_TASK = aliased(UserTask)
_CONSENT = aliased(Consent)
_ANSWER = aliased(Consent)

READ_EARLIER = "eerdere-trajecten-lezen"
"""The purpose of a consent: who helps the family now reads what was agreed before."""


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
    coordinates = and_(system_role == SystemRole.COORDINATOR.value, _coordinated(actor, run, at))
    holds = or_(_works_where(actor, system_role, run), coordinates)
    free = nobody_in(role=role, trajectory_id=run.id, at=at)
    leads = among(run.organisation_id, actor.organisations(SystemRole.PROJECT_LEADER))
    of_leader = or_(
        *(system_role == one.value for one in (SystemRole.WORKER, SystemRole.PROJECT_LEADER)),
        system_role == SystemRole.PARTNER.value,
    )
    personal = case(
        (
            and_(assigned_id == actor.user_id, _takes_part(actor, run, at)),
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


def relation_of(kind: str | None, role: str | None) -> Relation | None:
    """The relation that a rule gave, to a task in a package role or to a trajectory."""
    if kind is None:
        return None
    return Relation(RelationKind(kind), role if kind == RelationKind.INVOLVED else None)


def involved_in(
    actor: Sight, *, role: Text, trajectory_id: Key, at: Instant
) -> ColumnElement[bool]:
    """The condition that the actor works for the trajectory in the package role."""
    return exists().where(
        _WORK.trajectory_id == trajectory_id,
        _WORK.role == role,
        _WORK.user_id == actor.user_id,
        _WORK.since <= at,
        or_(_WORK.until.is_(None), _WORK.until > at),
    )


def nobody_in(*, role: Text, trajectory_id: Key, at: Instant) -> ColumnElement[bool]:
    """The condition that nobody works for the trajectory in the package role."""
    somebody = select(literal(1)).where(
        _WORK.trajectory_id == trajectory_id,
        _WORK.role == role,
        _WORK.since <= at,
        or_(_WORK.until.is_(None), _WORK.until > at),
    )
    # not "not exists", for which the planner may read all involvements of the region
    return somebody.limit(1).scalar_subquery().is_(None)


def near(actor: Sight, run: Run, at: Instant) -> ColumnElement[bool]:
    """Whether the actor could have to do with a trajectory at all.

    True of everybody to whom ``task_relation`` gives a relation other than a task of their own, and
    of others of the same organisation and chain; asked where only strangers must be kept out.
    """
    own = [among(run.organisation_id, actor.organisations(role)) for role in ASKED]
    return or_(*own, _coordinated(actor, run, at))


def file_relation(actor: Sight, run: Run, at: Instant) -> ColumnElement[str | None]:
    """The kind of relation by which the actor may know of a trajectory, NULL if none.

    Whoever took a task (which ``task_relation`` allowed) may read until it is done; not who was
    given one by the diagram. Process owners, administrators and partners have no relation by those
    roles.
    """
    involved = exists().where(
        _WORK.trajectory_id == run.id,
        _WORK.user_id == actor.user_id,
        _WORK.since <= at,
        or_(_WORK.until.is_(None), _WORK.until > at),
    )
    holds_task = exists().where(
        _TASK.business_key == cast(run.id, String),
        _TASK.status == "open",
        _TASK.assignee_id == actor.user_id,
        _TASK.assigned_id.is_(None),
    )
    return case(
        (involved, literal(RelationKind.INVOLVED.value)),
        (
            among(run.organisation_id, actor.organisations(SystemRole.PROJECT_LEADER)),
            literal(RelationKind.LEADS.value),
        ),
        (_coordinated(actor, run, at), literal(RelationKind.COORDINATES.value)),
        (holds_task, literal(RelationKind.HOLDS_TASK.value)),
        else_=null(),
    )


def kept_from_later(family_id: Key, at: Instant) -> ColumnElement[bool]:
    """Whether the family said no to later workers reading its earlier trajectories."""
    return exists().where(
        _CONSENT.family_id == family_id,
        _CONSENT.purpose == READ_EARLIER,
        or_(~_CONSENT.agreed, _CONSENT.withdrawn_at <= at),
        ~exists().where(
            _ANSWER.family_id == _CONSENT.family_id,
            _ANSWER.purpose == READ_EARLIER,
            _ANSWER.giver == _CONSENT.giver,
            or_(
                _ANSWER.given_at > _CONSENT.given_at,
                and_(_ANSWER.given_at == _CONSENT.given_at, _ANSWER.sequence > _CONSENT.sequence),
            ),
        ),
    )


def reading_relation(actor: Sight, run: Run, at: Instant) -> ColumnElement[str | None]:
    """The same, and else that of who works now for a later trajectory of the same family.

    Warm handover: they read what was agreed before, in their own organisation, as long as they
    work there and nobody of the family has said no to it (decision 0018). It is for a single
    file that is opened: lists hold what somebody works with.
    """
    works_later = exists().where(
        _RUN.family_id == run.family_id,
        _RUN.organisation_id == run.organisation_id,
        _RUN.started_at > run.started_at,
        _RUN.status != "closed",
        _WORK.trajectory_id == _RUN.id,
        _WORK.user_id == actor.user_id,
        _WORK.since <= at,
        or_(_WORK.until.is_(None), _WORK.until > at),
    )
    refused = kept_from_later(run.family_id, at)
    follows = case((and_(works_later, ~refused), literal(RelationKind.FOLLOWS.value)), else_=null())
    return func.coalesce(file_relation(actor, run, at), follows)


def relation_to(
    session: Session, actor: Actor, trajectory_id: UUID, at: datetime
) -> Relation | None:
    """The actor's relation to a trajectory whose file is opened, or ``None``."""
    values = {"trajectory_id": trajectory_id, **AnyActor.values(actor, at)}
    [rows] = read_together(session, (_RELATION, values))
    return relation_of(rows[0].kind, rows[0].held_role) if rows else None


def held_role(actor: Sight, trajectory_id: Key, at: Instant) -> ColumnElement[str | None]:
    """The package role in which the actor works for the trajectory; the first, where several."""
    return (
        select(_WORK.role)
        .where(
            _WORK.trajectory_id == trajectory_id,
            _WORK.user_id == actor.user_id,
            _WORK.since <= at,
            or_(_WORK.until.is_(None), _WORK.until > at),
        )
        .order_by(_WORK.beside, _WORK.since, _WORK.id)
        .limit(1)
        .scalar_subquery()
    )


def leading_relation(
    session: Session, actor: Actor, trajectory_id: UUID, at: datetime
) -> Relation | None:
    """The relation of who leads or coordinates a trajectory, also when involved in it; or ``None``.

    For what is theirs to decide, whatever else they do in the trajectory.
    """
    leads = among(Trajectory.organisation_id, actor.organisations(SystemRole.PROJECT_LEADER))
    kind = session.scalar(
        select(
            case(
                (leads, literal(RelationKind.LEADS.value)),
                (_coordinated(actor, Trajectory, at), literal(RelationKind.COORDINATES.value)),
                else_=null(),
            )
        ).where(Trajectory.id == trajectory_id)
    )
    return None if kind is None else Relation(RelationKind(kind))


def _works_where(actor: Sight, system_role: Text, run: Run) -> ColumnElement[bool]:
    """The actor holds the worker's or leader's role where the trajectory runs."""
    return or_(
        *(
            and_(system_role == role.value, among(run.organisation_id, actor.organisations(role)))
            for role in (SystemRole.WORKER, SystemRole.PROJECT_LEADER)
        )
    )


def _coordinated(actor: Sight, run: Run, at: Instant) -> ColumnElement[bool]:
    own = actor.organisations(SystemRole.COORDINATOR)
    return _in_chain(own, run, at) if _somewhere(own) else false()


def _takes_part(actor: Sight, run: Run, at: Instant) -> ColumnElement[bool]:
    """The actor holds a role in the organisation that runs the trajectory, or one of its chain."""
    held = [actor.organisations(role) for role in ASKED]
    return or_(false(), *(_in_chain(own, run, at) for own in held if _somewhere(own)))


def _somewhere(own: Organisations) -> bool:
    """Whether a role is held anywhere, as far as is known when the query is made."""
    return isinstance(own, ColumnElement) or bool(own)


def _in_chain(own: Organisations, run: Run, at: Instant) -> ColumnElement[bool]:
    """Who runs the trajectory is one of these organisations, or in a chain with one of them."""
    return or_(
        among(run.organisation_id, own),
        run.organisation_id.in_(chain_organisations(own, at)),
    )


_OF = bindparam("trajectory_id", type_=Uuid())
_RELATION = Statement(
    select(
        reading_relation(AnyActor(), Trajectory, AnyActor.at).label("kind"),
        held_role(AnyActor(), _OF, AnyActor.at).label("held_role"),
    ).where(Trajectory.id == _OF)
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
    ).where(Trajectory.id == _OF)
)
