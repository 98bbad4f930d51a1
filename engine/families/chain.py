"""All trajectories that somebody watches, those most at risk of being lost first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, String, cast, func, or_, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import Organisation, RoleAssignment, SystemRole, User
from engine.access.permissions import Action, Relation, RelationKind, authorize
from engine.families.file.answers import local_day
from engine.families.file.handovers import ENDED
from engine.families.models import Contact, Family, Handover, Involvement, Mend, Trajectory
from engine.families.rights.discretion import Discreet
from engine.families.rights.reach import trajectories_within_reach
from engine.families.rights.visibility import file_relation
from engine.runtime.models import Incident, UserTask

STANDS_OUT = timedelta(days=14)
"""How long it stands out that somebody acted against the drawn course of something about safety."""


@dataclass(frozen=True, slots=True)
class ChainFilter:
    """What to show; nothing given shows every trajectory that is not closed.

    Attributes:
        name: a part of the family's name.
        worker_id: only trajectories in which this user works.
    """

    package_key: str | None = None
    organisation_id: UUID | None = None
    phase: str | None = None
    status: str | None = None
    worker_id: UUID | None = None
    name: str | None = None
    include_closed: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class ChainRow(Discreet):
    """One trajectory as its coordinator or project leader sees it.

    Attributes:
        days_in_phase: whole local days, ``None`` before the first phase.
        days_since_contact: whole local days since the last contact that took place, or since the
            start where there was none.
        cadence_per_week: planned contacts a week, ``None`` while none is planned.
        contact_ratio: days since contact over the days between planned contacts; above 1 is late.
            0 while the trajectory is put aside: no contact is planned then.
        review_at: when somebody looks again at a trajectory that is put aside.
        safety_mended_at: when somebody last acted, a short while ago, against the drawn course of
            something about safety that runs beside it.
        worker: who works for the family in the first role that was filled by a worker.
    """

    trajectory_id: UUID
    family_id: UUID
    family_name: str
    package_key: str
    status: str
    phase: str | None
    phase_since: datetime | None
    days_in_phase: int | None
    started_at: datetime
    last_contact_at: datetime | None
    days_since_contact: int
    cadence_per_week: float | None
    contact_ratio: float
    open_handovers: int
    overdue_tasks: int
    open_incidents: int
    worker_id: UUID | None
    worker: str | None
    organisation_id: UUID
    organisation: str
    review_at: datetime | None = None
    safety_mended_at: datetime | None = None


def chain_overview(
    session: Session,
    actor: Actor,
    now: datetime,
    filters: ChainFilter | None = None,
) -> list[ChainRow]:
    """The trajectories that the actor may know of, those at risk first; one line in the log.

    A coordinator sees those of the chain, a project leader those of the organisation, a worker the
    own ones.

    Raises:
        AccessDenied: the actor has no role that works with families.
    """
    kind = next(
        (
            kind
            for role, kind in (
                (SystemRole.COORDINATOR, RelationKind.COORDINATES),
                (SystemRole.PROJECT_LEADER, RelationKind.LEADS),
                (SystemRole.WORKER, RelationKind.INVOLVED),
            )
            if actor.holds(role)
        ),
        None,
    )
    authorize(
        session, actor, Action.LIST, Relation(kind) if kind else None, at=now, object_type="chain"
    )
    rows = session.execute(_query(actor, now, filters or ChainFilter()))
    return sorted((_row(row, now) for row in rows), key=risk, reverse=True)


def risk(row: ChainRow) -> tuple[bool, bool, float]:
    """The order of concern: stuck ones, then those with overdue tasks, then by overdue contact.

    It orders a list for a person to read; it decides nothing.
    """
    return (row.open_incidents > 0, row.overdue_tasks > 0, row.contact_ratio + row.overdue_tasks)


def family_names(
    session: Session, actor: Actor, trajectory_ids: Collection[UUID], *, now: datetime
) -> Mapping[UUID, str]:
    """The names of the families of those trajectories that the actor may know of; one log line."""
    if not trajectory_ids:
        return {}
    found = session.execute(
        select(Trajectory.id, Family.name)
        .join(Family, Family.id == Trajectory.family_id)
        .where(
            Trajectory.id.in_(trajectory_ids), file_relation(actor, Trajectory, now).is_not(None)
        )
    ).all()
    if found:
        relation = Relation(RelationKind.INVOLVED)
        authorize(session, actor, Action.LIST, relation, at=now, object_type="family-names")
    return {row.id: row.name for row in found}


def _query(actor: Actor, now: datetime, filters: ChainFilter) -> Any:
    return (
        select(
            Trajectory,
            Family.name.label("family_name"),
            Organisation.name.label("organisation"),
            _last_contact(now).label("last_contact_at"),
            _open_handovers().label("open_handovers"),
            _overdue_tasks(now).label("overdue_tasks"),
            _open_incidents().label("open_incidents"),
            _safety_mended(now).label("safety_mended_at"),
            User.id.label("worker_id"),
            User.name.label("worker"),
        )
        .join(Family, Family.id == Trajectory.family_id)
        .join(Organisation, Organisation.id == Trajectory.organisation_id)
        .outerjoin(User, User.id == _worker(now))
        .where(
            Trajectory.id.in_(trajectories_within_reach(actor, now)),
            file_relation(actor, Trajectory, now).is_not(None),
            *_conditions(filters, now),
        )
    )


def _conditions(filters: ChainFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.status is not None:
        conditions.append(Trajectory.status == filters.status)
    elif not filters.include_closed:
        conditions.append(Trajectory.status != "closed")
    if filters.package_key is not None:
        conditions.append(Trajectory.package_key == filters.package_key)
    if filters.organisation_id is not None:
        conditions.append(Trajectory.organisation_id == filters.organisation_id)
    if filters.phase is not None:
        conditions.append(Trajectory.phase == filters.phase)
    if filters.name:
        conditions.append(Family.name.icontains(filters.name, autoescape=True))
    if filters.worker_id is not None:
        works = select(Involvement.trajectory_id).where(
            Involvement.user_id == filters.worker_id,
            Involvement.since <= now,
            or_(Involvement.until.is_(None), Involvement.until > now),
        )
        conditions.append(Trajectory.id.in_(works))
    return conditions


def _last_contact(now: datetime) -> ScalarSelect[Any]:
    return (
        select(func.max(Contact.at))
        .where(Contact.trajectory_id == Trajectory.id, ~Contact.no_show, Contact.at <= now)
        .scalar_subquery()
    )


def _open_handovers() -> ScalarSelect[Any]:
    return (
        select(func.count())
        .where(Handover.trajectory_id == Trajectory.id, Handover.status.not_in(ENDED))
        .scalar_subquery()
    )


def _overdue_tasks(now: datetime) -> ScalarSelect[Any]:
    return (
        select(func.count())
        .where(
            UserTask.business_key == cast(Trajectory.id, String),
            UserTask.status == "open",
            UserTask.due_at < now,
        )
        .scalar_subquery()
    )


def _open_incidents() -> ScalarSelect[Any]:
    return (
        select(func.count())
        .where(Incident.business_key == cast(Trajectory.id, String), Incident.resolved_at.is_(None))
        .scalar_subquery()
    )


def _safety_mended(now: datetime) -> ScalarSelect[Any]:
    return (
        select(func.max(Mend.at))
        .where(
            Mend.trajectory_id == Trajectory.id,
            Mend.at > now - STANDS_OUT,
            Mend.detail["safety"].as_boolean(),
        )
        .scalar_subquery()
    )


def _worker(now: datetime) -> ScalarSelect[Any]:
    """The first involved user who holds the role of worker in the running organisation."""
    return (
        select(Involvement.user_id)
        .join(RoleAssignment, RoleAssignment.user_id == Involvement.user_id)
        .where(
            Involvement.trajectory_id == Trajectory.id,
            Involvement.since <= now,
            or_(Involvement.until.is_(None), Involvement.until > now),
            RoleAssignment.role == SystemRole.WORKER.value,
            RoleAssignment.organisation_id == Trajectory.organisation_id,
            RoleAssignment.until.is_(None),
        )
        .order_by(Involvement.beside, Involvement.since, Involvement.id)
        .limit(1)
        .correlate(Trajectory)
        .scalar_subquery()
    )


def _row(row: Any, now: datetime) -> ChainRow:
    trajectory: Trajectory = row.Trajectory
    today = local_day(now)
    cadence = trajectory.cadence_per_week
    per_week = None if cadence is None else float(cadence)
    days = (today - local_day(row.last_contact_at or trajectory.started_at)).days
    since = trajectory.phase_since
    return ChainRow(
        trajectory_id=trajectory.id,
        family_id=trajectory.family_id,
        family_name=row.family_name,
        package_key=trajectory.package_key,
        status=trajectory.status,
        phase=trajectory.phase,
        phase_since=since,
        days_in_phase=None if since is None else (today - local_day(since)).days,
        started_at=trajectory.started_at,
        last_contact_at=row.last_contact_at,
        days_since_contact=days,
        cadence_per_week=per_week,
        contact_ratio=days * per_week / 7 if per_week and not trajectory.suspended_since else 0.0,
        open_handovers=row.open_handovers,
        overdue_tasks=row.overdue_tasks,
        open_incidents=row.open_incidents,
        worker_id=row.worker_id,
        worker=row.worker,
        organisation_id=trajectory.organisation_id,
        organisation=row.organisation,
        review_at=trajectory.review_at,
        safety_mended_at=row.safety_mended_at,
    )
