"""A list that nothing is drawn to is a variable in engines that go by the name of the data."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" {more}>
<process id="p" isExecutable="true"><startEvent id="s" /><task id="t"><ioSpecification id="io">
<dataInput id="di" name="users" isCollection="true" /><inputSet id="in"><dataInputRefs>di
</dataInputRefs></inputSet><outputSet id="out" /></ioSpecification>
<multiInstanceLoopCharacteristics isSequential="true"><loopDataInputRef>di</loopDataInputRef>
<inputDataItem id="item" name="user" /></multiInstanceLoopCharacteristics></task>
<endEvent id="e" /><sequenceFlow id="f1" sourceRef="s" targetRef="t" />
<sequenceFlow id="f2" sourceRef="t" targetRef="e" /></process></definitions>"""


@pytest.mark.parametrize(
    "more",
    ['xmlns:pm="http://processmaker.com/BPMN/2.0/Schema.xsd"', 'exporter="Yaoqiang BPMN Editor"'],
)
def test_the_name_of_what_goes_in_is_the_list(more: str):
    model = LoneModel({"proef.bpmn": FILE.format(more=more).encode()}, name="proef")
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)
    run = run_model(model, variables={"users": ["a", "b", "c"]}, begin=begin)
    assert (run.state, [entry["element_id"] for entry in run.trace]) == (
        "completed",
        ["s", "t", "t", "t", "e"],
    )
