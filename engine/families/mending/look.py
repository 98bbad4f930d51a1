"""What somebody looks at before mending a trajectory: its parts, where they stand, their values.

No family data: steps, deadlines and process variables. Who leads the trajectory and its process
owner see the same; the screen adds the family's name for the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action, Relation, RelationKind
from engine.definitions.model import Element
from engine.execution import overrides
from engine.execution.destinations import Way, way_to
from engine.execution.errors import NotWaiting
from engine.execution.standing import Standing, standing
from engine.execution.suspension import Later, put_off_to, review_at, since, stood_still
from engine.execution.tokens import Token
from engine.families.mending.courses import Course, courses, why_not
from engine.families.mending.earlier import Earlier, earlier
from engine.families.models import Trajectory
from engine.families.rights.permission import permit
from engine.families.rights.process_owners import mending_relation
from engine.runtime.models import ProcessInstance
from engine.runtime.reading import instances_by_id
from engine.runtime.store import Instance


@dataclass(frozen=True, slots=True)
class Place:
    """A step where a part stands. ``no_…``: why it cannot be skipped, repeated, moved, if it can't.

    Attributes:
        kind: as ``Standing``; of what is put aside the kind that it will be again.
        within: the sub-process that it stands in, if any.
        part: the instance that a call waits for.
    """

    instance_id: UUID
    token_id: UUID
    element_id: str
    name: str
    element_kind: str
    kind: str
    within: str
    due_at: datetime | None
    part: UUID | None
    no_skip: str | None
    no_repeat: str | None
    no_move: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A running process of a trajectory: the trajectory itself, a phase."""

    instance_id: UUID
    package_version: str
    process_id: str
    depth: int
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Running:
    """A course as it runs. ``no_…``: why it cannot be put aside, or ended, if it can't.

    Attributes:
        no_leaving: why its steps cannot be skipped or moved.
    """

    course: Course
    parts: Sequence[Part]
    suspended_since: datetime | None
    review_at: datetime | None
    no_aside: str | None
    no_end: str | None
    no_leaving: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """A trajectory as it runs, and what runs beside it; without courses all is over.

    ``leads``: the reader leads it and may know of which family it is.
    """

    trajectory: Trajectory
    leads: bool
    running: Sequence[Running]
    earlier: Sequence[Earlier]

    def course_with(self, part: UUID | None) -> Running | None:
        """The course that has a part or is begun by it; without one the trajectory's own."""
        for one in self.running:
            own = one.course.names is None
            if own if part is None else any(p.instance_id == part for p in one.parts):
                return one
        return None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline of a trajectory that is put aside: as it is, and as it would be put off."""

    token_id: UUID
    package_version: str
    process_id: str
    element_id: str
    kind: str
    due: datetime
    later: datetime


def look(session: Session, actor: Actor, trajectory_id: UUID, now: datetime) -> Look:
    """The trajectory with its running parts; leaves one log line.

    Raises:
        AccessDenied: the actor neither leads it nor owns its process.
    """
    trajectory, relation = _permitted(session, actor, trajectory_id, now)
    leads = relation is not None and relation.kind is RelationKind.LEADS
    running = [_running(session, one, relation, now) for one in courses(session, trajectory_id)]
    return Look(trajectory, leads, running, earlier(session, trajectory_id, now, leads=leads))


def _running(session: Session, course: Course, relation: Relation | None, now: datetime) -> Running:
    tree = _tree(session, course.root_id, now)
    root = tree[0][0].execution
    aside = root.suspended
    return Running(
        course,
        [_part(*one) for one in tree],
        since(root) if aside else None,
        review_at(root) if aside else None,
        why_not(course, relation, "suspended"),
        why_not(course, relation, "ended"),
        why_not(course, relation, "skipped"),
    )


def targets_of(session: Session, place: Place, now: datetime) -> list[Element]:
    """Where the course may go on instead; for who was let in by ``look``.

    Raises:
        NotWaiting: the trajectory does not stand there any more.
    """
    return overrides.targets(_token(session, place, now))


def _token(session: Session, place: Place, now: datetime) -> Token:
    instance = instances_by_id(session, [place.instance_id], now).get(place.instance_id)
    token = instance.execution.tasks.get(place.token_id) if instance else None
    if token is None:
        raise NotWaiting("Hier staat het traject niet meer.", "Kijk hoe het er nu bij staat.")
    return token


def variables_of(session: Session, part: Part, now: datetime) -> Mapping[str, Any]:
    """The variables of a part, in FEEL's values; for who was let in by ``look``."""
    found = instances_by_id(session, [part.instance_id], now).get(part.instance_id)
    return {} if found is None else found.execution.variables


