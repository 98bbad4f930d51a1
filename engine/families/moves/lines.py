"""The lines of a move, one for each trajectory: whose they are, how many, and turned to be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.access.actors import actor_of
from engine.families.models import Trajectory, VersionMoveItem
from engine.families.models.moves import PENDING
from engine.families.moves.trajectory_moves import KEY
from engine.families.rights.process_owners import owned
from engine.runtime.models import ProcessInstance


def running_on(
    session: Session, version: str, at: datetime | None = None, by: UUID | None = None
) -> int:
    """How many trajectories run on a version; with ``by`` those that this person may move."""
    own = [] if at is None else answered_for(session, KEY, at, by)
    query = select(func.count(KEY.distinct())).where(
        ProcessInstance.status == "active", ProcessInstance.package_version == version, *own
    )
    return session.scalar(query) or 0


def answered_for(
    session: Session,
    key: ColumnElement[str] | InstrumentedAttribute[str],
    at: datetime,
    by: UUID | None,
) -> list[ColumnElement[bool]]:
    """The condition that a person is process owner of who runs a trajectory, or of its chain.

    What belongs to no trajectory belongs to nobody's organisation.
    """
    if by is None:
        return []
    of_others = select(Trajectory.id).where(
        cast(Trajectory.id, String) == key, ~owned(actor_of(session, by, at), at)
    )
    return [~of_others.exists()]


def counts(session: Session, move_id: UUID) -> Mapping[str, int]:
    """How many trajectories are in which state."""
    rows = session.execute(
        select(VersionMoveItem.state, func.count())
        .where(VersionMoveItem.move_id == move_id)
        .group_by(VersionMoveItem.state)
    )
    return dict(rows.tuples().all())


def is_busy(found: Mapping[str, int]) -> bool:
    """Whether a worker has something to do with it."""
    return any(found.get(state) for state in PENDING)


def is_done(found: Mapping[str, int]) -> bool:
    """Whether trajectories moved, and nothing more is to be moved or put back."""
    return bool(found.get("moved")) and not (is_busy(found) or found.get("can"))


def count(session: Session, move_id: UUID, *, outside: tuple[str, ...] = ()) -> int:
    """How many lines are in another state than these."""
    query = select(func.count()).where(
        VersionMoveItem.move_id == move_id, VersionMoveItem.state.not_in(outside)
    )
    return session.scalar(query) or 0


def turn(
    session: Session,
    move_id: UUID,
    states: tuple[str, ...],
    into: str,
    by: UUID | None,
    most: int | None,
    item_id: UUID | None,
    among: Sequence[ColumnElement[bool]] = (),
) -> int:
    """Turn items of some states into another one: the first ``most``, one, or all; how many."""
    wanted = [VersionMoveItem.move_id == move_id, VersionMoveItem.state.in_(states), *among]
    if item_id is not None:
        wanted.append(VersionMoveItem.id == item_id)
    chosen = (
        select(VersionMoveItem.id)
        .where(*wanted)
        .order_by(VersionMoveItem.position)
        .limit(most)
        .with_for_update()
    )
    turned = session.execute(
        update(VersionMoveItem)
        .where(VersionMoveItem.id.in_(chosen))
        .values(state=into, asked_by=by)
        .returning(VersionMoveItem.id)
        .execution_options(synchronize_session=False)
    )
    return len(turned.all())
