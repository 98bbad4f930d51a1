"""``ketenspoor package`` over several packages: check, try, publish."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.definitions.packages import Package
from tests.two_packages import call, caller, meeting
from webui.cli import cli


@pytest.fixture
def run(fresh_database_url: str):
    def command(*arguments: str | Path) -> Result:
        return CliRunner(env={"DATABASE_URL": fresh_database_url}).invoke(
            cli, ["package", *map(str, arguments)]
        )

    return command


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A method and the shared care meeting that it calls."""
    write(tmp_path / "processes" / "methode", caller(call("Zorgoverleg"), ids="roep"))
    write(tmp_path / "processes" / "gedeeld" / "zorgoverleg", meeting())
    return tmp_path / "processes"


def write(folder: Path, given: Package) -> Path:
    for path, content in given.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def rules(answer: Result) -> set[tuple[str, str]]:
    found = json.loads(answer.stdout)["findings"]
    return {(one["rule"], one["element_id"]) for one in found if one["level"] == "error"}


def test_a_check_looks_beside_the_package_in_its_tree(run, tree: Path):
    answer = run("check", tree / "methode", "--json")
    assert (answer.exit_code, rules(answer)) == (0, set())


def test_a_check_elsewhere_needs_to_be_told_where_the_called_package_is(run, tree: Path, tmp_path):
    alone = write(tmp_path / "los", caller(call("Zorgoverleg"), ids="roep"))
    missed = run("check", alone, "--json")
    assert (missed.exit_code, rules(missed)) == (1, {("unknown-process", "roep")})
    assert run("check", alone, "--with", tree / "gedeeld" / "zorgoverleg").exit_code == 0


def test_a_check_of_a_whole_tree_is_one_of_every_package(run, tree: Path):
    write(tree / "kapot", caller(call("Nergens"), ids="roep", key="kapot"))
    assert ("unknown-process", "roep") in rules(run("check", tree, "--json"))


def test_a_tree_is_published_with_the_called_packages_first(run, tree: Path):
    answer = run("publish", tree, "--json")
    assert answer.exit_code == 0
    published = json.loads(answer.stdout)["packages"]
    assert [(one["package"], one["number"]) for one in published] == [
        ("zorgoverleg", 1),
        ("methode", 1),
    ]


def test_a_package_is_checked_against_what_is_published(run, tree: Path):
    refused = run("publish", tree / "methode", "--json")
    assert (refused.exit_code, rules(refused)) == (1, {("unknown-process", "roep")})
    assert run("publish", tree / "gedeeld" / "zorgoverleg").exit_code == 0
    answer = run("publish", tree / "methode", "--json")
    assert json.loads(answer.stdout)["package"] == "methode"
