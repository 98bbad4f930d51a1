"""A table that sends a family on names a method, and a way in, that are there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.definitions.checks import check_package
from engine.definitions.neighbours import packages_beside
from engine.definitions.packages import load_package

PROCESSES = Path(__file__).resolve().parents[3] / "processes"


@pytest.fixture
def rules_of(tmp_path):
    """The rules broken by the crisis method when a word in its tables is another."""

    def changed(word: str, other: str) -> list[tuple[str, str]]:
        tree = tmp_path / "processes"
        shutil.copytree(PROCESSES, tree)
        table = tree / "crisis/besluiten.dmn"
        table.write_text(table.read_text("utf-8").replace(f'"{word}"', f'"{other}"'), "utf-8")
        found = check_package(load_package(tree / "crisis"), packages_beside(tree / "crisis"))
        return [(one.level, one.rule) for one in found]

    return changed


def test_a_method_that_is_not_there_is_an_error(rules_of):
    assert rules_of("tussen-in-licht", "tussen-in-lcht") == [("error", "unknown-next-method")]


def test_a_way_in_that_the_method_does_not_have_is_an_error(rules_of):
    assert rules_of("licht-vervolg", "licht-verder") == [("error", "unknown-next-entry")]


def test_our_own_tables_are_right(rules_of):
    assert rules_of("tussen-in-licht", "tussen-in-licht") == []
