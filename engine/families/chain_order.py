"""The order of concern of all that somebody watches, made by the database: the page, and counts.

It orders a list for a person to read; it decides nothing. Of each trajectory little is read, from
an index: when the family was last met and who works for it stand with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Date,
    Double,
    Integer,
    Select,
    String,
    Subquery,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from engine.clock import BUSINESS_ZONE
from engine.families.file.answers import local_day
from engine.families.models import Contact, Trajectory
from engine.families.rights.watched import Watched
from engine.runtime.models import Incident, UserTask

RISKS = ("high", "raised", "calm")
"""How great the risk is that a family is lost, the greatest first."""
HIGH, RAISED, CALM = range(3)


@dataclass(frozen=True, slots=True)
class Bounds:
    """From how many planned intervals without contact a trajectory is late, and far too late."""

    late: float
    far_too_late: float


@dataclass(frozen=True, slots=True)
class ChainFilter:
    """What to show; nothing given shows every trajectory that is not closed.

    Attributes:
        risk: one of ``RISKS``.
    """

    package_key: str | None = None
    organisation_id: UUID | None = None
    phase: str | None = None
    risk: str | None = None

    def holds(self, group: Group) -> bool:
        """Whether a group fits."""
        return (
            self.package_key in (None, group.package_key)
            and self.organisation_id in (None, group.organisation_id)
            and self.phase in (None, group.phase)
            and self.risk in (None, group.risk)
        )


@dataclass(frozen=True, slots=True)
class Group:
    """How many trajectories of an organisation, method and phase are at this risk."""

    organisation_id: UUID
    package_key: str
    phase: str | None
    risk: str
    number: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page of ids with their risk, the greatest first; all that is watched, counted."""

    page: Sequence[tuple[UUID, str]]
    groups: Sequence[Group]
    total: int


def in_order(
    session: Session,
    whose: Watched,
    now: datetime,
    bounds: Bounds,
    wish: ChainFilter,
    found: Select[tuple[UUID]] | None,
    *,
    size: int,
    number: int,
) -> Ranked:
    """A page of the open trajectories that somebody watches, by risk; of those that were found.

    Within a risk: stuck ones, then those with overdue tasks, then by overdue contact and tasks.
    Beyond the last page nothing is on it.
    """
    if not whose.organisations and not whose.own:
        return Ranked([], [], 0)
    judged = _judged(whose, now, bounds, few=whose.is_few(session))
    stuck, late = judged.c.stuck > 0, judged.c.overdue > 0
    concern = judged.c.ratio + judged.c.overdue
    order = (judged.c.degree, stuck.desc(), late.desc(), concern.desc(), judged.c.id)
    total = literal(0) if found is None else cast(func.count().over(), Integer)
    page = (
        select(
            judged.c.id,
            judged.c.degree,
            total.label("number"),
            stuck.label("stuck"),
            late.label("late"),
            concern.label("concern"),
            *(cast(null(), of.type).label(name) for name, of in _grouped(judged).items()),
        )
        .where(*_conditions(judged, wish), *([] if found is None else [judged.c.id.in_(found)]))
        .order_by(*order)
        .limit(size)
        .offset((number - 1) * size)
        .subquery("page")
    )
    groups = select(
        cast(null(), Uuid).label("id"),
        judged.c.degree,
        cast(func.count(), Integer),
        cast(null(), Boolean),
        cast(null(), Boolean),
        cast(null(), Double),
        *_grouped(judged).values(),
    ).group_by(judged.c.degree, *_grouped(judged).values())
    rows = session.execute(union_all(page.select(), groups)).all()
    shown = sorted((row for row in rows if row.id is not None), key=_place)
    counted = [
        Group(row.organisation_id, row.package_key, row.phase, RISKS[row.degree], row.number)
        for row in rows
        if row.id is None
    ]
    fitting = (
        sum(one.number for one in counted if wish.holds(one))
        if found is None
        else (shown[0].number if shown else 0)
    )
    return Ranked([(row.id, RISKS[row.degree]) for row in shown], counted, fitting)


def _place(row: Any) -> tuple[Any, ...]:
    """The place of a row of the page: the same order as the database took them in."""
    return (row.degree, not row.stuck, not row.late, -row.concern, row.id)


