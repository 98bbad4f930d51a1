"""Which trajectories somebody watches, as a list of them asks: whole organisations, and own ones.

The same as ``visibility.file_relation`` gives, but not asked of every row: whose organisations are
watched needs no other ground. The own ones are as many as somebody works with.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor, chain_organisations
from engine.access.models import SystemRole
from engine.families.models import Trajectory
from engine.families.rights.reach import own_trajectories
from engine.families.rights.sight import Run
from engine.families.rights.visibility import file_relation

FEW = 2_000
"""So many open trajectories can be looked at one by one."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The organisations of which all trajectories are watched, and which others."""

    organisations: Collection[UUID]
    own: Collection[UUID]

    def holds(self, run: Run) -> ColumnElement[bool]:
        """The condition that a trajectory is watched."""
        if not self.own:
            return self.of_organisations(run)
        if not self.organisations:
            return self.of_own(run)
        return or_(self.of_organisations(run), self.of_own(run))

    def has(self, organisation_id: Any) -> ColumnElement[bool]:
        """The condition that an organisation is watched."""
        return one_of(organisation_id, self.organisations)

    def of_organisations(self, run: Run) -> ColumnElement[bool]:
        """The condition that its organisation is watched."""
        return one_of(run.organisation_id, self.organisations)

    def of_own(self, run: Run) -> ColumnElement[bool]:
        """The condition that it is one of the others."""
        return one_of(run.id, self.own)

    def is_few(self, session: Session) -> bool:
        """Whether few of them are open."""
        some = select(Trajectory.id).where(
            self.of_organisations(Trajectory), Trajectory.status != "closed"
        )
        return len(session.scalars(some.limit(FEW + 1)).all()) <= FEW


def watched(session: Session, actor: Actor, now: datetime) -> Watched:
    """What the actor watches now: nothing for who has no role that works with families."""
    leads = actor.organisations(SystemRole.PROJECT_LEADER)
    coordinates = actor.organisations(SystemRole.COORDINATOR)
    organisations = set(leads | coordinates)
    if coordinates:
        organisations.update(session.scalars(chain_organisations(coordinates, now)))
    own = session.scalars(
        select(Trajectory.id).where(
            Trajectory.id.in_(own_trajectories(actor)),
            file_relation(actor, Trajectory, now).is_not(None),
            ~one_of(Trajectory.organisation_id, organisations),
        )
    )
    return Watched(sorted(organisations), sorted(own))


def with_several(session: Session, whose: Watched, families: Collection[UUID]) -> frozenset[UUID]:
    """Which of the families have more than one open trajectory that is watched."""
    if not families:
        return frozenset()
    counted = (
        select(Trajectory.family_id)
        .where(
            one_of(Trajectory.family_id, families),
            Trajectory.status != "closed",
            whose.holds(Trajectory),
        )
        .group_by(Trajectory.family_id)
        .having(func.count() > 1)
    )
    return frozenset(session.scalars(counted))


def one_of(column: Any, ids: Collection[UUID]) -> ColumnElement[bool]:
    """The condition that a column is one of the ids, which travel as one value."""
    found: ColumnElement[bool] = column == any_(bindparam(None, list(ids), ARRAY(Uuid())))
    return found
