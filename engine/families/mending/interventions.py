"""Mending a running trajectory: against the drawn course, with a reason, by whoever answers for it.

A project leader, or a process owner who sees no family, skips or repeats a step, lets the course
go on elsewhere, corrects variables, puts it aside and takes it up again, or ends it; of the
trajectory itself or of what runs beside it. What was done and why stands in the chronology; the
audit has who and what, never why. For a while it can be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action, Relation
from engine.clock import BUSINESS_ZONE, Clock
from engine.definitions.published import publication
from engine.execution.errors import NotWaiting
from engine.execution.standing import standing
from engine.execution.suspension import Review
from engine.families.composition import Workbench, workbench
from engine.families.errors import NothingRuns, ReasonMissing, UndoNotPossible
from engine.families.mending import undoing
from engine.families.mending.courses import Course, course_of, main_root, require_allowed
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
    Undo,
    require_fitting,
    told_of,
    told_of_undoing,
)
from engine.families.mending.outcomes import Outcome, outcome_of
from engine.families.models import Mend, Trajectory
from engine.families.rights.permission import permit
from engine.families.rights.process_owners import mending_relation
from engine.store.unit_of_work import in_transaction

MOST_CHARACTERS = 500


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
        MendOfSafety: it is about safety, and not for this person or for nobody.
        ReviewNotFitting: the day to look again is not a later one, or very far off.
        NotCorrectable: a variable is kept by the product itself.
        ValueChangedMeanwhile: somebody or something changed it first.
        NotWaiting: the trajectory does not stand there any more, or lies still (``Suspended``).
        MendRefused: the place is not one for that, or something else would stop (``StopsMore``).
        UndoNotPossible, MovedOn: what is to be undone cannot be (any more).
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
        if isinstance(command, Undo):
            earlier = _earlier(session, trajectory, command)
            undoing.undo(session, bench, trajectory, earlier)
            session.add(told_of_undoing(earlier, text, actor.user_id, relation, now))
            return
        course = _locked(session, bench, trajectory, relation, command, now)
        told = told_of(bench, trajectory, course, command, text, actor.user_id, relation, now)
        session.add(told)
        lines = undoing.last_lines(session, bench.store.active_in_tree(course.root_id))
        memory = bench.runtime.remembering(
            lambda: _do(session, bench, trajectory, course, command, now)
        )
        undoing.keep(session, trajectory, told, memory, lines, now)

    in_transaction(database, work)


def rehearse(
    database: Engine, clock: Clock, actor: Actor, trajectory_id: UUID, command: Command
) -> Outcome:
    """What would come of it: really done, and undone again. Raises as ``intervene``."""

    class Enough(Exception):
        """It was done; what comes of it is known, and it must not be kept."""

        def __init__(self, outcome: Outcome) -> None:
            super().__init__()
            self.outcome = outcome

    def work(session: Session) -> NoReturn:
        now = clock.now()
        relation = mending_relation(session, actor, trajectory_id, now)
        trajectory = permit(
            session, actor, Action.MEND, trajectory_id, now=now, relation=relation,
            object_type="mend", object_id="rehearsal", log_if_allowed=False,
        )  # fmt: skip
        bench = workbench(session, clock, actor, logged=True)
        raise Enough(_rehearsed(session, bench, trajectory, relation, command, now))

    try:
        in_transaction(database, work)
    except Enough as done:
        return done.outcome
    raise AssertionError


def _rehearsed(
    session: Session,
    bench: Workbench,
    trajectory: Trajectory,
    relation: Relation | None,
    command: Command,
    now: datetime,
) -> Outcome:
    work: Callable[[], None]
    if isinstance(command, Undo):
        earlier = _earlier(session, trajectory, command)
        known = undoing.kept_instances(session, earlier)

        def work() -> None:
            undoing.undo(session, bench, trajectory, earlier)
    else:
        course = _locked(session, bench, trajectory, relation, command, now)
        known = bench.store.active_in_tree(course.root_id)

        def work() -> None:
            _do(session, bench, trajectory, course, command, now)

    before = {one: standing(bench.store.get(one).execution) for one in known}
    touched: list[Any] = []
    memory = bench.runtime.remembering(lambda: touched.extend(bench.runtime.rehearse(work)))
    final = None if isinstance(command, Undo) else undoing.cannot_be_taken_back(memory)
    return outcome_of(before, touched, final)


def _locked(
    session: Session,
    bench: Workbench,
    trajectory: Trajectory,
    relation: Relation | None,
    command: Command,
    now: datetime,
) -> Course:
    """The course that a command is about, locked, and the command allowed and fitting.

    Raises:
        NothingRuns: the trajectory is over.
        NotWaiting: the part that it is about does not run (any more).
        MendOfSafety, ReviewNotFitting, NotCorrectable, ValueChangedMeanwhile: see ``intervene``.
    """
    part = getattr(command, "instance_id", None) or getattr(command, "root_id", None)
    course = course_of(session, trajectory.id, part)
    if course is None or bench.store.get(course.root_id).execution.status != "active":
        if main_root(session, trajectory.id) is None:
            raise NothingRuns(
                "Dit traject is al afgelopen.", "Bekijk in het verloop hoe het eindigde."
            )
        raise _gone()
    if part is not None and part not in bench.store.active_in_tree(course.root_id):
        raise _gone()
    require_allowed(course, relation, KINDS[type(command)])
    require_fitting(session, bench, command, now)
    return course


def _gone() -> NotWaiting:
    return NotWaiting("Dit deel loopt niet (meer).", "Kijk hoe het er nu bij staat.")


def _earlier(session: Session, trajectory: Trajectory, command: Undo) -> Mend:
    """The mend that is to be undone; its line is locked.

    Raises:
        UndoNotPossible: there is none.
    """
    found = session.get(Mend, command.mend_id, with_for_update=True)
    if found is None or found.trajectory_id != trajectory.id:
        raise UndoNotPossible("Deze ingreep bestaat niet.", "Kies er een uit de lijst.")
    return found


def _do(
    session: Session,
    bench: Workbench,
    trajectory: Trajectory,
    course: Course,
    command: Command,
    now: datetime,
) -> None:
    mends, root_id = bench.runtime.mends, course.root_id
    own = course.names is None
    match command:
        case Skip(instance_id, token_id, values):
            mends.skip(instance_id, token_id, values)
        case Repeat(instance_id, token_id):
            mends.repeat(instance_id, token_id)
        case Move(instance_id, token_id, target_id, also):
            mends.move(instance_id, token_id, target_id, also)
        case Correct(instance_id, values):
            mends.correct(instance_id, None, values)
        case Suspend(day):
            review = _review(session, trajectory, day)
            mends.suspend(root_id, review)
            if own:
                trajectory.suspended_since, trajectory.review_at = now, review.at
        case Postpone(day):
            review = _review(session, trajectory, day)
            mends.postpone(root_id, review)
            if own:
                trajectory.review_at = review.at
        case Resume(later, only):
            mends.resume(root_id, later=later, only=only)
            if own:
                trajectory.suspended_since = trajectory.review_at = None
        case End():
            if own:
                trajectory.suspended_since = trajectory.review_at = None
            bench.runtime.cancel(root_id)


def _review(session: Session, trajectory: Trajectory, day: date) -> Review:
    """The whole of a local day, for the role of the method that leads it."""
    package = publication.load_version(session, trajectory.package_version)
    leading = [key for key, role in package.roles.items() if role.function == "project_leader"]
    return Review(
        datetime.combine(day, time(), BUSINESS_ZONE).astimezone(UTC),
        datetime.combine(day, time(23, 59, 59), BUSINESS_ZONE).astimezone(UTC),
        next(iter([*leading, *package.roles]), None),
    )
