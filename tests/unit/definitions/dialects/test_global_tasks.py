"""A global task is performed where it is called, unless something is passed on to it."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
<globalScriptTask id="g" scriptLanguage="groovy"><script>n = n + 1</script></globalScriptTask>
<globalUserTask id="h">{inside}</globalUserTask>
<process id="p" isExecutable="true"><startEvent id="s" /><callActivity id="a" calledElement="g" />
<callActivity id="b" calledElement="h" /><callActivity id="c" calledElement="g" />
<endEvent id="e" /><sequenceFlow id="f1" sourceRef="s" targetRef="a" />
<sequenceFlow id="f2" sourceRef="a" targetRef="b" />
<sequenceFlow id="f3" sourceRef="b" targetRef="c" />
<sequenceFlow id="f4" sourceRef="c" targetRef="e" /></process></definitions>"""


def _model(inside: str = "") -> LoneModel:
    return LoneModel({"proef.bpmn": FILE.format(inside=inside).encode()}, name="proef")


def test_global_tasks_are_performed_where_they_are_called():
    run = run_model(_model(), variables={"n": 1}, begin=datetime(2026, 1, 5, 8, tzinfo=UTC))
    done = [(entry["element_id"], entry["type"]) for entry in run.trace]
    assert done == [
        ("s", "startEvent"),
        ("a", "scriptTask"),
        ("b", "userTask"),
        ("c", "scriptTask"),
        ("e", "endEvent"),
    ]
    assert run.variables["n"] == 3


def test_a_global_task_with_data_of_its_own_is_refused_where_it_is_called():
    model = _model("<ioSpecification><inputSet /><outputSet /></ioSpecification>")
    assert {f.element_id for f in findings_of_run(model) if f.level == "error"} == {"b"}
