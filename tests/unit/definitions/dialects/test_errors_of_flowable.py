"""What goes with an error in Flowable; what a call of Camunda 7 brings out by what it throws."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

FLOWABLE = 'xmlns:flowable="http://flowable.org/bpmn"'
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
THROWING = (
    '<startEvent id="ws"/>{task}<endEvent id="x"><extensionElements>'
    '<flowable:out source="n" target="inside"/>{more}</extensionElements>'
    '<errorEventDefinition errorRef="er"/></endEvent>'
    '<sequenceFlow id="w1" sourceRef="ws" targetRef="{first}"/>'
)
CAUGHT = (
    '<error id="er" errorCode="E1"/><process id="p" isExecutable="true"><startEvent id="s"/>'
    '<subProcess id="w">{inside}</subProcess><endEvent id="e"/>'
    '<boundaryEvent id="b" attachedToRef="w"><extensionElements>{rows}</extensionElements>'
    '<errorEventDefinition errorRef="er"/></boundaryEvent><endEvent id="f"/>'
    '<sequenceFlow id="1" sourceRef="s" targetRef="w"/><sequenceFlow id="2" sourceRef="w" '
    'targetRef="e"/><sequenceFlow id="3" sourceRef="b" targetRef="f"/></process>'
)


def _model(body: str, named: str, chosen: str | None = None) -> LoneModel:
    xml = f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" {named}>{body}'
    return LoneModel({"p.bpmn": f"{xml}</definitions>".encode()}, name="proef", chosen=chosen)


def _refused(model: LoneModel) -> set[tuple[str, str]]:
    found = findings_of_run(model)
    return {(one.rule, one.element_id) for one in found if one.level == "error"}


def _flowable(rows: str, *, task: str = "", more: str = "") -> LoneModel:
    inside = THROWING.format(task=task, more=more, first="c" if task else "x")
    return _model(CAUGHT.format(inside=inside, rows=rows), FLOWABLE)


def test_what_an_error_brings_goes_on_by_the_names_that_catch_it():
    rows = (
        '<flowable:in source="inside" target="outside"/>'
        '<flowable:in sourceExpression="${errorCode.concat(\'!\')}" target="code"/>'
        '<flowable:in source="errorMessage" target="text"/>'
    )
    more = '<flowable:out source="told" target="errorMessage"/>'
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)
    run = run_model(_flowable(rows, more=more), variables={"n": 7, "told": "Ja"}, begin=begin)
    assert [entry["element_id"] for entry in run.trace] == ["s", "ws", "x", "b", "f"]
    assert {"outside": 7, "code": "E1!", "text": "Ja"}.items() <= run.variables.items()
    assert not {"inside", "errorMessage"} & run.variables.keys()


def test_a_message_of_an_error_that_code_may_throw_is_refused():
    task = (
        '<serviceTask id="c" flowable:class="org.example.Work"/>'
        '<sequenceFlow id="w2" sourceRef="c" targetRef="x"/>'
    )
    model = _flowable('<flowable:in source="errorMessage" target="text"/>', task=task)
    assert ("foreign-dialect", "b") in _refused(model)


CALL = (
    '<escalation id="es" escalationCode="S"/><process id="p" isExecutable="true">'
    '<startEvent id="s"/><callActivity id="c" calledElement="q"><extensionElements>'
    '<camunda:out source="n" target="m"/></extensionElements></callActivity><endEvent id="e"/>'
    '{border}<sequenceFlow id="1" sourceRef="s" targetRef="c"/>'
    '<sequenceFlow id="2" sourceRef="c" targetRef="e"/></process>'
    '<process id="q" isExecutable="true"><startEvent id="qs"/><endEvent id="qe">'
    '<escalationEventDefinition escalationRef="es"/></endEvent>'
    '<sequenceFlow id="4" sourceRef="qs" targetRef="qe"/></process>'
)
BORDER = (
    '<boundaryEvent id="b" attachedToRef="c"><escalationEventDefinition escalationRef="es"/>'
    '</boundaryEvent><endEvent id="f"/><sequenceFlow id="3" sourceRef="b" targetRef="f"/>'
)


@pytest.mark.parametrize(("border", "refused"), [(BORDER, {("foreign-dialect", "c")}), ("", set())])
def test_what_a_call_brings_out_by_an_escalation_is_refused(
    border: str, refused: set[tuple[str, str]]
):
    assert _refused(_model(CALL.format(border=border), CAMUNDA, "p")) == refused


PAIR = (
    '<escalation id="es" escalationCode="S"/><process id="p" isExecutable="true">'
    '<startEvent id="s"/><subProcess id="w"><startEvent id="ws"/><endEvent id="we">'
    '<escalationEventDefinition escalationRef="es"/></endEvent>'
    '<sequenceFlow id="w1" sourceRef="ws" targetRef="we"/></subProcess><endEvent id="e"/>'
    '<boundaryEvent id="b" attachedToRef="w"><escalationEventDefinition escalationRef="es"/>'
    '</boundaryEvent><endEvent id="f"/><boundaryEvent id="all" attachedToRef="w">'
    '<escalationEventDefinition/></boundaryEvent><endEvent id="g"/>'
    '<sequenceFlow id="1" sourceRef="s" targetRef="w"/><sequenceFlow id="2" sourceRef="w" '
    'targetRef="e"/><sequenceFlow id="3" sourceRef="b" targetRef="f"/>'
    '<sequenceFlow id="4" sourceRef="all" targetRef="g"/></process>'
)


@pytest.mark.parametrize(
    ("named", "refused"), [(CAMUNDA, {("caught-twice", "all")}), (FLOWABLE, set()), ("", set())]
)
def test_only_camunda_7_forbids_what_catches_all_beside_what_catches_one(
    named: str, refused: set[tuple[str, str]]
):
    assert _refused(_model(PAIR, named)) == refused
