"""The tutorial's package is sound, and does what the tutorial says that it does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.definitions.checks import check_package
from engine.definitions.packages import load_package
from engine.simulation.tryout import try_out

ROOT = Path(__file__).resolve().parents[3]
FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)\n```", re.DOTALL)


def files(page: str) -> dict[str, str]:
    return dict(FILE.findall((ROOT / "docs" / "developers" / page).read_text(encoding="utf-8")))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, content in files("tutorial.md").items():
        path = tmp_path / "kennismaking" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + "\n", encoding="utf-8")
    return tmp_path / "kennismaking"


def test_the_check_finds_nothing(package: Path) -> None:
    assert check_package(load_package(package)) == []


def test_a_mistyped_role_is_named_with_the_one_that_was_meant(package: Path) -> None:
    diagram = package / "kennismaking.bpmn"
    text = diagram.read_text(encoding="utf-8")
    diagram.write_text(text.replace('candidateGroups="bezoeker"', 'candidateGroups="bezoekr"'))
    (finding,) = check_package(load_package(package))
    assert (finding.rule, finding.element_id) == ("unknown-role", "bezoek")
    assert "bezoeker" in finding.remedy


def test_one_scenario_leaves_one_end_unreached(package: Path) -> None:
    (package / "scenarios" / "gezin-wil-niet.yaml").unlink()
    result = try_out(load_package(package))
    assert [element for _, element, _ in result.unreached] == ["gestopt"]


def test_both_scenarios_reach_everything(package: Path) -> None:
    assert try_out(load_package(package)).passed
