"""The work done by the product in process: every command through ``Casework``, each committed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import select, text

from bench.steps.place import Place
from bench.steps.work import ANSWERS, ENTRY, KEY, ROLE
from engine.families.casework import Casework
from engine.families.models import Involvement
from engine.lasting_memory import settle
from engine.runtime.models import UserTask
from engine.store.unit_of_work import UnitOfWork


@dataclass(slots=True)
class Timings:
    """Milliseconds per command."""

    starts: list[float] = field(default_factory=list)
    completions: list[float] = field(default_factory=list)


def timed(action: Callable[[], object]) -> float:
    """How long one call takes, in milliseconds."""
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1e3


def start(place: Place, casework: Casework, number: int, timings: Timings | None = None) -> UUID:
    """Refer a family; its trajectory."""
    answers = {"gezinsnaam": f"Gezin {number}"}
    made = []

    def refer() -> None:
        made.append(
            casework.refer(place.worker, KEY, ENTRY, answers, submission_id=uuid4()).trajectory_id
        )

    taken = timed(refer)
    if timings is not None:
        timings.starts.append(taken)
    return made[0]


def involve(place: Place, trajectory_id: UUID) -> None:
    """Let the worker be the one who works with the family, as in a real trajectory."""
    with UnitOfWork(place.database) as session:
        session.add(
            Involvement(
                trajectory_id=trajectory_id,
                user_id=place.worker.user_id,
                role=ROLE,
                since=place.clock.now(),
                until=None,
            )
        )


def open_task(place: Place, trajectory_id: UUID) -> UUID | None:
    """The open task of a trajectory; not part of what is measured."""
    with UnitOfWork(place.database) as session:  # as pages read: a rollback forgets statements
        found: UUID | None = session.scalar(
            select(UserTask.id).where(
                UserTask.business_key == str(trajectory_id), UserTask.status == "open"
            )
        )
    return found


def complete(place: Place, casework: Casework, task_id: UUID) -> None:
    """Complete a task with its form, as a page does: with a submission id."""
    casework.complete_task(place.worker, task_id, ANSWERS, submission_id=uuid4())


def run_through(place: Place, casework: Casework, number: int, timings: Timings) -> None:
    """One instance from start to end."""
    trajectory_id = start(place, casework, number, timings)
    involve(place, trajectory_id)
    while (task_id := open_task(place, trajectory_id)) is not None:
        timings.completions.append(timed(lambda task=task_id: complete(place, casework, task)))  # type: ignore[misc]


def finished(place: Place, instances: int, warm_up: int) -> tuple[Timings, float]:
    """Run instances through; how long commands took, and the bytes that each one leaves."""
    casework = Casework(place.database, place.clock)
    for number in range(warm_up):
        run_through(place, casework, number, Timings())
    settle()  # as every process of the product does once it has begun
    before = stored_bytes(place)
    timings = Timings()
    for number in range(instances):
        run_through(place, casework, number, timings)
    return timings, (stored_bytes(place) - before) / instances


def stored_bytes(place: Place) -> int:
    """What tables and indexes take up, dead rows made free first (but files not made smaller)."""
    with place.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM"))
        total = connection.scalar(
            text(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
                "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
        )
    return int(total or 0)
