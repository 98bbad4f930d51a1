"""Who answers for the course of a trajectory: who leads it, and the owners of its process.

A process owner sees no family: processes by their ids, their steps, and values without names.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, false, literal, null, or_, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor, among, chain_organisations
from engine.access.models import SystemRole
from engine.access.permissions import Relation, RelationKind
from engine.families.models import Trajectory


def mending_relation(
    session: Session, actor: Actor, trajectory_id: UUID, at: datetime
) -> Relation | None:
    """The relation by which somebody may act against the drawn course of a trajectory, if any.

    Who leads it; else the process owner of who runs it, or of its chain.
    """
    led = actor.organisations(SystemRole.PROJECT_LEADER)
    leads = among(Trajectory.organisation_id, led) if led else false()
    kind = session.scalar(
        select(
            case(
                (leads, literal(RelationKind.LEADS.value)),
                (owned(actor, at), literal(RelationKind.OWNS_PROCESS.value)),
                else_=null(),
            )
        ).where(Trajectory.id == trajectory_id)
    )
    return None if kind is None else Relation(RelationKind(kind))


def owned(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """The condition that the actor is process owner of who runs a trajectory, or of its chain."""
    own = actor.organisations(SystemRole.PROCESS_OWNER)
    if not own:
        return false()
    return or_(
        among(Trajectory.organisation_id, own),
        Trajectory.organisation_id.in_(chain_organisations(own, at)),
    )
