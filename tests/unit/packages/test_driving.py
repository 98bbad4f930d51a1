"""The runs over the packages see what must not be, and leave a sound package alone."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from engine.definitions.forms import read_form
from engine.simulation.answering import any_answers
from tests.driving import WayIn, WentWrong, run
from tests.unit.definitions.diagrams import extended, flow, form, line, package, process

DUE = '<zeebe:taskSchedule dueDate="=now() + duration(&quot;P3D&quot;)" />'
WORKER = '<zeebe:assignmentDefinition candidateGroups="vertrouwenspersoon" />'
FORM = '<zeebe:formDefinition formId="keuze" />'
CHOICES = [{"label": "Ja", "value": "ja"}, {"label": "Nee", "value": "nee"}]
ASKED = {
    "type": "radio",
    "key": "besluit",
    "label": "Verder?",
    "values": CHOICES,
    "validate": {"required": True},
    "properties": {"procesvariabele": "ja", "waarom": "Om verder te kunnen."},
}
WHY = {
    "type": "textfield",
    "key": "reden",
    "label": "Waarom?",
    "validate": {"required": True},
    "conditional": {"hide": '=not(besluit = "nee")'},
    "properties": {"waarom": "Om later terug te lezen."},
}
NOBODY = {**ASKED, "type": "select", "valuesKey": "gezinsleden"}
del NOBODY["values"]
MESSAGE = (
    '<bpmn:message id="M" name="antwoord">'
    + extended('<zeebe:subscription correlationKey="=trajectId" />')
    + "</bpmn:message>"
)


def task(*extensions: str) -> str:
    inside = extended("<zeebe:userTask />", *extensions)
    return f'<bpmn:userTask id="t" name="t">{inside}</bpmn:userTask>'


def played(diagram: bytes, *fields: dict, steps: int = 6) -> None:
    made = package({"proef.bpmn": diagram, "formulieren/keuze.form": form("keuze", *fields)})
    for seed in range(5):
        run(WayIn(made.key, "call", "P"), seed, steps, {made.key: made})


def test_a_sound_package_is_left_alone():
    played(line(task(FORM, WORKER, DUE), ids="t"), ASKED, WHY)


def test_what_is_asked_after_another_answer_is_answered_as_well():
    asked = read_form(form("keuze", ASKED, WHY), "keuze.form")
    now = datetime(2026, 1, 5, tzinfo=UTC)
    given = [any_answers(asked, {}, {}, now, Random(seed)) for seed in range(20)]
    assert {one["besluit"] for one in given} == {"ja", "nee"}
    assert all("reden" in one for one in given if one["besluit"] == "nee")
    assert all(asked.validate(one, {}, now).is_valid for one in given)


@pytest.mark.parametrize(
    ("diagram", "fields", "said"),
    [
        (line(task(FORM, WORKER), ids="t"), [ASKED], "geen streefdatum"),
        (line(task(FORM, DUE), ids="t"), [ASKED], "is van niemand"),
        (
            line(task(FORM, DUE, WORKER.replace("vertrouwens", "on")), ids="t"),
            [ASKED],
            "rol onpersoon is er niet",
        ),
        (line(task(FORM, WORKER, DUE), ids="t"), [NOBODY], "Maak een keuze"),
    ],
    ids=["no date", "no role", "unknown role", "no answer possible"],
)
def test_a_task_that_nobody_can_do_in_time_is_seen(diagram, fields, said):
    with pytest.raises(WentWrong, match=said):
        played(diagram, *fields)


def test_a_wait_without_a_date_or_a_person_is_seen():
    wait = (
        '<bpmn:startEvent id="start" /><bpmn:intermediateCatchEvent id="w">'
        '<bpmn:messageEventDefinition id="E" messageRef="M" /></bpmn:intermediateCatchEvent>'
        '<bpmn:endEvent id="einde" />'
    )
    with pytest.raises(WentWrong, match="zonder datum en zonder iemand"):
        played(process(wait + flow("start", "w") + flow("w", "einde"), roots=MESSAGE))


def test_an_incident_is_seen():
    choice = (
        '<bpmn:startEvent id="start" /><bpmn:exclusiveGateway id="g" default="g-einde" />'
        '<bpmn:endEvent id="einde" /><bpmn:endEvent id="ander" />'
    )
    flows = flow("start", "g") + flow("g", "einde") + flow("g", "ander", "=nergens &gt; 3")
    with pytest.raises(WentWrong, match="Storing bij g"):
        played(process(choice + flows))
