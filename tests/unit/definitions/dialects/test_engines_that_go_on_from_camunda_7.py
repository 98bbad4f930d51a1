"""Engines that went on from Camunda 7 say the same words under names of their own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.definitions.opening import open_diagram
from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

NAMES = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://operaton.org/schema/1.0/bpmn": "Operaton",
    "http://eximeebpms.org/schema/1.0/bpmn": "EximeeBPMS",
    "http://fluxnova.finos.org/schema/1.0/bpmn": "Fluxnova",
}
FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="{namespace}"
id="d" targetNamespace="x"><error id="er" errorCode="E1"/>
<process id="p" isExecutable="true" v:historyTimeToLive="1"><startEvent id="s" />
<subProcess id="w"><extensionElements><v:inputOutput>
<v:inputParameter name="n">${{m + 1}}</v:inputParameter></v:inputOutput></extensionElements>
<startEvent id="ws" /><serviceTask id="t" {work}/><scriptTask id="c" scriptFormat="groovy"><script>
execution.setVariable("kept", n)</script></scriptTask>
<endEvent id="we"><errorEventDefinition errorRef="er" /></endEvent>
<sequenceFlow id="w1" sourceRef="ws" targetRef="t" /><sequenceFlow id="w2" sourceRef="t"
targetRef="c" /><sequenceFlow id="w3" sourceRef="c" targetRef="we" /></subProcess>
<boundaryEvent id="b" attachedToRef="w"><errorEventDefinition v:errorCodeVariable="code" />
</boundaryEvent><endEvent id="e" /><endEvent id="x" />
<sequenceFlow id="f1" sourceRef="s" targetRef="w" />
<sequenceFlow id="f2" sourceRef="w" targetRef="e" />
<sequenceFlow id="f3" sourceRef="b" targetRef="x" /></process></definitions>"""
OUTSIDE = 'v:type="external" v:topic="post"'


def _file(namespace: str, work: str) -> bytes:
    return FILE.format(namespace=namespace, work=work).encode()


def _model(namespace: str, work: str) -> LoneModel:
    return LoneModel({"proef.bpmn": _file(namespace, work)}, name="proef")


@pytest.mark.parametrize("namespace", NAMES)
def test_the_same_words_do_the_same(namespace: str):
    model = _model(namespace, OUTSIDE)
    run = run_model(model, variables={"m": 1}, begin=datetime(2026, 1, 5, 8, tzinfo=UTC))
    assert (run.state, run.variables) == ("completed", {"m": 1, "kept": 2, "code": "E1"})
    assert [entry["element_id"] for entry in run.trace] == ["s", "ws", "t", "c", "we", "b", "x"]


@pytest.mark.parametrize("namespace", NAMES)
@pytest.mark.parametrize(
    ("work", "rule"),
    [('v:class="a.B"', "foreign-dialect"), ('v:type="external"', "task-does-nothing")],
)
def test_what_they_refuse_or_only_they_run_is_named_at_its_element(
    namespace: str, work: str, rule: str
):
    found = findings_of_run(_model(namespace, work))
    refused = {(one.rule, one.element_id): one.message for one in found if one.level == "error"}
    assert (rule, "t") in refused
    assert rule != "foreign-dialect" or NAMES[namespace] in refused[rule, "t"]


@pytest.mark.parametrize("namespace", NAMES)
def test_they_open_in_the_words_of_camunda_8(namespace: str):
    opened = open_diagram(_file(namespace, OUTSIDE), "proef.bpmn").content
    assert b"v:type" not in opened
    assert b'taskDefinition type="post"' in opened
