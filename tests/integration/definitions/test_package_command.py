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


def test_where_a_second_pair_of_eyes_is_wanted_it_is_not_gone_past_in_silence(
    run, tree: Path, fresh_database_url: str
):
    from engine.access.people import add_organisation
    from engine.access.register import want_second_eyes
    from engine.clock import SystemClock
    from engine.definitions.published.publication import latest
    from engine.store.database import close_engine, open_engine
    from engine.store.unit_of_work import UnitOfWork

    assert run("publish", tree).exit_code == 0
    engine = open_engine(fresh_database_url, tree)
    try:
        with UnitOfWork(engine) as session:
            at = SystemClock().now()
            add_organisation(session, name="De Brug", kind="uitvoerder", at=at)
            want_second_eyes(session, "De Brug", True, at=at)
        assert run("publish", tree).exit_code == 0  # nothing is different
        (tree / "methode" / "README.md").write_text("anders", encoding="utf-8")
        refused = run("publish", tree, "--reason", "Beter")
        assert refused.exit_code != 0
        assert "methode" in str(refused.exception or refused.output)
        done = run("publish", tree, "--reason", "Beter", "--without-approval", "niemand is er")
        assert done.exit_code == 0
        with UnitOfWork(engine) as session:
            version = latest(session, "methode")
            assert version is not None
            assert version.number == 2
            assert version.reason == "Beter (zonder goedkeuring: niemand is er)"
    finally:
        close_engine(engine)
