"""When a new version may go to all that runs: numbers of live tables, and nothing else."""

from __future__ import annotations

import pytest

from engine.definitions.checks import check_package
from engine.definitions.packages import Package
from engine.definitions.published.live_tables import live_change
from tests.live_package import live_package


def changed(*replacements: tuple[str, str], **more: str):
    return live_change(live_package(**more), live_package(*replacements, **more))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('duration("P10D")', 'duration("P7D")'),
        ('duration("P10D")', 'duration("P1W")'),
        ('duration("P10D")', 'duration("PT12H")'),
    ],
)
def test_another_number_of_a_live_table_may_go_to_all(old: str, new: str):
    found = changed((old, new))
    assert found.allowed
    assert (found.tables, found.decisions) == (("tijden",), frozenset({"tijden"}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"haast"', '"rust"'),  # another choice, not another number
        ('duration("P10D")', "null"),
        ('duration("P10D")', 'duration("P10D") + duration("P1D")'),
        ('name="ruim"', 'name="lang"'),
        ('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"'),
        ("<text>soort</text>", "<text>haast</text>"),
    ],
)
def test_anything_else_in_the_table_may_not(old: str, new: str):
    found = changed((old, new))
    assert not found.allowed
    assert found.hindrances


def test_a_table_that_is_not_live_may_not():
    found = changed(("P10D", "P7D"), live="")
    assert (found.allowed, bool(found.hindrances)) == (False, True)


def test_what_runs_must_have_been_live_already():
    before, after = live_package(live=""), live_package(("P10D", "P7D"))
    assert not live_change(before, after).allowed


def test_another_diagram_may_not_but_a_readme_may():
    before = live_package()
    files = {**live_package(("P10D", "P7D")).files, "README.md": b"uitleg"}
    assert live_change(before, Package(files)).allowed
    files["1.bpmn"] = files["1.bpmn"].replace(b'name="werk"', b'name="anders"')
    assert "1.bpmn" in live_change(before, Package(files)).hindrances


def test_a_live_table_must_be_there():
    rules = {found.rule for found in findings_of(live_package(live='"tijden", "weg"'))}
    assert "unknown-live-table" in rules
    assert "manifest-live-tables" in {f.rule for f in findings_of(live_package(live="3"))}
    assert not {f.rule for f in findings_of(live_package()) if f.level == "error"}


def findings_of(package: Package):
    return check_package(package)
