"""The shared escalation: which of them listens for a contact with the family."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.definitions.packages import load_package
from engine.simulation.memory_world import MemoryWorld

PACKAGE = Path(__file__).resolve().parents[3] / "processes" / "gedeeld" / "escalatie"
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def world() -> MemoryWorld:
    return MemoryWorld(load_package(PACKAGE), BEGIN)


def contact(world: MemoryWorld, **said: Any) -> None:
    world.publish("contact-vastgelegd", {"soort": "telefoon", "gemist": False, **said})


def ladders(world: MemoryWorld) -> int:
    return sum(task.element_id == "pak-stagnatie-op" for task in world.open_tasks())


def test_a_stall_that_no_contact_solves_hears_nothing_of_one(world: MemoryWorld) -> None:
    world.call("gedeeld-escalatie", {"soort": "fase-te-lang", "element": "bespreek-duur"})
    before = len(world.store.history)
    world.clock.advance_to(datetime(2026, 3, 3, 8, tzinfo=UTC))
    contact(world)
    assert len(world.store.history) == before
    assert ladders(world) == 1


def test_of_several_stalls_a_contact_ends_those_that_it_solves(world: MemoryWorld) -> None:
    world.call("gedeeld-escalatie", {"soort": "fase-te-lang", "element": "bespreek-duur"})
    world.publish("stagnatie", {"soort": "geen-contact", "element": "contactmoment"})
    assert ladders(world) == 2
    world.clock.advance_to(datetime(2026, 3, 3, 8, tzinfo=UTC))
    contact(world, gemist=True)
    assert ladders(world) == 2
    contact(world)
    assert ladders(world) == 1
    assert world.has_passed("noteer-volgende-voorbij")
    assert not world.has_passed("noteer-voorbij")
