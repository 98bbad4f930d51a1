"""A run stops, and says where, when more and more stands open; and a lone file is all there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine.simulation import model_moves
from tests.unit.conformance.drawing import drawn
from webui.cli import cli

CALLS_ITSELF = """
start s
xor g
user u
call c calls=p
end e
s > u > g
g > c ? ==verder
g >! e
c > e
"""
CALLS_ANOTHER = """
start s
call c calls=elders
end e
s > c > e
"""


def _said(path: Path, *command: str) -> dict[str, Any]:
    result = CliRunner().invoke(cli, [*command, str(path), "--json"])
    said: dict[str, Any] = json.loads(result.stdout)
    return {**said, "status": result.exit_code}


def _file(path: Path, drawing: str) -> Path:
    path.write_bytes(drawn(drawing))
    return path


def test_a_run_in_which_ever_more_stands_open_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(model_moves, "MOST_LOOKED_AT", 500)
    answers = tmp_path / "antwoorden.json"
    answers.write_text('{"u": {"verder": true}}')
    file = _file(tmp_path / "model.bpmn", CALLS_ITSELF.replace("==verder", "=verder"))
    said = _said(file, "model", "run", "--answers", str(answers))
    assert (said["state"], said["status"]) == ("incident", 1)
    assert (said["error"]["code"], said["error"]["element_id"]) == ("run-grows", "c")
    assert said["error"]["remedy"]


def test_a_lone_file_that_calls_what_is_not_in_it_is_refused(tmp_path: Path):
    said = _said(_file(tmp_path / "model.bpmn", CALLS_ANOTHER), "package", "check")
    assert said["status"] == 1
    found = [f for f in said["findings"] if f["rule"] == "unknown-process"]
    assert [(f["level"], f["element_id"]) for f in found] == [("error", "c")]


def test_a_file_of_a_package_may_call_one_beside_it(tmp_path: Path):
    (tmp_path / "pakket.toml").write_text("")
    said = _said(_file(tmp_path / "model.bpmn", CALLS_ANOTHER), "package", "check")
    assert ("warning", "c") in {(f["level"], f["element_id"]) for f in said["findings"]}
    assert said["status"] == 0
