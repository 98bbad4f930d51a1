"""Every package holds whatever people answer and however late they do.

A run takes one way into a package, or goes on from somewhere in a scenario, and does, some tens of
times, what may be done then: a task with any answers that its form takes, time that goes by, a
contact note, a signal, something started beside. After each it looks: no incident, no task without
a role, a person or a date, nothing that waits for ever.

``KETENSPOOR_TEST_RUNS=40`` plays more runs of every way in, other ones each time. What fails says
the way, the seed and the steps; ``KETENSPOOR_TEST_RUN='tussen-in:aanmelding-gezin 1234 60'`` does
that one again, and alone.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.driving import packages, run, ways_in, ways_on

USUAL = 3
RUNS = int(os.environ.get("KETENSPOOR_TEST_RUNS", str(USUAL)))
STEPS = 70
AGAIN = os.environ.get("KETENSPOOR_TEST_RUN", "")
WAYS = {str(way): way for way in ways_in()}
ON = {str(way): way for way in ways_on()}
ALIKE = settings(
    deadline=None,
    derandomize=RUNS == USUAL,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.skipif(bool(AGAIN), reason="KETENSPOOR_TEST_RUN asks for one run")
@pytest.mark.parametrize("way", WAYS.values(), ids=str)
@settings(ALIKE, max_examples=RUNS)
@given(seed=st.integers(0, 2**32 - 1), steps=st.just(STEPS))
def test_every_run_ends_or_waits_for_somebody_or_a_date(way, seed, steps):
    run(way, seed, steps)


@pytest.mark.skipif(bool(AGAIN), reason="KETENSPOOR_TEST_RUN asks for one run")
@pytest.mark.parametrize("way", ON.values(), ids=str)
@settings(ALIKE, max_examples=2 * RUNS)
@given(seed=st.integers(0, 2**32 - 1), steps=st.just(STEPS))
def test_so_does_every_run_that_goes_on_from_a_scenario(way, seed, steps):
    run(way, seed, steps)


if AGAIN:  # one run, asked for by name

    def test_one_run_again():
        name, seed, steps = AGAIN.rsplit(" ", 2)
        run((WAYS | ON)[name], int(seed), int(steps))


def test_there_is_a_way_into_every_package():
    assert {way.package for way in WAYS.values()} == set(packages())
