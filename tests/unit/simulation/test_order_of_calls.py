"""What a called process did stands in the trace before what its caller does next."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
<error id="er" errorCode="op" />
<process id="p" isExecutable="true"><startEvent id="s" /><callActivity id="c" calledElement="q" />
<boundaryEvent id="b" attachedToRef="c"><errorEventDefinition /></boundaryEvent>
<endEvent id="e" /><endEvent id="be" />
<sequenceFlow id="1" sourceRef="s" targetRef="c" />
<sequenceFlow id="2" sourceRef="c" targetRef="e" />
<sequenceFlow id="3" sourceRef="b" targetRef="be" /></process>
<process id="q" isExecutable="true"><startEvent id="qs" /><serviceTask id="qt" />
<endEvent id="qe">{end}</endEvent>
<sequenceFlow id="4" sourceRef="qs" targetRef="qt" />
<sequenceFlow id="5" sourceRef="qt" targetRef="qe" /></process></definitions>"""


@pytest.mark.parametrize(
    ("end", "then"),
    [("", ["c", "e"]), ('<errorEventDefinition errorRef="er" />', ["b", "be"])],
)
def test_called_process_is_told_to_its_end_first(end: str, then: list[str]):
    model = LoneModel({"proef.bpmn": FILE.format(end=end).encode()}, name="proef")
    run = run_model(
        model, answers={"qt": {}}, process_id="p", begin=datetime(2026, 1, 5, 8, tzinfo=UTC)
    )
    done = [entry["element_id"] for entry in run.trace]
    assert (run.state, done) == ("completed", ["s", "qs", "qt", "qe", *then])
