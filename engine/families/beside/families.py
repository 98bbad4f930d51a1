"""For which family somebody starts something beside a trajectory: their own first, then others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor, holds_at
from engine.access.models import SystemRole
from engine.access.permissions import Action, Relation, RelationKind, authorize
from engine.families.beside.starting import WORKING_ROLES
from engine.families.models import Family, Involvement, Trajectory
from engine.families.rights.discretion import Discreet
from engine.families.rights.watched import watched
from engine.plain_text import plain

SHORTEST_SEARCH = 3
"""So many characters of a name it takes to look for a family that one has no part in."""
MOST = 100
_OWN = 0
"""The place of families that one works for, in the order in which they are shown."""


@dataclass(frozen=True, slots=True, repr=False)
class FamilyToStart(Discreet):
    """A family by its name, with the trajectory beside which something would start."""

    family_id: UUID
    trajectory_id: UUID
    name: str
    mine: bool
    closed: bool


def families_to_start(
    session: Session, actor: Actor, now: datetime, search: str = ""
) -> list[FamilyToStart]:
    """The families that one works or worked for, or leads; with a search, those of colleagues too.

    A colleague's family is found by a part of its name only, so that nobody gets a list of all.
    Leaves one line in the access log.

    Raises:
        AccessDenied: the actor has no role that works with families.
    """
    asked = " ".join(search.split())
    wide = len(asked) >= SHORTEST_SEARCH
    works_in = {place for role in WORKING_ROLES for place in actor.organisations(role)}
    kind = RelationKind.COORDINATES if actor.holds(SystemRole.COORDINATOR) else None
    kind = RelationKind.COLLEAGUE if works_in else kind
    authorize(
        session, actor, Action.START_BESIDE, Relation(kind) if kind else None, at=now,
        object_type="families-search" if wide else "families",
    )  # fmt: skip
    mine = Trajectory.id.in_(
        select(Involvement.trajectory_id).where(
            Involvement.user_id == actor.user_id, holds_at(Involvement, now)
        )
    )
    before = Trajectory.id.in_(
        select(Involvement.trajectory_id).where(Involvement.user_id == actor.user_id)
    )
    here = Trajectory.organisation_id.in_(works_in)
    known = watched(session, actor, now).holds(Trajectory)
    named = [Family.plain_name.contains(plain(asked), autoescape=True)] if asked else []
    places = [(mine, known), (before, ~mine, or_(known, here)), (known, ~before)]
    if wide:
        places.append((here, ~known, ~before))
    found: dict[UUID, FamilyToStart] = {}
    rows = 0
    for rank, conditions in enumerate(places):  # a place at a time: the first ones fill the list
        for closed in (False, True):
            of_place = session.execute(
                select(Trajectory.id, Trajectory.family_id, Family.name)
                .join(Family, Family.id == Trajectory.family_id)
                .where(*conditions, *named, (Trajectory.status == "closed") == closed)
                .order_by(Family.plain_name, Family.id, Trajectory.started_at, Trajectory.id)
                .limit(MOST - rows)
            ).all()
            rows += len(of_place)
            for trajectory_id, family_id, name in of_place:
                one = FamilyToStart(family_id, trajectory_id, name, rank == _OWN, closed)
                found.setdefault(family_id, one)
    return list(found.values())
