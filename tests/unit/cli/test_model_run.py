"""The command line as scripts use it: one JSON document, an exit status, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from webui.cli import cli

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="p" isExecutable="true">"""
TAIL = "</bpmn:process></bpmn:definitions>"
TWO_WAYS = """
  <bpmn:startEvent id="start" />
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="vraag" />
  <bpmn:userTask id="vraag" />
  <bpmn:sequenceFlow id="f2" sourceRef="vraag" targetRef="keuze" />
  <bpmn:exclusiveGateway id="keuze" default="f4" />
  <bpmn:sequenceFlow id="f3" sourceRef="keuze" targetRef="wacht">
    <bpmn:conditionExpression>=antwoord = "ja"</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:sequenceFlow id="f4" sourceRef="keuze" targetRef="einde" />
  <bpmn:intermediateCatchEvent id="wacht"><bpmn:timerEventDefinition>
    <bpmn:timeDuration>P10D</bpmn:timeDuration></bpmn:timerEventDefinition>
  </bpmn:intermediateCatchEvent>
  <bpmn:sequenceFlow id="f5" sourceRef="wacht" targetRef="einde" />
  <bpmn:endEvent id="einde" />"""


def _run(tmp_path: Path, body: str, *options: str, status: int = 0) -> dict[str, Any]:
    model = tmp_path / "model.bpmn"
    model.write_text(HEAD + body + TAIL, "utf-8")
    result = CliRunner().invoke(cli, ["model", "run", str(model), "--json", *options])
    assert result.exit_code == status, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def _answers(tmp_path: Path, answers: object) -> str:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(answers), "utf-8")
    return str(file)


def test_answers_steer_the_run_and_virtual_time_passes(tmp_path: Path) -> None:
    answers = _answers(tmp_path, {"vraag": {"antwoord": "ja"}})
    ran = _run(tmp_path, TWO_WAYS, "--answers", answers, "--start", "2026-01-05 09:00")
    assert ran["state"] == "completed"
    assert [t["element_id"] for t in ran["trace"]] == ["start", "vraag", "keuze", "wacht", "einde"]
    assert ran["trace"][-1] == {
        "element_id": "einde",
        "type": "endEvent",
        "at": "2026-01-15T08:00:00+00:00",
    }
    assert ran["variables"] == {"antwoord": "ja"}


def test_variables_are_printed_as_others_write_them(tmp_path: Path) -> None:
    wanted = {"antwoord": "ja", "prijs": 2.5}
    answers = _answers(tmp_path, {"vraag": wanted})
    assert _run(tmp_path, TWO_WAYS, "--answers", answers)["variables"] == wanted


def test_a_span_ends_the_run_while_it_waits(tmp_path: Path) -> None:
    answers = _answers(tmp_path, {"vraag": {"antwoord": "ja"}})
    ran = _run(tmp_path, TWO_WAYS, "--answers", answers, "--for", "P3D")
    assert ran["state"] == "waiting"
    assert [w["element_id"] for w in ran["waiting"]] == ["wacht"]


def test_a_message_is_waited_for_by_the_trajectory_s_own_id(tmp_path: Path) -> None:
    body = """
      <bpmn:startEvent id="start" /><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="w" />
      <bpmn:receiveTask id="w" messageRef="m" />
      <bpmn:sequenceFlow id="f2" sourceRef="w" targetRef="e" /><bpmn:endEvent id="e" />"""
    message = """<bpmn:message id="m" name="antwoord"><bpmn:extensionElements>
      <zeebe:subscription correlationKey="=trajectId" /></bpmn:extensionElements></bpmn:message>"""
    ran = _run(tmp_path, body + "</bpmn:process>" + message + "<bpmn:process id='leeg'>")
    assert (ran["state"], ran["variables"]) == ("waiting", {})
    assert ran["waiting"][0]["kind"] == "message"


