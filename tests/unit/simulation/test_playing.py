"""Playing scenarios: steps, standing answers and timers on one virtual clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from textwrap import dedent

import pytest

from engine.definitions.packages import Package
from engine.simulation.memory_world import MemoryWorld
from engine.simulation.player import Play, play
from engine.simulation.scenario import read_scenario
from engine.simulation.tryout import try_out

MANIFEST = b"""
sleutel = "proef"
hoofdproces = "proef"
naam = {nl = "Proef", en = "Trial"}
[rollen.werker]
naam = {nl = "Werker", en = "Worker"}
functie = "worker"
[ingangen.aanmelding]
bericht = "aanmelding"
formulier = "aanmelding"
naam = {nl = "Aanmelding", en = "Referral"}
door = ["worker"]
"""
FORM = b"""{"type": "default", "id": "aanmelding", "schemaVersion": 18, "components": [
  {"type": "textfield", "id": "f1", "key": "gezinsnaam", "label": "Naam",
   "properties": {"dossier": "gezin.naam"}}]}"""
DIAGRAM = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:message id="m" name="aanmelding" />
  <bpmn:process id="proef" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>s1</bpmn:outgoing>
      <bpmn:messageEventDefinition messageRef="m" /></bpmn:startEvent>
    <bpmn:sequenceFlow id="s1" sourceRef="start" targetRef="bezoek" />
    <bpmn:userTask id="bezoek" name="Bezoek"><bpmn:extensionElements>
      <zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="werker" />
      </bpmn:extensionElements></bpmn:userTask>
    <bpmn:boundaryEvent id="te-laat" attachedToRef="bezoek" cancelActivity="false">
      <bpmn:timerEventDefinition><bpmn:timeDuration>P3D</bpmn:timeDuration>
      </bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="s2" sourceRef="te-laat" targetRef="herinner" />
    <bpmn:userTask id="herinner" name="Herinner"><bpmn:extensionElements>
      <zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="werker" />
      </bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="s3" sourceRef="herinner" targetRef="einde" />
    <bpmn:sequenceFlow id="s4" sourceRef="bezoek" targetRef="einde" />
    <bpmn:endEvent id="einde" />
  </bpmn:process>
</bpmn:definitions>"""
HEAD = """
naam: Proef
begin: 2026-01-05 09:00
ingang: aanmelding
formulier: {gezinsnaam: Proefgezin}
"""


def _package(scenario: str = "") -> Package:
    files = {"pakket.toml": MANIFEST, "formulieren/aanmelding.form": FORM, "proef.bpmn": DIAGRAM}
    if scenario:
        files["scenarios/proef.yaml"] = (HEAD + dedent(scenario)).encode()
    return Package(files)


def _play(scenario: str) -> Play:
    package = _package(scenario)
    read = read_scenario(package.files["scenarios/proef.yaml"], "scenarios/proef.yaml")
    return play(read, MemoryWorld(package, read.begin))


def test_a_step_waits_for_its_task_and_the_timer_goes_off_in_between() -> None:
    played = _play("""
        stappen:
          - verwacht:
              taken: [bezoek]
              geen_taken: [herinner]
              timers: [{element: te-laat, over: 3 dagen}]
          - taak: herinner
            na: 1 dag
          - taak: bezoek
          - verwacht: {status: gesloten, gepasseerd: [te-laat, einde], storingen: 0}
        """)
    assert played.error is None
    assert played.passed, [o.text for o in played.outcomes]
    assert played.timeline[-1].at == datetime(2026, 1, 9, 8, tzinfo=UTC)


def test_a_standing_answer_acts_before_the_timer() -> None:
    played = _play("""
        gewoonten: [{taak: bezoek, door: werker, na: 2 dagen}]
        stappen:
          - wacht_op: {einde: true}
          - verwacht: {niet_gepasseerd: [herinner]}
        """)
    assert played.passed


def test_an_expectation_that_does_not_hold_fails_the_play() -> None:
    played = _play("stappen: [{verwacht: {taken: [herinner]}}]")
    assert not played.passed
    assert played.error is None


def test_a_step_that_waits_in_vain_says_what_is_open() -> None:
    played = _play("stappen: [{taak: bestaat-niet, uiterlijk: 1 week}]")
    assert played.error is not None
    assert "bezoek" in played.error.message


def test_a_task_for_another_role_is_refused() -> None:
    played = _play("stappen: [{taak: bezoek, door: projectleider}]")
    assert played.error is not None
    assert "werker" in played.error.message


def test_silence_leaves_only_timers() -> None:
    package = _package("gewoonten: [{taak: bezoek, na: 5 dagen}]\nstappen: []")
    read = read_scenario(package.files["scenarios/proef.yaml"], "proef.yaml")
    world = MemoryWorld(package, read.begin)
    day = timedelta(days=1)
    play(read, world, until=read.begin + 10 * day, silent_from=read.begin + day)
    assert [task.element_id for task in world.open_tasks()] == ["bezoek", "herinner"]
    assert world.clock.now() == read.begin + 10 * day


def test_a_scenario_can_be_played_from_another_day() -> None:
    package = _package("stappen: [{op: 2026-01-06 09:00, taak: bezoek}]")
    read = read_scenario(package.files["scenarios/proef.yaml"], "proef.yaml")
    begin = datetime(2025, 5, 1, 7, tzinfo=UTC)
    world = MemoryWorld(package, begin)
    played = play(read, world, begin=begin)
    assert played.passed
    assert world.clock.now() == begin + timedelta(days=1)


def test_what_no_scenario_reached_is_named() -> None:
    result = try_out(_package("stappen: [{taak: bezoek}]"))
    assert {element for _process, element, _name in result.unreached} == {"te-laat", "herinner"}
    assert not result.passed


@pytest.mark.parametrize("role", ["werker", None])
def test_who_does_it_may_be_left_out(role: str | None) -> None:
    who = f"door: {role}, " if role else ""
    assert _play(f"stappen: [{{{who}taak: bezoek}}]").passed