def way_of(session: Session, place: Place, target_id: str, now: datetime) -> Way:
    """How a token would get to a target, with what stops by it; for who was let in by ``look``.

    Raises:
        NotWaiting: the trajectory does not stand there any more.
        MendRefused: it cannot go there.
    """
    return way_to(_token(session, place, now), target_id)


def deadlines_of(session: Session, running: Running, now: datetime) -> tuple[Later, list[Deadline]]:
    """How long a course stood still, and its deadlines, the soonest first."""
    later = stood_still(running.suspended_since or now, now)
    found = [
        Deadline(
            one.token_id,
            instance.package_version,
            instance.process_id,
            one.element_id,
            one.name or "",
            one.due_at,
            put_off_to(instance.execution, one.token_id, later, now),
        )
        for instance, _, _ in _tree(session, running.course.root_id, now)
        for one in standing(instance.execution)
        if one.kind == "suspended" and one.due_at is not None
    ]
    return later, sorted(found, key=lambda one: one.due)


def _permitted(
    session: Session, actor: Actor, trajectory_id: UUID, now: datetime
) -> tuple[Trajectory, Relation | None]:
    relation = mending_relation(session, actor, trajectory_id, now)
    trajectory = permit(
        session, actor, Action.LOOK_TO_MEND, trajectory_id, now=now, relation=relation,
        object_type="mend",
    )  # fmt: skip
    return trajectory, relation


def _tree(
    session: Session, root_id: UUID, now: datetime
) -> list[tuple[Instance, int, Mapping[UUID, UUID]]]:
    """The running instances, each before its children, with its depth and its own children."""
    ids = session.scalars(
        select(ProcessInstance.id)
        .where(ProcessInstance.root_id == root_id, ProcessInstance.status == "active")
        .order_by(ProcessInstance.created_at, ProcessInstance.id)
    ).all()
    found = instances_by_id(session, ids, now)
    ordered: list[tuple[Instance, int, Mapping[UUID, UUID]]] = []

    def visit(instance_id: UUID, depth: int) -> None:
        below = {
            one.parent_token_id: key
            for key, one in ((key, found[key]) for key in ids if key in found)
            if one.parent_id == instance_id and one.parent_token_id is not None
        }
        ordered.append((found[instance_id], depth, below))
        for child_id in below.values():
            visit(child_id, depth + 1)

    visit(root_id, 0)
    return ordered


def _part(instance: Instance, depth: int, children: Mapping[UUID, UUID]) -> Part:
    waits = {one.token_id: one for one in standing(instance.execution)}
    order = {key: at for at, key in enumerate(instance.execution.definition.process.elements)}
    tokens = [
        token
        for token in instance.execution.walk()
        if token.scope is not None and not token.is_subscription
    ]
    tokens.sort(key=lambda token: order.get(token.element.id, len(order)))
    return Part(
        instance.id,
        instance.package_version,
        instance.process_id,
        depth,
        [_place(instance.id, one, waits.get(one.id), children.get(one.id)) for one in tokens],
    )


def _place(instance_id: UUID, token: Token, wait: Standing | None, part: UUID | None) -> Place:
    kind = wait.kind if wait is not None else "scope"
    scope = token.scope
    inside = scope is not None and scope.scope is not None and scope.element.id != token.element.id
    return Place(
        instance_id=instance_id,
        token_id=token.id,
        element_id=token.element.id,
        name=token.element.name,
        element_kind=token.element.kind.value,
        kind=(wait.name or kind) if wait is not None and kind == "suspended" else kind,
        within=(scope.element.name or scope.element.id) if scope is not None and inside else "",
        due_at=wait.due_at if wait is not None else None,
        part=part,
        no_skip=overrides.may_skip(token),
        no_repeat=overrides.may_repeat(token),
        no_move=overrides.may_move(token),
    )
