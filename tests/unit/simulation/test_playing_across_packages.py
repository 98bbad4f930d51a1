"""Scenarios of a package that calls processes of others."""

from __future__ import annotations

from engine.definitions.packages import Package
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
