"""What is the same in every test on PostgreSQL is done once in a process.

Each test has an engine of its own, which would compile the same statements again, and publishes the
same packages, which would be checked again: together about a third of what such a test computes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.util import LRUCache

from engine.definitions.model import Finding
from engine.definitions.neighbours import Neighbours
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.store import database

STATEMENTS = 3000


@contextmanager
def done_once() -> Iterator[None]:
    """Share compiled statements between engines, and remember what was checked."""
    with pytest.MonkeyPatch.context() as patch:
        _share_compiled(patch)
        _remember_findings(patch)
        yield


def _share_compiled(patch: pytest.MonkeyPatch) -> None:
    """A statement is compiled for a dialect: those that write it alike are the same to a cache."""
    compiled: Any = LRUCache(STATEMENTS)
    made = database.create_engine

    def make(*args: Any, **more: Any) -> Engine:
        engine = made(*args, **more)
        engine._compiled_cache = compiled
        return engine

    def way_of_writing(dialect: PGDialect_psycopg) -> tuple[Any, ...]:
        return type(dialect), dialect.paramstyle

    patch.setattr(database, "create_engine", make)
    patch.setattr(PGDialect_psycopg, "__hash__", lambda self: hash(way_of_writing(self)))
    patch.setattr(
        PGDialect_psycopg,
        "__eq__",
        lambda self, other: (
            self is other
            or (
                isinstance(other, PGDialect_psycopg)
                and way_of_writing(self) == way_of_writing(other)
            )
        ),
    )


def _remember_findings(patch: pytest.MonkeyPatch) -> None:
    """The same content beside the same packages has the same findings."""
    check = publication.check_package
    known: dict[Any, list[Finding]] = {}

    def check_once(package: Package, neighbours: Neighbours) -> list[Finding]:
        if neighbours.templates is not None:
            return check(package, neighbours)
        beside = tuple(one.version for one in neighbours.packages)
        tags = None if neighbours.tags is None else frozenset(neighbours.tags.items())
        place = (package.key, package.version, beside, tags)
        if place not in known:
            known[place] = check(package, neighbours)
        return [*known[place]]

    patch.setattr(publication, "check_package", check_once)
