"""What a call without mappings passes on: by the engine that the file itself names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

PLATFORM = (
    'xmlns:modeler="http://camunda.org/schema/modeler/1.0" '
    'modeler:executionPlatform="Camunda Platform"'
)
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


@pytest.mark.parametrize(
    ("named", "given"),
    [("", 2), (PLATFORM, 2), (CAMUNDA, None), (f"{CAMUNDA} {PLATFORM}", None)],
)
def test_who_drew_a_file_does_not_say_what_its_calls_pass(named: str, given: int | None):
    xml = (
        f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" {named}>'
        '<process id="p" isExecutable="true"><startEvent id="s"/>'
        '<callActivity id="c" calledElement="q"/><endEvent id="e"/>'
        '<sequenceFlow id="1" sourceRef="s" targetRef="c"/>'
        '<sequenceFlow id="2" sourceRef="c" targetRef="e"/></process>'
        '<process id="q" isExecutable="true"><startEvent id="qs"/>'
        '<userTask id="t"/><endEvent id="qe"/>'
        '<sequenceFlow id="3" sourceRef="qs" targetRef="t"/>'
        '<sequenceFlow id="4" sourceRef="t" targetRef="qe"/></process></definitions>'
    )
    made = LoneModel({"proef.bpmn": xml.encode()}, name="proef", chosen="p", answered={"t"})

    ran = run_model(
        made, process_id="p", begin=datetime(2026, 1, 5, 8, tzinfo=UTC), answers={"t": [{"y": 2}]}
    )

    assert [entry["element_id"] for entry in ran.trace] == ["s", "qs", "t", "qe", "c", "e"]
    assert ran.variables.get("y") == given


def test_a_call_of_flowable_that_says_it_inherits_nothing_gets_nothing():
    xml = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:flowable="http://flowable.org/bpmn">'
        '<process id="p" isExecutable="true"><startEvent id="s"/>'
        '<callActivity id="c" calledElement="q" flowable:inheritVariables="false"/>'
        '<endEvent id="e"/><sequenceFlow id="1" sourceRef="s" targetRef="c"/>'
        '<sequenceFlow id="2" sourceRef="c" targetRef="e"/></process>'
        '<process id="q" isExecutable="true"><startEvent id="qs"/><exclusiveGateway id="g" '
        'default="5"/><endEvent id="given"/><endEvent id="not"/>'
        '<sequenceFlow id="3" sourceRef="qs" targetRef="g"/>'
        '<sequenceFlow id="4" sourceRef="g" targetRef="given"><conditionExpression>'
        "${x == 1}</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="5" sourceRef="g" targetRef="not"/></process></definitions>'
    )
    made = LoneModel({"proef.bpmn": xml.encode()}, name="proef", chosen="p")
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)

    ran = run_model(made, process_id="p", begin=begin, variables={"x": 1})

    assert [entry["element_id"] for entry in ran.trace] == ["s", "qs", "g", "not", "c", "e"]
