"""Variables for the code of what is caught, of one code and of all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import ModelRun, run_model


def caught(attributes: str, error: str = "") -> LoneModel:
    xml = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
    <error id="err" name="Stuk" errorCode="E1" {error}/><process id="p" isExecutable="true">
    <startEvent id="s"/><subProcess id="w"><startEvent id="s2"/><endEvent id="x">
    <errorEventDefinition errorRef="err"/></endEvent>
    <sequenceFlow id="f0" sourceRef="s2" targetRef="x"/></subProcess><endEvent id="e"/>
    <boundaryEvent id="b" attachedToRef="w"><errorEventDefinition {attributes}/></boundaryEvent>
    <endEvent id="f"/><sequenceFlow id="f1" sourceRef="s" targetRef="w"/>
    <sequenceFlow id="f2" sourceRef="w" targetRef="e"/>
    <sequenceFlow id="f3" sourceRef="b" targetRef="f"/></process></definitions>"""
    return LoneModel({"proef.bpmn": xml.encode()}, name="proef")


def run_of(attributes: str, error: str = "") -> ModelRun:
    model = caught(attributes, error)
    assert [f for f in findings_of_run(model) if f.level == "error"] == []
    return run_model(model, begin=datetime(2026, 1, 5, 8, tzinfo=UTC))


@pytest.mark.parametrize("reference", ["", 'errorRef="err"'])
def test_code_comes_into_the_variable(reference):
    run = run_of(f'{reference} camunda:errorCodeVariable="code"')
    assert (run.state, run.variables) == ("completed", {"code": "E1"})


@pytest.mark.parametrize("reference", ["", 'errorRef="err"'])
def test_text_that_no_error_has_stays_empty(reference):
    run = run_of(f'{reference} camunda:errorMessageVariable="tekst"')
    assert (run.state, run.variables) == ("completed", {})


def test_text_of_any_error_is_refused_where_errors_have_texts():
    model = caught('camunda:errorMessageVariable="tekst"', 'camunda:errorMessage="Het is stuk"')
    assert ("foreign-dialect", "b") in {(f.rule, f.element_id) for f in findings_of_run(model)}