def test_an_error_in_the_model_is_an_incident_with_its_place(tmp_path: Path) -> None:
    only_no = '<bpmn:conditionExpression>=antwoord = "nee"</bpmn:conditionExpression>'
    flow = 'id="f4" sourceRef="keuze" targetRef="einde"'
    body = TWO_WAYS.replace(' default="f4"', "").replace(
        f"{flow} />", f"{flow}>{only_no}</bpmn:sequenceFlow>"
    )
    ran = _run(tmp_path, body, "--input", '{"antwoord": "misschien"}', status=1)
    assert ran["state"] == "incident"
    assert ran["error"]["element_id"] == "keuze"
    assert ran["error"]["code"] == "no-flow-taken"


def test_what_is_not_supported_is_refused_by_element(tmp_path: Path) -> None:
    choice = '<bpmn:{0} id="keuze" default="f4"'
    counts = (  # Camunda 8, of which this file uses a word, has none
        "<bpmn:extensionElements><zeebe:properties /></bpmn:extensionElements>"
        "<bpmn:activationCondition>=activationCount &gt; 1</bpmn:activationCondition>"
    )
    body = TWO_WAYS.replace(
        choice.format("exclusiveGateway") + " />",
        choice.format("complexGateway") + f">{counts}</bpmn:complexGateway>",
    )
    ran = _run(tmp_path, body, status=1)
    assert ran["state"] == "refused"
    assert "keuze" in {f["element_id"] for f in ran["findings"]}
    assert ran["trace"] == []


@pytest.mark.parametrize(
    "option", [("--input", "geen json"), ("--input", "[1]"), ("--process", "q")]
)
def test_wrong_usage_has_status_two(tmp_path: Path, option: tuple[str, str]) -> None:
    model = tmp_path / "model.bpmn"
    model.write_text(HEAD + TWO_WAYS + TAIL, "utf-8")
    result = CliRunner().invoke(cli, ["model", "run", str(model), *option])
    assert result.exit_code == 2


def test_rubbish_is_a_finding_and_never_a_traceback(tmp_path: Path) -> None:
    for name, content in {
        "a.bpmn": b"\x00\xff",
        "b.dmn": b"<a",
        "c.form": b"{",
        "d.zip": b"PK",
    }.items():
        (tmp_path / name).write_bytes(content)
        result = CliRunner().invoke(cli, ["package", "check", str(tmp_path / name), "--json"])
        assert result.exit_code == 1, (name, result.output)
        findings = json.loads(result.stdout)["findings"]
        assert findings
        assert set(findings[0]) == {
            "file", "level", "rule", "element_id", "element_name", "line", "message", "remedy",
            "path",
        }  # fmt: skip


