"""Moving running trajectories to another version, as its pages show it: ids and counts, no names.

A process owner sees where in the diagrams something stands, never whose it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext, ngettext
from sqlalchemy import Integer, Text, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from engine.definitions import correspondence, publication
from engine.definitions.models import PackageVersion
from engine.definitions.packages import Package
from engine.families import bulk_moves
from engine.families.models import VersionMoveEvent, VersionMoveItem, VersionMoveJob
from engine.runtime.models import ProcessInstance, Timer, UserTask
from webui.studio.people import person
from webui.words import in_language

PAGE = 10
Counts = Mapping[tuple[str, str], int]
"""How many trajectories stand at an element, by process and element."""


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
class Choice:
    """What an element may be called in the new version."""

    id: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class GoneRow:
    """An element without a place in the new version, with what it may be there.

    ``place`` names it in a plan.
    """

    id: str
    place: str
    name: str
    process: str
    standing: int
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A timer of the new version; ``before`` is ``None`` for one that is new.

    ``place`` names it in a plan.
    """

    place: str
    name: str
    process: str
    before: str | None
    after: str
    changed: bool
    running: int
    restarts: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What has to be decided before trajectories move."""

    gone: Sequence[GoneRow]
    timers: Sequence[TimerRow]
    others: Sequence[TimerRow]
    processes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why trajectories cannot move: the place, what is wrong there, and how many it keeps."""

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


@dataclass(frozen=True, slots=True)
class MovePage:
    """A move as its page begins."""

    move: VersionMoveJob
    name: str
    before: PackageVersion
    after: PackageVersion
    by: str
    counts: Mapping[str, int]
    busy: bool
    foreseen: Mapping[str, int]
    reasons: Sequence[Reason]
    undoable: int
    undo_until: datetime | None
    items: Sequence[VersionMoveItem]
    shown: str
    page: int
    more: bool
    events: Sequence[Event]

    @property
    def total(self) -> int:
        """All trajectories that it is about."""
        return sum(self.counts.values())

    @property
    def settled(self) -> bool:
        """Whether the plan cannot change any more."""
        moved = set(self.counts) - set(bulk_moves.WHERE_THEY_WERE)
        return self.move.closed_at is not None or bool(moved)

    def of(self, *states: str) -> int:
        """How many are in one of the states."""
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def progress(self) -> tuple[str, int, int] | None:
        """What goes on (``rehearse``, ``move`` or ``back``), how many are done, of how many."""
        if self.of("new"):
            return "rehearse", self.total - self.of("new"), self.total
        if self.of("asked"):
            done = self.of("moved", "stays", "back", "gone", "failed")
            return "move", done, done + self.of("asked")
        if self.of("back-asked"):
            return "back", self.of("back", "stays"), self.of("back", "stays", "back-asked")
        return None


