"""``python -m tests.faults FILE…`` plants every fault into models and tells what was missed."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.faults.judging import Missed, judge_model


def main() -> None:
    """Print a line for each fault that was not named, and the totals."""
    counted: Counter[str] = Counter()
    slowest = 0.0
    for name in sys.argv[1:]:
        xml = Path(name).read_bytes()
        for result in judge_model(xml):
            counted["planted"] += 1
            slowest = max(slowest, result.seconds)
            if result.missed is not Missed.NOTHING:
                counted[result.missed.value] += 1
                print(f"{name}: {result.planted.fault.name} @ {result.planted.site}: "
                      f"{result.missed.value}; said {sorted(result.said)}")  # fmt: skip
    print(dict(counted), f"slowest {slowest:.3f} s")


if __name__ == "__main__":
    main()
