"""Mending a running trajectory: against the drawn course, with a reason, by whoever answers for it.

A project leader, or a process owner who sees no family, skips or repeats a step, lets the course
go on elsewhere, corrects variables, puts the trajectory aside and takes it up again, or ends it.
What was done and why stands in the chronology; the audit has who and what, never why.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action
from engine.clock import BUSINESS_ZONE, Clock
from engine.definitions.published import publication
from engine.execution.errors import NotWaiting
from engine.execution.standing import Standing, standing
from engine.execution.suspension import Review
from engine.families.composition import Workbench, workbench
from engine.families.errors import (
    NothingRuns,
    ReasonMissing,
)
from engine.families.mending.mends import (
    KINDS,
    Command,
    Correct,
    End,
    Move,
    Postpone,
    Repeat,
    Resume,
    Skip,
    Suspend,
    require_fitting,
    told_of,
)
from engine.families.models import Trajectory
from engine.families.rights.permission import permit
from engine.families.rights.process_owners import mending_relation
from engine.runtime.models import ProcessInstance
from engine.store.unit_of_work import UnitOfWork, in_transaction

MOST_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Change:
    """Something that begins or ends by a mend, in the part that it is in."""

    package_version: str
    process_id: str
    one: Standing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a mend. ``ended``: processes that are over by it."""

    begins: list[Change]
    stops: list[Change]
    ended: list[tuple[str, str]]


def intervene(
    database: Engine,
    clock: Clock,
    actor: Actor,
    trajectory_id: UUID,
    command: Command,
    reason: str,
) -> None:
    """Do it, in one transaction; the reason goes into the chronology only.

    Raises:
        AccessDenied: the actor neither leads the trajectory nor owns its process.
        ReasonMissing: no reason is given, or a very long one.
        NothingRuns: the trajectory is over.
        ReviewNotFitting: the day to look again is not a later one, or very far off.
        NotCorrectable: a variable is kept by the product itself.
        ValueChangedMeanwhile: somebody or something changed it first.
        NotWaiting: the trajectory does not stand there any more, or lies still (``Suspended``).
        MendRefused: the place is not one for that.
        engine.execution.errors.ExecutionError: what is behind a step cannot be chosen yet.
    """

    def work(session: Session) -> None:
        now = clock.now()
        relation = mending_relation(session, actor, trajectory_id, now)
        trajectory = permit(
            session, actor, Action.MEND, trajectory_id, now=now, relation=relation,
            object_type="mend", object_id=KINDS[type(command)],
        )  # fmt: skip
        text = reason.strip()
        if not 0 < len(text) <= MOST_CHARACTERS:
            raise ReasonMissing(
                "Er is geen reden gegeven, of een te lange.",
                f"Schrijf in hooguit {MOST_CHARACTERS} tekens waarom dit nodig is.",
            )
        bench = workbench(session, clock, actor, logged=True)
        root_id = _locked_root(session, bench, trajectory)
        _require_part(bench, root_id, command)
        require_fitting(session, bench, command, now)
        session.add(
            told_of(bench, trajectory, root_id, command, text, actor.user_id, relation, now)
        )
        _do(session, bench, trajectory, root_id, command, now)

    in_transaction(database, work)


def rehearse(
    database: Engine, clock: Clock, actor: Actor, trajectory_id: UUID, command: Command
) -> Outcome:
    """What would come of it: really done, and undone again. Raises as ``intervene``."""

    class Enough(Exception):
        pass

    found: list[Outcome] = []
    try:
        with UnitOfWork(database) as session:
            now = clock.now()
            relation = mending_relation(session, actor, trajectory_id, now)
            trajectory = permit(
                session, actor, Action.MEND, trajectory_id, now=now, relation=relation,
                object_type="mend", object_id="rehearsal", log_if_allowed=False,
            )  # fmt: skip
            bench = workbench(session, clock, actor, logged=True)
            root_id = _locked_root(session, bench, trajectory)
            _require_part(bench, root_id, command)
            require_fitting(session, bench, command, now)
            tree = [bench.store.get(one) for one in bench.store.active_in_tree(root_id)]
            before = {one.id: standing(one.execution) for one in tree}
            touched = bench.runtime.rehearse(
                lambda: _do(session, bench, trajectory, root_id, command, now)
            )
            found.append(_outcome(before, touched))
            raise Enough
    except Enough:
        return found[0]


