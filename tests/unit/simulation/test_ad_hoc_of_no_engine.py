"""An ad-hoc sub-process without a list, in a file that names no engine: all of it begins."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"{more}>
<process id="p" isExecutable="true"><startEvent id="s" />
<adHocSubProcess id="h" ordering="Sequential"><task id="b" /><task id="a" /><task id="c" />
<sequenceFlow id="f3" sourceRef="a" targetRef="c" /></adHocSubProcess><endEvent id="e" />
<sequenceFlow id="f1" sourceRef="s" targetRef="h" />
<sequenceFlow id="f2" sourceRef="h" targetRef="e" /></process></definitions>"""


def test_all_begins_in_the_order_of_the_file():
    model = LoneModel({"proef.bpmn": FILE.format(more="").encode()}, name="proef")
    run = run_model(model, begin=datetime(2026, 1, 5, 8, tzinfo=UTC))
    done = [entry["element_id"] for entry in run.trace]
    assert (run.state, done) == ("completed", ["s", "b", "a", "c", "h", "e"])


@pytest.mark.parametrize(
    "engine",
    ["http://www.jboss.org/drools", "http://spiffworkflow.org/bpmn/schema/1.0/core"],
)
def test_engines_that_begin_it_in_a_way_of_their_own_are_not_guessed_at(engine: str):
    more = f' xmlns:x="{engine}"'
    model = LoneModel({"proef.bpmn": FILE.format(more=more).encode()}, name="proef")
    refused = {f.element_id for f in findings_of_run(model) if f.level == "error"}
    assert refused == {"h"}
