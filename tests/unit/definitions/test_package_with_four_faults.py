"""A broken gateway, a missing form, an unknown role, a timer in words: each is named and mended."""

from __future__ import annotations

from engine.definitions.checks import check_package
from tests.unit.definitions.diagrams import extended, flow, form, package, process


def a_task(element_id: str, form_id: str, role: str) -> str:
    return (
        f'<bpmn:userTask id="{element_id}">'
        + extended(
            f'<zeebe:formDefinition formId="{form_id}" />',
            f'<zeebe:assignmentDefinition candidateGroups="{role}" />',
        )
        + "</bpmn:userTask>"
    )


def test_each_fault_names_its_element_and_how_to_mend_it():
    xml = process(
        '<bpmn:startEvent id="start" /><bpmn:exclusiveGateway id="keuze" />'
        + a_task("bel", "belverslag", "vertrouwenspersoon")
        + a_task("kijk", "verslag", "projectleidster")
        + '<bpmn:boundaryEvent id="te-laat" attachedToRef="bel"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>3 weken</bpmn:timeDuration></bpmn:timerEventDefinition>"
        '</bpmn:boundaryEvent><bpmn:endEvent id="einde" />'
        + flow("start", "keuze")
        + flow("keuze", "bel", "=urgent")
        + flow("keuze", "kijk")
        + flow("te-laat", "einde")
        + flow("bel", "einde")
        + flow("kijk", "einde")
    )
    findings = check_package(package({"p.bpmn": xml, "verslag.form": form("verslag")}))
    named = {
        finding.rule: (finding.element_id, finding.remedy)
        for finding in findings
        if finding.level == "error"
    }
    assert {rule: element_id for rule, (element_id, _) in named.items()} == {
        "flow-without-condition": "keuze-kijk",
        "unknown-form": "bel",
        "unknown-role": "kijk",
        "timer-format": "te-laat",
    }
    assert named["timer-format"][1] == "Schrijf ‘P3W’."
    assert "‘projectleider’" in named["unknown-role"][1]
    assert "‘verslag’" in named["unknown-form"][1]
    assert "standaard" in named["flow-without-condition"][1]
