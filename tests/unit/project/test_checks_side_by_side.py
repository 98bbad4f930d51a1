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


ROWS = (("first",), ("second",))


def test_rows_that_pass_are_told_whole(monkeypatch, capfd):
    group(monkeypatch, "first", "", "")
    group(monkeypatch, "second", "", "")
    assert check.run_rows(ROWS)
    told = capfd.readouterr().out
    for text in ("first 0", "first 1", "second 0", "second 1"):
        assert f"== {text}" in told
        assert f"\n{text}\n" in told


def test_a_row_that_fails_ends_the_other_and_tells_what_it_found(monkeypatch, capfd, tmp_path):
    stopped = tmp_path / "stopped"

    class Stop(Event):
        def set(self):
            super().set()
            stopped.touch()

    monkeypatch.setattr(check, "Event", Stop)
    group(monkeypatch, "first", "import sys; sys.exit('a fault')")
    group(monkeypatch, "second", "", "", waits_for=str(stopped))
    assert not check.run_rows(ROWS)
    told = capfd.readouterr()
    assert "FAILED: first 0" in told.out
    assert "a fault" in told.err
    assert "second 1" not in told.out


def test_a_failure_in_the_row_beside_is_shown_with_its_output(monkeypatch, capfd):
    group(monkeypatch, "first", "")
    group(monkeypatch, "second", "import sys; sys.exit('a fault beside')", "")
    assert not check.run_rows(ROWS)
    told = capfd.readouterr().out
    assert told.index("a fault beside") < told.index("FAILED: second 0")
    assert "== second 1" not in told


@pytest.mark.parametrize(("ending", "status"), [("", 0), ("import sys; sys.exit('no')", 1)])
def test_what_takes_long_waits_for_what_takes_seconds(monkeypatch, capfd, tmp_path, ending, status):
    monkeypatch.setattr(check, "REPORTS", tmp_path)
    monkeypatch.setattr(check, "ROWS", (ROWS, (("third",), ("fourth",))))
    for name in ("first", "second", "third", "fourth"):
        group(monkeypatch, name, ending if name == "second" else "")
    assert check.main([]) == status
    told = capfd.readouterr().out
    assert ("== third 0" in told) == ("== fourth 0" in told) == (status == 0)
