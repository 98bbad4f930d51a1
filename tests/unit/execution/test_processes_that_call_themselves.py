"""Loops that run through other instances end as well, with an incident that says why."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest

from engine.definitions.model import Kind
from engine.runtime import motion
from engine.simulation.model_run import run_model
from tests.unit.execution.models import Model, line

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(motion, "MOST_STARTED", 30)


def package(model: Model):
    process = model.process()
    return SimpleNamespace(
        key="proef", version=str(uuid4()), main_process="P", processes={"P": process}, roles={},
        evaluate_decision=None, provides=lambda reference: reference.id == "P",
    )  # fmt: skip


def test_process_that_calls_itself_at_once_becomes_an_incident():
    model = line(Model().add(Kind.CALL_ACTIVITY, "roep", called_process="P"), "roep")
    run = run_model(package(model), begin=BEGIN)
    assert run.state == "incident"
    assert run.error is not None
    assert run.error["code"] == "endless-loop"


def test_process_that_calls_itself_a_few_times_is_fine():
    model = (
        Model()
        .xor("diep", default_flow="diep-end")
        .add(Kind.CALL_ACTIVITY, "roep", called_process="P", inputs={"n": "=n + 1"})
    )
    model.start().end().flow("start", "diep").flow("diep", "roep", when="=n < 5")
    model.flow("roep", "end").flow("diep", "end")
    assert run_model(package(model), variables={"n": 0}, begin=BEGIN).state == "completed"


def test_loop_of_service_tasks_in_a_whole_run_becomes_an_incident():
    model = Model().xor("terug").service("werk").start().flow("start", "terug", "werk", "terug")
    run = run_model(package(model), begin=BEGIN)
    assert run.state == "incident"
    assert run.error is not None
    assert "terug → werk" in run.error["message"]
