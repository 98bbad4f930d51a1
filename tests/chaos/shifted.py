"""Runs a module with the product's clock set off from the machine's by what a file says.

    python -m tests.chaos.shifted OFFSET MODULE [ARGUMENT …]

``OFFSET`` holds seconds and is read each time somebody asks what time it is: whoever writes it
makes the clock of this process jump, forward or backward, in the middle of whatever it does. Only
here, in the tests' own runner, is a clock what it should not be; the product knows nothing of it.
"""

from __future__ import annotations

import runpy
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.clock import SystemClock


def set_clock(offset: Path, seconds: float) -> None:
    """Make the clock of whoever reads ``offset`` differ by ``seconds`` from now on."""
    fresh = offset.with_suffix(".new")
    fresh.write_text(repr(seconds), "utf-8")
    fresh.rename(offset)


def live_by(offset: Path) -> None:
    """Let every ``SystemClock`` of this process be off by what the file says."""

    def now(_clock: SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(offset.read_text("utf-8")))

    SystemClock.now = now  # type: ignore[method-assign]


if __name__ == "__main__":
    live_by(Path(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
