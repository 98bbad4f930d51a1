"""How much room the product takes: a trajectory's state, and the demonstration's database.

python -m bench sizes
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from bench import Measurement
from bench.steps import long_run
from bench.steps.place import scratch_place
from engine.simulation.demonstration import Demonstration

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LARGEST = 6


def measure() -> Iterator[Measurement]:
    """States after case A; bytes per family, and which tables they are in."""
    with scratch_place() as place:
        described = long_run.steps(place.database, 1).described
        print(f"  Tussen In, case A: {described}")
        whole, largest, parts = _row(
            place.database,
            "SELECT sum(length(state)), max(length(state)), count(*) FROM process_instances"
            " WHERE status = 'active'",
        )
        yield Measurement("states of case A after nine months, together", whole / 1e3, "KB")
        yield Measurement(f"the largest of its {parts} running states", largest / 1e3, "KB")
    with scratch_place() as place:
        (before,) = _row(place.database, "SELECT pg_database_size(current_database())")
        Demonstration(place.database, NOW, long_run.PACKAGE.parent).fill(lambda progress: None)
        (after,) = _row(place.database, "SELECT pg_database_size(current_database())")
        (families,) = _row(place.database, "SELECT count(*) FROM trajectories")
        yield Measurement("families of the demonstration", families, "")
        yield Measurement("database per family, all in", (after - before) / families / 1e3, "KB")
        for name, size in _tables(place.database):
            yield Measurement(f"  of which {name}", size / families / 1e3, "KB")


def _row(database: Engine, query: str) -> tuple[int, ...]:
    with database.connect() as connection:
        return tuple(int(value) for value in connection.execute(text(query)).one())


def _tables(database: Engine) -> list[tuple[str, int]]:
    query = text(
        "SELECT relname, pg_total_relation_size(oid) AS size FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " ORDER BY size DESC LIMIT :largest"
    )
    with database.connect() as connection:
        return [(row.relname, row.size) for row in connection.execute(query, {"largest": LARGEST})]
