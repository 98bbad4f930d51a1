"""States say in which form they were written; every older form is read, a newer one is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.execution import state
from engine.execution.errors import UnreadableState
from tests.unit.execution.models import BEGIN, Driver, Model, line


@pytest.fixture
def run() -> Driver:
    return Driver(line(Model().user("a"), "a"), {"x": 1})


def in_form(run: Driver, form: int, **changes: Any) -> bytes:
    return json.dumps({**json.loads(state.dump(run.execution)), **changes, "v": form}).encode()


def test_a_state_says_its_form(run: Driver):
    assert json.loads(state.dump(run.execution))["v"] == state.FORMAT


def test_an_older_state_is_read_step_by_step(run: Driver, monkeypatch: pytest.MonkeyPatch):
    def renamed(document: state.Document) -> state.Document:
        return {**document, "status": document["state"]}

    def as_it_was(document: state.Document) -> state.Document:
        return document

    written = in_form(run, state.FORMAT, state="active", status=None)
    monkeypatch.setitem(state.STEPS, state.FORMAT, renamed)
    monkeypatch.setitem(state.STEPS, state.FORMAT + 1, as_it_was)
    monkeypatch.setattr(state, "FORMAT", state.FORMAT + 2)
    loaded = state.load(run.definition, written, BEGIN)
    assert loaded.status == "active"
    assert json.loads(state.dump(loaded))["v"] == state.FORMAT


def test_every_older_form_has_its_step():
    assert sorted(state.STEPS) == list(range(1, state.FORMAT))


def test_a_state_of_a_newer_version_is_refused_and_says_so(run: Driver):
    with pytest.raises(UnreadableState, match="vorm") as refused:
        state.load(run.definition, in_form(run, state.FORMAT + 1), BEGIN)
    assert "nieuwere versie" in refused.value.remedy
