"""The runner of the checks: rows side by side, and the end of one is the end of the other."""

from __future__ import annotations

import sys
from threading import Event

import pytest

from scripts import check


def group(monkeypatch, name, *endings, waits_for=""):
    """A group with a check for each ending; the checks wait until a file is there."""

    def checks():
        for number, ending in enumerate(endings):
            wait = f"import os, sys\nwhile not os.path.exists({waits_for!r}): pass\n"
            text = f"{wait if waits_for else ''}print('{name} {number}', flush=True)\n{ending}"
            yield check.Check(f"{name} {number}", [sys.executable, "-c", text], shown=True)

    monkeypatch.setitem(check.GROUPS, name, checks)


@pytest.fixture
def rows(monkeypatch):
    monkeypatch.setattr(check, "ROWS", (("first",), ("second",)))


def test_rows_that_pass_are_told_whole(monkeypatch, rows, capfd):
    group(monkeypatch, "first", "", "")
    group(monkeypatch, "second", "", "")
    assert check.run_rows()
    told = capfd.readouterr().out
    for text in ("first 0", "first 1", "second 0", "second 1"):
        assert f"== {text}" in told
        assert f"\n{text}\n" in told


def test_a_row_that_fails_ends_the_other_and_tells_what_it_found(
    monkeypatch, rows, capfd, tmp_path
):
    stopped = tmp_path / "stopped"

    class Stop(Event):
        def set(self):
            super().set()
            stopped.touch()

    monkeypatch.setattr(check, "Event", Stop)
    group(monkeypatch, "first", "import sys; sys.exit('a fault')")
    group(monkeypatch, "second", "", "", waits_for=str(stopped))
    assert not check.run_rows()
    told = capfd.readouterr()
    assert "FAILED: first 0" in told.out
    assert "a fault" in told.err
    assert "second 1" not in told.out


def test_a_failure_in_the_row_beside_is_shown_with_its_output(monkeypatch, rows, capfd):
    group(monkeypatch, "first", "")
    group(monkeypatch, "second", "import sys; sys.exit('a fault beside')", "")
    assert not check.run_rows()
    told = capfd.readouterr().out
    assert told.index("a fault beside") < told.index("FAILED: second 0")
    assert "== second 1" not in told
