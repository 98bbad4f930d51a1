"""Moving running trajectories to another version, as its pages show it: ids and counts, no names.

A process owner sees where in the diagrams something stands, never whose it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Text, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.definitions.published.models import PackageVersion
from engine.families.models import VersionMoveEvent, VersionMoveItem, VersionMoveJob
from engine.families.moves import bulk_moves, lines
from engine.runtime.models import ProcessInstance
from webui.studio.moving.plan import process_name
from webui.studio.people import person
from webui.words import in_language

PAGE = 10


@dataclass(frozen=True, slots=True)
class Lagging:
    """A version with running trajectories that is not the newest in use."""

    key: str
    name: str
    version: str
    number: int
    newest: int
    running: int
    open_move: UUID | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why trajectories cannot move: the place, what is wrong there, and how many it keeps."""

    process_id: str
    process: str
    element: str
    element_id: str
    reason: str
    number: int


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what with a move."""

    at: datetime
    what: str
    by: str
    number: int | None
    others: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a move is."""

    move: VersionMoveJob
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All trajectories that it is about."""
        return sum(self.counts.values())

    @property
    def busy(self) -> bool:
        """Whether a worker has something to do."""
        return lines.is_busy(self.counts)

    @property
    def settled(self) -> bool:
        """Whether the plan cannot change any more."""
        moved = set(self.counts) - set(bulk_moves.WHERE_THEY_WERE)
        return self.move.closed_at is not None or bool(moved)

    def of(self, *states: str) -> int:
        """How many are in one of the states."""
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def going_on(self) -> tuple[str, int, int] | None:
        """What goes on (``rehearse``, ``move`` or ``back``), how many are done, of how many."""
        if self.of("new"):
            return "rehearse", self.total - self.of("new"), self.total
        if self.of("asked"):
            done = self.of("moved", "stays", "back", "gone", "failed")
            return "move", done, done + self.of("asked")
        if self.of("back-asked"):
            return "back", self.of("back", "stays"), self.of("back", "stays", "back-asked")
        return None


@dataclass(frozen=True, slots=True)
class MovePage(Progress):
    """A move as its page begins."""

    name: str
    before: PackageVersion
    after: PackageVersion
    by: str
    foreseen: Mapping[str, int]
    reasons: Sequence[Reason]
    undoable: int
    undo_until: datetime | None
    items: Sequence[VersionMoveItem]
    shown: str
    page: int
    more: bool
    events: Sequence[Event]


def lagging(session: Session) -> list[Lagging]:
    """The versions with running trajectories that a newer one in use could take over, by name."""
    running = session.execute(
        select(ProcessInstance.package_version, func.count(ProcessInstance.root_id.distinct()))
        .where(ProcessInstance.status == "active")
        .group_by(ProcessInstance.package_version)
    ).all()
    newest = {row.key: row for row in publication.all_latest(session)}
    found = []
    for version, number in running:
        own = session.get(PackageVersion, version)
        latest = newest.get(own.key) if own is not None else None
        if latest is None or own is None or latest.version == version:
            continue
        other, name = bulk_moves.in_the_way(session, own.key), in_language(latest.names, own.key)
        found.append(
            Lagging(
                own.key, name, version, own.number, latest.number, number,
                other.id if other is not None else None,
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: (row.name.casefold(), row.number))


def moves(session: Session, most: int = 30) -> list[tuple[VersionMoveJob, str, int, int]]:
    """The latest moves, those that go on first, with name and both numbers."""
    rows = session.scalars(
        select(VersionMoveJob)
        .order_by(
            VersionMoveJob.closed_at.is_not(None),
            VersionMoveJob.made_at.desc(),
            VersionMoveJob.id.desc(),
        )
        .limit(most)
    )
    return [
        (row, in_language(after.names, row.package_key), before.number, after.number)
        for row in rows
        for before, after in [_versions(session, row)]
    ]


def progress_of(session: Session, move_id: UUID) -> Progress:
    """How far a move is.

    Raises:
        MoveUnknown: there is none.
    """
    return Progress(bulk_moves.move_of(session, move_id), lines.counts(session, move_id))


def move_page(
    session: Session, move_id: UUID, shown: str, page: int, at_place: str = ""
) -> MovePage:
    """A move with a page of its trajectories, of one state or of all.

    ``at_place``, a process and an element of it, wants those that stand there or are kept by it.

    Raises:
        MoveUnknown: there is none.
    """
    move = bulk_moves.move_of(session, move_id)
    before, after = _versions(session, move)
    counts = lines.counts(session, move_id)
    query = select(VersionMoveItem).where(VersionMoveItem.move_id == move_id)
    if shown:
        query = query.where(VersionMoveItem.state == shown)
    if at_place:
        process_id, _, element_id = at_place.rpartition("/")
        there = [{"process_id": process_id, "element_id": element_id}]
        query = query.where(
            VersionMoveItem.stands.contains(there) | VersionMoveItem.obstacles.contains(there)
        )
    found = session.scalars(
        query.order_by(VersionMoveItem.position).offset(page * PAGE).limit(PAGE + 1)
    ).all()
    undoable, until = session.execute(
        select(func.count(), func.max(VersionMoveItem.undo_until)).where(
            VersionMoveItem.move_id == move_id, VersionMoveItem.state.in_(("moved", "stays"))
        )
    ).one()
    return MovePage(
        move=move,
        name=in_language(after.names, move.package_key),
        before=before,
        after=after,
        by=person(session, move.made_by),
        counts=counts,
        foreseen=_foreseen(session, move_id),
        reasons=_reasons(session, move, publication.load_version(session, move.from_version)),
        undoable=undoable,
        undo_until=until,
        items=found[:PAGE],
        shown=shown,
        page=page,
        more=len(found) > PAGE,
        events=_events(session, move_id),
    )


def _versions(session: Session, move: VersionMoveJob) -> tuple[PackageVersion, PackageVersion]:
    return (
        session.get_one(PackageVersion, move.from_version),
        session.get_one(PackageVersion, move.to_version),
    )


def _foreseen(session: Session, move_id: UUID) -> Mapping[str, int]:
    each = func.jsonb_each_text(VersionMoveItem.foreseen).table_valued("key", "value")
    rows = session.execute(
        select(each.c.key, func.sum(cast(each.c.value, Integer)))
        .select_from(VersionMoveItem)
        .join(each, VersionMoveItem.id.is_not(None))
        .where(
            VersionMoveItem.move_id == move_id,
            VersionMoveItem.state.not_in(("cannot", "gone", "new")),
        )
        .group_by(each.c.key)
    )
    return Counter({key: int(number) for key, number in rows})


def _reasons(session: Session, move: VersionMoveJob, before: Package) -> list[Reason]:
    each = func.jsonb_array_elements(VersionMoveItem.obstacles).table_valued("value")
    value = cast(each.c.value, JSONB)
    place = [
        cast(value[name].astext, Text).label(name)
        for name in ("process_id", "element_id", "reason")
    ]
    number = func.count(VersionMoveItem.id.distinct())
    rows = session.execute(
        select(*place, number)
        .select_from(VersionMoveItem)
        .join(each, VersionMoveItem.id.is_not(None))
        .where(VersionMoveItem.move_id == move.id)
        .group_by(*place)
        .order_by(number.desc(), *place)
    )
    found = []
    for process_id, element_id, reason, count in rows:
        process = before.processes.get(process_id)
        element = process.elements.get(element_id) if process else None
        name = element.name if element and element.name else element_id
        found.append(
            Reason(process_id, process_name(before, process_id), name, element_id, reason, count)
        )
    return found


def _events(session: Session, move_id: UUID) -> list[Event]:
    rows = session.scalars(
        select(VersionMoveEvent)
        .where(VersionMoveEvent.move_id == move_id)
        .order_by(VersionMoveEvent.id.desc())
        .limit(50)
    )
    return [
        Event(
            row.at,
            row.what,
            person(session, row.by),
            row.data.get("trajectories"),
            row.data.get("others", 0),
        )
        for row in rows
    ]
