"""One step of the full Tussen In trajectory after nine months of weekly contact (case A)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine, func, select

from bench.steps.ours import timed
from bench.steps.place import ROOT
from engine.access.actors import actor_of
from engine.clock import VirtualClock
from engine.definitions.neighbours import folders_in
from engine.definitions.packages import load_package
from engine.definitions.published.publication import publish_all
from engine.families.casework import Casework
from engine.families.composition import sweep_runtime
from engine.families.models import Contact, Involvement, Trajectory
from engine.runtime.models import AuditEvent, ProcessInstance, UserTask
from engine.runtime.sweep import Sweep
from engine.simulation.demonstration import Demonstration, people
from engine.simulation.demonstration.families import FamilyPlan
from engine.simulation.demonstration.filling import play_family
from engine.simulation.scenario import Scenario, Step
from engine.simulation.tryout import scenarios_of
from engine.simulation.wording import read_duration
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


def steps(engine: Engine, rounds: int) -> tuple[list[float], str]:
    """Milliseconds of contact notes, each of which moves the process on; and what stands there."""
    trajectory_id = _play(engine)
    clock = VirtualClock(NOW)
    casework = Casework(engine, clock)
    with UnitOfWork(engine) as session:
        trusted = session.scalars(
            select(Involvement.user_id).where(
                Involvement.trajectory_id == trajectory_id,
                Involvement.role == "vertrouwenspersoon",
                Involvement.until.is_(None),
            )
        ).one()
        actor = actor_of(session, trusted, NOW)
    taken = []
    sweep = Sweep(engine, clock, lambda session: sweep_runtime(session, clock))
    for _ in range(rounds):
        clock.advance_to(clock.now() + timedelta(days=3))
        while sweep.run_once():  # brings the next contact, as the rhythm has it
            pass
        answers = {**_NOTE, "datum": clock.now().isoformat()}
        taken.append(
            timed(
                lambda given=answers: casework.note_contact(  # type: ignore[misc]
                    actor, trajectory_id, given, submission_id=uuid4()
                )
            )
        )
    return taken[1:], _described(engine, trajectory_id)


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
