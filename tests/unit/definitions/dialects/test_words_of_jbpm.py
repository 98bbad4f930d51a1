"""A file of jBPM is known by the words that it declares, also where it uses none of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

OF_JBPM = ' xmlns:drools="http://www.jboss.org/drools"'
OF_CAMUNDA = ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
BY_NAME = '<signalEventDefinition signalRef="Ready" />'
EVERY = "<timerEventDefinition><timeCycle>{}</timeCycle></timerEventDefinition>"


def _model(event: str, more: str) -> LoneModel:
    file = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"{more}>
<process id="p" isExecutable="true"><startEvent id="s" />
<intermediateCatchEvent id="c">{event}</intermediateCatchEvent><endEvent id="e" />
<sequenceFlow id="f1" sourceRef="s" targetRef="c" />
<sequenceFlow id="f2" sourceRef="c" targetRef="e" /></process></definitions>"""
    return LoneModel({"proef.bpmn": file.encode()}, name="proef")


@pytest.mark.parametrize("event", [BY_NAME, EVERY.format("500ms"), EVERY.format("5s")])
def test_signals_and_times_of_jbpm(event: str):
    answers = {"c": {}} if event == BY_NAME else {}
    run = run_model(
        _model(event, OF_JBPM), answers=answers, begin=datetime(2026, 1, 5, 8, tzinfo=UTC)
    )
    assert (run.state, [entry["element_id"] for entry in run.trace]) == (
        "completed",
        ["s", "c", "e"],
    )


@pytest.mark.parametrize("event", [BY_NAME, EVERY.format("500ms")])
@pytest.mark.parametrize("more", ["", OF_CAMUNDA, OF_JBPM + OF_CAMUNDA])
def test_other_files_keep_to_their_own(event: str, more: str):
    refused = [one for one in findings_of_run(_model(event, more)) if one.level == "error"]
    assert {one.element_id for one in refused} == {"c"}
