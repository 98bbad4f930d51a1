"""Words of Camunda 8 under another name: those of a known engine are read, others are refused."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.simulation.lone_findings import findings_of_run
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import run_model

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="{namespace}">
<process id="p" isExecutable="true"><startEvent id="s" /><serviceTask id="t"><extensionElements>
<v:taskDefinition type="count" /><v:ioMapping><v:output source="=n + 1" target="more" />
</v:ioMapping></extensionElements></serviceTask><endEvent id="e" />
<sequenceFlow id="f1" sourceRef="s" targetRef="t" />
<sequenceFlow id="f2" sourceRef="t" targetRef="e" /></process></definitions>"""
NOTE = FILE.replace("<v:ioMapping>", "<v:notes>").replace("</v:ioMapping>", "</v:notes>")


def _model(text: str, namespace: str) -> LoneModel:
    return LoneModel({"proef.bpmn": text.format(namespace=namespace).encode()}, name="proef")


def test_zenbpm_says_it_in_the_words_of_camunda_8():
    model = _model(FILE, "http://zenbpm.pbinitiative.org/1.0")
    run = run_model(model, variables={"n": 1}, begin=datetime(2026, 1, 5, 8, tzinfo=UTC))
    assert (run.state, run.variables) == ("completed", {"n": 1, "more": 2})
    assert ("translated", "t") in {(f.rule, f.element_id) for f in findings_of_run(model)}


def test_what_an_unknown_engine_would_do_is_refused_at_its_element():
    found = findings_of_run(_model(FILE, "http://example.org/engine"))
    (refused,) = [f for f in found if f.level == "error"]
    assert (refused.rule, refused.element_id) == ("foreign-dialect", "t")
    assert "http://example.org/engine" in refused.message


def test_what_only_notes_something_is_no_reason_to_refuse():
    found = findings_of_run(_model(NOTE, "http://example.org/engine"))
    assert [f for f in found if f.level == "error"] == []
