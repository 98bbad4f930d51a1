"""Scenarios of a package that calls processes of others."""

from __future__ import annotations

import pytest

from engine.definitions.packages import Package
from engine.simulation.errors import ScenarioUnreadable
from engine.simulation.tryout import try_out
from tests.two_packages import call, form, manifest, meeting, package, process

ENTRY = """
[ingangen.aanmelding]
bericht = "aanmelding"
formulier = "verslag"
naam = {nl = "Aanmelding", en = "Referral"}
door = ["worker"]
"""
SCENARIO = """
naam: Overleg
begin: 2026-01-05 09:00
ingang: aanmelding
formulier: {gezegd: nieuw gezin}
stappen:
  - taak: voorbereiden
    door: voorzitter
    invullen: {gezegd: alles}
  - verwacht: {variabelen: {gezegd: alles, norm: 7}, gepasseerd: [voorbereiden]}
"""


def calling(unreached: str = "") -> Package:
    decided = (
        '<bpmn:businessRuleTask id="beslis"><bpmn:extensionElements><zeebe:calledDecision '
        'decisionId="termijn" resultVariable="norm" /></bpmn:extensionElements>'
        "</bpmn:businessRuleTask>"
    )
    drawn = process("Traject", call("Zorgoverleg"), decided, unreached, ids="roep beslis").replace(
        b'<bpmn:startEvent id="start" />',
        b'<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="M" />'
        b"</bpmn:startEvent>",
    )
    message = b'<bpmn:message id="M" name="aanmelding" /></bpmn:definitions>'
    return package(
        "methode",
        {
            "t.bpmn": drawn.replace(b"</bpmn:definitions>", message),
            "formulieren/verslag.form": form(),
            "scenarios/overleg.yaml": SCENARIO.encode(),
        },
        manifest("methode", voorzitter="project_leader") + ENTRY,
    )


def test_a_scenario_completes_tasks_of_a_called_package_with_its_forms():
    result = try_out(calling(), others=[meeting()])
    assert [play.error for play in result.plays] == [None]
    assert result.passed


def test_only_what_the_package_itself_draws_must_be_reached():
    left = try_out(calling('<bpmn:task id="nooit" />'), others=[meeting()])
    assert left.unreached == [("Traject", "nooit", "")]


def test_a_version_tag_that_the_package_at_hand_does_not_carry_is_not_found():
    tagged = (
        calling()
        .files["t.bpmn"]
        .replace(
            b'processId="Zorgoverleg"',
            b'processId="Zorgoverleg" bindingType="versionTag" versionTag="2026"',
        )
    )
    own = Package({**calling().files, "t.bpmn": tagged}, name="methode")
    assert not try_out(own, others=[meeting()]).passed
    assert try_out(own, others=[meeting(tag="2026")]).passed


CALLED = """
naam: Overleg
begin: 2026-01-05 09:00
aanroep: Zorgoverleg
invoer: {aanleiding: zorgen}
stappen:
  - taak: voorbereiden
    na: 2 dagen
    door: voorzitter
    invullen: {gezegd: alles}
  - wacht_op: {einde: true}
  - verwacht: {status: gesloten, variabelen: {gezegd: alles, aanleiding: zorgen}}
"""


def shared(content: bytes | None = None, scenario: str = CALLED) -> Package:
    files = {**meeting().files, "scenarios/overleg.yaml": scenario.encode()}
    if content is not None:
        files["overleg.bpmn"] = content
    return Package(files, name="zorgoverleg")


def test_a_scenario_of_a_shared_package_begins_with_a_call():
    result = try_out(shared())
    assert [play.error for play in result.plays] == [None]
    assert result.passed


def test_what_a_caller_gives_may_be_feel():
    given = CALLED.replace(
        "{aanleiding: zorgen}", "{aanleiding: zorgen, over: ['=2 * 3', {na: '=1 + 1'}]}"
    )
    expected = given.replace("aanleiding: zorgen}}", "over: [6, {na: 2}]}}")
    result = try_out(shared(scenario=expected))
    assert [outcome for play in result.plays for outcome in play.outcomes if not outcome.held] == []
    assert result.passed


def test_an_error_that_a_called_process_leaves_to_its_caller_can_be_expected():
    wrong = (
        '<bpmn:endEvent id="mis"><bpmn:errorEventDefinition errorRef="E" /></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="naar" sourceRef="voorbereiden" targetRef="mis" /></bpmn:process>'
        '<bpmn:error id="E" errorCode="geen-gehoor" />'
    )
    drawn = meeting().files["overleg.bpmn"].replace(b"</bpmn:process>", wrong.encode())
    caught = CALLED.replace("status: gesloten", "status: gesloten, gepasseerd: [fout-opgevangen]")
    result = try_out(shared(drawn, caught))
    assert [play.error for play in result.plays] == [None]
    assert all(outcome.held for play in result.plays for outcome in play.outcomes)


@pytest.mark.parametrize("line", ["ingang: aanmelding", "formulier: {a: 1}"])
def test_a_scenario_begins_in_one_way(line: str):
    with pytest.raises(ScenarioUnreadable, match="aanroep"):
        try_out(shared(scenario=f"{CALLED}\n{line}\n"))