def _grouped(judged: CTE) -> dict[str, ColumnElement[Any]]:
    return {name: judged.c[name] for name in ("organisation_id", "package_key", "phase")}


def _conditions(judged: CTE, wish: ChainFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for name, column in _grouped(judged).items():
        if (value := getattr(wish, name)) is not None:
            conditions.append(column == value)
    if wish.risk is not None:
        conditions.append(judged.c.degree == RISKS.index(wish.risk))
    return conditions


def _judged(whose: Watched, now: datetime, bounds: Bounds, *, few: bool) -> CTE:
    """Every watched one with its risk; made once, for the page and for the counts."""
    run = _watched(whose)
    keys = select(cast(run.c.id, String)) if few else None
    late = _numbers(UserTask, keys, UserTask.status == "open", UserTask.due_at < now)
    stuck = _numbers(Incident, keys, Incident.resolved_at.is_(None))
    stands = (
        select(
            *(run.c[name] for name in ("id", "organisation_id", "package_key", "phase")),
            run.c.worker_id.is_(None).label("nobody"),
            func.coalesce(late.c.number, 0).label("overdue"),
            func.coalesce(stuck.c.number, 0).label("stuck"),
            _ratio(run, now).label("ratio"),
        )
        .select_from(run)
        .outerjoin(late, late.c.id == run.c.id)
        .outerjoin(stuck, stuck.c.id == run.c.id)
        .offset(0)  # keeps PostgreSQL from working the ratio out wherever it is named
        .subquery("stands")
    ).c
    contact_late = stands.ratio > bounds.late
    far_too_late = stands.ratio >= bounds.far_too_late
    overdue = stands.overdue > 0
    degree = case(
        (or_(stands.stuck > 0, far_too_late, and_(contact_late, overdue)), HIGH),
        (or_(contact_late, overdue, stands.nobody), RAISED),
        else_=CALM,
    )
    shown = ("id", "organisation_id", "package_key", "phase", "overdue", "stuck", "ratio")
    judged = select(*(stands[name] for name in shown), degree.label("degree"))
    return judged.cte("judged").prefix_with("MATERIALIZED")


def _watched(whose: Watched) -> Subquery:
    """What is read of each watched trajectory: an index holds it for those of an organisation."""
    columns = [getattr(Trajectory, name) for name in _READ]
    wanted = ((whose.organisations, whose.of_organisations), (whose.own, whose.of_own))
    parts = [
        select(*columns).where(Trajectory.status != "closed", condition(Trajectory))
        for ids, condition in wanted
        if ids
    ]
    return union_all(*parts).subquery("run")


def _numbers(
    model: type[UserTask] | type[Incident],
    keys: Select[tuple[str]] | None,
    *conditions: ColumnElement[bool],
) -> Subquery:
    """How many rows each trajectory has; of few trajectories only theirs are read."""
    of = cast(model.business_key, Uuid)
    counted = select(of.label("id"), func.count().label("number")).where(*conditions)
    if keys is not None:
        counted = counted.where(model.business_key.in_(keys))
    return counted.group_by(of).subquery()


def _ratio(run: Subquery, now: datetime) -> ColumnElement[float]:
    """Days since contact over the days between planned contacts; 0 where none is planned."""
    zone = literal(str(BUSINESS_ZONE))

    def day(moment: ColumnElement[Any]) -> ColumnElement[Any]:
        return cast(func.timezone(zone, moment), Date)

    earlier = (  # of a contact that was noted with a moment yet to come
        select(func.max(Contact.at))
        .where(Contact.trajectory_id == run.c.id, ~Contact.no_show, Contact.at <= now)
        .correlate(run)
        .scalar_subquery()
    )
    met = case(
        (run.c.last_contact_at > now, day(func.coalesce(earlier, run.c.started_at))),
        else_=func.coalesce(run.c.last_contact_day, day(run.c.started_at)),
    )
    days = cast(literal(local_day(now), Date) - met, Double)
    planned = and_(run.c.cadence_per_week > 0, run.c.suspended_since.is_(None))
    return case((planned, days * cast(run.c.cadence_per_week, Double) / 7.0), else_=literal(0.0))


_READ = (
    "id", "organisation_id", "package_key", "phase", "started_at", "last_contact_at",
    "last_contact_day", "cadence_per_week", "suspended_since", "worker_id",
)  # fmt: skip
