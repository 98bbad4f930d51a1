"""The trajectories of a process owner's region, by their ids: no family, no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, String, Uuid, cast, func, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import Organisation
from engine.families.models import Trajectory
from engine.families.rights.process_owners import owned
from engine.families.rights.watched import one_of
from engine.runtime.models import Incident

PAGE = 50


@dataclass(frozen=True, slots=True)
class RunningRow:
    """A trajectory that is not closed."""

    id: UUID
    package_key: str
    package_version: str
    organisation: str
    status: str
    phase: str | None
    started_at: datetime
    suspended_since: datetime | None
    review_at: datetime | None
    incidents: int


@dataclass(frozen=True, slots=True)
class RunningPage:
    """A page of them, and how many there are on all pages."""

    rows: Sequence[RunningRow]
    total: int


def running_of_owner(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    package_key: str | None = None,
    search: str = "",
    skip: int = 0,
) -> RunningPage:
    """What runs where the actor is process owner: what stands still first, then the oldest.

    ``search`` is the beginning of an id.
    """
    wanted = [Trajectory.status != "closed", owned(actor, now)]
    if package_key:
        wanted.append(Trajectory.package_key == package_key)
    if search:
        wanted.append(cast(Trajectory.id, String).startswith(search.lower(), autoescape=True))
    stand_still = select(cast(Incident.business_key, Uuid)).where(
        Incident.resolved_at.is_(None), Incident.business_key.is_not(None)
    )
    stuck, total = (
        session.scalar(select(func.count()).select_from(Trajectory).where(*wanted, *also)) or 0
        for also in ([Trajectory.id.in_(stand_still)], [])
    )
    ids = _in_order(session, [*wanted, Trajectory.id.in_(stand_still)], skip, PAGE)
    if len(ids) < PAGE:
        rest = [*wanted, Trajectory.id.not_in(stand_still)]
        ids += _in_order(session, rest, max(0, skip - stuck), PAGE - len(ids))
    incidents = (
        select(func.count())
        .where(Incident.business_key == cast(Trajectory.id, String), Incident.resolved_at.is_(None))
        .scalar_subquery()
    )
    found = session.execute(
        select(Trajectory, Organisation.name, incidents.label("incidents"))
        .join(Organisation, Organisation.id == Trajectory.organisation_id)
        .where(one_of(Trajectory.id, ids))
    )
    rows = sorted(found, key=lambda row: ids.index(row[0].id))
    return RunningPage(
        [
            RunningRow(
                one.id,
                one.package_key,
                one.package_version,
                organisation,
                one.status,
                one.phase,
                one.started_at,
                one.suspended_since,
                one.review_at,
                incidents,
            )
            for one, organisation, incidents in rows
        ],
        total,
    )


def _in_order(
    session: Session, wanted: Sequence[ColumnElement[bool]], skip: int, most: int
) -> list[UUID]:
    """Ids of those that are wanted: what was put aside first, then the oldest."""
    return list(
        session.scalars(
            select(Trajectory.id)
            .where(*wanted)
            .order_by(Trajectory.suspended_since.is_(None), Trajectory.started_at, Trajectory.id)
            .limit(most)
            .offset(skip)
        )
    )
