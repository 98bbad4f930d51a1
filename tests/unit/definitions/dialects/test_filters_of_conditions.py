"""Filters of Camunda 7 on the changes that wake a condition."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model


def model(filters: str, condition: str = "${x == 1}") -> LoneModel:
    xml = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
        '<process id="p" isExecutable="true"><startEvent id="s"/><parallelGateway id="f"/>'
        '<intermediateCatchEvent id="c"><conditionalEventDefinition '
        f"{filters}><condition>{condition}</condition></conditionalEventDefinition>"
        '</intermediateCatchEvent><userTask id="u"/><endEvent id="e"/><endEvent id="z"/>'
        '<sequenceFlow id="1" sourceRef="s" targetRef="f"/>'
        '<sequenceFlow id="2" sourceRef="f" targetRef="c"/>'
        '<sequenceFlow id="3" sourceRef="f" targetRef="u"/>'
        '<sequenceFlow id="4" sourceRef="c" targetRef="e"/>'
        '<sequenceFlow id="5" sourceRef="u" targetRef="z"/></process></definitions>'
    )
    return LoneModel({"proef.bpmn": xml.encode()}, name="proef", answered={"u": {}})


@pytest.mark.parametrize(
    "filters",
    [
        'camunda:variableName="x"',
        'camunda:variableEvents="create, update"',
        'camunda:variableName="x" camunda:variableEvents="create,update,delete"',
    ],
)
def test_filter_that_leaves_out_nothing_is_taken_out(filters):
    made = model(filters)
    assert [f for f in findings_of_run(made) if f.level == "error"] == []
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)
    run = run_model(made, variables={"x": 0}, answers={"u": {"x": 1}}, begin=begin)
    assert (run.state, [t["element_id"] for t in run.trace].count("c")) == ("completed", 1)


@pytest.mark.parametrize(
    ("filters", "condition"),
    [
        ('camunda:variableName="y"', "${x == 1}"),
        ('camunda:variableName="x"', "${x == y}"),
        ('camunda:variableName="x"', "${true}"),
        ('camunda:variableEvents="create"', "${x == 1}"),
    ],
)
def test_filter_that_means_something_is_refused(filters, condition):
    found = findings_of_run(model(filters, condition))
    assert ("foreign-dialect", "c") in {(f.rule, f.element_id) for f in found if f.level == "error"}
