"""Runs the project's checks and stops at the first that fails.

    python -m scripts.check                     everything, in two rows that go side by side
    python -m scripts.check static unit ...     only these groups
    python -m scripts.check format              lay the files out as the checks want them

Each check prints one headline; a check that fails prints what it found and how to run it alone.
Two cores are to be busy all the time: first what takes seconds, then the tests on PostgreSQL beside
everything else. The row beside shows each of its checks once it is done.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# What pytest counted, per run; summed in the last line.
REPORTS = ROOT / "var" / "reports"
# Tests share two cores with the servers and browsers they start.
WORKERS = "2"


@dataclass(frozen=True, slots=True)
class Check:
    """One command with the headline it runs under.

    Attributes:
        shown: print the command's output as it comes, instead of only when it fails.
        environment: variables set for this command on top of the present ones.
    """

    headline: str
    command: list[str]
    shown: bool = False
    environment: dict[str, str] = field(default_factory=dict)


def static() -> Iterator[Check]:
    """The Python as it is written."""
    yield Check("layout of Python (ruff format)", [tool("ruff"), "format", "--check", "."])
    yield Check("rules for Python (ruff)", [tool("ruff"), "check", "."])
    yield Check("who may know whom (import-linter)", [tool("lint-imports"), "--no-cache"])


def texts() -> Iterator[Check]:
    """Templates, their texts, and the files of others."""
    yield Check("templates (djlint)", [tool("djlint"), "webui", "--lint", "--quiet"])
    yield Check("English texts", [sys.executable, "-m", "scripts.translations", "check"])
    yield Check("vendored browser files", [sys.executable, "-m", "scripts.vendor", "--check"])


def types() -> Iterator[Check]:
    """The types of the Python."""
    yield Check("types (mypy)", [tool("mypy")])


def scenarios() -> Iterator[Check]:
    """Every process package: no findings, and every scenario ends as it says."""
    yield Check("process packages", [tool("ketenspoor"), "package", "check", "processes"])
    played = [tool("ketenspoor"), "package", "try", "processes", "--all"]
    yield Check("scenarios of the process packages", played, shown=True)


def unit() -> Iterator[Check]:
    """Tests of one room each without a database, and the public conformance suites."""
    yield pytest("unit and conformance tests", "tests/unit", "tests/tck", "-n", WORKERS)


def integration() -> Iterator[Check]:
    """Tests on a real PostgreSQL: embedded, or that of DATABASE_URL."""
    longest_first = ("tests/chaos", "tests/upgrades", "tests/integration")
    yield pytest("tests on PostgreSQL", *longest_first, "-n", WORKERS, "--dist", "worksteal")


def browser() -> Iterator[Check]:
    """Tests of the running product in headless Chromium."""
    chromium = subprocess.run(
        [ROOT / "scripts" / "chromium.sh"], check=True, capture_output=True, text=True
    ).stdout.strip()
    check = pytest("tests in a browser", "tests/browser")
    check.environment["CHROMIUM"] = chromium
    yield check


def formatting() -> Iterator[Check]:
    """Lays the files out; changes them."""
    yield Check("imports and simple mends (ruff)", [tool("ruff"), "check", "--fix-only", "."])
    yield Check("layout of Python (ruff format)", [tool("ruff"), "format", "."])


GROUPS: dict[str, Callable[[], Iterator[Check]]] = {
    "static": static,
    "texts": texts,
    "types": types,
    "scenarios": scenarios,
    "unit": unit,
    "integration": integration,
    "browser": browser,
    "format": formatting,
}
ROWS = (
    (("static",), ("texts",)),
    (("unit", "integration"), ("types", "scenarios", "browser")),
)
"""What runs side by side, and what once that is fine; the first row is shown as it goes."""


def tool(name: str) -> str:
    """The path of a program that is installed beside this Python."""
    return str(BIN / name)


def pytest(headline: str, *arguments: str) -> Check:
    """A run of pytest, shown as it goes."""
    report = REPORTS / f"{headline.replace(' ', '-')}.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}", *arguments]
    return Check(headline, command, shown=True)


def run(check: Check, *, beside: bool = False) -> bool:
    """Run one check under its headline; whether it passed. One beside tells all at its end."""
    if not beside:
        tell(f"\n== {check.headline}")
    began = time.monotonic()
    kept = beside or not check.shown
    environment = {**os.environ, **check.environment}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # some hundred processes read the same files
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.PIPE if kept else None,
        stderr=subprocess.STDOUT if kept else None,
    )
    lines = [f"\n== {check.headline}"] if beside else []
    if kept and (check.shown or done.returncode):
        lines.append((done.stdout or b"").decode(errors="replace").rstrip())
    elif kept:
        lines.append(f"   fine ({time.monotonic() - began:.1f} s)")
    if done.returncode:
        shown = " ".join(part.replace(f"{ROOT}/", "") for part in check.command)
        lines.append(f"\nFAILED: {check.headline}\nTo see it again: {shown}")
    tell("\n".join(lines))
    return done.returncode == 0


def run_groups(names: Sequence[str], stop: Event, *, beside: bool = False) -> bool:
    """Run groups one after another until one fails or ``stop`` is set; whether all passed."""
    for name in names:
        for check in GROUPS[name]():
            if stop.is_set() or not run(check, beside=beside):
                return False
    return True


def run_rows(rows: Sequence[Sequence[str]]) -> bool:
    """Run rows side by side; the one that fails ends the other after its present check."""
    stop = Event()

    def row(number: int) -> bool:
        passed = False
        try:
            passed = run_groups(rows[number], stop, beside=number > 0)
        finally:
            if not passed:
                stop.set()
        return passed

    with ThreadPoolExecutor(len(rows)) as pool:
        try:
            return all(list(pool.map(row, range(len(rows)))))
        except BaseException:  # Ctrl-C reached the checks as well
            stop.set()
            raise


_telling = Lock()


def tell(text: str) -> None:
    """Print for whoever watches, without mixing lines of two rows."""
    if text:
        with _telling:
            print(text, flush=True)


def summary() -> str:
    """One line with the tests of all runs together."""
    counts = Counter[str]()
    for report in REPORTS.glob("*.xml"):
        for suite in ElementTree.parse(report).iter("testsuite"):
            for kind in ("tests", "failures", "errors", "skipped"):
                counts[kind] += int(suite.get(kind, 0))
    failed = counts["failures"] + counts["errors"]
    passed = counts["tests"] - failed - counts["skipped"]
    return f"\n{passed} passed, {failed} failed, {counts['skipped']} skipped"


def main(names: list[str]) -> int:
    """Run the named groups, or everything; 0 when all passed, 1 at the first that did not."""
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. Choose from: {', '.join(GROUPS)}.", file=sys.stderr)
        return 2
    for old in REPORTS.glob("*.xml"):
        old.unlink()
    if not (run_groups(names, Event()) if names else all(map(run_rows, ROWS))):
        return 1
    if any(REPORTS.glob("*.xml")):
        print(summary(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
