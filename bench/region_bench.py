"""A database of 100,000 open trajectories: doctor, backup, restore, a pile of due timers, pages.

    python -m bench region

The trajectories are real: a few are played by the product with the package Tussen In, and copied
with identifiers of their own, states included (``bench/region``). Of the audit only the newest
lines of each are copied. A region of organisations and people has as many families as in life; for
the pages, which come last, one organisation takes over most of them with their people.

Sizes, by environment: BENCH_OPEN (100000), BENCH_REGION (200 families per region), BENCH_LARGEST
(100 percent of the regions are taken over), BENCH_CHAIN (1000 regions at most in the chain of one
coordinator), BENCH_HISTORY (5 lines of audit), BENCH_DUE (1000 timers), BENCH_ROUNDS (5 a page).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from bench import Measurement
from bench.region import commands
from bench.region.multiply import PROCESSES, join_regions, multiply, play, shape
from bench.region.screens import Screens
from bench.steps.place import ROOT, size
from engine.clock import VirtualClock
from engine.families.composition import sweep_runtime
from engine.runtime.sweep import Sweep
from engine.simulation.demonstration import Demonstration
from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from engine.store.schema import upgrade

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BOUND_MB = 250
"""Commands over the whole database may not take more memory, however large it is."""


def measure() -> Iterator[Measurement]:
    """The figures; only memory has a limit, since time and size grow with what there is."""
    count = size("OPEN", 100_000)
    with EmbeddedServer(ROOT / "var" / "bench") as server, tempfile.TemporaryDirectory() as place:
        first, second = "meting_regio", "meting_terug"
        for name in (first, second):
            server.drop_database(name)
            server.create_database(name)
        engine = open_engine(server.url(first), ROOT / "var")
        try:
            upgrade(engine)
            yield from _fill(engine, count)
            yield from _commands(server.url(first), server.url(second), Path(place), count)
            yield from _due(engine, size("DUE", 1_000))
            yield from _pages(engine)
        finally:
            close_engine(engine)
            for name in (first, second):
                server.drop_database(name)


def _fill(engine: Engine, count: int) -> Iterator[Measurement]:
    play(engine, NOW)
    begin = time.perf_counter()
    multiply(engine, count, size("REGION", 200), size("HISTORY", 5))
    yield Measurement("trajectories made", count / (time.perf_counter() - begin), "1/s")
    with engine.connect() as connection:
        whole = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        yield Measurement("database per open trajectory", whole / count / 1e3, "KB")
        for name, rows, taken in connection.execute(_TABLES):
            yield Measurement(
                f"  of which {name}, {rows / count:.1f} rows", taken / count / 1e3, "KB"
            )


def _pages(engine: Engine) -> Iterator[Measurement]:
    """Pages, where one organisation and chain has most of what runs."""
    shape(engine, size("LARGEST", 100) / 100)
    join_regions(engine, size("CHAIN", 1_000))
    password = Demonstration(engine, NOW, PROCESSES).password
    for who, address, cost in Screens(engine, NOW, password).opened():
        yield Measurement(
            f"{who}: {address}, {cost.statements} statements", cost.milliseconds, "ms"
        )
        yield Measurement(f"  of the processor; {cost.rows} rows", cost.processor, "ms")


def _commands(url: str, other: str, place: Path, count: int) -> Iterator[Measurement]:
    file = place / "kopie.zip"
    for target, command in (
        (url, ["doctor"]), (url, ["backup", str(file)]), (other, ["restore", str(file)]),
    ):  # fmt: skip
        spent = commands.run(target, place, command)
        if spent.status != 0:
            said = (place / f"{command[0]}.txt").read_text("utf-8")[-500:]
            raise RuntimeError(f"{command[0]}: {said}")
        yield Measurement(f"{command[0]}", spent.seconds, "s")
        yield Measurement("  memory", spent.resident_mb, "MB", limit=BOUND_MB)
        if command[0] == "backup":
            yield Measurement(
                "  its file, per open trajectory", file.stat().st_size / count / 1e3, "KB"
            )


def _due(engine: Engine, many: int) -> Iterator[Measurement]:
    clock = VirtualClock(NOW)
    sweep = Sweep(engine, clock, lambda session: sweep_runtime(session, clock))
    clock.advance_to(NOW + timedelta(days=3))
    with engine.connect() as connection:
        query = text("SELECT count(*) FROM timers WHERE next_try_at <= :now")
        waiting = connection.execute(query, {"now": clock.now()}).scalar_one()
    begin = time.perf_counter()
    fired = sweep.run_once(many)
    rate = fired / (time.perf_counter() - begin)
    yield Measurement(f"timers fired, {waiting} due at once", rate, "1/s")


_TABLES = text("""
SELECT relname, n_live_tup, pg_total_relation_size(relid) FROM pg_stat_user_tables
ORDER BY 3 DESC LIMIT 8
""")
