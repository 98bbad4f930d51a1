"""Due timers: how fast one process, and four, fire them; what a worker takes up in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bench.steps.ours import complete, open_task, start
from bench.steps.place import START, Place, open_again
from engine.clock import VirtualClock
from engine.families.casework import Casework
from engine.families.composition import sweep_runtime
from engine.lasting_memory import settle
from engine.runtime.sweep import Sweep
from engine.store.database import close_engine

LATER = START + timedelta(days=8)
"""When the weekly timer of every instance at its second task is due."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one process did: timers fired, by when (monotonic seconds), and its memory after."""

    fired: int
    begin: float
    end: float
    resident_mb: float


def wait_at_second_task(place: Place, instances: int) -> None:
    """Bring instances to where their weekly timer runs; not measured."""
    casework = Casework(place.database, place.clock)
    for number in range(instances):
        trajectory_id = start(place, casework, number)
        task_id = open_task(place, trajectory_id)
        assert task_id is not None
        complete(place, casework, task_id)


def sweep_by(place: Place, processes: int) -> tuple[float, float]:
    """Fire all that is due by some processes: timers per second, the largest worker in MB."""
    context = get_context("spawn")
    barrier, results = context.Barrier(processes), context.Queue()
    started = [
        context.Process(target=_sweep, args=(place.url, barrier, results)) for _ in range(processes)
    ]
    for process in started:
        process.start()
    swept: list[Swept] = [results.get(timeout=300) for _ in started]
    for process in started:
        process.join(30)
    took = max(s.end for s in swept) - min(s.begin for s in swept)
    return sum(s.fired for s in swept) / took, max(s.resident_mb for s in swept)


def _sweep(url: str, barrier: Barrier, results: Queue[Swept]) -> None:
    engine, clock = open_again(url), VirtualClock(START)
    sweep = Sweep(engine, clock, lambda session: sweep_runtime(session, clock))
    sweep.run_once()  # nothing is due yet: connects and compiles
    settle()
    barrier.wait(120)
    clock.advance_to(LATER)
    begin = last = time.monotonic()
    fired = 0
    while some := sweep.run_once(100):
        fired, last = fired + some, time.monotonic()
    results.put(Swept(fired, begin, last, resident_mb()))
    close_engine(engine)


def idle_looks(place: Place, rounds: int) -> Iterator[float]:
    """How long a sweep takes that finds nothing due, in milliseconds."""
    sweep = Sweep(place.database, place.clock, lambda session: sweep_runtime(session, place.clock))
    for _ in range(rounds):
        begin = time.perf_counter()
        assert sweep.run_once() == 0
        yield (time.perf_counter() - begin) * 1e3


def resident_mb() -> float:
    """The resident memory of this process in megabytes (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6
