"""Who has to do with which trajectory, and may know of it.

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

from engine.access.actors import Actor, among, chain_organisations, holds_at
from engine.access.models import SystemRole
from engine.access.permissions import Relation, RelationKind
from engine.families.models import Consent, Involvement, Trajectory
from engine.families.rights.sight import (
    ASKED,
    AnyActor,
    Instant,
    Key,
    Organisations,
    Run,
    Sight,
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


def relation_of(kind: str | None, role: str | None) -> Relation | None:
    """The relation that a rule gave, to a task in a package role or to a trajectory."""
    if kind is None:
        return None
    return Relation(RelationKind(kind), role if kind == RelationKind.INVOLVED else None)


def file_relation(actor: Sight, run: Run, at: Instant) -> ColumnElement[str | None]:
    """The kind of relation by which the actor may know of a trajectory, NULL if none.

    Whoever took a task (which ``task_relation`` allowed) may read until it is done; not who was
    given one by the diagram. Process owners, administrators and partners have no relation by those
    roles.
    """
    involved = exists().where(
        _WORK.trajectory_id == run.id,
        _WORK.user_id == actor.user_id,
        holds_at(_WORK, at),
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
        (coordinated(actor, run, at), literal(RelationKind.COORDINATES.value)),
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
        holds_at(_WORK, at),
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
            holds_at(_WORK, at),
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
                (coordinated(actor, Trajectory, at), literal(RelationKind.COORDINATES.value)),
                else_=null(),
            )
        ).where(Trajectory.id == trajectory_id)
    )
    return None if kind is None else Relation(RelationKind(kind))


def coordinated(actor: Sight, run: Run, at: Instant) -> ColumnElement[bool]:
    """The condition that the actor coordinates a chain that runs the trajectory."""
    own = actor.organisations(SystemRole.COORDINATOR)
    return _in_chain(own, run, at) if _somewhere(own) else false()


def takes_part(actor: Sight, run: Run, at: Instant) -> ColumnElement[bool]:
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
