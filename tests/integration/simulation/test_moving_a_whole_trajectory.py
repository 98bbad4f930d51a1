"""Tussen In in the middle, with all that people did, moves to a version that was drawn anew."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor, actor_of
from engine.access.models import User
from engine.clock import VirtualClock
from engine.definitions.packages import Package
from engine.definitions.published.publication import publish
from engine.execution.migration import Plan
from engine.families.casework import Casework
from engine.families.composition import sweep_runtime
from engine.families.mending.due_times import change_due
from engine.families.models import DocumentDraft, Involvement, Trajectory
from engine.families.moves.trajectory_moves import Moved
from engine.families.moves.version_moves import VersionMove
from engine.families.soundness import examine_database
from engine.runtime.models import Incident, ProcessInstance, Subscription, Timer, UserTask
from engine.runtime.sweep import Sweep
from engine.simulation.demonstration.families import FamilyPlan
from engine.simulation.demonstration.filling import play_family
from engine.simulation.people import fill_in
from engine.simulation.scenario import Scenario
from engine.store.unit_of_work import UnitOfWork
from tests import methods
from tests.rows import rows_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FLOW = '<bpmn:sequenceFlow id="van-motiveer-naar-{to}" sourceRef="motiveer" targetRef="{to}" />'
RENAMED = rb'((?: id|Ref|Element)="|taak: )ambivalentieschema\b'
NEW_TASK = """<bpmn:userTask id="kijk-samen-terug" name="Kijk samen terug">
  <bpmn:documentation>Kijk met de ouders terug op wat er veranderd is.</bpmn:documentation>
  <bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="wondervraag" />
  <zeebe:assignmentDefinition candidateGroups="vertrouwenspersoon" />
  <zeebe:taskSchedule dueDate="P7D" /></bpmn:extensionElements></bpmn:userTask>