def lagging(session: Session) -> list[Lagging]:
    """The versions with running trajectories that a newer one in use could take over, by name."""
    running = session.execute(
        select(
            ProcessInstance.package_key,
            ProcessInstance.package_version,
            func.count(ProcessInstance.root_id.distinct()),
        )
        .where(ProcessInstance.status == "active")
        .group_by(ProcessInstance.package_key, ProcessInstance.package_version)
    ).all()
    newest = {row.key: row for row in publication.all_latest(session)}
    found = []
    for key, version, number in running:
        latest, own = newest.get(key), session.get(PackageVersion, version)
        if latest is None or own is None or latest.version == version:
            continue
        other = bulk_moves.in_the_way(session, key)
        found.append(
            Lagging(
                key, in_language(latest.names, key), version, own.number, latest.number, number,
                other.id if other is not None else None,
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: (row.name.casefold(), row.number))


def moves(session: Session, most: int = 30) -> list[tuple[VersionMoveJob, str, int, int]]:
    """The latest moves, those that go on first, with name and both numbers."""
    rows = session.scalars(
        select(VersionMoveJob)
        .order_by(VersionMoveJob.closed_at.is_not(None), VersionMoveJob.made_at.desc())
        .limit(most)
    )
    return [
        (row, in_language(after.names, row.package_key), before.number, after.number)
        for row in rows
        for before, after in [_versions(session, row)]
    ]


def plan_page(session: Session, move: VersionMoveJob) -> PlanPage:
    """What the versions do not have in common, with what was chosen or is suggested."""
    before = publication.load_version(session, move.from_version)
    after = publication.load_version(session, move.to_version)
    standing = _standing(session, move.from_version)
    waiting = _waiting(session, move.from_version)
    missing = correspondence.gone(before, after)
    renamed = dict(move.renamed) if move.planned_at else suggested(before, after)
    gone = [
        GoneRow(
            id=one.element.id,
            place=_place(one),
            name=one.element.name or one.element.id,
            process=_process(before, one.process_id),
            standing=(standing | waiting).get((one.process_id, one.element.id), 0),
            choices=[
                Choice(c.id, c.name or c.id, renamed.get(_place(one)) == c.id)
                for c in one.candidates
            ],
        )
        for one in missing
    ]
    rows = [
        TimerRow(
            place=f"{pair.process_id}/{pair.after.id}",
            name=pair.after.name or pair.after.id,
            process=_process(after, pair.process_id),
            before=in_words(correspondence.waits(pair.before)) if pair.before else None,
            after=in_words(correspondence.waits(pair.after)),
            changed=pair.changed or pair.before is None,
            running=waiting.get((pair.process_id, pair.before.id), 0) if pair.before else 0,
            restarts=f"{pair.process_id}/{pair.after.id}" in move.restart,
        )
        for pair in correspondence.timers(before, after, renamed)
    ]
    return PlanPage(
        gone=sorted(gone, key=lambda row: -row.standing),
        timers=[row for row in rows if row.changed],
        others=[row for row in rows if not row.changed and row.running],
        processes=[p.name or p.id for p in correspondence.gone_processes(before, after)],
    )


def suggested(before: Package, after: Package) -> dict[str, str]:
    """What elements are most probably called in the new version."""
    missing = correspondence.gone(before, after)
    return {_place(one): one.suggested for one in missing if one.suggested}


def _place(one: correspondence.Gone) -> str:
    """How a plan names the element."""
    return f"{one.process_id}/{one.element.id}"


def move_page(session: Session, move_id: UUID, shown: str, page: int) -> MovePage:
    """A move with a page of its trajectories, of one state or of all.

    Raises:
        MoveUnknown: there is none.
    """
    move = bulk_moves.move_of(session, move_id)
    before, after = _versions(session, move)
    counts = bulk_moves.counts(session, move_id)
    query = select(VersionMoveItem).where(VersionMoveItem.move_id == move_id)
    if shown:
        query = query.where(VersionMoveItem.state == shown)
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
        busy=bulk_moves.is_busy(counts),
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


def in_words(text: str) -> str:
    """How long a timer waits in words, where it is a plain length of time; else as it is drawn."""
    plain = re.fullmatch(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", text)
    if plain is None or not any(plain.groups()):
        return text
    weeks, days, hours, minutes = (int(part or 0) for part in plain.groups())
    parts = [
        ngettext("%(num)d week", "%(num)d weken", weeks) if weeks else "",
        ngettext("%(num)d dag", "%(num)d dagen", days) if days else "",
        gettext("%(hours)d uur", hours=hours) if hours else "",
        ngettext("%(num)d minuut", "%(num)d minuten", minutes) if minutes else "",
    ]
    return " ".join(part for part in parts if part)


def _versions(session: Session, move: VersionMoveJob) -> tuple[PackageVersion, PackageVersion]:
    return (
        session.get_one(PackageVersion, move.from_version),
        session.get_one(PackageVersion, move.to_version),
    )


def _process(package: Package, process_id: str) -> str:
    process = package.processes.get(process_id)
    return process.name or process_id if process else process_id


def _standing(session: Session, version: str) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(UserTask.process_id, UserTask.element_id, func.count(UserTask.root_id.distinct()))
        .where(UserTask.status == "open", UserTask.package_version == version)
        .group_by(UserTask.process_id, UserTask.element_id)
    )
    return {(process_id, element_id): number for process_id, element_id, number in rows}


def _waiting(session: Session, version: str) -> dict[tuple[str, str], int]:
    """How many trajectories a timer runs for, by process and timer."""
    rows = session.execute(
        select(
            ProcessInstance.process_id,
            Timer.element_id,
            func.count(ProcessInstance.root_id.distinct()),
        )
        .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
        .where(ProcessInstance.package_version == version)
        .group_by(ProcessInstance.process_id, Timer.element_id)
    )
    return {(process_id, element_id): number for process_id, element_id, number in rows}


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
        found.append(Reason(_process(before, process_id), name, element_id, reason, count))
    return found


def _events(session: Session, move_id: UUID) -> list[Event]:
    rows = session.scalars(
        select(VersionMoveEvent)
        .where(VersionMoveEvent.move_id == move_id)
        .order_by(VersionMoveEvent.id.desc())
        .limit(50)
    )
    return [
        Event(row.at, row.what, person(session, row.by), row.data.get("trajectories"))
        for row in rows
    ]
