"""Files as other modellers shape them: no namespace, the same root twice, ids that meet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.definitions.reading.reader import read_processes
from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

BPMN = ' xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
OF_JBPM = ' xmlns:drools="http://www.jboss.org/drools"'
PLAIN = """<process id="p" isExecutable="true"><startEvent id="s" /><task id="t" />
<endEvent id="e" /><sequenceFlow id="f1" sourceRef="s" targetRef="t" />
<sequenceFlow id="f2" sourceRef="t" targetRef="e" />{more}</process>"""


def _file(declared: str, roots: str = "", more: str = "", words: str = "") -> bytes:
    inside = roots + PLAIN.format(more=more)
    inside = inside.replace('isExecutable="true"', f'isExecutable="true" {words}')
    return f"<definitions{declared}>{inside}</definitions>".encode()


def _refused(file: bytes) -> set[str]:
    findings = findings_of_run(LoneModel({"proef.bpmn": file}, name="proef"))
    return {one.rule for one in findings if one.level == "error"}


def test_what_names_no_namespace_runs_as_bpmn():
    inside = "<extensionElements><form><task>no task of BPMN</task></form></extensionElements>"
    model = LoneModel({"proef.bpmn": _file("", more=inside)}, name="proef")
    run = run_model(model, begin=datetime(2026, 1, 5, 8, tzinfo=UTC))
    assert (run.state, [entry["element_id"] for entry in run.trace]) == (
        "completed",
        ["s", "t", "e"],
    )


def test_what_names_no_namespace_is_told():
    findings = findings_of_run(LoneModel({"proef.bpmn": _file("")}, name="proef"))
    assert ("warning", "no-namespace") in [(one.level, one.rule) for one in findings]


def test_a_package_asks_for_the_namespace():
    found = read_processes(_file(""), "proef.bpmn")
    assert [one.rule for one in found.findings] == ["not-bpmn"]


def test_the_same_signal_for_every_use_of_it():
    twice = '<signal id="Ready" name="Ready" />' * 2
    assert _refused(_file(BPMN + OF_JBPM, twice)) == set()
    assert _refused(_file(BPMN, twice)) == {"duplicate-id"}
    other = '<signal id="Ready" name="Ready" /><signal id="Ready" name="Other" />'
    assert _refused(_file(BPMN + OF_JBPM, other)) == {"duplicate-id"}


@pytest.mark.parametrize(("declared", "refused"), [(OF_JBPM, False), ("", True)])
def test_a_public_process_that_runs(declared: str, refused: bool):
    words = 'processType="Public"'
    assert bool(_refused(_file(BPMN + declared, words=words))) is refused


def test_an_item_of_a_repetition_called_as_its_variable():
    repeated = """<property id="one" /><task id="many"><multiInstanceLoopCharacteristics>
<loopDataInputRef>list</loopDataInputRef><inputDataItem id="one" />
</multiInstanceLoopCharacteristics></task>"""
    assert "duplicate-id" not in _refused(_file(BPMN + OF_JBPM, more=repeated))


@pytest.mark.parametrize(
    ("declared", "runs"), [(' xmlns:imixs="http://www.imixs.org/bpmn2"', True), ("", False)]
)
def test_an_engine_that_runs_whatever_it_is_said_to_be(declared: str, runs: bool):
    file = _file(BPMN + declared).replace(b'isExecutable="true"', b'isExecutable="false"')
    assert ("not-executable" not in _refused(file)) is runs
    found = read_processes(file, "proef.bpmn")
    assert [process.executable for process in found.processes] == [False]


def test_lanes_that_name_a_step_without_its_process():
    lanes = """<laneSet id="all"><lane id="one"><flowNodeRef>s</flowNodeRef>
<flowNodeRef>x</flowNodeRef></lane></laneSet><manualTask id="p.x" />
<sequenceFlow id="f3" sourceRef="t" targetRef="p.x" />"""
    assert _refused(_file(BPMN, more=lanes)) == set()
    assert _refused(_file(BPMN, more=lanes.replace("p.x", "q.x"))) == {"unresolved-reference"}
