"""Real processes, killed at random, on one PostgreSQL; then an independent checker.

    python -m scripts.chaos --minutes 60 --instances 5000 --workers 4 --web 2

Exit status 1 when anything was lost, doubled or left standing. Data and logs stay in the folder
that it names when something is wrong; docs/developers/chaos.md says what is done and checked.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.diagram import Pace
from tests.chaos.plan import Plan
from tests.chaos.storm import Storm

SHOWN = 40


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0, help="length of the storm")
    parser.add_argument("--instances", type=int, default=200, help="families under way at a time")
    parser.add_argument("--workers", type=int, default=4, help="processes that sweep timers")
    parser.add_argument("--web", type=int, default=2, help="processes that serve the screens")
    parser.add_argument("--visitors", type=int, help="people who come over HTTP; as many as --web")
    parser.add_argument("--commanders", type=int, default=2, help="people who call the engine")
    parser.add_argument("--machines", type=int, choices=(1, 2), default=2)
    parser.add_argument("--rounds", type=int, default=3, help="rounds that each instance goes")
    parser.add_argument("--mails", action="store_true", help="each instance sends a mail")
    parser.add_argument("--mends", action="store_true", help="people leave the drawn course")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--blow-every", type=float, default=2, help="seconds between blows")
    parser.add_argument("--server-every", type=float, default=30, help="seconds between restarts")
    parser.add_argument("--jump", type=float, default=600, help="most seconds that a clock jumps")
    parser.add_argument("--look-minutes", type=float, default=10, help="minutes between two looks")
    parser.add_argument("--calm-minutes", type=float, default=60, help="most time to end all")
    given = parser.parse_args(arguments)
    plan = Plan(
        seconds=given.minutes * 60,
        instances=given.instances,
        workers=given.workers,
        web=given.web,
        commanders=given.commanders,
        visitors=given.web if given.visitors is None else given.visitors,
        machines=given.machines,
        seed=given.seed,
        blow_every=given.blow_every,
        server_every=given.server_every,
        jump=given.jump,
        looks=max(1, round(given.minutes / given.look_minutes) - 1),
        calm_seconds=given.calm_minutes * 60,
        lasting=True,
        mends=given.mends,
        pace=Pace(rounds=given.rounds, mails=given.mails),
    )
    folder, began = Path(tempfile.mkdtemp(prefix="ketenspoor-chaos-")), time.monotonic()

    def tell(line: str) -> None:
        print(f"{(time.monotonic() - began) / 60:6.1f} min  {line}", flush=True)

    tell(f"{plan}\n            in {folder}")
    with Storm(folder / "var", plan, tell) as storm:
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
