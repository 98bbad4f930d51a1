"""The demonstration: families come from played scenarios, once, and stand where time left them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from engine.definitions.published.models import PackageBinding
from engine.definitions.published.publication import all_latest
from engine.families.models import Contact, Family, Trajectory
from engine.runtime.models import AuditEvent, Incident, Timer, UserTask
from engine.simulation.demonstration import Demonstration
from engine.simulation.demonstration.families import FamilyPlan, plans
from engine.simulation.demonstration.filling import play_family
from engine.store.unit_of_work import UnitOfWork
from tests import methods
from tests.two_packages import call, caller, meeting

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def demonstration(engine_db: Engine) -> Demonstration:
    return Demonstration(engine_db, NOW, methods.TREE)


def _play(database: Engine, scenario: str, days: int, silent: int | None) -> None:
    plan = FamilyPlan(
        index=0,
        package="tussen-in",
        scenario=scenario,
        age=timedelta(days=days),
        silent=None if silent is None else timedelta(days=silent),
        surname="Testma",
        mother="Naima",
        father="Karim",
        children=("Sara", "Adam", "Noor"),
        language="Darija",
    )
    with UnitOfWork(database) as session:
        found = methods.scenario("tussen-in", scenario)
        play_family(session, methods.package("tussen-in"), found, plan, NOW)


def test_a_family_stands_where_its_scenario_is_today(methods_db: Engine) -> None:
    _play(methods_db, "casus-a", days=60, silent=None)
    with UnitOfWork(methods_db) as session:
        trajectory = session.scalars(select(Trajectory)).one()
        assert (trajectory.status, trajectory.phase) == ("running", "2")
        assert session.scalar(select(Family.name)) == "Gezin Testma"
        last = session.scalar(select(func.max(Contact.at)))
        assert last is not None
        assert NOW - last < timedelta(days=5)
        assert session.scalar(select(func.count()).select_from(Incident)) == 0
        assert session.scalar(select(func.max(AuditEvent.at))) <= NOW
        assert session.scalar(select(func.min(Timer.due_at))) > NOW


def test_where_nobody_acts_the_ladder_is_climbed(methods_db: Engine) -> None:
    _play(methods_db, "casus-a", days=60, silent=20)
    with UnitOfWork(methods_db) as session:
        overdue = session.execute(
            select(UserTask.role).where(UserTask.status == "open", UserTask.due_at < NOW)
        )
        assert {"vertrouwenspersoon", "projectleider"} <= set(overdue.scalars())
        raised = select(UserTask.role).where(UserTask.element_id == "pak-stagnatie-op")
        assert "ketencoordinator" in set(session.scalars(raised))


def test_the_plan_is_the_same_every_time_and_large_enough(demonstration: Demonstration) -> None:
    first, again = list(plans(demonstration.region)), list(plans(demonstration.region))
    assert first == again
    assert len(first) >= 60
    assert len({plan.surname for plan in first}) == len(first)
    assert any(plan.silent for plan in first)


def test_every_package_of_the_tree_is_published_the_called_ones_too(
    engine_db: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, package in (
        (tmp_path / "methode", caller(call("Zorgoverleg", binding="deployment"), ids="roep")),
        (tmp_path / "gedeeld" / "zorgoverleg", meeting()),
    ):
        for path, content in package.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    monkeypatch.setattr("engine.simulation.demonstration.filling.plans", lambda _region: iter(()))
    Demonstration(engine_db, NOW, tmp_path).fill(lambda _progress: None)
    with UnitOfWork(engine_db) as session:
        assert {row.key for row in all_latest(session)} == {"methode", "zorgoverleg"}
        assert session.scalar(select(func.count()).select_from(PackageBinding)) == 1


def test_a_second_filling_adds_nothing(
    demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [plan for plan in plans(demonstration.region) if plan.scenario.startswith("contra")][:2]
    monkeypatch.setattr("engine.simulation.demonstration.filling.plans", lambda _region: iter(few))
    assert demonstration.fill(lambda _progress: None, processes=1) == 2
    assert demonstration.fill(lambda _progress: None, processes=1) == 0
    with UnitOfWork(demonstration.database) as session:
        assert session.scalar(select(func.count()).select_from(Family)) == 2
