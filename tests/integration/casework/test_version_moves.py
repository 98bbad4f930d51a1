"""Running trajectories move to another version of their package: all of one, or nothing of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.execution.migration import Plan
from engine.families.errors import PlanNotFitting, VersionNotUsable
from engine.families.models import DocumentDraft, Family, Trajectory
from engine.families.moves.trajectory_moves import Moved
from engine.families.moves.version_moves import VersionMove
from engine.families.soundness import examine_database
from engine.runtime.models import AuditEvent, ProcessInstance, Subscription, Timer, UserTask
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_healthy
from tests.practice import Practice
from tests.region import region
from webui.cli import cli

ROOT = Path(__file__).resolve().parents[3]
LONGER = ("P7D", "P14D")
INSERTED = (
    '<bpmn:sequenceFlow id="kennismaken-ritme-fase" sourceRef="kennismaken"'
    ' targetRef="ritme-fase"></bpmn:sequenceFlow>',
    '<bpmn:manualTask id="tussenstap" name="Tussenstap" />'
    '<bpmn:sequenceFlow id="f1" sourceRef="kennismaken" targetRef="tussenstap" />'
    '<bpmn:sequenceFlow id="f2" sourceRef="tussenstap" targetRef="ritme-fase" />',
)
RENAMED = ("contactmoment", "contact-nemen")
GONE = ('id="contactmoment"', 'id="iets-anders"'), (
    'Ref="contactmoment"', 'Ref="iets-anders"'
)  # fmt: skip


def move_all(office, version: str, *, dry_run: bool = False, only=(), **plan) -> list:
    made = VersionMove(
        office.practice.database, office.practice.clock, "proef", version, Plan(**plan)
    )
    return list(made.carry_out(only, dry_run=dry_run))


def findings(database) -> list[dict]:
    from engine.clock import SystemClock

    with Session(database) as session:
        return [found.as_dict() for found in examine_database(session, SystemClock())]


def snapshot(office) -> dict[str, object]:
    rows = office.practice.rows
    return {
        "tasks": {
            t.id: (t.assignee_id, t.claimed_at, t.due_at, t.created_at)
            for t in rows(UserTask)
            if t.status == "open"
        },
        "timers": {t.token_id: t.due_at for t in rows(Timer)},
        "subscriptions": {s.token_id: (s.name, s.key) for s in rows(Subscription)},
        "drafts": {d.task_id: d.answers for d in rows(DocumentDraft)},
    }


def test_a_trajectory_moves_with_its_parts_and_keeps_what_people_did(halfway):
    version = halfway.practice.publish_changed(LONGER, INSERTED, RENAMED)
    before = snapshot(halfway)
    (done,) = move_all(halfway, version, renamed={"contactmoment": "contact-nemen"})
    assert (done.key, done.ended) == (str(halfway.ref.trajectory_id), Moved.MOVED)
    assert snapshot(halfway) == before
    assert halfway.practice.open_elements() == ["contact-nemen"]
    assert {i.package_version for i in halfway.practice.rows(ProcessInstance)} == {version}
    (task,) = [t for t in halfway.practice.rows(UserTask) if t.status == "open"]
    assert task.package_version == version
    (trajectory,) = halfway.practice.rows(Trajectory)
    assert trajectory.package_version == version
    assert findings(halfway.practice.database) == []
    assert_healthy(halfway.practice.database)


def test_each_part_that_moved_has_a_line_in_the_audit(halfway):
    old = halfway.practice.version
    version = halfway.practice.publish_changed(RENAMED)
    move_all(halfway, version, renamed={"contactmoment": "contact-nemen"})
    with Session(halfway.practice.database) as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.type == "migrated")).all()
    processes = {i.id: i.process_id for i in halfway.practice.rows(ProcessInstance)}
    told = {processes[line.instance_id]: line.data for line in lines}
    assert told["traject"] == {"from": old, "to": version, "renamed": {}}
    assert told["ritme"]["renamed"] == {"contactmoment": "contact-nemen"}


def test_what_moved_goes_on_by_the_new_version(halfway):
    version = halfway.practice.publish_changed(LONGER, RENAMED)
    move_all(
        halfway, version, renamed={"contactmoment": "contact-nemen"},
        restart=frozenset({"te-laat"}),
    )  # fmt: skip
    (timer,) = halfway.practice.rows(Timer)
    assert (timer.due_at - halfway.practice.clock.now()).days == 14
    halfway.complete("wilma", "contact-nemen", {"soort": "kantoor"})
    assert halfway.practice.open_elements() == ["afronden"]
    assert findings(halfway.practice.database) == []


def test_a_contact_closes_the_open_task_after_a_move_too(halfway):
    version = halfway.practice.publish_changed(RENAMED)
    move_all(halfway, version, renamed={"contactmoment": "contact-nemen"})
    (before,) = halfway.practice.open_tasks()
    halfway.casework.note_contact(
        halfway.actor("wilma"), halfway.ref.trajectory_id, {"soort": "telefoon"}
    )
    (after,) = halfway.practice.open_tasks("contact-nemen")
    assert after != before
    assert_healthy(halfway.practice.database)


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_role_in_which_somebody_works_must_be_in_the_new_version(halfway, dry_run):
    version = halfway.practice.publish_changed(("vertrouwenspersoon", "steunpersoon"))
    (done,) = move_all(halfway, version, dry_run=dry_run)
    assert done.ended is Moved.REFUSED
    (obstacle,) = done.obstacles
    assert (obstacle["process_id"], obstacle["element_id"]) == ("traject", "vertrouwenspersoon")
    assert "kent haar niet" in obstacle["reason"]
    assert {i.package_version for i in halfway.practice.rows(ProcessInstance)} == {
        halfway.practice.version
    }


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_has_no_place_is_refused_by_name_and_nothing_moves(halfway, dry_run):
    version, before = halfway.practice.publish_changed(*GONE), snapshot(halfway)
    (done,) = move_all(halfway, version, dry_run=dry_run)
    assert (done.ended, done.code) == (Moved.REFUSED, "migration-refused")
    (obstacle,) = done.obstacles
    assert (obstacle["process_id"], obstacle["element_id"]) == ("ritme", "contactmoment")
    assert "bestaat niet" in obstacle["reason"]
    assert snapshot(halfway) == before
    assert {i.package_version for i in halfway.practice.rows(ProcessInstance)} == {
        halfway.practice.version
    }
    assert findings(halfway.practice.database) == []


def test_looking_first_changes_nothing(halfway):
    version, before = halfway.practice.publish_changed(LONGER), snapshot(halfway)
    (done,) = move_all(halfway, version, dry_run=True)
    assert done.ended is Moved.CAN_MOVE
    assert snapshot(halfway) == before
    assert {i.package_version for i in halfway.practice.rows(ProcessInstance)} == {
        halfway.practice.version
    }


def test_a_move_waits_for_who_is_at_work_on_the_trajectory(halfway):
    """A task completed at the same moment is completed on one version, before or after."""
    from concurrent.futures import ThreadPoolExecutor

    version = halfway.practice.publish_changed(LONGER)
    actor = halfway.actor("wilma")
    (task_id,) = halfway.practice.open_tasks()
    halfway.people.session.commit()
    with ThreadPoolExecutor(2) as pool:
        work = [
            pool.submit(halfway.casework.complete_task, actor, task_id, {"soort": "telefoon"}),
            pool.submit(move_all, halfway, version),
        ]
        for one in work:
            one.result()
    move_all(halfway, version)
    assert halfway.practice.open_elements() == ["contactmoment"]
    assert findings(halfway.practice.database) == []
    assert_healthy(halfway.practice.database)


def test_beside_and_without_a_trajectory_processes_move_as_well(halfway):
    key = str(halfway.ref.trajectory_id)
    halfway.practice.do(lambda r: r.publish("meldcode", key, {}))
    lonely = halfway.practice.start("wekelijks")
    version = halfway.practice.publish_changed(LONGER)
    done = {one.key: one.ended for one in move_all(halfway, version)}
    assert done == {key: Moved.MOVED, str(lonely): Moved.MOVED}
    assert {i.package_version for i in halfway.practice.rows(ProcessInstance)} == {version}
    assert [one.ended for one in move_all(halfway, version)] == []
    asked = [key.upper(), str(lonely), str(uuid4()), "onzin"]
    assert [one.ended for one in move_all(halfway, version, only=asked)] == [
        Moved.THERE_ALREADY, Moved.THERE_ALREADY, Moved.NOT_FOUND, Moved.NOT_FOUND
    ]  # fmt: skip


def test_one_that_cannot_be_read_keeps_none_of_the_others_back(halfway):
    broken = halfway.practice.start("wekelijks")
    with UnitOfWork(halfway.practice.database) as session:
        session.execute(
            update(ProcessInstance).where(ProcessInstance.id == broken).values(state=b"kapot")
        )
    done = {
        one.key: (one.ended, one.code)
        for one in move_all(halfway, halfway.practice.publish_changed(LONGER))
    }
    assert done == {
        str(halfway.ref.trajectory_id): (Moved.MOVED, None),
        str(broken): (Moved.FAILED, "unreadable-state"),
    }


def test_an_incident_moves_along_and_can_be_tried_on_the_new_version(halfway):
    from engine.runtime.models import Incident

    halfway.practice.start("koppeling")
    version = halfway.practice.publish_changed(LONGER)
    (before,) = halfway.practice.rows(Incident)
    move_all(halfway, version)
    (after,) = halfway.practice.rows(Incident)
    assert (after.id, after.resolved_at) == (before.id, None)
    assert_healthy(halfway.practice.database)


def test_versions_and_plans_that_do_not_fit_are_refused_first(halfway):
    from engine.definitions.published.publication import retire

    version = halfway.practice.publish_changed(LONGER)
    assert move_all(halfway, "2", dry_run=True)[0].ended is Moved.CAN_MOVE
    assert move_all(halfway, version[:8], dry_run=True)[0].ended is Moved.CAN_MOVE
    for wrong in ("9", "zz", version[:3], ""):
        with pytest.raises(VersionNotUsable):
            move_all(halfway, wrong)
    with pytest.raises(PlanNotFitting):
        move_all(halfway, version, renamed={"contactmoment": "bestaat-niet"})
    with pytest.raises(PlanNotFitting):
        move_all(halfway, version, restart=frozenset({"contactmoment"}))
    with UnitOfWork(halfway.practice.database) as session:
        retire(session, version, at=halfway.practice.clock.now())
    with pytest.raises(VersionNotUsable):
        move_all(halfway, version)


MANY = 300
"""Trajectories that move at once; a thousand of the full method: ``python -m bench moves``."""


def many(practice: Practice) -> None:
    """So many families, each with a trajectory that stands at its first task."""
    keys = [uuid4() for _ in range(MANY)]
    now = practice.clock.now()
    with UnitOfWork(practice.database) as session:
        people = region(session)
        session.add_all(Family(id=key, name="Gezin", created_at=now) for key in keys)
        session.flush()
        session.add_all(
            Trajectory(
                id=key,
                family_id=key,
                package_key="proef",
                package_version=practice.version,
                organisation_id=people.organisations["brug"],
                channel="aanmelding",
                started_at=now,
            )
            for key in keys
        )
        runtime = practice.runtime(session)
        for key in keys:
            runtime.start(practice.version, "alleen", {}, business_key=str(key))


def test_many_trajectories_move_though_the_mover_is_killed_on_the_way(engine_db):
    practice = Practice(engine_db)
    practice.publish()
    many(practice)
    version = practice.publish_changed(LONGER)
    url = engine_db.url.render_as_string(hide_password=False)
    mover = subprocess.Popen(
        [sys.executable, "-m", "tests.killed_worker", "move", url, version],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    for _ in range(201):  # a line before and one after every commit
        assert mover.stdout.readline()
    mover.kill()
    mover.wait()
    mover.stdout.close()
    there = moved_so_far(engine_db, version)
    assert 99 <= there < MANY
    assert findings(engine_db) == []
    done = list(VersionMove(engine_db, practice.clock, "proef", version, Plan()).carry_out())
    assert [one.ended for one in done] == [Moved.MOVED] * (MANY - there)
    assert moved_so_far(engine_db, version) == MANY
    with Session(engine_db) as session:
        told = session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.type == "migrated")
        )
    assert told == MANY
    assert findings(engine_db) == []
    assert_healthy(engine_db)


def moved_so_far(database, version: str) -> int:
    with Session(database) as session:
        return session.scalar(
            select(func.count())
            .select_from(ProcessInstance)
            .where(ProcessInstance.package_version == version)
        )


@pytest.fixture
def command(halfway, monkeypatch):
    url = halfway.practice.database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    return lambda *options: CliRunner().invoke(cli, ["trajectory", "migrate", *options])


def test_the_command_says_what_would_come_of_it_and_then_does_it(halfway, command):
    halfway.practice.publish_changed(LONGER, RENAMED)
    options = ["--package", "proef", "--to", "2"]
    refused = command(*options, "--dry-run")
    assert refused.exit_code == 1
    assert "ritme/contactmoment" in refused.stdout
    options += ["--rename", "contactmoment=contact-nemen", "--restart", "te-laat", "--json"]
    looked = json.loads(command(*options, "--dry-run").stdout)
    assert (looked["dry_run"], looked["counts"]) == (True, {"can-move": 1})
    done = command(*options)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["counts"] == {"moved": 1}
    assert json.loads(command(*options).stdout)["trajectories"] == []
    assert halfway.practice.open_elements() == ["contact-nemen"]


def test_the_command_refuses_what_it_does_not_understand(halfway, command):
    options = ["--package", "proef", "--to", "1"]
    assert command(*options, "--rename", "zonder-is-teken").exit_code == 2
    assert command(*options, "--only", str(uuid4())).exit_code == 1
