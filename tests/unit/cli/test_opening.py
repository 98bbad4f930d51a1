"""``ketenspoor package open`` tells what changed and what is to be decided."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from tests.unit.definitions.diagrams import line
from webui.cli import cli

CAMUNDA_7 = line(
    '<bpmn:userTask id="a" name="Bel" camunda:candidateGroups="leider" '
    'camunda:formKey="embedded:app:x.html" />',
    ids="a",
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["package", "open", *map(str, arguments)])


def test_a_file_is_translated_and_written_with_its_notes(tmp_path: Path):
    (tmp_path / "oud.bpmn").write_bytes(CAMUNDA_7)
    answer = run(tmp_path / "oud.bpmn", "--to", tmp_path / "nieuw.bpmn", "--json")
    document = json.loads(answer.stdout)
    assert (answer.exit_code, document["opened"], document["decisions"]) == (0, True, 1)
    assert {note["rule"] for note in document["notes"]} == {"assignment", "form", "drawn"}
    assert all(note["line"] and note["mend"] for note in document["notes"])
    assert b'candidateGroups="leider"' in (tmp_path / "nieuw.bpmn").read_bytes()


def test_people_read_decisions_first_and_refusals_with_their_reason(tmp_path: Path):
    (tmp_path / "oud.bpmn").write_bytes(CAMUNDA_7)
    (tmp_path / "tekening.bpmn").write_bytes(b"<mxfile/>")
    answer = run(tmp_path / "oud.bpmn", tmp_path / "tekening.bpmn", "--to", tmp_path / "uit")
    assert answer.exit_code == 1
    assert answer.stdout.index("Te beslissen:") < answer.stdout.index("Veranderd:")
    assert "draw.io" in answer.stdout
    assert [path.name for path in (tmp_path / "uit").iterdir()] == ["oud.bpmn"]


def test_what_is_not_there_is_said(tmp_path: Path):
    assert run(tmp_path / "weg.bpmn").exit_code == 2
