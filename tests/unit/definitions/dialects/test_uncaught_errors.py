"""Errors that nothing catches: a plain end in a file of Camunda 7, an incident elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.definitions.model import Trigger
from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import ModelRun, run_model

CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
BOUNDARY = (
    '<boundaryEvent id="b" attachedToRef="d"><errorEventDefinition{ref}/></boundaryEvent>'
    '<endEvent id="z"/><sequenceFlow id="9" sourceRef="b" targetRef="z"/>'
)
EVENT_SUB = (
    '<subProcess id="g" triggeredByEvent="true"><startEvent id="b"><errorEventDefinition{ref}/>'
    '</startEvent><endEvent id="z"/><sequenceFlow id="9" sourceRef="b" targetRef="z"/></subProcess>'
)
CALLER = (
    '<process id="q" isExecutable="true"><startEvent id="qs"/><callActivity id="qc" '
    'calledElement="{called}"/><endEvent id="qe"/><sequenceFlow id="q1" sourceRef="qs" '
    'targetRef="qc"/><sequenceFlow id="q2" sourceRef="qc" targetRef="qe"/></process>'
)


def model(catching: str = "", vendor: str | None = CAMUNDA, beside: str = "") -> LoneModel:
    words = "" if vendor is None else f' xmlns:x="{vendor}"'
    xml = (
        f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"{words}>'
        '<error id="er" errorCode="op"/><error id="other" errorCode="anders"/>'
        '<process id="p" isExecutable="true"><startEvent id="s"/><subProcess id="d">'
        '<startEvent id="ds"/><endEvent id="de"><errorEventDefinition errorRef="er"/></endEvent>'
        '<sequenceFlow id="1" sourceRef="ds" targetRef="de"/></subProcess><endEvent id="e"/>'
        '<sequenceFlow id="2" sourceRef="s" targetRef="d"/>'
        f'<sequenceFlow id="3" sourceRef="d" targetRef="e"/>{catching}</process>{beside}'
        "</definitions>"
    )
    return LoneModel({"proef.bpmn": xml.encode()}, name="proef", chosen="p")


def run(made: LoneModel) -> ModelRun:
    assert [f for f in findings_of_run(made) if f.level == "error"] == []
    return run_model(made, process_id="p", begin=datetime(2026, 1, 5, 8, tzinfo=UTC))


def passed(ran: ModelRun) -> list[str]:
    return [entry["element_id"] for entry in ran.trace]


@pytest.mark.parametrize("vendor", [CAMUNDA, "http://camunda.org/bpmn"])
@pytest.mark.parametrize("catching", ["", BOUNDARY, EVENT_SUB])
def test_error_that_nothing_catches_is_a_plain_end(vendor, catching):
    ran = run(model(catching.format(ref=' errorRef="other"'), vendor))
    assert (ran.state, passed(ran)) == ("completed", ["s", "ds", "de", "d", "e"])


@pytest.mark.parametrize("catching", [BOUNDARY, EVENT_SUB])
@pytest.mark.parametrize("reference", ["", ' errorRef="er"'])
def test_error_that_something_catches_is_caught(catching, reference):
    ran = run(model(catching.format(ref=reference)))
    assert ran.state == "completed"
    assert passed(ran)[:3] == ["s", "ds", "de"]
    assert {"b", "z"} <= set(passed(ran))
    assert "e" not in passed(ran)


@pytest.mark.parametrize(
    "vendor",
    [
        None,
        "http://flowable.org/bpmn",
        "http://activiti.org/bpmn",
        "http://camunda.org/schema/zeebe/1.0",
    ],
)
def test_elsewhere_it_is_an_incident(vendor):
    ran = run(model(vendor=vendor))
    assert ran.state == "incident"
    assert ran.error is not None
    assert ran.error["element_id"] == "de"


@pytest.mark.parametrize(("called", "state"), [("p", "incident"), ("x", "completed")])
def test_error_of_a_process_that_is_called_goes_out(called, state):
    beside = CALLER.format(called=called)
    if called == "x":
        beside += '<process id="x" isExecutable="true"><startEvent id="xs"/></process>'
    assert run(model(beside=beside)).state == state


def test_error_of_a_process_that_another_file_may_call_goes_out():
    alone = model()
    beside = LoneModel({**alone.files, "ander.bpmn": CALLER_FILE}, name="proef")
    assert alone.processes["p"].elements["de"].event.trigger is Trigger.NONE
    assert beside.processes["p"].elements["de"].event.trigger is Trigger.ERROR


CALLER_FILE = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
    f"{CALLER.format(called='p')}</definitions>"
).encode()
