"""The practice method published on a database, with commands that tests give one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine.clock import VirtualClock
from engine.definitions.packages import Package
from engine.definitions.published.publication import publish
from engine.runtime.catalogue import Catalogue
from engine.runtime.commands import Runtime
from engine.runtime.connectors import Connector, ConnectorRegistry
from engine.runtime.models import Timer, UserTask
from engine.runtime.published import PublishedPackages
from engine.runtime.sql import SqlStore
from engine.runtime.sweep import Sweep
from engine.store.unit_of_work import UnitOfWork, in_transaction
from tests.practice_diagrams import CONNECTOR, changed_package, practice_package
from tests.region import START
from tests.rows import rows_of


@dataclass
class Practice:
    """The method published on a database, with commands that commit one by one."""

    database: Engine
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(START))
    connectors: ConnectorRegistry = field(default_factory=ConnectorRegistry)
    version: str = ""

    def publish(self, remark: str = "") -> str:
        """Publish the method; its version."""
        self.version = self.publish_other(practice_package(remark))
        return self.version

    def publish_other(self, package: Package) -> str:
        """Publish another package beside it; its version."""
        with UnitOfWork(self.database) as session:
            return publish(session, package, at=self.clock.now()).version

    def publish_changed(self, *replacements: tuple[str, str]) -> str:
        """Publish a version in which texts of the diagrams are replaced; the other stays known."""
        with UnitOfWork(self.database) as session:
            changed = changed_package(*replacements)
            return publish(session, changed, at=self.clock.now()).version

    def connect(self, connector: Connector) -> None:
        """What the method's service task does."""
        self.connectors.register(CONNECTOR, connector)

    def runtime(self, session: Session) -> Runtime:
        """The commands within a transaction of the test's own."""
        catalogue = Catalogue(PublishedPackages(session))
        store = SqlStore(session, catalogue, self.clock)
        return Runtime(store, catalogue, self.connectors, self.clock)

    def do(self, command: Callable[[Runtime], Any]) -> Any:
        """One command in one transaction."""
        return in_transaction(self.database, lambda session: command(self.runtime(session)))

    def start(self, process_id: str, *, key: str | None = None, **variables: Any) -> UUID:
        """Start a process."""
        return self.do(lambda r: r.start(self.version, process_id, variables, business_key=key))

    def complete(self, element_id: str, **variables: Any) -> None:
        """Complete the one open task of an element."""
        (task_id,) = self.open_tasks(element_id)
        self.do(lambda r: r.complete_task(task_id, variables))

    def open_tasks(self, element_id: str | None = None) -> list[UUID]:
        """The open tasks, of one element or of all."""
        query = (
            select(UserTask.id)
            .where(UserTask.status == "open")
            .order_by(UserTask.created_at, UserTask.id)
        )
        if element_id is not None:
            query = query.where(UserTask.element_id == element_id)
        with Session(self.database) as session:
            return list(session.scalars(query))

    def open_elements(self) -> list[str]:
        """The elements of the open tasks, sorted."""
        query = select(UserTask.element_id).where(UserTask.status == "open")
        with Session(self.database) as session:
            return sorted(session.scalars(query))

    def rows(self, model: type[Any]) -> list[Any]:
        """All rows of a table, the first written first."""
        with Session(self.database) as session:
            return list(session.scalars(rows_of(model)))

    def timers(self) -> list[Timer]:
        """The running timers, the earliest first."""
        return sorted(self.rows(Timer), key=lambda t: t.due_at)

    def sweep(self, **more: Any) -> Sweep:
        """A sweep under this clock."""
        return Sweep(self.database, self.clock, self.runtime, **more)
