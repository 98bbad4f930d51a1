"""What a person may do to a running trajectory, and the line that the chronology gets of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.permissions import Relation, RelationKind
from engine.execution.suspension import since
from engine.families.composition import Workbench
from engine.families.errors import NotCorrectable, ReviewNotFitting, ValueChangedMeanwhile
from engine.families.file.answers import local_day
from engine.families.mending.courses import Course
from engine.families.mending.incidents import KEPT
from engine.families.mending.undoing import facts_of
from engine.families.models import Mend, Trajectory
from engine.feel.values import to_json
from engine.store.settings import Number, number

MOST_DAYS = Number(
    "aside-most-days",
    92,
    "days",
    "How far ahead the day may lie on which somebody looks again at what is put aside.",
)


@dataclass(frozen=True, slots=True)
class Skip:
    """Let the course go on behind a step; ``values`` as if its form had given them."""

    instance_id: UUID
    token_id: UUID
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repeat:
    """Begin a step anew."""

    instance_id: UUID
    token_id: UUID


@dataclass(frozen=True, slots=True)
class Move:
    """Let the course go on at another element of the same part.

    ``also``: what stops besides, where a sub-process is left, as the person saw it; ``None`` to
    look what would come of it.
    """

    instance_id: UUID
    token_id: UUID
    target_id: str
    also: Collection[UUID] | None = frozenset()


@dataclass(frozen=True, slots=True)
class Correct:
    """Correct variables of a part. ``seen`` is what they were when the person looked."""

    instance_id: UUID
    values: Mapping[str, Any]
    seen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suspend:
    """Put it aside until it is taken up again; look at it on the day ``review``.

    Here and below ``root_id`` is the process of what runs beside the trajectory, where that is
    meant and not the trajectory itself.
    """

    review: date
    root_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Postpone:
    """Look again on another day; until then it stays aside."""

    review: date
    root_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Take it up again; deadlines come ``later`` (all, or ``only`` some), or stay as they were."""

    later: bool
    only: Collection[UUID] | None = None
    root_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class End:
    """End it where it stands."""

    root_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """Make an earlier mend undone."""

    mend_id: UUID


Command = Skip | Repeat | Move | Correct | Suspend | Postpone | Resume | End | Undo

KINDS: dict[type[Any], str] = {
    Skip: "skipped",
    Repeat: "repeated",
    Move: "moved",
    Correct: "corrected",
    Suspend: "suspended",
    Postpone: "postponed",
    Resume: "resumed",
    End: "ended",
    Undo: "undone",
}


def require_fitting(session: Session, bench: Workbench, command: Command, now: datetime) -> None:
    """Refuse what no state allows.

    Raises:
        ReviewNotFitting, NotCorrectable, ValueChangedMeanwhile: see ``intervene``.
    """
    if isinstance(command, Suspend | Postpone):
        most = int(number(session, MOST_DAYS, now))
        today = local_day(now)
        if not today < command.review <= today + timedelta(days=most):
            raise ReviewNotFitting(
                "Deze dag past niet.", f"Kies een dag na vandaag, binnen {most} dagen.", most=most
            )
    if isinstance(command, Correct):
        held = bench.store.get(command.instance_id).execution.variables
        for name in command.values:
            if name in KEPT:
                raise NotCorrectable(
                    f"De variabele '{name}' houdt Ketenspoor zelf bij.", "Laat haar staan.",
                    name=name,
                )  # fmt: skip
            if name in command.seen and to_json(held.get(name)) != command.seen[name]:
                raise ValueChangedMeanwhile(
                    f"'{name}' is intussen veranderd.", "Bekijk de nieuwe waarde.", name=name
                )


def told_of(
    bench: Workbench,
    trajectory: Trajectory,
    course: Course,
    command: Command,
    reason: str,
    by_user_id: UUID,
    relation: Relation | None,
    now: datetime,
) -> Mend:
    """The line of the chronology, written from how it stands before."""
    element_id = name = None
    detail: dict[str, Any] = {}
    instance_id = getattr(command, "instance_id", course.root_id)
    execution = bench.store.get(instance_id).execution
    if isinstance(command, Skip | Repeat | Move):
        token = execution.tasks.get(command.token_id)
        if token is not None:
            element_id, name = token.element.id, token.element.name or token.element.id
    match command:
        case Skip(values=values) if values:
            detail = {"values": [[key, None, to_json(value)] for key, value in values.items()]}
        case Move(target_id=target_id):
            there = execution.definition.process.elements.get(target_id)
            detail = {"to": (there.name if there else "") or target_id}
        case Correct(values=values):
            held = execution.variables
            detail = {
                "values": [
                    [key, to_json(held.get(key)), to_json(value)] for key, value in values.items()
                ]
            }
        case Suspend(day) | Postpone(day):
            detail = {"review": day.isoformat()}
        case Resume(later, only):
            detail = {
                "later": "none" if not later else "all" if only is None else "some",
                "since": since(execution).isoformat() if execution.suspended else None,
            }
    if course.names is not None:
        detail["beside"] = dict(course.names)
    if course.urgent:
        detail["safety"] = True
    leads = relation is not None and relation.kind is RelationKind.LEADS
    return Mend(
        trajectory_id=trajectory.id,
        family_id=trajectory.family_id,
        instance_id=instance_id,
        kind=KINDS[type(command)],
        element_id=element_id,
        name=name,
        detail=detail,
        reason=reason,
        by_user_id=by_user_id,
        role="project_leader" if leads else "process_owner",
        at=now,
        facts_before=facts_of(trajectory),
    )


def told_of_undoing(
    undone: Mend, reason: str, by_user_id: UUID, relation: Relation | None, now: datetime
) -> Mend:
    """The line of the chronology of a mend that is undone."""
    leads = relation is not None and relation.kind is RelationKind.LEADS
    kept = {key: undone.detail[key] for key in ("beside", "safety") if key in undone.detail}
    return Mend(
        trajectory_id=undone.trajectory_id,
        family_id=undone.family_id,
        instance_id=undone.instance_id,
        kind="undone",
        element_id=undone.element_id,
        name=undone.name,
        detail={**kept, "of": {**undone.detail, "kind": undone.kind}},
        reason=reason,
        by_user_id=by_user_id,
        role="project_leader" if leads else "process_owner",
        at=now,
    )