<bpmn:sequenceFlow id="naar-terugkijken" sourceRef="motiveer" targetRef="kijk-samen-terug" />"""


def drawn_anew(package: Package) -> Package:
    """Another name for a task, a task put in between, a timer that runs longer."""
    files = dict(package.files)
    for name, raw in package.files.items():
        if name.endswith(("motivatie.bpmn", ".yaml")):
            files[name] = re.sub(RENAMED, rb"\1schema-samen", raw)
    phase = files["fase-2-motiveren.bpmn"].decode()
    to = re.search(r'sourceRef="motiveer" targetRef="([^"]+)" />', phase).group(1)
    old = FLOW.format(to=to)
    assert old in phase
    put_in = NEW_TASK + old.replace('sourceRef="motiveer"', 'sourceRef="kijk-samen-terug"')
    phase = phase.replace(old, put_in)
    leaves = f"<bpmn:outgoing>van-motiveer-naar-{to}<"
    assert leaves in phase
    phase = phase.replace(leaves, "<bpmn:outgoing>naar-terugkijken<")
    assert "=norm.langsteDuur" in phase
    files["fase-2-motiveren.bpmn"] = phase.replace("=norm.langsteDuur", "P400D").encode()
    return Package(files, name="tussen-in")


@pytest.fixture
def database(methods_db: Engine) -> Engine:
    """A family in phase 2, being motivated on several themes at once."""
    package = methods.package("tussen-in")
    plan = FamilyPlan(
        index=0, package="tussen-in", scenario="casus-a", age=66 * DAY, silent=None,
        surname="Testma",
        mother="Naima", father="Karim", children=("Sara", "Adam", "Noor"), language="Darija",
    )  # fmt: skip
    with UnitOfWork(methods_db) as session:
        play_family(session, package, case_a(), plan, NOW)
    return methods_db


def rows(database: Engine, model: type, *where: object) -> list:
    with Session(database) as session:
        return list(session.scalars(rows_of(model).where(*where)))


def open_tasks(database: Engine) -> list[UserTask]:
    return rows(database, UserTask, UserTask.status == "open")


def standing_of(database: Engine) -> dict[str, object]:
    return {
        "tasks": {t.id: (t.assignee_id, t.claimed_at, t.due_at) for t in open_tasks(database)},
        "timers": {
            t.token_id: t.due_at for t in rows(database, Timer) if t.element_id != "langer-dan-norm"
        },
        "subscriptions": {s.token_id: (s.name, s.key) for s in rows(database, Subscription)},
        "drafts": {d.task_id: d.answers for d in rows(database, DocumentDraft)},
        "instances": {
            i.id: (i.status, i.parent_id, i.parent_token_id)
            for i in rows(database, ProcessInstance)
        },
    }


def worker_and_leader(database: Engine, clock: VirtualClock):
    with Session(database) as session:
        ids = {
            role: session.scalar(
                select(Involvement.user_id).where(
                    Involvement.role == role, Involvement.until.is_(None)
                )
            )
            for role in ("vertrouwenspersoon", "projectleider")
        }
        if ids["projectleider"] is None:
            leader = select(User.id).where(User.email == "marjan@debrug.example")
            ids["projectleider"] = session.scalar(leader)
        return [actor_of(session, user_id, clock.now()) for user_id in ids.values()]


def test_a_whole_trajectory_in_the_middle_moves_and_goes_on(database: Engine) -> None:
    clock = VirtualClock(NOW)
    worker, leader = worker_and_leader(database, clock)
    casework = Casework(database, clock)
    (trajectory,) = rows(database, Trajectory)
    active = [i for i in rows(database, ProcessInstance) if i.status == "active"]
    assert {"tussen-in-fase-2", "gedeeld-contactritme"} <= {i.process_id for i in active}
    shared = {i.id: i.package_version for i in active if i.package_key != "tussen-in"}
    assert [i.process_id for i in active].count("tussen-in-motivatie") > 1, "several themes at once"
    scheme = next(t for t in open_tasks(database) if t.element_id == "ambivalentieschema")
    casework.claim(worker, scheme.id)
    other = next(t for t in open_tasks(database) if t.id != scheme.id)
    change_due(
        database, clock, leader, trajectory.id, other.id, NOW + 40 * DAY, "Vakantie",
        seen=other.due_at,
    )  # fmt: skip
    with UnitOfWork(database) as session:
        session.add(
            DocumentDraft(
                task_id=scheme.id,
                user_id=worker.user_id,
                trajectory_id=trajectory.id,
                answers={"voordelenNu": "Half af"},
                updated_at=NOW,
            )
        )
        version = publish(session, drawn_anew(methods.package("tussen-in")), at=NOW).version
    before = standing_of(database)

    plan = Plan({"ambivalentieschema": "schema-samen"}, frozenset({"langer-dan-norm"}))
    (done,) = VersionMove(database, clock, "tussen-in", version, plan).carry_out()

    assert (done.ended, done.obstacles) == (Moved.MOVED, ())
    assert standing_of(database) == before
    active = rows(database, ProcessInstance, ProcessInstance.status == "active")
    assert {i.package_version for i in active if i.package_key == "tussen-in"} == {version}
    assert {i.id: i.package_version for i in active if i.package_key != "tussen-in"} == shared
    assert {t.package_version for t in open_tasks(database) if t.package_key == "tussen-in"} == {
        version
    }
    (restarted,) = rows(database, Timer, Timer.element_id == "langer-dan-norm")
    assert restarted.due_at == NOW + 400 * DAY
    assert findings(database) == []

    note = {"soort": "huisbezoek", "datum": "2026-11-20T11:00", "samenvatting": "Goed"}
    casework.note_contact(worker, trajectory.id, {**note, "actie": "Post gelezen"})
    (contact,) = [t for t in open_tasks(database) if t.element_id == "contactmoment"]
    assert contact.id not in before["tasks"]
    work_on(database, clock, worker, until="kijk-samen-terug")
    assert rows(database, Incident) == []
    assert findings(database) == []


def work_on(database: Engine, clock: VirtualClock, worker: Actor, *, until: str) -> None:
    """Let weeks pass and answer what the scenario has standing answers for."""
    lasting = (habit for habit in case_a().habits if habit.at_most is None)
    answers = {habit.task: habit.answers for habit in lasting}
    answers["schema-samen"] = answers["ambivalentieschema"]
    casework = Casework(database, clock)
    for _ in range(30):
        for task in open_tasks(database):
            if task.element_id == until:
                return
            if task.element_id in answers:
                given = fill_in(answers[task.element_id], nobody_asked, clock.now())
                casework.complete_task(worker, task.id, given)
        clock.advance_to(clock.now() + 4 * DAY)
        Sweep(database, clock, lambda s: sweep_runtime(s, clock)).run_once()
    pytest.fail(f"{until} never came: {[t.element_id for t in open_tasks(database)]}")


nobody_asked = None
"""The standing answers of this scenario name no people."""


def case_a() -> Scenario:
    return methods.scenario("tussen-in", "casus-a")


def test_a_version_without_the_place_where_it_stands_is_refused_element_by_element(
    database: Engine,
) -> None:
    clock, package = VirtualClock(NOW), methods.package("tussen-in")
    before = standing_of(database)
    with UnitOfWork(database) as session:
        version = publish(session, drawn_anew(package), at=NOW).version
    (done,) = VersionMove(database, clock, "tussen-in", version, Plan()).carry_out()
    assert done.ended is Moved.REFUSED
    assert {(o["process_id"], o["element_id"]) for o in done.obstacles} == {
        ("tussen-in-motivatie", "ambivalentieschema")
    }
    assert standing_of(database) == before
    assert findings(database) == []


def findings(database: Engine) -> list[dict]:
    with Session(database) as session:
        found = examine_database(session, VirtualClock(NOW))
        return [one.as_dict() for one in found]
