"""What of an earlier trajectory goes on in the later ones of the same family.

A consent that holds, a promise that is not kept yet: they are the family's, and who helps it now
has to be able to act on them although the trajectory in which they were made is closed.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from engine.access.actors import Actor
from engine.access.permissions import Action, permits
from engine.families.models import Trajectory
from engine.families.rights.visibility import relation_to

_OWN = aliased(Trajectory)


def open_ones(session: Session, family_id: UUID) -> list[UUID]:
    """The family's trajectories that are not closed, the oldest first."""
    found = session.scalars(
        select(Trajectory.id)
        .where(Trajectory.family_id == family_id, Trajectory.status != "closed")
        .order_by(Trajectory.started_at, Trajectory.id)
    )
    return list(found)


def through(
    session: Session, actor: Actor, action: Action, own: UUID, family_id: UUID, *, now: datetime
) -> UUID:
    """By which trajectory of the family the actor may act on something of the trajectory ``own``.

    ``own`` itself where that is permitted, or where nothing is: it is then refused.
    """
    for trajectory_id in dict.fromkeys([own, *open_ones(session, family_id)]):
        if permits(relation_to(session, actor, trajectory_id, now), action):
            return trajectory_id
    return own


def with_closed_before(trajectory_id: UUID) -> Select[tuple[UUID]]:
    """Ids of a trajectory and of those before it, closed, of its family and organisation."""
    return select(Trajectory.id).where(
        (Trajectory.id == trajectory_id)
        | (
            (Trajectory.status == "closed")
            & select(_OWN.id)
            .where(
                _OWN.id == trajectory_id,
                _OWN.family_id == Trajectory.family_id,
                _OWN.organisation_id == Trajectory.organisation_id,
                _OWN.started_at > Trajectory.started_at,
            )
            .exists()
        )
    )
