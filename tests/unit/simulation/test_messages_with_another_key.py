"""Scenarios that send a message to who waits with another key than the trajectory's."""

from __future__ import annotations

from textwrap import dedent

import pytest

from engine.definitions.packages import Package
from engine.simulation.memory_world import MemoryWorld
from engine.simulation.player import Play, play
from engine.simulation.scenario import read_scenario
from tests.two_packages import manifest, package, process

WAIT = (
    '<bpmn:intermediateCatchEvent id="wacht">'
    '<bpmn:messageEventDefinition messageRef="M" /></bpmn:intermediateCatchEvent>'
)
MESSAGE = (
    '<bpmn:message id="M" name="voorbij"><bpmn:extensionElements>'
    "<zeebe:subscription correlationKey='=trajectId + \":\" + soort' />"
    "</bpmn:extensionElements></bpmn:message></bpmn:definitions>"
)


def waiting() -> Package:
    """A shared process that waits for ``voorbij`` with the trajectory and a kind as its key."""
    drawn = process("Wachten", WAIT, ids="wacht").decode()
    files = {"wachten.bpmn": drawn.replace("</bpmn:definitions>", MESSAGE).encode()}
    return package("wachten", files, manifest("wachten", shared=True))


def played(steps: str) -> Play:
    head = "naam: Proef\nbegin: 2026-01-05 09:00\naanroep: Wachten\ninvoer: {soort: stil}\n"
    read = read_scenario((head + dedent(steps)).encode(), "proef.yaml")
    return play(read, MemoryWorld(waiting(), read.begin))


@pytest.mark.parametrize(
    ("key", "status"),
    [('=trajectId + ":stil"', "gesloten"), ("=trajectId", "aangemeld"), ("stil", "aangemeld")],
)
def test_only_who_waits_with_the_key_is_reached(key: str, status: str) -> None:
    result = played(
        f"""
        stappen:
          - bericht: voorbij
            sleutel: '{key}'
          - verwacht: {{status: {status}}}
        """
    )
    assert result.passed, [one.text for one in result.outcomes if not one.held] or result.error


def test_without_a_key_the_message_is_for_the_trajectory() -> None:
    result = played("stappen:\n  - bericht: voorbij\n  - verwacht: {status: aangemeld}\n")
    assert result.passed, result.error


def test_a_key_that_is_no_good_feel_ends_the_play_with_a_reason() -> None:
    result = played("stappen:\n  - bericht: voorbij\n    sleutel: '=trajectId +'\n")
    assert result.error is not None
    assert "sleutel" in str(result.error)
