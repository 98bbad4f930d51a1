"""All trajectories that somebody watches, those most at risk of being lost first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, String, cast, func, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import Organisation, SystemRole, User
from engine.access.permissions import Action, Relation, RelationKind, authorize
from engine.families.chain_order import Bounds, ChainFilter, Group, in_order
from engine.families.file.answers import local_day
from engine.families.file.handovers import ENDED
from engine.families.models import Contact, Family, Handover, Mend, Trajectory
from engine.families.rights.discretion import Discreet
from engine.families.rights.visibility import file_relation
from engine.families.rights.watched import one_of, watched, with_several
from engine.families.searching import found_in_chain
from engine.runtime.models import Incident, UserTask

STANDS_OUT = timedelta(days=14)
"""How long it stands out that somebody acted against the drawn course of something about safety."""


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


@dataclass(frozen=True, slots=True)
class ChainPage:
    """Some of the trajectories that somebody watches, those most at risk first.

    Attributes:
        rows: each with its risk.
        groups: all that are watched, counted.
        total: how many fit what was asked.
        number: which page it is, from 1; the last one where a later one was asked for.
        organisations: the names of those that run what is watched.
        several: of the families on the page, who has more than one open trajectory.
    """

    rows: Sequence[tuple[str, ChainRow]]
    groups: Sequence[Group]
    total: int
    number: int
    organisations: Mapping[UUID, str]
    several: frozenset[UUID]


def chain_overview(
    session: Session,
    actor: Actor,
    now: datetime,
    bounds: Bounds,
    wish: ChainFilter | None = None,
    *,
    search: str = "",
    methods: Mapping[str, str] | None = None,
    size: int = 50,
    number: int = 1,
) -> ChainPage:
    """A page of the open trajectories that the actor may know of; one line in the log.

    A coordinator sees those of the chain, a project leader those of the organisation, a worker the
    own ones. A search finds all words in the names of family, worker, organisation and method
    (``methods``, by key).

    Raises:
        AccessDenied: the actor has no role that works with families.
    """
    may_list(session, actor, now)
    whose, asked = watched(session, actor, now), wish or ChainFilter()
    found = found_in_chain(session, whose, search, methods or {}) if search else None
    ranked = in_order(session, whose, now, bounds, asked, found, size=size, number=number)
    last = max(1, -(-ranked.total // size))
    if number > last:
        number = last
        ranked = in_order(session, whose, now, bounds, asked, found, size=size, number=number)
    rows = {
        row.trajectory_id: row for row in rows_of(session, [one for one, _ in ranked.page], now)
    }
    running = {group.organisation_id for group in ranked.groups}
    organisations = session.execute(
        select(Organisation.id, Organisation.name).where(one_of(Organisation.id, running))
    ).tuples()
    return ChainPage(
        [(risk, rows[trajectory_id]) for trajectory_id, risk in ranked.page],
        ranked.groups,
        ranked.total,
        number,
        dict(organisations.all()),
        with_several(session, whose, {row.family_id for row in rows.values()}),
    )


def may_list(session: Session, actor: Actor, now: datetime) -> None:
    """Let the actor see a list of trajectories; one line in the log.

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


def rows_of(session: Session, ids: Collection[UUID], now: datetime) -> list[ChainRow]:
    """How some trajectories stand, in no order; who asks has looked who may know of them."""
    found = session.execute(
        select(
            Trajectory,
            _family_name().label("family_name"),
            Organisation.name.label("organisation"),
            _last_contact(now).label("last_contact_at"),
            _open_handovers().label("open_handovers"),
            _overdue_tasks(now).label("overdue_tasks"),
            _open_incidents().label("open_incidents"),
            _safety_mended(now).label("safety_mended_at"),
            User.id.label("worker_id"),
            User.name.label("worker"),
        )
        .join(Organisation, Organisation.id == Trajectory.organisation_id)
        .outerjoin(User, User.id == Trajectory.worker_id)
        .where(one_of(Trajectory.id, ids))
    )
    return [_row(row, now) for row in found]


def _family_name() -> ScalarSelect[str]:
    return select(Family.name).where(Family.id == Trajectory.family_id).scalar_subquery()


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
