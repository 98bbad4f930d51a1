"""In a scenario outward work is done at once, and can be expected."""

from __future__ import annotations

from textwrap import dedent

import pytest

from engine.simulation.memory_world import MemoryWorld
from engine.simulation.player import Play, play
from engine.simulation.scenario import read_scenario
from tests.notified import mailing_package

SCENARIO = """
naam: Proef
begin: 2026-01-05 09:00
ingang: aanmelding
formulier: {naam: Proefgezin}
stappen:
  - verwacht: {niet_verzonden: [meld]}
  - taak: kennismaken
  - verwacht: {%s}
"""


def played(wish: str) -> Play:
    package = mailing_package()
    scenario = read_scenario(dedent(SCENARIO % wish).encode(), "proef.yaml")
    return play(scenario, MemoryWorld(package, scenario.begin))


def test_what_is_sent_can_be_expected_and_the_trajectory_goes_on():
    result = played("verzonden: [meld], taken: [verder], variabelen: {gemaild: 1}")
    assert result.passed, [outcome.text for outcome in result.outcomes]


@pytest.mark.parametrize("wish", ["niet_verzonden: [meld]", "verzonden: [verder]"])
def test_an_expectation_that_does_not_hold_is_told(wish):
    assert not played(wish).passed
