"""``ketenspoor model``: run one model without a database."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from engine.clock import SystemClock
from engine.definitions.errors import DefinitionError
from engine.definitions.model import Finding
from engine.definitions.packages import Package
from engine.simulation.lone_findings import findings_of_run, judged
from engine.simulation.lone_model import LoneModel, load_model
from engine.simulation.model_run import DEFAULT_SPAN, ModelRun, run_model
from engine.simulation.wording import read_duration, read_instant
from webui.commands.printing import as_json, has_errors, print_findings, print_json


@click.group()
def model() -> None:
    """Run single models."""


@model.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--process", "process_id", help="The process to run, when the file has several.")
@click.option("--input", "input_json", default="{}", help="Variables as a JSON object.")
@click.option(
    "--answers",
    "answers_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file: element id → variables (or a list of them, used in order).",
)
@click.option("--for", "span", help="How much virtual time may pass (default one year).")
@click.option("--start", help="When it starts, e.g. 2026-01-05 09:00 (default: now).")
@as_json
def run(
    file: Path,
    process_id: str | None,
    input_json: str,
    answers_file: Path | None,
    span: str | None,
    start: str | None,
    json_output: bool,
) -> None:
    """Run one model in memory under a virtual clock.

    User tasks are completed with the answers given by element id, else with nothing.
    """
    variables = _object(input_json, "--input")
    answers = _answers(answers_file) if answers_file else {}
    begin: datetime = read_instant(start) if start else SystemClock().now()
    duration = read_duration(span) if span else DEFAULT_SPAN
    try:
        package = load_model(file, answered=answers, chosen=process_id)
    except DefinitionError as error:
        found = Finding(str(file), "error", error.code, "", "", 1, error.message, error.remedy)
        result = ModelRun("refused", findings=[found])
    else:
        result = _run(package, process_id, variables, answers, duration, begin)
    if json_output:
        print_json(result.as_dict())
    else:
        _print(result)
    sys.exit(1 if result.state in ("refused", "incident") else 0)


def _run(
    package: LoneModel,
    process_id: str | None,
    variables: dict[str, Any],
    answers: dict[str, Any],
    duration: Any,
    begin: datetime,
) -> ModelRun:
    findings = findings_of_run(package)
    if process_id is not None and process_id not in package.processes:
        known = ", ".join(package.processes) or "geen"
        raise click.UsageError(f"Er is geen proces {process_id}; bekend zijn: {known}.")
    _warn_of_unknown(answers, package)
    if has_errors(findings):
        return ModelRun("refused", findings=findings)
    result = run_model(
        package,
        process_id=process_id,
        variables=variables,
        answers=answers,
        span=duration,
        begin=begin,
    )
    return judged(result, findings, package, given=bool(variables or answers))


def _answers(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"--answers: {file} is niet te lezen als UTF-8-tekst.") from error
    answers = _object(text, "--answers")
    for element, given in answers.items():
        each = given if isinstance(given, list) else [given]
        if not all(isinstance(one, dict) for one in each):
            raise click.UsageError(
                f"--answers: bij {element} wordt een JSON-object verwacht, of een lijst daarvan."
            )
    return answers


def _warn_of_unknown(answers: dict[str, Any], package: Package) -> None:
    known = {id_ for process in package.processes.values() for id_ in process.elements}
    for element in answers:
        if element not in known:
            click.echo(
                f"--answers: er is geen element {element}; dit antwoord blijft over.", err=True
            )


def _object(text: str, option: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise click.UsageError(f"{option}: geen geldige JSON (regel {error.lineno}).") from error
    if not isinstance(value, dict):
        raise click.UsageError(f"{option}: een JSON-object wordt verwacht.")
    return value


def _print(result: ModelRun) -> None:
    print_findings(result.findings)
    for entry in result.trace:
        click.echo(f"{entry['at']}  {entry['type']:<22} {entry['element_id']}")
    for wait in result.waiting:
        due = f" tot {wait['due_at']}" if wait["due_at"] else ""
        click.echo(f"wacht: {wait['kind']} {wait['element_id']}{due}")
    if result.error:
        click.echo(f"storing bij {result.error['element_id']}: {result.error['message']}")
    click.echo(f"stand: {result.state}")
