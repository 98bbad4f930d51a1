"""The scenarios of duo coaching and of the parenting course hold on the database as in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine.definitions.packages import Package, load_package
from engine.definitions.published.publication import publish_all
from engine.simulation.player import play
from engine.simulation.scenario import Scenario, Step
from engine.simulation.stored_world import StoredWorld
from engine.simulation.tryout import scenarios_of
from tests.care_meeting import method
from tests.region import Region, region

SHARED = Path(__file__).resolve().parents[3] / "processes" / "gedeeld"
NAMES = ("duo-coaching", "opvoedcursus")
PACKAGES = {name: load_package(SHARED / name) for name in NAMES}
SCENARIOS = [
    pytest.param(name, scenario, id=f"{name}-{Path(scenario.file).stem}")
    for name in NAMES
    for scenario in scenarios_of(PACKAGES[name])
]
IDLE = "gedeeld-schuldhulp"  # a trajectory in which something else waits for somebody


@dataclass
class People:
    """Who is meant by a role: the people of De Brug."""

    place: Region

    def person(self, role: str, number: int) -> str:
        name = {"vertrouwenspersoon": "wilma", "projectleider": "paula"}[role]
        return str(self.place.users[name])

    def partner(self, kind: str) -> str:
        return str(self.place.organisations["schuld"])


def in_a_trajectory(scenario: Scenario) -> tuple[Package, Scenario]:
    """A method around the scenario: it calls the process, or the process begins beside it."""
    told = replace(scenario, entry="aanmelding", called="", beside="", answers={"gezegd": "Bos"})
    if scenario.called:
        return method(scenario.called, scenario.answers), told
    begins = Step(0, "naast", scenario.beside, role=scenario.role, answers=scenario.answers)
    return method(IDLE, {}), replace(told, role=None, steps=(begins, *scenario.steps))


@pytest.mark.parametrize(("name", "scenario"), SCENARIOS)
def test_a_scenario_holds_on_the_database(
    db_session: Session, name: str, scenario: Scenario
) -> None:
    place = region(db_session)
    package, told = in_a_trajectory(scenario)
    beside = [load_package(SHARED / one) for one in ("contactritme", "toeleiding")]
    publish_all(db_session, [package, PACKAGES[name], *beside], at=place.now)
    world = StoredWorld(
        db_session, package, scenario.begin, People(place), place.organisations["brug"]
    )
    result = play(told, world, begin=scenario.begin)
    assert result.error is None, result.error
    assert [one for one in result.outcomes if not one.held] == []