def _outcome(before: Mapping[UUID, list[Standing]], touched: Collection[Any]) -> Outcome:
    begins: list[Change] = []
    stops: list[Change] = []
    ended: list[tuple[str, str]] = []
    for instance in touched:
        place = instance.package_version, instance.process_id
        was = {one.token_id: one for one in before.get(instance.id, [])}
        now = {one.token_id: one for one in standing(instance.execution)}
        begins += [Change(*place, one) for key, one in now.items() if _other(was.get(key), one)]
        stops += [Change(*place, one) for key, one in was.items() if key not in now]
        if instance.execution.status != "active":
            ended.append(place)
    return Outcome(begins, stops, ended)


def _other(before: Standing | None, after: Standing) -> bool:
    return before is None or (before.kind, before.due_at) != (after.kind, after.due_at)


def main_root(session: Session, trajectory_id: UUID) -> UUID | None:
    """The running process at the head of a trajectory; what runs beside it is left alone."""
    return session.scalar(
        select(ProcessInstance.id).where(
            ProcessInstance.business_key == str(trajectory_id),
            ProcessInstance.is_main,
            ProcessInstance.parent_id.is_(None),
            ProcessInstance.status == "active",
        )
    )


def _locked_root(session: Session, bench: Workbench, trajectory: Trajectory) -> UUID:
    root_id = main_root(session, trajectory.id)
    if root_id is None or bench.store.get(root_id).execution.status != "active":
        raise NothingRuns("Dit traject is al afgelopen.", "Bekijk in het verloop hoe het eindigde.")
    return root_id


def _do(
    session: Session,
    bench: Workbench,
    trajectory: Trajectory,
    root_id: UUID,
    command: Command,
    now: datetime,
) -> None:
    mends = bench.runtime.mends
    match command:
        case Skip(instance_id, token_id, values):
            mends.skip(instance_id, token_id, values)
        case Repeat(instance_id, token_id):
            mends.repeat(instance_id, token_id)
        case Move(instance_id, token_id, target_id):
            mends.move(instance_id, token_id, target_id)
        case Correct(instance_id, values):
            mends.correct(instance_id, None, values)
        case Suspend(day):
            review = _review(session, trajectory, day)
            mends.suspend(root_id, review)
            trajectory.suspended_since, trajectory.review_at = now, review.at
        case Postpone(day):
            review = _review(session, trajectory, day)
            mends.postpone(root_id, review)
            trajectory.review_at = review.at
        case Resume(later, only):
            mends.resume(root_id, later=later, only=only)
            trajectory.suspended_since = trajectory.review_at = None
        case End():
            trajectory.suspended_since = trajectory.review_at = None
            bench.runtime.cancel(root_id)


def _require_part(bench: Workbench, root_id: UUID, command: Command) -> None:
    """Make sure that it is about a part of the trajectory itself; the tree is locked.

    Raises:
        NotWaiting: it is not (any more).
    """
    part = getattr(command, "instance_id", root_id)
    if part not in bench.store.active_in_tree(root_id):
        raise NotWaiting("Dit deel loopt niet (meer).", "Kijk hoe het er nu bij staat.")


def _review(session: Session, trajectory: Trajectory, day: date) -> Review:
    """The whole of a local day, for the role of the method that leads it."""
    package = publication.load_version(session, trajectory.package_version)
    leading = [key for key, role in package.roles.items() if role.function == "project_leader"]
    return Review(
        datetime.combine(day, time(), BUSINESS_ZONE).astimezone(UTC),
        datetime.combine(day, time(23, 59, 59), BUSINESS_ZONE).astimezone(UTC),
        next(iter([*leading, *package.roles]), None),
    )
