"""The scenarios of the care meeting hold on the database as they do in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from engine.access.models import SystemRole
from engine.definitions.packages import load_package
from engine.definitions.published.publication import publish_all
from engine.simulation.player import play
from engine.simulation.scenario import Scenario
from engine.simulation.stored_world import StoredWorld
from engine.simulation.tryout import scenarios_of
from tests.care_meeting import SHARED, method
from tests.region import Region, region

# What a withdrawn consent starts, beside any trajectory.
CONSENT = SHARED.parent / "toestemming"
SCENARIOS = {one.file.rsplit("/", 1)[-1]: one for one in scenarios_of(load_package(SHARED))}


@dataclass
class People:
    """Who is meant by a role: three partners, and the people of De Brug."""

    place: Region

    def person(self, role: str, number: int) -> str:
        names = {
            "deelnemer": ("petra", "piet", "pim"),
            "vertrouwenspersoon": ("wilma", "wouter"),
            "projectleider": ("paula",),
            "ketencoordinator": ("cora",),
        }[role]
        return str(self.place.users[names[number - 1]])

    def partner(self, kind: str) -> str:
        return str(self.place.organisations["schuld"])


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_of_the_care_meeting_holds_on_the_database(db_session, name: str) -> None:
    scenario: Scenario = SCENARIOS[name]
    place = region(db_session)
    for partner in ("piet", "pim"):
        place.add_person(partner, SystemRole.PARTNER, "schuld")
    package = method(scenario.called, scenario.answers)
    shared = [load_package(one) for one in (SHARED, CONSENT)]
    publish_all(db_session, [package, *shared], at=place.now)
    world = StoredWorld(
        db_session, package, scenario.begin, People(place), place.organisations["brug"]
    )
    told = replace(scenario, called="", entry="aanmelding", answers={"gezegd": "Familie Bos"})
    result = play(told, world, begin=scenario.begin)
    assert result.error is None, result.error
    assert [one for one in result.outcomes if not one.held] == []
