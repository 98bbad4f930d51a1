"""The families that somebody may know of, by name, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.access.actors import Actor
from engine.families.chain import ChainRow, may_list, rows_of
from engine.families.models import Family, Trajectory
from engine.families.rights.watched import Watched, watched, with_several
from engine.families.searching import named

Chosen = Select[tuple[UUID]]

_OPEN = aliased(Trajectory)
_NEWER = aliased(Trajectory)


@dataclass(frozen=True, slots=True)
class FamiliesPage:
    """Some of the families.

    Attributes:
        rows: once per open trajectory; the newest closed one of who has none open.
        several: families with more than one open trajectory.
        total: how many rows there are on all pages.
        number: which page it is, from 1; the last one where a later one was asked for.
    """

    rows: Sequence[ChainRow]
    several: frozenset[UUID]
    total: int
    number: int


def families_of(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    search: str,
    methods: Mapping[str, str],
    closed_too: bool,
    size: int,
    number: int,
) -> FamiliesPage:
    """The families by name, those with an open trajectory first; one line in the log.

    A search finds all words in the family's name, the method's (``methods``, by key) or the phase;
    of what it finds there is one page.

    Raises:
        AccessDenied: the actor has no role that works with families.
    """
    may_list(session, actor, now)
    whose = watched(session, actor, now)
    if not whose.organisations and not whose.own:
        return FamiliesPage([], frozenset(), 0, 1)
    fitting = _fitting(search, methods)
    running = _trajectories(whose, *fitting).where(Trajectory.status != "closed")
    ended = _trajectories(whose, *fitting).where(*_last_ones(whose)) if closed_too else None
    if fitting:
        number = 1
        ids, total = _found(session, running, ended, size)
    else:
        ids, total, number = _page(session, whose, running, ended, size, number)
    rows = {row.trajectory_id: row for row in rows_of(session, ids, now)}
    shown = [rows[one] for one in ids]
    return FamiliesPage(
        shown, with_several(session, whose, {row.family_id for row in shown}), total, number
    )


def _trajectories(whose: Watched, *conditions: ColumnElement[bool]) -> Chosen:
    return select(Trajectory.id).where(whose.holds(Trajectory), *conditions)


def _fitting(search: str, methods: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """The conditions of a search: a phase is told as the diagram writes it."""
    beside: Mapping[Any, Sequence[Any]] = {Trajectory.package_key: [*methods.items()]}
    return [
        or_(in_names, Trajectory.phase.icontains(word, autoescape=True))
        for word in search.split()
        for in_names in named(word, beside)
    ]


def _last_ones(whose: Watched) -> list[ColumnElement[bool]]:
    """The conditions that a trajectory is the newest closed one of a family with none open."""
    running = select(_OPEN.id).where(
        _OPEN.family_id == Trajectory.family_id, _OPEN.status != "closed", whose.holds(_OPEN)
    )
    newer = select(_NEWER.id).where(
        _NEWER.family_id == Trajectory.family_id,
        _NEWER.status == "closed",
        whose.holds(_NEWER),
        or_(
            _NEWER.started_at > Trajectory.started_at,
            (_NEWER.started_at == Trajectory.started_at) & (_NEWER.id > Trajectory.id),
        ),
    )
    return [Trajectory.status == "closed", ~running.exists(), ~newer.exists()]


def _found(
    session: Session, running: Chosen, ended: Chosen | None, size: int
) -> tuple[list[UUID], int]:
    """The first of what a search found, and how many: every name is looked at once."""
    ids: list[UUID] = []
    total = 0
    for chosen in (running, ended):
        if chosen is not None:
            asked = _by_name(chosen, few=False).add_columns(func.count().over()).limit(size)
            rows = session.execute(asked).tuples().all()
            ids += [one for one, _ in rows]
            total += rows[0][1] if rows else 0
    return ids[:size], total


def _page(
    session: Session, whose: Watched, running: Chosen, ended: Chosen | None, size: int, number: int
) -> tuple[list[UUID], int, int]:
    """A page of them all, how many there are, and which page it is."""
    many = _count(session, running)
    total = many + (_count(session, ended) if ended is not None else 0)
    number = min(number, max(1, -(-total // size)))
    few = whose.is_few(session)
    skip = (number - 1) * size
    ids = (
        list(session.scalars(_by_name(running, few=few).limit(size).offset(skip)))
        if skip < many
        else []
    )
    if ended is not None and skip + size > many and total > many:
        rest = _by_name(ended, few=few).limit(size - len(ids)).offset(max(0, skip - many))
        ids += session.scalars(rest)
    return ids, total, number


def _by_name(chosen: Chosen, *, few: bool) -> Chosen:
    """By name: of few the names are looked up, else names are gone through in their order."""
    name: Any = Family.plain_name
    if few:
        of_family = Family.id == Trajectory.family_id
        name = select(Family.plain_name).where(of_family).correlate(Trajectory).scalar_subquery()
    else:
        chosen = chosen.join(Family, Family.id == Trajectory.family_id)
    return chosen.order_by(name, Trajectory.family_id, Trajectory.started_at.desc(), Trajectory.id)


def _count(session: Session, chosen: Chosen) -> int:
    return session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
