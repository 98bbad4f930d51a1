"""Help with writing scenarios: faults with their line, and what may stand where."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from engine.definitions.packages import Package, load_package
from engine.simulation.scenario_help import Vocabulary, faults, vocabulary

PROCESSES = Path(__file__).resolve().parents[3] / "processes"
METHOD = "korte-gesprekkenreeks"


@cache
def packages() -> dict[str, Package]:
    loaded = [load_package(found.parent) for found in sorted(PROCESSES.rglob("pakket.toml"))]
    return {package.key: package for package in loaded}


@cache
def words(key: str) -> Vocabulary:
    return vocabulary(packages()[key], [one for one in packages().values() if one.key != key])


@pytest.mark.parametrize("key", sorted(packages()))
def test_nothing_is_said_of_scenarios_that_play(key: str) -> None:
    for file, raw in packages()[key].scenarios.items():
        assert faults(raw, file, words(key)) == [], file


def a_scenario() -> tuple[str, str]:
    """A scenario of the method, and a task that it finishes."""
    _file, raw = next(iter(packages()[METHOD].scenarios.items()))
    text = raw.decode()
    task = next(line.split(":")[1].strip() for line in text.splitlines() if "- taak:" in line)
    return text, task


def found_in(text: str) -> list[tuple[int, str, str]]:
    return [
        (one.line, one.message, one.remedy)
        for one in faults(text.encode(), "x.yaml", words(METHOD))
    ]


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_task_that_is_not_there_is_named_with_its_line_and_what_was_meant() -> None:
    text, task = a_scenario()
    wrong = text.replace(f"- taak: {task}\n", f"- taak: {task}x\n", 1)
    line = line_of(wrong, f"- taak: {task}x")
    assert (line, f"Er is geen taak ‘{task}x’.", f"Bedoelde u ‘{task}’?") in found_in(wrong)


def test_an_unknown_key_is_named_with_its_line() -> None:
    text, _task = a_scenario()
    wrong = text.replace("stappen:", "stapen:", 1)
    line, message, remedy = found_in(wrong)[0]
    assert (line, remedy) == (line_of(wrong, "stapen:"), "Bedoelde u ‘stappen’?")
    assert "stapen" in message


def test_an_answer_that_the_form_does_not_ask_is_named() -> None:
    task = next(key for key, asked in words(METHOD).answers.items() if asked and ":" not in key)
    text = f"naam: x\nbegin: 2026-01-05\nstappen:\n  - taak: {task}\n    invullen:\n      zzz: 1\n"
    assert (6, "‘zzz’ kent dit formulier niet.") in [
        (line, told) for line, told, _how in found_in(text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "- : :\n x",
        "\t- x",
        "[" * 3000,
        "'",
        "",
        "1",
        "a: &a [*a]",
        "x: !!python/object:os.x {}",
    ],
)
def test_rubbish_gives_a_fault_and_never_an_exception(text: str) -> None:
    assert found_in(text)
