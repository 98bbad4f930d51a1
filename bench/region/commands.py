"""Commands of the product, each in a process of its own: the time and the memory that they took."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.steps.place import ROOT

LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command cost. ``resident_mb`` is the most memory that it held."""

    seconds: float
    resident_mb: float
    status: int


def run(url: str, folder: Path, command: Sequence[str]) -> Spent:
    """Run ``ketenspoor`` with a database; what it prints goes to a file in the folder."""
    environment = {**os.environ, "DATABASE_URL": url}
    with (folder / f"{command[0]}.txt").open("wb") as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "webui.cli", *command],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        most = 0.0
        while process.poll() is None:
            most = max(most, _most_resident_mb(process.pid))
            time.sleep(LOOK_SECONDS)
    return Spent(time.perf_counter() - begin, most, process.returncode)


def _most_resident_mb(pid: int) -> float:
    """The most that a running process held so far; 0 when it is just gone."""
    try:
        told = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return 0.0
    lines = (line.split() for line in told.splitlines() if line.startswith("VmHWM:"))
    return max((int(line[1]) / 1e3 for line in lines), default=0.0)
