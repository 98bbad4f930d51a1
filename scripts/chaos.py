"""Real processes, killed at random, on one PostgreSQL; then an independent checker.

    python -m scripts.chaos --minutes 5 --instances 500 --workers 4

Exit status 1 when anything was lost, doubled or left standing. Data and logs stay in the folder
that it names when something is wrong; see ``tests/chaos`` for what is done and checked.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.diagram import Pace
from tests.chaos.storm import Plan, Storm

SHOWN = 40


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0, help="length of the storm")
    parser.add_argument("--instances", type=int, default=200)
    parser.add_argument("--workers", type=int, default=4, help="processes that sweep timers")
    parser.add_argument("--commanders", type=int, default=2, help="processes that act as people")
    parser.add_argument("--rounds", type=int, default=3, help="rounds that each instance goes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server-every", type=float, default=30, help="seconds between restarts")
    parser.add_argument("--calm-minutes", type=float, default=10, help="most time to end all")
    given = parser.parse_args(arguments)
    plan = Plan(
        seconds=given.minutes * 60,
        instances=given.instances,
        workers=given.workers,
        commanders=given.commanders,
        seed=given.seed,
        server_every=given.server_every,
        calm_seconds=given.calm_minutes * 60,
        pace=Pace(rounds=given.rounds),
    )
    folder = Path(tempfile.mkdtemp(prefix="ketenspoor-chaos-"))
    with Storm(folder / "var", plan, tell=lambda line: print(line, flush=True)) as storm:
        outcome = storm.run()
    for name, count in sorted(outcome.blows.items()) + sorted(outcome.numbers.items()):
        print(f"  {name:<32} {count:>8}")
    if not outcome.wrong:
        shutil.rmtree(folder)
        print("Nothing lost, nothing doubled.")
        return 0
    print(f"{len(outcome.wrong)} things wrong; data and logs are in {folder}", file=sys.stderr)
    for line in outcome.wrong[:SHOWN]:
        print(f"  {line}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
