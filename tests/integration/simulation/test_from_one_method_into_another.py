"""Families that go from one method into another, played on the database: nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.access.actors import actor_of
from engine.access.models import Organisation
from engine.families.file.chronology import chronology
from engine.families.file.involvements import involved
from engine.families.file.overview import family_overview
from engine.families.models import Family, Trajectory
from engine.runtime.models import Incident
from engine.simulation.demonstration import people
from engine.simulation.player import Play, play
from engine.simulation.stored_world import StoredWorld
from tests import methods


@pytest.fixture
def session(methods_db: Engine):
    with Session(methods_db) as made:
        yield made


def play_on(session: Session, key: str, scenario: str) -> tuple[Play, StoredWorld]:
    package, told = methods.package(key), methods.scenario(key, scenario)
    organisation = session.scalars(
        select(Organisation).where(Organisation.is_runner).order_by(Organisation.name)
    ).first()
    assert organisation is not None
    known = people.directory(session, package, organisation.id, 0, told.begin)
    world = StoredWorld(session, package, told.begin, known, organisation.id)
    return play(told, world), world


@pytest.mark.parametrize(
    ("key", "scenario"),
    [
        ("crisis", "casus-h"),
        ("crisis", "politie-meldt-licht-traject"),
        ("crisis", "geen-haast"),
        ("tussen-in-licht", "wordt-volledig"),
        ("korte-gesprekkenreeks", "gemotiveerd-voor-traject"),
    ],
)
def test_a_family_switches_and_who_helps_reads_what_was_agreed(
    session: Session, key: str, scenario: str
) -> None:
    played, world = play_on(session, key, scenario)
    assert (played.error, [o.text for o in played.outcomes if not o.held]) == (None, [])
    first, second = session.scalars(select(Trajectory).order_by(Trajectory.started_at))
    assert (second.previous_id, second.family_id) == (first.id, first.family_id)
    assert len(session.scalars(select(Family)).all()) == 1
    assert session.scalars(select(Incident)).all() == []
    now = world.clock.now() + timedelta(minutes=1)
    workers = [x for x in involved(session, second.id, at=now) if x.role == "vertrouwenspersoon"]
    for one in workers:
        worker = actor_of(session, one.user_id, now)
        earlier = chronology(session, worker, first.id, now=now)
        assert "contact" in {entry.kind for entry in earlier}
        seen = family_overview(session, worker, second.id, now=now)
        assert [t.package_key for t in seen.trajectories] == [second.package_key, key]
    assert workers or scenario == "geen-haast"  # nobody went there yet


@pytest.mark.parametrize(
    ("key", "scenario"),
    [
        ("crisis", "weer-mis-in-de-nazorg"),
        ("korte-gesprekkenreeks", "nazorg-rustig"),
        ("tussen-in-licht", "nazorg-en-terug"),
    ],
)
def test_a_family_that_comes_back_is_the_same_family(
    session: Session, key: str, scenario: str
) -> None:
    played, _world = play_on(session, key, scenario)
    assert (played.error, [o.text for o in played.outcomes if not o.held]) == (None, [])
    first, second = session.scalars(select(Trajectory).order_by(Trajectory.started_at))
    assert (second.previous_id, first.status) == (first.id, "closed")
    assert len(session.scalars(select(Family)).all()) == 1
