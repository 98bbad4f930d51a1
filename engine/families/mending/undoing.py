"""Undoing a mend: everything as it was, as long as nothing happened since and nothing left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.orm import Session

from engine.families.composition import Workbench
from engine.families.errors import UndoNotPossible
from engine.families.file.referrals import lock_family
from engine.families.models import (
    Involvement,
    Mend,
    MendKept,
    SupportPeriod,
    Trajectory,
    TrajectoryChange,
)
from engine.runtime.models import AuditEvent, ProcessInstance
from engine.runtime.undoing import Before, Beyond, Memory
from engine.store.settings import Number, number
from engine.store.unit_of_work import UnitOfWork

UNDO_HOURS = Number(
    "mend-undo-hours",
    24,
    "hours",
    "How long something that was done against the drawn course can be undone.",
)
_FACTS = ("phase", "phase_since", "status", "outcome", "ended_at", "suspended_since", "review_at")
_DATED = ("phase_since", "ended_at", "suspended_since", "review_at")
_WHY_NOT = {
    Beyond.SENT: "Er gaat of ging een bericht uit; dat is niet terug te halen.",
    Beyond.CONNECTOR: "Een stap heeft al iets in het dossier of de agenda vastgelegd.",
    Beyond.MESSAGE: "Andere delen of trajecten hebben er al bericht van gekregen.",
}


def facts_of(trajectory: Trajectory) -> dict[str, Any]:
    """What a trajectory's row says, JSON-ready."""
    told = {name: getattr(trajectory, name) for name in _FACTS}
    return {**told, **{name: told[name].isoformat() for name in _DATED if told[name]}}


def last_lines(session: Session, instance_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The id of the last line of the audit of each instance."""
    rows = session.execute(
        select(AuditEvent.instance_id, func.max(AuditEvent.id))
        .where(AuditEvent.instance_id.in_(instance_ids))
        .group_by(AuditEvent.instance_id)
    )
    return dict(rows.tuples().all())


def keep(
    session: Session,
    trajectory: Trajectory,
    mend: Mend,
    memory: Memory,
    lines: dict[UUID, int],
    now: datetime,
) -> None:
    """Keep what a mend touched as it was before."""
    before, after = mend.facts_before or {}, facts_of(trajectory)
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    mend.facts_before = changed
    beyond = sorted(one for one in memory.beyond if one in _WHY_NOT)
    mend.undo_until = now + timedelta(hours=number(session, UNDO_HOURS, now))
    mend.undo_not = str(beyond[0]) if beyond else None
    session.flush()
    if beyond or not memory.before:
        return
    session.execute(
        insert(MendKept),
        [
            {
                "mend_id": mend.id, "instance_id": one.instance_id, "state": one.state,
                "row_version": one.row_version, "last_line": lines.get(one.instance_id, 0),
            }
            for one in memory.before.values()
        ],
    )  # fmt: skip


def cannot_be_taken_back(memory: Memory) -> str | None:
    """Why what a mend did could not be undone afterwards; ``None`` when it could."""
    return next((_WHY_NOT[one] for one in sorted(memory.beyond) if one in _WHY_NOT), None)


def kept_instances(session: Session, mend: Mend) -> Sequence[UUID]:
    """What a mend touched, as far as that is kept."""
    return session.scalars(
        select(MendKept.instance_id)
        .where(MendKept.mend_id == mend.id)
        .order_by(MendKept.instance_id)
    ).all()


def why_not(session: Session, mend: Mend, now: datetime) -> str | None:
    """Why a mend cannot be undone (any more); ``None`` when it can."""
    if mend.kind == "undone":
        return "Dit is zelf het ongedaan maken; grijp opnieuw in als dat nodig is."
    if mend.undone_at is not None:
        return "Dit is al ongedaan gemaakt."
    if mend.undo_until is None or mend.undo_until < now:
        return "Dit is te lang geleden. Grijp opnieuw in als dat nodig is."
    if mend.undo_not is not None:
        return _WHY_NOT.get(Beyond(mend.undo_not), "Hiervan is iets niet terug te halen.")
    went_on = session.scalar(
        select(func.count())
        .select_from(MendKept)
        .join(ProcessInstance, ProcessInstance.id == MendKept.instance_id)
        .where(MendKept.mend_id == mend.id, ProcessInstance.row_version != MendKept.row_version)
    )
    trajectory = session.get_one(Trajectory, mend.trajectory_id)
    told, facts = facts_of(trajectory), mend.facts_before or {}
    if went_on or any(told[name] != after for name, (_, after) in facts.items()):
        return "Sindsdien is er in dit traject iets gebeurd."
    if "status" in facts and _came_again(session, trajectory):
        return "Voor dit gezin is intussen een nieuw traject van deze methode begonnen."
    return None


def undo(session: Session, bench: Workbench, trajectory: Trajectory, mend: Mend) -> None:
    """Everything as it was before a mend.

    Raises:
        UndoNotPossible: it cannot be undone (any more).
        MovedOn: something happened since, just now.
    """
    now = bench.runtime.clock.now()
    if "status" in (mend.facts_before or {}):
        lock_family(session, trajectory.family_id)  # nobody begins another trajectory meanwhile
    reason = why_not(session, mend, now)
    if reason is not None:
        raise UndoNotPossible(reason, "Kijk hoe het er nu bij staat.", mend_id=mend.id)
    rows = session.scalars(
        select(MendKept).where(MendKept.mend_id == mend.id).order_by(MendKept.instance_id)
    ).all()
    before = [Before(one.instance_id, one.row_version, one.state) for one in rows]
    lines = {one.instance_id: one.last_line for one in rows}
    bench.runtime.undo(before, lines)
    _give_back(session, trajectory, mend.facts_before or {}, now)
    mend.undone_at = now
    session.execute(delete(MendKept).where(MendKept.mend_id == mend.id))


def tidy_mends(database: Engine, now: datetime) -> None:
    """Forget what cannot be undone any more."""
    over = select(Mend.id).where(Mend.undo_until < now)
    with UnitOfWork(database) as session:
        session.execute(delete(MendKept).where(MendKept.mend_id.in_(over)))


def _give_back(
    session: Session,
    trajectory: Trajectory,
    facts: dict[str, Any],
    now: datetime,
) -> None:
    """What the mend changed of the trajectory's row; who worked there when it closed does again."""
    session.flush()
    session.refresh(trajectory)
    if "status" in facts and trajectory.status == "closed":
        for model in (Involvement, SupportPeriod):
            session.execute(
                update(model)
                .where(model.trajectory_id == trajectory.id, model.until == trajectory.ended_at)
                .values(until=None)
            )
    for kind in ("phase", "status"):
        was = facts[kind][0] if kind in facts else None
        if was is not None:
            session.add(TrajectoryChange(trajectory_id=trajectory.id, kind=kind, value=was, at=now))
    for name, (value, _) in facts.items():
        dated = name in _DATED and value is not None
        setattr(trajectory, name, datetime.fromisoformat(value) if dated else value)
    session.flush()


def _came_again(session: Session, closed: Trajectory) -> bool:
    other = select(Trajectory.id).where(
        Trajectory.family_id == closed.family_id,
        Trajectory.package_key == closed.package_key,
        Trajectory.id != closed.id,
        Trajectory.status != "closed",
    )
    return closed.status == "closed" and session.scalar(other.limit(1)) is not None
