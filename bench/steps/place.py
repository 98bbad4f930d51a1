"""Where the product is measured: scratch databases on an embedded, durable server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from bench.steps.work import package_files
from engine.access.actors import Actor, actor_of
from engine.access.models import SystemRole
from engine.access.people import add_chain, add_organisation, add_user, assign_role
from engine.clock import VirtualClock
from engine.definitions.packages import Package
from engine.definitions.published.publication import publish
from engine.store.database import close_engine, open_engine
from engine.store.embedded import EmbeddedServer
from engine.store.schema import upgrade
from engine.store.unit_of_work import UnitOfWork

ROOT = Path(__file__).resolve().parent.parent.parent
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
PASSWORD = "een lang genoeg wachtwoord"  # noqa: S105 - of a scratch database
WORKER_EMAIL = "wilma@meting.example"


def size(name: str, default: int) -> int:
    """How much of something is measured: ``BENCH_<name>`` in the environment, or the default."""
    return int(os.environ.get(f"BENCH_{name}", default))


@dataclass(frozen=True, slots=True)
class Place:
    """A scratch database with the work published and one worker, who may do all of it."""

    database: Engine
    clock: VirtualClock
    worker: Actor
    organisation_id: UUID
    package: Package

    @property
    def url(self) -> str:
        """The address of the database, for other processes."""
        return self.database.url.render_as_string(hide_password=False)


@contextmanager
def scratch_place() -> Iterator[Place]:
    """A fresh place, thrown away at the end. Nothing of the server's settings is relaxed."""
    with EmbeddedServer(ROOT / "var" / "bench") as server:
        name = f"meting_{secrets.token_hex(4)}"
        server.create_database(name)
        try:
            engine = open_engine(server.url(name), ROOT / "var")
            try:
                upgrade(engine)
                yield settle(engine)
            finally:
                close_engine(engine)
        finally:
            server.drop_database(name)


def settle(engine: Engine) -> Place:
    """An organisation in a chain of four, with a worker and nine colleagues; the work published."""
    package = Package(package_files(), name="meting")
    with UnitOfWork(engine) as session:
        chain = add_chain(session, "Keten")
        for partner in ("Schuldhulp", "Gemeente", "School"):
            add_organisation(session, name=partner, kind="overig", at=START, chain_id=chain.id)
        runner = add_organisation(
            session, name="De Brug", kind="uitvoerder", at=START, is_runner=True, chain_id=chain.id
        )
        people = []
        for number in range(10):
            email = WORKER_EMAIL if number == 0 else f"collega{number}@meting.example"
            password = PASSWORD if number == 0 else None
            user = add_user(
                session, name=f"Medewerker {number}", email=email, password=password,
                organisation_id=runner.id, at=START,
            )  # fmt: skip
            assign_role(session, user.id, SystemRole.WORKER, runner.id, at=START)
            people.append(user.id)
        publish(session, package, at=START)
        session.flush()
        worker = actor_of(session, people[0], START)
    return Place(engine, VirtualClock(START), worker, runner.id, package)


def server_line(place: Place) -> str:
    """The server's version, what it waits for at a commit, and whether it logs statements."""
    with place.database.connect() as connection:
        shown = [
            connection.execute(text(f"SHOW {name}")).scalar_one()
            for name in (
                "server_version", "synchronous_commit", "fsync", "log_min_duration_statement"
            )
        ]  # fmt: skip
    told = "PostgreSQL {}, synchronous_commit {}, fsync {}, log_min_duration_statement {}"
    return told.format(*shown)


def open_again(url: str) -> Engine:
    """The scratch database in another process."""
    make_url(url)
    return open_engine(url, ROOT / "var")
