"""The demonstration's region with every package of the tree published, before any family."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from engine.definitions.neighbours import folders_in
from engine.definitions.packages import Package, load_package
from engine.definitions.published.publication import publish_all
from engine.simulation.demonstration import Demonstration, people
from engine.simulation.scenario import Scenario
from engine.simulation.tryout import scenarios_of
from engine.store.unit_of_work import UnitOfWork

TREE = Path(__file__).resolve().parents[1] / "processes"
SINCE = datetime(2024, 1, 1, 9, tzinfo=UTC)
"""Since when people work there and packages hold; earlier than any played family."""


def settle(engine: Engine) -> None:
    """Put the region and the packages into a database."""
    with UnitOfWork(engine) as session:
        people.settle(session, Demonstration(engine, SINCE, TREE).region, SINCE)
        publish_all(session, [load_package(folder) for folder in folders_in(TREE)], at=SINCE)


@cache
def package(key: str) -> Package:
    """A method of the tree."""
    return load_package(TREE / key)


def scenario(key: str, name: str) -> Scenario:
    """A scenario of a method, by the name of its file."""
    return next(s for s in scenarios_of(package(key)) if s.file.endswith(f"/{name}.yaml"))
