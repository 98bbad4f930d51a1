"""What workers do of a move: rehearse trajectories, move them, put them back.

Whoever claims a trajectory locks its line with ``SKIP LOCKED`` and writes what became of it in the
transaction of the move itself. A worker that is killed loses nothing and repeats nothing; another
one goes on with the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import Engine, delete, exists, insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.definitions.published import publication
from engine.definitions.published.live_tables import live_change
from engine.families.composition import moving_runtime
from engine.families.models import VersionMoveItem, VersionMoveJob, VersionMoveKept
from engine.families.models.moves import PENDING
from engine.families.moves.bulk_moves import UNDO_DAYS, plan_of_move
from engine.families.moves.trajectory_moves import (
    Moved,
    Outcome,
    TrajectoryMove,
    is_of,
    now_on,
)
from engine.families.moves.version_moves import outcome_of
from engine.runtime.errors import MovedOn
from engine.runtime.models import ProcessInstance
from engine.runtime.moving import inverse
from engine.runtime.putting_back import Kept
from engine.runtime.rehearsal import Foreseen
from engine.runtime.rereading import Tables
from engine.store.settings import number
from engine.store.unit_of_work import UnitOfWork, in_transaction

log = structlog.get_logger("ketenspoor.moving")

AT_ONCE = 10
"""How many trajectories are rehearsed in one transaction: it writes nothing but their lines."""

_BECAME = {
    Moved.MOVED: "moved",
    Moved.CAN_MOVE: "can",
    Moved.REFUSED: "cannot",
    Moved.FAILED: "failed",
    Moved.THERE_ALREADY: "gone",
    Moved.NOT_FOUND: "gone",
}


class MoveDesk:
    """Works on what is asked for in moves. Safe to share between threads."""

    def __init__(self, database: Engine, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._live: dict[tuple[str, str], Tables] = {}

    def work_on(self) -> bool:
        """Do the next thing; ``False`` when there is nothing to do.

        Raises:
            OperationalError, InterfaceError: the database is away.
        """
        claimed: VersionMoveItem | None = None

        def work(session: Session) -> bool:
            nonlocal claimed
            claimed = None
            items = _claim(session)
            if not items:
                return False
            move = session.get_one(VersionMoveJob, items[0].move_id)
            if items[0].state == "new":
                self._rehearse(session, move, items)
                return True
            claimed = items[0]
            if claimed.state == "asked":
                self._move(session, move, claimed)
            else:
                self._put_back(session, move, claimed)
            return True

        try:
            return in_transaction(self._database, work)
        except (OperationalError, InterfaceError):
            raise  # the database is away: no fault of the trajectory
        except Exception as error:
            if claimed is None:
                raise
            self._broke_off(claimed, error)
            return True

    def tidy(self) -> None:
        """Forget what trajectories were before, when they cannot be put back any more."""
        over = select(VersionMoveItem.id).where(VersionMoveItem.undo_until < self._clock.now())
        with UnitOfWork(self._database) as session:
            session.execute(delete(VersionMoveKept).where(VersionMoveKept.item_id.in_(over)))

    # -- one trajectory ------------------------------------------------------------------------

    def _rehearse(
        self, session: Session, move: VersionMoveJob, items: Sequence[VersionMoveItem]
    ) -> None:
        way = self._way(session, move, None)
        for item in items:
            outcome = way.look(session, item.key)
            _note(item, outcome)
            item.foreseen = dict(_summed(outcome.foreseen))
            if outcome.reread:
                item.foreseen["reread"] = len(outcome.reread)
            item.stands = _stands(outcome.foreseen)
            if move.at_once and item.state == "can":
                item.state, item.asked_by = "asked", move.made_by

    def _move(self, session: Session, move: VersionMoveJob, item: VersionMoveItem) -> None:
        now = self._clock.now()
        outcome = self._way(session, move, item.asked_by).carry_out(session, item.key)
        _note(item, outcome)
        if outcome.ended is not Moved.MOVED:
            return
        item.moved_at = now
        item.undo_until = now + timedelta(days=number(session, UNDO_DAYS, now))
        session.execute(delete(VersionMoveKept).where(VersionMoveKept.item_id == item.id))
        session.execute(
            insert(VersionMoveKept),
            [
                {
                    "item_id": item.id, "instance_id": one.instance_id, "place": place,
                    "version": one.version, "row_version": one.row_version, "state": one.state,
                    "process_id": one.process_id,
                    "renamed": dict(one.renamed), "quiet": one.quiet,
                }
                for place, one in enumerate(outcome.kept)
            ],
        )  # fmt: skip

    def _put_back(self, session: Session, move: VersionMoveJob, item: VersionMoveItem) -> None:
        if _went_elsewhere(session, move, item.key):
            item.state = "stays"
            item.message = "Dit traject is intussen naar nog een andere versie gegaan."
            return
        try:
            runtime = moving_runtime(session, self._clock, item.asked_by)
            runtime.put_back(_kept(session, item.id), {"move": str(move.id)})
            now_on(session, item.key, move.from_version)
            item.exact, ended = True, Moved.MOVED
        except MovedOn:
            plan, note = inverse(plan_of_move(move)), {"move": str(move.id), "back": True}
            way = TrajectoryMove(
                self._clock, move.package_key, move.from_version, plan, item.asked_by, note
            )
            item.exact, ended = False, way.carry_out(session, item.key).ended
        item.state = "back" if ended is Moved.MOVED else "gone"
        item.obstacles, item.message, item.code, item.undo_until = [], None, None, None
        session.execute(delete(VersionMoveKept).where(VersionMoveKept.item_id == item.id))

    def _broke_off(self, item: VersionMoveItem, error: Exception) -> None:
        """Write down why it did not go, if nobody else has taken it up meanwhile."""
        was, outcome = item.state, outcome_of(item.key, error)
        state = _BECAME[outcome.ended] if was == "asked" else "stays"
        with UnitOfWork(self._database) as session:
            session.execute(
                update(VersionMoveItem)
                .where(VersionMoveItem.id == item.id, VersionMoveItem.state == was)
                .values(
                    state=state, code=outcome.code, message=outcome.message,
                    obstacles=list(outcome.obstacles),
                )
            )  # fmt: skip

    def _way(self, session: Session, move: VersionMoveJob, by: UUID | None) -> TrajectoryMove:
        return TrajectoryMove(
            self._clock, move.package_key, move.to_version, plan_of_move(move), by,
            {"move": str(move.id)}, self._tables(session, move),
        )  # fmt: skip

    def _tables(self, session: Session, move: VersionMoveJob) -> Tables | None:
        """The live tables that a move is about; none for any other move."""
        if not move.at_once:
            return None
        key = (move.from_version, move.to_version)
        if key not in self._live:
            before, after = (publication.load_version(session, one) for one in key)
            self._live[key] = Tables(before, after, live_change(before, after).decisions)
        return self._live[key]


def _claim(session: Session) -> Sequence[VersionMoveItem]:
    """The next trajectory that something is asked of, locked; of those to rehearse, some more.

    Of the oldest move of which somebody else does not have all that is left in hand. It finds it
    through an index, however many trajectories wait.
    """
    left = exists().where(
        VersionMoveItem.move_id == VersionMoveJob.id, VersionMoveItem.state.in_(PENDING)
    )
    moves = session.scalars(
        select(VersionMoveJob.id)
        .where(~VersionMoveJob.paused, left)
        .order_by(VersionMoveJob.made_at, VersionMoveJob.id)
    ).all()
    for move_id in moves:
        waiting = (
            select(VersionMoveItem)
            .join(VersionMoveJob, VersionMoveJob.id == VersionMoveItem.move_id)
            .where(
                VersionMoveItem.move_id == move_id,
                VersionMoveItem.state.in_(PENDING),
                ~VersionMoveJob.paused,
            )
            .order_by(VersionMoveItem.position)
            .with_for_update(of=VersionMoveItem, skip_locked=True)
            .execution_options(populate_existing=True)
        )
        first = session.scalar(waiting.limit(1))
        if first is None:
            continue
        if first.state != "new":
            return [first]
        return session.scalars(waiting.where(VersionMoveItem.state == "new").limit(AT_ONCE)).all()
    return []


def _note(item: VersionMoveItem, outcome: Outcome) -> None:
    item.state = _BECAME[outcome.ended]
    item.code, item.message = outcome.code, outcome.message
    item.obstacles = list(outcome.obstacles)


def _summed(foreseen: Sequence[Foreseen]) -> Counter[str]:
    return Counter(f"{one.fate}-{one.kind}" for one in foreseen)


def _stands(foreseen: Sequence[Foreseen]) -> list[dict[str, str]]:
    tasks = [one for one in foreseen if one.kind == "user" and one.was is not None]
    places = {(one.process_id, one.was or ""): one.name for one in tasks}
    return [
        {"process_id": process_id, "element_id": element_id, "name": name}
        for (process_id, element_id), name in places.items()
    ]


def _kept(session: Session, item_id: UUID) -> list[Kept]:
    rows = session.scalars(
        select(VersionMoveKept)
        .where(VersionMoveKept.item_id == item_id)
        .order_by(VersionMoveKept.place)
    )
    found = [
        Kept(
            one.instance_id,
            one.version,
            one.row_version,
            one.state,
            one.renamed,
            one.quiet,
            one.process_id,
        )
        for one in rows
    ]
    if not found:
        raise MovedOn("Van dit traject is niet bewaard hoe het was.")
    return found


def _went_elsewhere(session: Session, move: VersionMoveJob, key: str) -> bool:
    known = (move.from_version, move.to_version)
    found = select(ProcessInstance.id).where(
        is_of(key),
        ProcessInstance.status == "active",
        ProcessInstance.package_key == move.package_key,
        ProcessInstance.package_version.not_in(known),
    )
    return session.scalar(found.limit(1)) is not None