def test_no_model_can_reach_python_scripts_of_the_library() -> None:
    """SpiffWorkflow's BPMN, DMN and script engine are never even loaded."""
    code = (
        "import sys, webui.commands.server, webui.commands.packages, webui.commands.models\n"
        "import engine.runtime.sql\n"
        "found = [m for m in sys.modules if m.startswith(('SpiffWorkflow.bpmn', "
        "'SpiffWorkflow.dmn', 'SpiffWorkflow.spiff', 'SpiffWorkflow.camunda'))]\n"
        "sys.exit(1 if found else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_checking_a_file_loads_neither_database_nor_screens(tmp_path: Path) -> None:
    """A check answers in half a second; what it doesn't need would cost it a second more."""
    (tmp_path / "leeg.bpmn").write_text("<a/>", encoding="utf-8")
    code = (
        "import sys; from webui.cli import cli\n"
        "cli(['package', 'check', sys.argv[1]], standalone_mode=False)\n"
    )
    atexit = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    done = subprocess.run(
        [sys.executable, "-c", atexit + code, str(tmp_path / "leeg.bpmn")],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert "not-bpmn" in done.stdout
    assert not {"sqlalchemy", "flask", "psycopg"} & set(done.stderr.split())


def test_a_step_that_cannot_be_taken_is_an_incident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.runtime.motion.MOST_STARTED", 5)
    body = """
      <bpmn:startEvent id="start"><bpmn:signalEventDefinition signalRef="s" /></bpmn:startEvent>
      <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="e" />
      <bpmn:endEvent id="e"><bpmn:signalEventDefinition signalRef="s" /></bpmn:endEvent>
      </bpmn:process><bpmn:signal id="s" name="steeds" /><bpmn:process id="leeg">"""
    ran = _run(tmp_path, body, "--process", "p", status=1)
    assert (ran["state"], ran["error"]["code"]) == ("incident", "endless-loop")


def test_a_model_of_another_engine_may_be_an_xml_file(tmp_path: Path) -> None:
    model = tmp_path / "model.bpmn20.xml"
    head = HEAD.replace("http://camunda.org/schema/zeebe/1.0", "http://activiti.org/bpmn")
    model.write_text(head + TWO_WAYS.replace('=antwoord = "ja"', "${antwoord == 'ja'}") + TAIL)
    answers = _answers(tmp_path, {"vraag": {"antwoord": "ja"}})
    result = CliRunner().invoke(cli, ["model", "run", str(model), "--json", "--answers", answers])
    ran = json.loads(result.stdout)
    assert [t["element_id"] for t in ran["trace"]] == ["start", "vraag", "keuze", "wacht", "einde"]
    assert {f["rule"] for f in ran["findings"]} >= {"translated"}


def test_two_processes_of_which_none_says_that_it_runs_both_may(tmp_path: Path) -> None:
    pool = '<bpmn:process id="{0}"><bpmn:startEvent id="s{0}" /></bpmn:process>'
    model = tmp_path / "model.bpmn"
    head = HEAD[: HEAD.index("<bpmn:process")]
    model.write_text(f"{head}{pool.format('p')}{pool.format('q')}</bpmn:definitions>", "utf-8")
    result = CliRunner().invoke(cli, ["model", "run", str(model), "--json", "--process", "q"])
    assert [t["element_id"] for t in json.loads(result.stdout)["trace"]] == ["sq"]


BORDER_BEFORE_JOIN = """
  <bpmn:startEvent id="start" /><bpmn:parallelGateway id="splits" />
  <bpmn:userTask id="a" /><bpmn:userTask id="b" />
  <bpmn:boundaryEvent id="te-laat" attachedToRef="a"><bpmn:timerEventDefinition>
    <bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
  <bpmn:endEvent id="gestopt" /><bpmn:parallelGateway id="samen" /><bpmn:endEvent id="einde" />
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="splits" />
  <bpmn:sequenceFlow id="f2" sourceRef="splits" targetRef="a" />
  <bpmn:sequenceFlow id="f3" sourceRef="splits" targetRef="b" />
  <bpmn:sequenceFlow id="f4" sourceRef="a" targetRef="samen" />
  <bpmn:sequenceFlow id="f5" sourceRef="b" targetRef="samen" />
  <bpmn:sequenceFlow id="f6" sourceRef="te-laat" targetRef="gestopt" />
  <bpmn:sequenceFlow id="f7" sourceRef="samen" targetRef="einde" />"""


def test_a_run_that_was_given_nothing_says_nothing_of_a_join_that_may_wait(tmp_path: Path):
    ran = _run(tmp_path, BORDER_BEFORE_JOIN, status=1)
    assert ran["state"] == "refused"
    refused = [f for f in ran["findings"] if f["level"] == "error"]
    assert [(f["rule"], f["element_id"]) for f in refused] == [("join-waits-forever", "samen")]


def test_a_run_that_was_given_answers_shows_the_way_that_they_take(tmp_path: Path):
    answers = _answers(tmp_path, {"a": {}, "b": {}})
    assert _run(tmp_path, BORDER_BEFORE_JOIN, "--answers", answers)["state"] == "completed"


def test_a_run_that_was_given_nothing_leaves_no_step_unreached(tmp_path: Path):
    head = HEAD.replace("http://camunda.org/schema/zeebe/1.0", "http://activiti.org/bpmn")
    steps = '<bpmn:startEvent id="start" /><bpmn:userTask id="vraag" /><bpmn:task id="los" />'
    steps += '<bpmn:sequenceFlow id="f" sourceRef="start" targetRef="vraag" />'
    model = tmp_path / "model.bpmn"
    model.write_text(head + steps + TAIL, "utf-8")

    def state(*options: str) -> str:
        run = CliRunner().invoke(cli, ["model", "run", str(model), "--json", *options])
        return str(json.loads(run.stdout)["state"])

    assert state() == "refused"
    assert state("--answers", _answers(tmp_path, {"vraag": {}})) == "completed"
