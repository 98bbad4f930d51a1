"""A short storm, small enough for every run of the tests; ``scripts.chaos`` makes long ones."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.chaos.diagram import Pace
from tests.chaos.plan import Plan
from tests.chaos.storm import Storm

PLAN = Plan(
    seconds=14,
    instances=16,
    workers=2,
    web=2,
    commanders=1,
    visitors=1,
    machines=2,
    server_every=6,
    jump=5,
    calm_seconds=400,
    pace=Pace(rounds=1, strike=0.5, rest=2, late=1, pause=0.5),
)


@pytest.mark.timeout(900)
def test_nothing_is_lost_or_doubled_when_processes_and_the_server_are_killed():
    # outside pytest's own folder, which other users (the server's) may not enter
    with (
        tempfile.TemporaryDirectory(prefix="ketenspoor-chaos-") as folder,
        Storm(Path(folder) / "var", PLAN) as storm,
    ):
        outcome = storm.run()
    assert outcome.wrong == []
    assert outcome.numbers["tasks completed"] == PLAN.instances * 3
    assert outcome.numbers["visitors: task"] > 0
    ends = sum(count for name, count in outcome.blows.items() if name.startswith("server"))
    assert ends >= PLAN.looks + 1
    assert outcome.blows.total() > ends + 1
