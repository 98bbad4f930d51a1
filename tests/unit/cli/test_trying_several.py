"""``ketenspoor package try`` on a folder of packages: every scenario, in one go."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from webui.cli import cli

PROCESSES = Path(__file__).resolve().parents[3] / "processes"
TWO = ("gedeeld/duo-coaching", "gedeeld/opvoedcursus")


def tried(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["package", "try", *map(str, arguments)])


def test_all_packages_that_are_named_are_played():
    result = tried(*(PROCESSES / name for name in TWO), "--all", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)["packages"]
    assert [one["passed"] for one in told] == [True, True]
    assert all(one["scenarios"] for one in told)


def test_one_that_fails_fails_all_and_the_others_are_played(tmp_path: Path):
    broken = tmp_path / "een"
    broken.mkdir()
    (broken / "pakket.toml").write_text('sleutel = "een"\n', encoding="utf-8")
    (broken / "fout.bpmn").write_text("<geen-bpmn/>", encoding="utf-8")
    result = tried(broken, PROCESSES / TWO[0], "--all", "--json")
    assert result.exit_code == 1
    assert [one["passed"] for one in json.loads(result.output)["packages"]] == [False, True]


@pytest.mark.parametrize("arguments", [("--all", "--scenario", "x"), ()])
def test_all_or_some_by_name(arguments: tuple[str, ...]):
    assert tried(PROCESSES / TWO[0], *arguments).exit_code == 2


def test_what_a_scenario_names_that_no_package_knows_is_told_with_its_line(tmp_path: Path):
    beside = tmp_path / "gedeeld"
    shutil.copytree(PROCESSES / TWO[0], beside / "duo-coaching")
    (beside / "duo-coaching" / "scenarios" / "eigen.yaml").write_text(
        "naam: Eigen\nbegin: 2026-01-05 09:00\naanroep: gedeeld-duo-coaching\nstappen:\n"
        "  - taak: maak-het-plan\n  - verwacht: {niet_gepasseerd: [einde-typefout]}\n",
        encoding="utf-8",
    )
    result = tried(beside / "duo-coaching", "--scenario", "eigen")
    assert result.exit_code == 1
    assert "scenarios/eigen.yaml:5" in result.output
    assert "scenarios/eigen.yaml:6" in result.output
    assert "Bedoelde u" in result.output
