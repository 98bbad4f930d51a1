"""The trajectories of a process owner's region, by their ids: no family, no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import Organisation
from engine.families.models import Trajectory
from engine.families.rights.process_owners import owned
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
    stuck = (
        select(func.count())
        .where(Incident.business_key == cast(Trajectory.id, String), Incident.resolved_at.is_(None))
        .scalar_subquery()
    )
    wanted = [Trajectory.status != "closed", owned(actor, now)]
    if package_key:
        wanted.append(Trajectory.package_key == package_key)
    if search:
        wanted.append(cast(Trajectory.id, String).startswith(search.lower(), autoescape=True))
    total = session.scalar(select(func.count()).select_from(Trajectory).where(*wanted)) or 0
    rows = session.execute(
        select(Trajectory, Organisation.name, stuck.label("incidents"))
        .join(Organisation, Organisation.id == Trajectory.organisation_id)
        .where(*wanted)
        .order_by(
            (stuck > 0).desc(),
            Trajectory.suspended_since.is_(None),
            Trajectory.started_at,
            Trajectory.id,
        )
        .limit(PAGE)
        .offset(skip)
    )
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
