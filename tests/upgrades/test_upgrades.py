"""Every released version's backup is restored, brought up to date, sound, and carried on.

Each file in this folder is a backup that a release made of its own demonstration
(``scripts/release_backup.py``). A release adds a file; none is ever changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from engine.clock import VirtualClock
from engine.definitions.packages import Package
from engine.definitions.published.models import PackagePart, PackageVersion
from engine.definitions.published.publication import load_version
from engine.families.models import Trajectory
from engine.families.soundness import examine_database
from engine.runtime.models import Incident
from engine.simulation.demonstration import people
from engine.simulation.errors import ScenarioFailed
from engine.simulation.scenario import Scenario
from engine.simulation.stored_world import StoredWorld
from engine.simulation.tryout import scenarios_of
from engine.simulation.world import OpenTask
from engine.store import restore
from engine.store.backup_file import open_backup
from engine.store.database import close_engine, open_engine
from engine.store.restore import restore_backup
from engine.store.schema import differences, is_current, upgrade
from engine.store.unit_of_work import UnitOfWork
from webui.cli import cli

BACKUPS = sorted(Path(__file__).parent.glob("*.zip"))
LARGEST = 300_000
ROUNDS = 12
VAR = Path(__file__).resolve().parents[2] / "var"


@pytest.fixture(params=BACKUPS, ids=[file.stem for file in BACKUPS])
def backup(request: pytest.FixtureRequest) -> Path:
    file: Path = request.param
    return file


@pytest.fixture
def restored(empty_database_url: str, backup: Path) -> Iterator[Engine]:
    engine = open_engine(empty_database_url, VAR)
    restore_backup(engine, backup)
    yield engine
    close_engine(engine)


@pytest.fixture
def made_at(backup: Path) -> datetime:
    with open_backup(backup) as (_archive, manifest):
        return datetime.fromisoformat(manifest.created_at)


def test_there_is_a_backup_of_a_release_and_all_are_small():
    assert BACKUPS
    assert [file.name for file in BACKUPS if file.stat().st_size > LARGEST] == []


def test_a_restored_backup_has_the_tables_of_today(restored: Engine):
    assert is_current(restored)
    assert differences(restored) == []
    upgrade(restored)  # what every process does when it starts: nothing is left to do


def test_the_command_restores_a_release_and_says_that_it_was_upgraded(
    empty_database_url: str, backup: Path
):
    runner = CliRunner(env={"DATABASE_URL": empty_database_url})
    answer = runner.invoke(cli, ["restore", str(backup), "--json"])
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["healthy"], told["upgraded"]) == (0, True, True)


def test_a_restored_backup_is_sound(restored: Engine, made_at: datetime):
    with Session(restored) as session:
        assert list(examine_database(session, VirtualClock(made_at))) == []


def test_every_published_process_of_a_release_can_be_called(restored: Engine):
    with Session(restored) as session:
        for version in session.scalars(select(PackageVersion.version)):
            there = session.scalars(
                select(PackagePart.part_id).where(
                    PackagePart.version == version, PackagePart.part == "process"
                )
            )
            processes = load_version(session, version).processes.values()
            assert sorted(there) == sorted(p.id for p in processes if p.executable)


def test_trajectories_of_a_release_are_carried_on(restored: Engine, made_at: datetime):
    completed, fired = 0, 0
    with Session(restored) as session:
        running = session.execute(
            select(Trajectory.id, Trajectory.organisation_id, Trajectory.package_version)
            .where(Trajectory.status != "closed")
            .order_by(Trajectory.started_at)
        ).all()
    for place, (trajectory_id, organisation_id, version) in enumerate(running):
        with UnitOfWork(restored) as session:
            package = load_version(session, version)
            directory = people.directory(session, package, organisation_id, place, made_at)
            world = StoredWorld(session, package, made_at, directory, organisation_id)
            world.trajectory_id = trajectory_id
            for _round in range(ROUNDS):
                completed += _complete_one(world, package)
                fired += _go_on_to_the_next_timer(world)
    assert completed >= len(running) > 0
    assert fired >= len(running)
    with Session(restored) as session:
        assert session.scalar(select(func.count()).select_from(Incident)) == 0
        assert list(examine_database(session, world.clock)) == []


def test_a_database_that_a_release_left_running_is_brought_up_to_date(
    empty_database_url: str, backup: Path, made_at: datetime, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patched:
        patched.setattr(restore, "upgrade_to", _only_to_the_release(restore.upgrade_to))
        engine = open_engine(empty_database_url, VAR)
        left = restore_backup(engine, backup)
    assert left.schema == left.manifest.schema
    upgrade(engine)
    assert is_current(engine)
    with Session(engine) as session:
        assert list(examine_database(session, VirtualClock(made_at))) == []
    close_engine(engine)


Upgrade = Callable[..., None]


def _only_to_the_release(upgrade_to: Upgrade) -> Upgrade:
    """Migrating to a revision that is named, and not to the newest."""

    def to(connection: Connection, revision: str | None = None) -> None:
        if revision is not None:
            upgrade_to(connection, revision)

    return to


def _complete_one(world: StoredWorld, package: Package) -> bool:
    """Complete the first open task that a scenario of the package has an answer for."""
    for task in world.open_tasks():
        for answers in _answers_to(task, scenarios_of(package)):
            try:
                world.complete(task, task.role, answers)
            except ScenarioFailed:
                continue
            return True
    return False


def _answers_to(task: OpenTask, scenarios: list[Scenario]) -> Iterator[dict[str, object]]:
    for scenario in scenarios:
        for habit in scenario.habits:
            if habit.task == task.element_id:
                yield dict(habit.answers)
        for step in scenario.steps:
            if step.kind == "taak" and step.value == task.element_id:
                yield dict(step.answers)


def _go_on_to_the_next_timer(world: StoredWorld) -> bool:
    due = world.next_due()
    if due is None:
        return False
    world.clock.advance_to(max(due, world.clock.now()))
    world.fire_due()
    return True
