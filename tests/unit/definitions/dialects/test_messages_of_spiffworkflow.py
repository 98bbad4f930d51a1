"""What a message of SpiffWorkflow carries counts where somebody in the file is there to take it."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core"><message id="m1" name="ask">
<extensionElements><s:messagePayload>{{"to": n}} if n else f"{{n}}"</s:messagePayload>
</extensionElements></message><message id="m2" name="{answer}"><extensionElements>
<s:messageVariable>got</s:messageVariable></extensionElements></message>
<process id="p" isExecutable="true"><startEvent id="s" /><sendTask id="t" messageRef="m1" />
<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m2"><extensionElements>
<s:messageVariable>got</s:messageVariable></extensionElements></messageEventDefinition>
</intermediateCatchEvent><endEvent id="e" />
<sequenceFlow id="f1" sourceRef="s" targetRef="t" />
<sequenceFlow id="f2" sourceRef="t" targetRef="c" />
<sequenceFlow id="f3" sourceRef="c" targetRef="e" /></process></definitions>"""


def _model(answer: str) -> LoneModel:
    return LoneModel({"proef.bpmn": FILE.format(answer=answer).encode()}, name="proef")


def test_what_goes_out_and_what_comes_in_are_the_worlds():
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)
    run = run_model(_model("told"), answers={"c": {"got": 1}}, begin=begin)
    assert (run.state, run.variables) == ("completed", {"got": 1})


def test_between_two_in_the_file_it_is_not_guessed_at():
    refused = [one for one in findings_of_run(_model("ask")) if one.level == "error"]
    assert {"foreign-dialect"} <= {one.rule for one in refused}
