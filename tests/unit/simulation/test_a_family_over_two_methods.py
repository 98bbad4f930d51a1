"""Scenarios that follow a family from one method into another."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid5

import pytest

from engine.definitions.packages import Package
from engine.simulation.errors import ScenarioUnreadable
from engine.simulation.scenario import read_scenario
from engine.simulation.tryout import try_out
from tests.leading_on import leading, receiving

CHAIR = str(uuid5(NAMESPACE_OID, "persoon:voorzitter:1"))
GOES_ON = """
naam: Verder in de andere methode
begin: 2026-01-05 09:00
ingang: aanmelding
formulier: {gezegd: nieuw gezin}
stappen:
  - taak: praten
    door: voorzitter
    invullen: {gezegd: genoeg gepraat}
  - volg: volledig
  - verwacht: {betrokken: {voorzitter: "@voorzitter"}}
  - taak: begeleiden
    na: 1 dag
    door: voorzitter
    invullen: {gezegd: klaar}
  - verwacht:
      status: gesloten
      variabelen: {gezegd: klaar, soort: licht}
      gepasseerd: begeleiden
      niet_gepasseerd: praten
      trajecten:
        - {pakket: kort, status: gesloten}
        - {pakket: volledig, status: gesloten, contacten: 0}
"""


def play(package: Package, scenario: str, others: list[Package]):
    written = {**package.files, "scenarios/proef.yaml": scenario.encode()}
    [played] = try_out(Package(written, name=package.key), others=others).plays
    return played


def test_a_scenario_goes_on_in_the_trajectory_that_the_diagram_began():
    played = play(leading(person=CHAIR), GOES_ON, [receiving()])
    assert played.error is None
    assert [one.text for one in played.outcomes if not one.held] == []


def test_an_expectation_of_other_trajectories_than_there_are_does_not_hold():
    played = play(
        leading(person=CHAIR), GOES_ON.replace("{pakket: kort, ", "{pakket: lang, "), [receiving()]
    )
    assert [one.held for one in played.outcomes].count(False) == 1


def test_a_method_that_nobody_published_is_the_diagrams_to_catch():
    scenario = (
        GOES_ON.split("  - volg:", maxsplit=1)[0] + "  - verwacht: {gepasseerd: niet-in-gebruik}\n"
    )
    assert play(leading(), scenario, []).passed


def test_uncaught_it_is_an_incident_that_names_the_package():
    played = play(leading(catches=False), GOES_ON, [])
    assert "pakket 'volledig'" in played.error.message


def test_a_second_pass_finds_the_trajectory_that_began_before():
    twice = leading(twice=True, person=CHAIR)
    assert play(twice, GOES_ON, [receiving()]).passed


RETURNS = """
naam: Komt terug
begin: 2026-01-05 09:00
ingang: start
formulier: {gezegd: nieuw gezin}
stappen:
  - taak: begeleiden
    invullen: {gezegd: klaar}
  - wacht: 3 maanden
  - nieuw_traject: {pakket: volledig, ingang: start}
    invullen: {gezegd: een nieuwe vraag}
  - verwacht:
      taken: begeleiden
      trajecten: [{pakket: volledig, status: gesloten}, {pakket: volledig, status: aangemeld}]
"""


def test_a_family_returns_by_any_entry_and_stays_one_family():
    assert play(receiving(), RETURNS, []).passed


def test_a_family_does_not_get_a_second_trajectory_of_the_method_that_runs():
    again = RETURNS.replace("  - taak: begeleiden\n    invullen: {gezegd: klaar}\n", "")
    assert play(receiving(), again, []).error.code == "already-running"


BEGUN = "naam: X\nbegin: 2026-01-05 09:00\ningang: a\nstappen:\n  - {}\n"


@pytest.mark.parametrize(
    "step",
    ["nieuw_traject: {pakket: volledig}", "nieuw_traject: {pakket: a, ingang: b, door: c}",
     "verwacht: {trajecten: [{methode: volledig}]}"],
)  # fmt: skip
def test_an_unreadable_step_is_told(step):
    with pytest.raises(ScenarioUnreadable):
        read_scenario(BEGUN.format(step).encode(), "x")
