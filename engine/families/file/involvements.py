"""Who works for a trajectory, in which role, from when until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select, update
from sqlalchemy.orm import Session

from engine.access.actors import holds_at
from engine.access.models import User
from engine.families.models import Involvement, Trajectory
from engine.store.base import UtcDateTime, table_of
from engine.store.round_trips import Statement, write_later


@dataclass(frozen=True, slots=True)
class InvolvedPerson:
    """A user who works, or worked, for a trajectory."""

    user_id: UUID
    name: str = field(repr=False)
    role: str
    beside: bool
    since: datetime
    until: datetime | None


def begin(
    session: Session,
    trajectory: Trajectory,
    role: str,
    user_id: UUID,
    *,
    beside: bool,
    at: datetime,
) -> None:
    """Involve a user in a role; unless ``beside``, who had the role (not beside) leaves it."""
    session.execute(  # one change of a trajectory's people at a time
        select(Trajectory.id).where(Trajectory.id == trajectory.id).with_for_update()
    )
    open_ones = session.scalars(
        select(Involvement).where(
            Involvement.trajectory_id == trajectory.id,
            Involvement.role == role,
            Involvement.until.is_(None),
        )
    ).all()
    own = next((one for one in open_ones if one.user_id == user_id), None)
    if own is not None and own.beside == beside:
        return
    for one in open_ones:
        if one is own or (not beside and not one.beside):
            one.until = max(at, one.since)
    session.flush()
    session.add(
        Involvement(
            trajectory_id=trajectory.id, user_id=user_id, role=role, beside=beside, since=at
        )
    )
    session.flush()


def end_role(session: Session, trajectory_id: UUID, role: str, *, at: datetime) -> None:
    """Nobody works for the trajectory in the role any more."""
    session.execute(
        update(Involvement)
        .where(
            Involvement.trajectory_id == trajectory_id,
            Involvement.role == role,
            Involvement.until.is_(None),
        )
        .values(until=func.greatest(Involvement.since, at))
    )


def end_all(session: Session, trajectory_id: UUID, *, at: datetime) -> None:
    """Nobody works for the trajectory any more."""
    write_later(session, _END_ALL, {"trajectory": trajectory_id, "at": at})


def carry_over(
    session: Session, source_id: UUID, target: Trajectory, roles: Sequence[str], *, at: datetime
) -> None:
    """Who works in the roles for one trajectory, works in them for another one as well."""
    open_ones = session.execute(
        select(Involvement.role, Involvement.user_id, Involvement.beside)
        .join(User, User.id == Involvement.user_id)
        .where(
            Involvement.trajectory_id == source_id,
            Involvement.role.in_(roles),
            Involvement.since <= at,
            Involvement.until.is_(None),
            User.active,
        )
        .order_by(Involvement.beside, Involvement.since, Involvement.id)
    ).all()
    for one in open_ones:
        begin(session, target, one.role, one.user_id, beside=one.beside, at=at)


def families_of_worker(session: Session, user_id: UUID, role: str) -> int:
    """How many families the worker has in the role now; ended trajectories do not count."""
    return session.scalars(
        select(func.count(Trajectory.family_id.distinct()))
        .join(Involvement, Involvement.trajectory_id == Trajectory.id)
        .where(
            Involvement.user_id == user_id,
            Involvement.role == role,
            Involvement.until.is_(None),
            Trajectory.ended_at.is_(None),
        )
    ).one()


def involved(
    session: Session, trajectory_id: UUID, *, at: datetime | None = None
) -> Sequence[InvolvedPerson]:
    """Who works for the trajectory at an instant; without one, everybody who ever did.

    Names of workers, no family data: for the callers inside the engine and for task lists.
    """
    query = (
        select(Involvement, User.name)
        .join(User, User.id == Involvement.user_id)
        .where(Involvement.trajectory_id == trajectory_id)
        .order_by(Involvement.since, Involvement.beside, User.name, Involvement.id)
    )
    if at is not None:
        query = query.where(holds_at(Involvement, at))
    return [
        InvolvedPerson(one.user_id, name, one.role, one.beside, one.since, one.until)
        for one, name in session.execute(query)
    ]


_END_ALL = Statement(
    update(table_of(Involvement))
    .where(
        Involvement.trajectory_id == bindparam("trajectory", type_=Uuid()),
        Involvement.until.is_(None),
    )
    .values(until=func.greatest(Involvement.since, bindparam("at", type_=UtcDateTime())))
)
