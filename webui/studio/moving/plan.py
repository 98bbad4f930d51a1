"""The plan of a move to another version, as its page shows it: what has to be decided first.

A process owner sees where in the diagrams something stands, never whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.packages import Package
from engine.definitions.published import correspondence, publication
from engine.families.models import VersionMoveJob
from engine.runtime.models import ProcessInstance, Timer, UserTask


@dataclass(frozen=True, slots=True)
class Choice:
    """What an element may be called in the new version."""

    id: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class GoneRow:
    """An element or process that the new version has not under its id, and what it may be there.

    ``place`` names it in a plan; ``process`` is where an element stands, and empty of a process.
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
    """What has to be decided before trajectories move.

    ``standing`` tells how many trajectories stand at a task, by process and task.
    """

    gone: Sequence[GoneRow]
    timers: Sequence[TimerRow]
    others: Sequence[TimerRow]
    processes: Sequence[GoneRow]
    standing: Mapping[tuple[str, str], int]


def plan_page(session: Session, move: VersionMoveJob) -> PlanPage:
    """What the versions do not have in common, with what was chosen or is suggested."""
    before = publication.load_version(session, move.from_version)
    after = publication.load_version(session, move.to_version)
    standing = _standing(session, move.from_version)
    waiting = _waiting(session, move.from_version)
    lost = correspondence.gone_processes(before, after)
    settled = move.planned_at is not None
    processes = dict(move.processes) if settled else suggested_processes(lost)
    missing = correspondence.gone(before, after, processes)
    renamed = dict(move.renamed) if settled else suggested(missing)
    gone = [
        GoneRow(
            id=one.element.id,
            place=_place(one),
            name=one.element.name or one.element.id,
            process=process_name(before, one.process_id),
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
            process=process_name(after, pair.process_id),
            before=in_words(correspondence.waits(pair.before)) if pair.before else None,
            after=in_words(correspondence.waits(pair.after)),
            changed=pair.changed or pair.before is None,
            running=waiting.get((pair.was_in, pair.before.id), 0) if pair.before else 0,
            restarts=f"{pair.process_id}/{pair.after.id}" in move.restart,
        )
        for pair in correspondence.timers(before, after, renamed, processes)
    ]
    return PlanPage(
        gone=sorted(gone, key=lambda row: -row.standing),
        timers=[row for row in rows if row.changed],
        others=[row for row in rows if not row.changed and row.running],
        processes=[_process_row(session, move, one, processes) for one in lost],
        standing=standing,
    )


def _process_row(
    session: Session,
    move: VersionMoveJob,
    one: correspondence.GoneProcess,
    processes: Mapping[str, str],
) -> GoneRow:
    chosen = processes.get(one.process.id)
    running = session.scalar(
        select(func.count()).where(
            ProcessInstance.package_version == move.from_version,
            ProcessInstance.process_id == one.process.id,
            ProcessInstance.status == "active",
        )
    )
    return GoneRow(
        id=one.process.id,
        place=one.process.id,
        name=one.process.name or one.process.id,
        process="",
        standing=running or 0,
        choices=[Choice(p.id, p.name or p.id, p.id == chosen) for p in one.candidates],
    )


def suggested(missing: Sequence[correspondence.Gone]) -> dict[str, str]:
    """What elements are most probably called in the new version."""
    return {_place(one): one.suggested for one in missing if one.suggested}


def suggested_processes(lost: Sequence[correspondence.GoneProcess]) -> dict[str, str]:
    """What processes are most probably called in the new version."""
    return {one.process.id: one.suggested for one in lost if one.suggested}


def with_suggestions(
    session: Session,
    move: VersionMoveJob,
    renamed: Mapping[str, str],
    processes: Mapping[str, str],
) -> dict[str, str]:
    """What was chosen, and for processes that nobody saw the elements of yet what is likely.

    What was chosen of a process that is to stay where it is means nothing, and is left out.
    """
    before = publication.load_version(session, move.from_version)
    after = publication.load_version(session, move.to_version)
    lost = correspondence.gone_processes(before, after)
    seen = dict(move.processes) if move.planned_at else suggested_processes(lost)
    fresh = {old for old, new in processes.items() if seen.get(old) != new}
    missing = correspondence.gone(before, after, processes)
    likely = suggested([one for one in missing if one.process_id in fresh])
    kept = {
        name: new
        for name, new in renamed.items()
        if (was := name.rpartition("/")[0]) not in fresh
        and processes.get(was, was) in after.processes
    }
    return {**likely, **kept}


def _place(one: correspondence.Gone) -> str:
    """How a plan names the element."""
    return f"{one.process_id}/{one.element.id}"


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


def process_name(package: Package, process_id: str) -> str:
    process = package.processes.get(process_id)
    return process.name or process_id if process else process_id


def _standing(session: Session, version: str) -> dict[tuple[str, str], int]:
    """How many trajectories stand at a task, by process and task."""
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
