"""How fast the product does a step of work; beside SpiffWorkflow with a blob, and Viewflow.

    python -m bench steps

The work (``bench/steps/work.py``): start → 5 user tasks with 5 fields each, a choice after task 3,
boundary timers on tasks 2 and 4 → end. Ours goes the whole way of the product on PostgreSQL:
permission, access log, form validation, document, state, projections, audit, one commit that waits
for the disk. The baselines keep a state and little else, in SQLite that waits for the disk too.

Sizes, by environment: BENCH_INSTANCES (60), BENCH_WARM_UP (10), BENCH_TIMERS (400),
BENCH_OPEN (100000), BENCH_HTTP_INSTANCES (20), BENCH_STEPS (30).
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import Measurement
from bench.steps import long_run, ours, rows, spiff_blob, timers, viewflow_run, web
from bench.steps.place import scratch_place, server_line, size


def measure() -> Iterator[Measurement]:
    """The figures; limits are those of the issue's Speed section."""
    print(f"  load average {', '.join(f'{load:.2f}' for load in os.getloadavg())}")
    with scratch_place() as place:
        print(f"  {server_line(place)}")
        found, stored = ours.finished(place, size("INSTANCES", 60), size("WARM_UP", 10))
        completion, start = statistics.median(found.completions), statistics.median(found.starts)
        yield Measurement("complete a task, median", completion, "ms", limit=3)
        yield Measurement("complete a task, p95", _p95(found.completions), "ms", limit=5)
        yield Measurement("start an instance, median", start, "ms", limit=3)
        yield Measurement("database per finished instance", stored / 1e3, "KB", limit=15)
        yield from _baselines(completion, start)
        by_http = web.completions(place, size("HTTP_INSTANCES", 20))
        yield Measurement(
            "complete by HTTP with login, median", statistics.median(by_http), "ms", limit=6
        )
    with scratch_place() as place:
        for processes, least in ((1, 500), (4, 800)):
            timers.wait_at_second_task(place, size("TIMERS", 400))
            fired, resident = timers.sweep_by(place, processes)
            what = f"timers fired, {processes} process{'es' if processes > 1 else ''}"
            yield Measurement(what, fired, "1/s", least=least)
            if processes == 1:
                yield Measurement("resident memory of that worker", resident, "MB", limit=120)
                yield from _timers_of_others(fired)
    yield from _among_many()
    with scratch_place() as place:
        steps = long_run.steps_of_a_process(place, size("STEPS", 30))
        print(f"  Tussen In, case A: {steps.described}")
        after = "Tussen In after nine months,"
        for what, taken in (("a contact task", steps.tasks), ("a contact note", steps.notes)):
            yield Measurement(f"{after} {what}", statistics.median(taken), "ms", limit=5)
        silence = statistics.median(steps.timers)  # nobody waits for it
        yield Measurement(f"{after} silence: the next of the ladder, mailed", silence, "ms")


def _among_many() -> Iterator[Measurement]:
    count = size("OPEN", 100_000)
    with scratch_place() as place:
        worker = rows.fill(place, count)
        idle = rows.median(timers.idle_looks(place, 50))
        yield Measurement(f"idle look for due timers, {count} open", idle, "ms", limit=1)
        page = rows.median(rows.first_pages(place, worker, 30))
        yield Measurement(f"first page of my tasks, {count} open", page, "ms", limit=3)


def _timers_of_others(fired: float) -> Iterator[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        theirs = spiff_blob.timers_per_second(Path(folder), size("TIMERS", 400))
    yield Measurement("SpiffWorkflow + SQLite blob: timers fired", theirs, "1/s")
    yield Measurement("  ours / theirs", fired / theirs, "x")


def _baselines(completion: float, start: float) -> Iterator[Measurement]:
    instances = size("INSTANCES", 60)
    with tempfile.TemporaryDirectory() as folder:
        spiff = spiff_blob.measure(Path(folder), instances)
        theirs = statistics.median(spiff.completions)
        yield Measurement("SpiffWorkflow + SQLite blob: complete", theirs, "ms")
        yield Measurement("  ours / theirs", completion / theirs, "x")
        theirs = statistics.median(spiff.starts)
        yield Measurement("SpiffWorkflow + SQLite blob: start", theirs, "ms")
        yield Measurement("  ours / theirs", start / theirs, "x")
        viewflow = viewflow_run.measure(Path(folder), instances)
    if viewflow is None:
        print("  Viewflow is not installed (scripts/baselines.sh): not compared")
        return
    theirs = statistics.median(viewflow["completions"])
    yield Measurement("Viewflow + SQLite: complete", theirs, "ms")
    yield Measurement("  ours / theirs", completion / theirs, "x")


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
