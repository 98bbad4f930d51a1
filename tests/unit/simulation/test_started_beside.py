"""Scenarios in which something starts beside the trajectory, in memory."""

from __future__ import annotations

from textwrap import dedent

import pytest

from engine.definitions.packages import Package
from engine.simulation.memory_world import MemoryWorld
from engine.simulation.player import Play, play
from engine.simulation.scenario import read_scenario
from tests.practice_diagrams import practice_package
from tests.safety_package import safety

HEAD = "naam: Proef\nbegin: 2026-01-05 09:00\n"
REFERRED = HEAD + "ingang: aanmelding\nformulier: {naam: Familie A}\n"


def played(text: str, package: Package, *others: Package) -> Play:
    read = read_scenario(dedent(text).encode(), "proef.yaml")
    return play(read, MemoryWorld(package, read.begin, others))


def test_a_step_starts_it_beside_the_trajectory_which_goes_on() -> None:
    result = played(
        REFERRED
        + """
stappen:
  - naast: zorg-gezien
    door: vertrouwenspersoon
    invullen: {ernst: acuut}
  - verwacht:
      taken: [kennismaken, wegen]
      variabelen: {ernst: acuut, kanaal: aanmelding}
  - taak: wegen
    invullen: {keuze: ja}
  - verwacht: {status: aangemeld, taken: [kennismaken], geen_taken: [wegen]}
""",
        practice_package(),
        safety(),
    )
    assert result.error is None
    assert [one.text for one in result.outcomes if not one.held] == []


def test_a_scenario_of_a_shared_package_may_begin_with_such_a_start() -> None:
    result = played(
        HEAD
        + """
naast: zorg-gezien
door: vertrouwenspersoon
formulier: {ernst: anders}
stappen:
  - verwacht: {taken: [wegen], status: aangemeld}
""",
        safety(),
    )
    assert result.passed, result.error


@pytest.mark.parametrize(
    ("line", "others", "said"),
    [
        ("naast: anders", [safety()], "Bekend zijn: zorg-gezien"),
        ("naast: zorg-gezien", [], "Bekend zijn: geen"),
        ("naast: zorg-gezien", [safety(), safety(key="nog-een")], "zorg/zorg-gezien"),
        ("naast: zorg-gezien\n    door: projectleider", [safety(beside='''
[naast.zorg-gezien]
bericht = "zorg-gezien"
naam = {nl = "Zorg gezien", en = "Worry seen"}
door = ["worker"]
''')], "bij ‘door’: worker"),
    ],
)  # fmt: skip
def test_what_cannot_be_started_is_told(line: str, others: list[Package], said: str) -> None:
    text = REFERRED + f"stappen:\n  - {line}\n    invullen: {{ernst: acuut}}\n"
    result = played(text, practice_package(), *others)
    assert result.error is not None
    assert said in f"{result.error.message} {result.error.remedy}"


def test_of_two_packages_with_one_key_the_one_that_is_named_starts() -> None:
    text = REFERRED + "stappen:\n  - {naast: nog-een/zorg-gezien, invullen: {ernst: acuut}}\n"
    result = played(text, practice_package(), safety(), safety(key="nog-een"))
    assert result.passed, result.error
