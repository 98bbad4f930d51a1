"""Every construct through a run by itself: which elements are completed, and how it ends."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.definitions.model import Finding
from engine.simulation.lone_findings import findings_of_run, judged
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import DEFAULT_SPAN, ModelRun, run_model
from engine.simulation.wording import read_duration
from tests.unit.conformance.drawing import Case, cases, drawn

FILES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
CASES = [
    pytest.param(case, id=f"{file.stem}: {case.name}") for file in FILES for case in cases(file)
]


def errors(findings: list[Finding]) -> list[Finding]:
    return [found for found in findings if found.level == "error"]


@pytest.mark.parametrize("case", CASES)
def test_construct_runs_as_the_standard_says_or_is_refused(case: Case):
    answered = case.given.get("answers", ())
    model = LoneModel(
        {"proef.bpmn": drawn(case.drawing)},
        name="proef",
        answered=answered,
        chosen=case.given.get("process"),
    )
    findings = findings_of_run(model)
    span = case.given.get("for")
    run = ModelRun("refused", findings=findings)
    if not errors(findings):
        run = run_model(
            model,
            process_id=case.given.get("process"),
            variables=case.given.get("in"),
            answers=case.given.get("answers"),
            span=read_duration(span) if span else DEFAULT_SPAN,
            begin=datetime(2026, 1, 5, 8, tzinfo=UTC),
        )
        run = judged(run, findings, model)
    refused = errors(run.findings)
    if case.state == "refused":
        at = case.given.get("at")
        assert at in {found.element_id for found in refused} if at else refused
        return
    assert [(found.rule, found.element_id) for found in refused] == []
    completed = Counter(entry["element_id"] for entry in run.trace)
    expected = completed if case.completed is None else case.completed
    assert (run.state, completed) == (case.state, expected), run.error
    for name, value in case.given.get("out", {}).items():
        assert run.variables.get(name) == value, name
