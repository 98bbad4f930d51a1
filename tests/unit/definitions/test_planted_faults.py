"""Every kind of fault in sound models: the check names the element, with its line and a mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.judging import KINDS, Missed, Result, findings_of, judge_model
from tests.faults.planting import FAULTS

MODELS = sorted((Path(__file__).parents[2] / "faults" / "models").glob("*.bpmn"))
NAMES = [path.stem for path in MODELS]


@pytest.fixture(scope="module")
def results() -> dict[str, list[Result]]:
    """What was said of each fault in each model, at one place a model."""
    return {path.stem: list(judge_model(path.read_bytes(), most=1)) for path in MODELS}


@pytest.mark.parametrize("path", MODELS, ids=NAMES)
def test_a_sound_model_has_no_errors(path: Path) -> None:
    assert [f for f in findings_of(path.read_bytes()) if f.level == "error"] == []


def test_every_kind_of_fault_is_planted_somewhere(results: dict[str, list[Result]]) -> None:
    planted = {result.planted.fault.name for found in results.values() for result in found}
    assert {kind.name for kind in FAULTS} - planted == set()
    assert len(FAULTS) >= 150
    assert KINDS


@pytest.mark.parametrize("model", NAMES)
def test_what_is_planted_is_named_at_its_element(
    model: str, results: dict[str, list[Result]]
) -> None:
    missed = [
        f"{one.planted.fault.name} at {one.planted.site}: {one.missed.value}, said {set(one.said)}"
        for one in results[model]
        if one.missed is not Missed.NOTHING
    ]
    assert missed == []
