"""One step of the full Tussen In trajectory after nine months of weekly contact (case A)."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine, func, select

from bench.steps.ours import timed
from bench.steps.place import ROOT, Place, open_again
from engine.access.actors import Actor, actor_of
from engine.clock import VirtualClock
from engine.definitions.neighbours import folders_in
from engine.definitions.packages import load_package
from engine.definitions.published.publication import publish_all
from engine.families.casework import Casework
from engine.families.composition import sweep_runtime
from engine.families.models import Contact, Involvement, Trajectory
from engine.lasting_memory import settle
from engine.runtime.models import AuditEvent, ProcessInstance, Timer, UserTask
from engine.runtime.sweep import Sweep
from engine.simulation.demonstration import Demonstration, people
from engine.simulation.demonstration.families import FamilyPlan
from engine.simulation.demonstration.filling import play_family
from engine.simulation.scenario import Scenario, Step
from engine.simulation.tryout import scenarios_of
from engine.simulation.wording import read_duration
from engine.store.database import close_engine
from engine.store.unit_of_work import UnitOfWork

PACKAGE: Path = ROOT / "processes" / "tussen-in"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NINE_MONTHS = timedelta(days=270)
CONTACT_TASK = "contactmoment"
_NOTE = {
    "soort": "telefoon",
    "samenvatting": "Gebeld over hoe de week ging en wat er nu als eerste moet.",
    "actie": "Samen de post gelezen.",
}


@dataclass(slots=True)
class Steps:
    """Milliseconds of steps of one trajectory, each of which moves its processes on.

    Attributes:
        tasks: the contact task completed, with its form.
        notes: a contact note sent in outside a task, which reaches who waits for a contact.
        timers: a timer of the ladder fired after a silence: a task for another, a mail.
        described: what stands there.
    """

    tasks: list[float] = field(default_factory=list)
    notes: list[float] = field(default_factory=list)
    timers: list[float] = field(default_factory=list)
    described: str = ""


def steps_of_a_process(place: Place, rounds: int) -> Steps:
    """The same in a process of its own, whose memory has settled, as the product's does."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as processes:
        return processes.submit(_steps_at, place.url, rounds).result()


def _steps_at(url: str, rounds: int) -> Steps:
    engine = open_again(url)
    try:
        return steps(engine, rounds)
    finally:
        close_engine(engine)


def steps(engine: Engine, rounds: int) -> Steps:
    """Take turns: a contact by its task, one by a note, and the timers in between."""
    trajectory_id = _play(engine)
    settle()
    clock = VirtualClock(NOW)
    casework = Casework(engine, clock)
    actor = _trusted(engine, trajectory_id)
    sweep = Sweep(engine, clock, lambda session: sweep_runtime(session, clock))
    found = Steps()
    for turn in range(2 * rounds):
        clock.advance_to(clock.now() + timedelta(days=3))
        due = _due(engine, clock.now())
        fired = [timed(partial(sweep.run_once, 1)) for _ in range(due)]
        while sweep.run_once():  # brings the next contact, as the rhythm has it
            pass
        answers = {**_NOTE, "datum": clock.now().isoformat()}
        task_id = _contact_task(engine, trajectory_id)
        if turn % 2 and task_id is not None:
            complete = partial(casework.complete_task, actor, task_id, answers)
            found.tasks.append(timed(partial(complete, submission_id=uuid4())))
        else:
            note = partial(casework.note_contact, actor, trajectory_id, answers)
            found.notes.append(timed(partial(note, submission_id=uuid4())))
        found.timers += fired if turn else []
    found.described = _described(engine, trajectory_id)
    return replace(found, tasks=found.tasks[1:], notes=found.notes[1:])


def _trusted(engine: Engine, trajectory_id: UUID) -> Actor:
    with UnitOfWork(engine) as session:
        trusted = session.scalars(
            select(Involvement.user_id).where(
                Involvement.trajectory_id == trajectory_id,
                Involvement.role == "vertrouwenspersoon",
                Involvement.until.is_(None),
            )
        ).one()
        return actor_of(session, trusted, NOW)


def _due(engine: Engine, now: datetime) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).where(Timer.next_try_at <= now)) or 0


def _contact_task(engine: Engine, trajectory_id: UUID) -> UUID | None:
    with engine.connect() as connection:
        found: UUID | None = connection.scalar(
            select(UserTask.id).where(
                UserTask.business_key == str(trajectory_id),
                UserTask.element_id == CONTACT_TASK,
                UserTask.status == "open",
            )
        )
    return found


def _play(engine: Engine) -> UUID:
    demonstration = Demonstration(engine, NOW, PACKAGE.parent)
    package = load_package(PACKAGE)
    plan = FamilyPlan(
        index=0,
        package="tussen-in",
        scenario="casus-a",
        age=NINE_MONTHS,
        silent=None,
        surname="Amrani",
        mother="Naima",
        father="Karim",
        children=("Sara", "Adam", "Noor"),
        language="Darija",
    )
    scenario = _kept_in_phase_two(
        next(s for s in scenarios_of(package) if s.file.endswith("/casus-a.yaml"))
    )
    since = NOW - timedelta(days=800)
    with UnitOfWork(engine) as session:
        people.settle(session, demonstration.region, since)
        publish_all(session, [load_package(f) for f in folders_in(PACKAGE.parent)], at=since)
        play_family(session, package, scenario, plan, NOW)
        started = select(Trajectory.id).where(Trajectory.package_key == package.key)
        return session.scalars(started).one()


def _kept_in_phase_two(scenario: Scenario) -> Scenario:
    """The scenario up to its second phase, after which the rhythm of contacts just goes on."""
    reached = next(
        place
        for place, step in enumerate(scenario.steps)
        if step.kind == "wacht_op" and step.value == {"fase": "2"}
    )
    waiting = Step(len(scenario.steps), "wacht", read_duration("99 weken"))
    return replace(scenario, steps=(*scenario.steps[: reached + 1], waiting))


def _described(engine: Engine, trajectory_id: UUID) -> str:
    key = str(trajectory_id)
    with engine.connect() as connection:
        contacts, instances, lines, tasks = (
            connection.scalar(query)
            for query in (
                select(func.count()).where(Contact.trajectory_id == trajectory_id),
                select(func.count()).where(
                    ProcessInstance.business_key == key, ProcessInstance.status == "active"
                ),
                select(func.count())
                .select_from(AuditEvent)
                .join(ProcessInstance, ProcessInstance.id == AuditEvent.instance_id)
                .where(ProcessInstance.business_key == key),
                select(func.count()).where(UserTask.business_key == key),
            )
        )
    return f"{contacts} contacts, {instances} active instances, {lines} audit lines, {tasks} tasks"
