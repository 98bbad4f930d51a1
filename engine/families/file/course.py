"""How far a trajectory has come: its phase, its status, its planned contacts, told and dated."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache
from uuid import UUID

from sqlalchemy import Uuid, bindparam, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from engine.families.errors import CadenceOutOfRange, StatusUnknown, TrajectoryUnknown
from engine.families.file import involvements, support
from engine.families.models import STATUSES, ChronologyNote, Trajectory, TrajectoryChange
from engine.store.adopting import known
from engine.store.base import table_of
from engine.store.round_trips import Rows, Statement, write_later

MOST_CONTACTS_PER_WEEK = 100


def trajectory_of(session: Session, trajectory_id: UUID) -> Trajectory:
    """The trajectory.

    Raises:
        TrajectoryUnknown: there is none.
    """
    trajectory = known(session, Trajectory, trajectory_id)
    if trajectory is None:
        raise TrajectoryUnknown("Dit traject bestaat niet.", trajectory_id=trajectory_id)
    return trajectory


def set_cadence(session: Session, trajectory: Trajectory, per_week: float, at: datetime) -> None:
    """Set the planned contacts a week.

    Raises:
        CadenceOutOfRange: fewer than none, or more than anybody could keep.
    """
    if not 0 <= per_week <= MOST_CONTACTS_PER_WEEK:
        raise CadenceOutOfRange(
            "Dit aantal contacten per week kan niet.",
            f"Geef een getal van 0 tot en met {MOST_CONTACTS_PER_WEEK}.",
            per_week=per_week,
        )
    cadence = Decimal(str(round(per_week, 3)))
    if trajectory.cadence_per_week != cadence:
        _set(session, trajectory, cadence_per_week=cadence)
        _tell(session, trajectory, "cadence", str(cadence), at)


def set_phase(session: Session, trajectory: Trajectory, phase: str, at: datetime) -> None:
    """It entered a phase of its method; the phase it is in is no change."""
    if trajectory.phase != phase:
        _set(session, trajectory, phase=phase, phase_since=at)
        _tell(session, trajectory, "phase", phase, at)


def set_status(
    session: Session, trajectory: Trajectory, status: str, outcome: str | None, at: datetime
) -> None:
    """Its status ``running``, ``aftercare`` or ``closed``, and its outcome.

    Closing ends everybody's involvement: who worked here no longer reads the file.

    Raises:
        StatusUnknown: there is no such status.
    """
    if status not in STATUSES:
        raise StatusUnknown(
            "Deze stand van een traject bestaat niet.",
            f"Gebruik een van: {', '.join(STATUSES)}.",
            status=status,
        )
    changes, closes = trajectory.status != status, status == "closed"
    values: dict[str, object] = {}
    if outcome and outcome != trajectory.outcome:
        values["outcome"] = outcome
    if changes:
        values |= {"status": status, "ended_at": at} if closes else {"status": status}
    if values:
        _set(session, trajectory, **values)
    if changes:
        _tell(session, trajectory, "status", status, at)
    if changes and closes:
        involvements.end_all(session, trajectory.id, at=at)
        support.end_support(session, trajectory.id, at=at)


def note(session: Session, trajectory: Trajectory, text: str, at: datetime) -> None:
    """Put a line without personal content, written in the diagram, into the chronology."""
    place = {"trajectory_id": trajectory.id, "family_id": trajectory.family_id}
    session.add(ChronologyNote(**place, text=text, at=at))


def _tell(session: Session, trajectory: Trajectory, kind: str, value: str, at: datetime) -> None:
    line = {"trajectory_id": trajectory.id, "kind": kind, "value": value, "at": at}
    _CHANGES.write(session, [line])


def _set(session: Session, trajectory: Trajectory, **values: object) -> None:
    """Change columns of a trajectory with the writes that travel together."""
    for name, value in values.items():
        set_committed_value(trajectory, name, value)
    write_later(session, _setting(tuple(sorted(values))), {"of": trajectory.id, **values})


@cache
def _setting(names: tuple[str, ...]) -> Statement:
    table = table_of(Trajectory)
    return Statement(
        update(table)
        .where(table.c.id == bindparam("of", type_=Uuid()))
        .values({name: bindparam(name, type_=table.c[name].type) for name in names})
    )


_CHANGES = Rows(TrajectoryChange)
