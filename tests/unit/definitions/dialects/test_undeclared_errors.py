"""Errors that are only referred to: the reference is the code, but not in a file of Camunda 8."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"{more}>
<process id="p" isExecutable="true"><startEvent id="s" /><subProcess id="w"><endEvent id="x">
<errorEventDefinition errorRef="stuk" /></endEvent></subProcess><endEvent id="e" />
<boundaryEvent id="b" attachedToRef="w"><errorEventDefinition errorRef="stuk" /></boundaryEvent>
<endEvent id="f" /><sequenceFlow id="f1" sourceRef="s" targetRef="w" />
<sequenceFlow id="f2" sourceRef="w" targetRef="e" />
<sequenceFlow id="f3" sourceRef="b" targetRef="f" /></process></definitions>"""


def _model(more: str = "") -> LoneModel:
    return LoneModel({"proef.bpmn": FILE.format(more=more).encode()}, name="proef")


def test_a_reference_to_no_error_is_the_code_itself():
    run = run_model(_model(), begin=datetime(2026, 1, 5, 8, tzinfo=UTC))
    assert (run.state, [entry["element_id"] for entry in run.trace]) == (
        "completed",
        ["s", "x", "b", "f"],
    )


@pytest.mark.parametrize("element", ["x", "b"])
def test_camunda_8_has_no_error_that_is_not_declared(element: str):
    model = _model(' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"')
    refused = [found for found in findings_of_run(model) if found.level == "error"]
    assert ("unknown-error", element) in {(found.rule, found.element_id) for found in refused}
