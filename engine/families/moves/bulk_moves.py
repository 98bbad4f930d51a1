"""Moving running trajectories as a piece of work that people watch: plan, rehearse, move, put back.

Somebody settles a plan; every trajectory is then rehearsed, and moved when somebody says so: one,
ten or all. Workers do it (``bulk_move_desk``), one trajectory in one transaction with its line
here, so that a worker may end at any moment. Whoever pauses stops what has not begun.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session

from engine.definitions.published import publication
from engine.definitions.published.models import PackageVersion
from engine.execution.migration import Plan
from engine.families.errors import MoveNotOpen, MoveOpenAlready, MoveUnknown, VersionNotUsable
from engine.families.models import (
    VersionMoveEvent,
    VersionMoveItem,
    VersionMoveJob,
)
from engine.families.moves.lines import (
    answered_for,
    count,
    counts,
    is_done,
    running_on,
    turn,
)
from engine.families.moves.trajectory_moves import KEY
from engine.families.moves.version_moves import require_fitting
from engine.keys import new_key
from engine.runtime.models import ProcessInstance
from engine.store.settings import Number

UNDO_DAYS = Number(
    "move-undo-days",
    7,
    "days",
    "how long a trajectory that was moved to another version can be put back",
)
WHERE_THEY_WERE = ("new", "can", "cannot", "failed", "back", "gone")
"""States of trajectories that are not moved, and are not about to be."""


def begin(
    session: Session,
    from_version: str,
    to_version: str,
    *,
    reason: str,
    at: datetime,
    by: UUID | None,
    at_once: bool = False,
) -> VersionMoveJob:
    """A new move from one version of a package to another; nothing is looked at yet.

    ``at_once``: what can move is moved without being asked for.

    Raises:
        VersionNotUsable: the versions do not go together, or the new one is retired.
        MoveOpenAlready: another move of this package is not closed; ``where["move_id"]``.
    """
    before, after = (session.get(PackageVersion, one) for one in (from_version, to_version))
    if before is None or after is None or before.key != after.key or before is after:
        raise VersionNotUsable(
            "Deze twee versies zijn niet van hetzelfde pakket, of het is er maar één.",
            "Kies een versie die loopt en een andere waar de trajecten heen gaan.",
        )
    if after.retired_at is not None:
        raise VersionNotUsable(
            f"Versie {after.number} is niet meer in gebruik.", "Kies een versie die in gebruik is."
        )
    # one at a time for each package: two would promise different things of one trajectory
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(before.key, 12))))
    other = open_move(session, before.key)
    if other is not None and is_done(counts(session, other.id)):
        close(session, other.id, at=at, by=by)
    elif other is not None:
        raise MoveOpenAlready(
            "Voor dit pakket is al een verplaatsing bezig.",
            "Maak die eerst af, of sluit haar.",
            move_id=other.id,
        )
    made = VersionMoveJob(
        id=new_key(), package_key=before.key, from_version=from_version, to_version=to_version,
        reason=reason, renamed={}, processes={}, restart=[], made_at=at, made_by=by,
        at_once=at_once,
    )  # fmt: skip
    session.add(made)
    session.flush()
    tell(session, made.id, "made", at, by)
    return made


def open_move(session: Session, package_key: str) -> VersionMoveJob | None:
    """The move of a package that is not closed."""
    return session.scalar(
        select(VersionMoveJob).where(
            VersionMoveJob.package_key == package_key, VersionMoveJob.closed_at.is_(None)
        )
    )


def move_of(session: Session, move_id: UUID, *, locked: bool = False) -> VersionMoveJob:
    """A move.

    Raises:
        MoveUnknown: there is none.
    """
    found = session.get(VersionMoveJob, move_id, with_for_update=locked, populate_existing=locked)
    if found is None:
        raise MoveUnknown("Deze verplaatsing bestaat niet.", "Kies er een uit de lijst.")
    return found


def plan_of_move(move: VersionMoveJob) -> Plan:
    """The plan as it was settled."""
    return Plan(dict(move.renamed), frozenset(map(str, move.restart)), dict(move.processes))


def settle(session: Session, move_id: UUID, plan: Plan, *, at: datetime, by: UUID | None) -> int:
    """Settle the plan and have trajectories of the old version rehearsed; how many.

    Those of the organisations that ``by`` is process owner of, and of their chains: who moves
    something answers for it, as with mends. Without ``by`` all.

    Raises:
        MoveUnknown, MoveNotOpen: it is closed, or trajectories moved by the plan of before.
        PlanNotFitting: the new version has no such element, or it is no timer.
    """
    move = _open(session, move_id)
    if count(session, move_id, outside=WHERE_THEY_WERE):
        raise MoveNotOpen(
            "Er zijn al trajecten overgezet; het plan staat vast.",
            "Sluit deze verplaatsing en begin een nieuwe voor de trajecten die nog niet over zijn.",
        )
    before = publication.load_version(session, move.from_version)
    require_fitting(plan, publication.load_version(session, move.to_version), before)
    session.execute(delete(VersionMoveItem).where(VersionMoveItem.move_id == move_id))
    move.renamed, move.restart = dict(plan.renamed), sorted(plan.restart)
    move.processes = dict(plan.processes)
    move.planned_at, move.paused = at, False
    session.flush()
    keys = (
        select(KEY.label("key"))
        .where(
            ProcessInstance.status == "active",
            ProcessInstance.package_version == move.from_version,
            *answered_for(session, KEY, at, by),
        )
        .distinct()
        .subquery()
    )
    given = select(
        func.gen_random_uuid(), literal(move_id), func.row_number().over(order_by=keys.c.key),
        keys.c.key, literal("new"), literal("[]").cast(VersionMoveItem.obstacles.type),
        literal("{}").cast(VersionMoveItem.foreseen.type),
        literal("[]").cast(VersionMoveItem.stands.type),
    )  # fmt: skip
    columns = ["id", "move_id", "position", "key", "state", "obstacles", "foreseen", "stands"]
    session.execute(insert(VersionMoveItem).from_select(columns, given))
    number = count(session, move_id)
    others = running_on(session, move.from_version) - number
    tell(session, move_id, "planned", at, by, trajectories=number, others=max(others, 0))
    return number


def ask(
    session: Session,
    move_id: UUID,
    *,
    most: int | None = None,
    item_id: UUID | None = None,
    at: datetime,
    by: UUID | None,
) -> int:
    """Have trajectories moved that can: one that is named, or the next ``most``; how many.

    Raises:
        MoveUnknown, MoveNotOpen: it is not there, or it is closed.
    """
    move = _open(session, move_id)
    states = ("can",) if item_id is None else ("can", "failed")
    own = answered_for(session, VersionMoveItem.key, at, by)
    asked = turn(session, move_id, states, "asked", by, most, item_id, own)
    if asked:
        move.paused = False
        tell(session, move_id, "asked", at, by, trajectories=asked)
    return asked


def rehearse_again(session: Session, move_id: UUID, *, at: datetime, by: UUID | None) -> int:
    """Look again at what could not move, failed or went back; how many.

    Raises:
        MoveUnknown, MoveNotOpen: it is not there, or it is closed.
    """
    _open(session, move_id)
    own = answered_for(session, VersionMoveItem.key, at, by)
    again = turn(session, move_id, ("cannot", "failed", "back"), "new", None, None, None, own)
    if again:
        tell(session, move_id, "again", at, by, trajectories=again)
    return again


def pause(session: Session, move_id: UUID, paused: bool, *, at: datetime, by: UUID | None) -> None:
    """Let workers leave it alone, or go on; a trajectory that has begun is finished.

    Raises:
        MoveUnknown: it is not there.
    """
    move = move_of(session, move_id, locked=True)
    if move.paused is not paused:
        move.paused = paused
        tell(session, move_id, "paused" if paused else "resumed", at, by)


def ask_back(
    session: Session,
    move_id: UUID,
    *,
    item_id: UUID | None = None,
    at: datetime,
    by: UUID | None,
) -> int:
    """Have trajectories put back, one or all, while their window lasts; how many.

    What waits to be moved is left where it is, too. It works for a closed move as well.

    Raises:
        MoveUnknown: it is not there.
    """
    move = move_of(session, move_id, locked=True)
    own = answered_for(session, VersionMoveItem.key, at, by)
    if item_id is None:
        turn(session, move_id, ("asked",), "can", None, None, None, own)
    own.append(VersionMoveItem.undo_until >= at)
    back = turn(session, move_id, ("moved", "stays"), "back-asked", by, None, item_id, own)
    if back:
        move.paused = False
        tell(session, move_id, "back", at, by, trajectories=back)
    return back


def close(session: Session, move_id: UUID, *, at: datetime, by: UUID | None) -> None:
    """Move nothing more; what was asked for and has not begun is let go.

    Raises:
        MoveUnknown, MoveNotOpen: it is not there, or it is closed.
    """
    move = _open(session, move_id)
    turn(session, move_id, ("asked",), "can", None, None, None)
    session.execute(
        delete(VersionMoveItem).where(
            VersionMoveItem.move_id == move_id, VersionMoveItem.state == "new"
        )
    )
    move.closed_at = at
    tell(session, move_id, "closed", at, by)


def tell(
    session: Session, move_id: UUID, what: str, at: datetime, by: UUID | None, **data: Any
) -> None:
    """Put down who did what."""
    session.add(VersionMoveEvent(move_id=move_id, at=at, by=by, what=what, data=data))
    session.flush()


def in_the_way(session: Session, package_key: str) -> VersionMoveJob | None:
    """The move of a package that has to end before another can begin."""
    other = open_move(session, package_key)
    return None if other is None or is_done(counts(session, other.id)) else other


def _open(session: Session, move_id: UUID) -> VersionMoveJob:
    move = move_of(session, move_id, locked=True)
    if move.closed_at is not None:
        raise MoveNotOpen("Deze verplaatsing is gesloten.", "Begin een nieuwe.")
    return move
