"""The family coach of The Hague and of Utrecht, played on the database."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.models import Organisation
from engine.families.models import Handover, Trajectory
from engine.runtime.models import Incident, UserTask
from engine.simulation.demonstration import people
from engine.simulation.player import play
from engine.simulation.stored_world import StoredWorld
from tests import methods


@pytest.fixture
def session(methods_db: Engine):
    with Session(methods_db) as made:
        yield made


def play_on(session: Session, key: str, scenario: str) -> None:
    package, told = methods.package(key), methods.scenario(key, scenario)
    runs = session.scalars(
        select(Organisation).where(Organisation.is_runner).order_by(Organisation.name)
    ).first()
    assert runs is not None
    directory = people.directory(session, package, runs.id, 0, told.begin)
    played = play(told, StoredWorld(session, package, told.begin, directory, runs.id))
    assert (played.error, [o.text for o in played.outcomes if not o.held]) == (None, [])
    assert session.scalars(select(Incident)).all() == []


@pytest.mark.parametrize(
    ("key", "scenario", "outcome"),
    [
        ("gezinscoach-den-haag", "tweede-aanmelding", "afgesloten"),
        ("gezinscoach-den-haag", "onveilig-bij-afsluiten", "overgedragen-aan-raad"),
        ("gezinscoach-utrecht", "twee-keer-verlengen", "afgesloten"),
    ],
)
def test_a_trajectory_comes_to_its_outcome(session, key, scenario, outcome):
    play_on(session, key, scenario)
    [trajectory] = session.scalars(select(Trajectory))
    assert (trajectory.status, trajectory.outcome) == ("closed", outcome)


def test_case_g_waits_loses_an_agency_is_extended_and_falls_back(session):
    play_on(session, "gezinscoach-den-haag", "casus-g")
    [trajectory] = session.scalars(select(Trajectory))
    assert (trajectory.status, trajectory.outcome) == ("closed", "afgesloten")
    assert sorted(h.status for h in session.scalars(select(Handover))) == ["gestart", "gestopt"]
    done = {task.element_id for task in session.scalars(select(UserTask))}
    assert {"voorkom-sluiting", "bespreek-verlenging", "beoordeel-terugval"} <= done
