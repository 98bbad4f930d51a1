"""Instances on PostgreSQL: one row each, its projections written in the same transaction.

Whoever reads an instance to change it locks the *root* of its tree first and then the instance, so
that parents and children are never locked in different orders; the row's version is checked when
it is written. A command therefore sees a settled instance and never overwrites another's work.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.definitions.model import Trigger
from engine.definitions.published.starts import asking
from engine.execution.standing import Standing, standing
from engine.runtime.catalogue import Catalogue
from engine.runtime.errors import InstanceChanged, InstanceNotFound, TaskNotFound, TaskNotOpen
from engine.runtime.instance_rows import (
    ACTIVE_IN_TREE,
    INSTANCES,
    LOCKED,
    MOVED,
    OF_INSTANCE,
    SAVE,
    pack,
    unpack,
)
from engine.runtime.message_table import MessageTable
from engine.runtime.models import AuditEvent, ProcessInstance, UserTask
from engine.runtime.projections import Projections
from engine.runtime.store import Instance, Recorded
from engine.store.round_trips import Rows, read_together, write_later

_AUDIT = Rows(AuditEvent)


class SqlStore(MessageTable):
    """The instance store of one database transaction."""

    def __init__(self, session: Session, catalogue: Catalogue, clock: Clock) -> None:
        super().__init__(session, clock)
        self._catalogue = catalogue
        self._projections = Projections(session, catalogue)
        self._instances: dict[UUID, Instance] = {}
        self._written: dict[UUID, dict[UUID, Standing]] = {}
        self._new: set[UUID] = set()

    @property
    def _now(self) -> datetime:
        return self._clock.now()

    # -- instances -----------------------------------------------------------------------------

    def add(self, instance: Instance) -> None:
        """Take in a new instance; its row is written before anything that refers to it."""
        self._instances[instance.id] = instance
        self._written[instance.id] = {}
        self._new.add(instance.id)

    def get(self, instance_id: UUID) -> Instance:
        """The instance, its tree and its row locked until the transaction ends."""
        known = self._instances.get(instance_id)
        if known is not None:
            return known
        [rows] = read_together(self._session, (LOCKED, {"instance_id": instance_id}))
        if not rows:
            raise InstanceNotFound("Dit traject bestaat niet.", instance_id=instance_id)
        return self.take_in(rows[0])

    def gather(self, name: str, key: str) -> None:
        """Lock who waits for a message and read all that it may concern, in one round trip.

        What was gathered and not asked for yet still holds.
        """
        if self.has_gathered(name, key):
            return
        trigger = Trigger.MESSAGE
        rows, [starts] = self.gathered(name, key, asking(trigger, name))
        self._catalogue.note_starts(trigger, name, [start.version for start in starts])
        for row in rows:
            if row.id not in self._instances:
                self.take_in(row)

    def take_in(self, row: Any) -> Instance:
        """The instance of a row that is locked for this transaction, together with its root."""
        instance = unpack(row, self._catalogue, self._now)
        before = {w.token_id: w for w in standing(instance.execution)}
        instance.known_waits = set(before)
        self._instances[instance.id] = instance
        self._written[instance.id] = before
        return instance

    def show(self, instance: Instance, waits: list[Standing]) -> None:
        """Bring the projections up to date, where they changed."""
        if instance.id in self._new:
            self._insert(instance)
        after = {w.token_id: w for w in waits}
        self._projections.change(instance, self._written[instance.id], after, self._now)
        self._written[instance.id] = after

    def save(self, instance: Instance, waits: list[Standing]) -> None:
        """Write the state under its version, then the projections.

        ``InstanceChanged`` comes with the transaction's next statement, or its commit.
        """
        if instance.id in self._new:
            self._insert(instance)
        else:
            self._update(instance)
        self.show(instance, waits)

    def _insert(self, instance: Instance) -> None:
        self._new.discard(instance.id)
        row = {name: getattr(instance, name) for name in OF_INSTANCE}
        INSTANCES.write(self._session, [{**row, **self._changing(instance)}])

    def _update(self, instance: Instance) -> None:
        def lost_race() -> InstanceChanged:
            return InstanceChanged(
                "Iemand anders was tegelijk met dit traject bezig.",
                "Probeer het opnieuw.",
                instance_id=instance.id,
            )

        values = {"instance_id": instance.id, "known_version": instance.row_version}
        instance.row_version += 1
        write_later(self._session, SAVE, {**values, **self._changing(instance)}, lost_race)

    def _changing(self, instance: Instance) -> dict[str, Any]:
        status = instance.execution.status
        return {
            "status": status,
            "state": pack(instance),
            "row_version": instance.row_version,
            "ended_at": None if status == "active" else self._now,
        }

    def record(self, happened: Sequence[Recorded], actor_id: UUID | None) -> None:
        """Add lines to the audit, in this order."""
        _AUDIT.write(
            self._session,
            [
                {
                    "instance_id": line.instance_id,
                    "at": line.happening.at,
                    "type": line.happening.type,
                    "element_id": line.happening.element_id,
                    "element_kind": line.happening.element_kind,
                    "token_id": line.happening.token_id,
                    "actor_id": actor_id,
                    "data": dict(line.happening.data),
                }
                for line in happened
            ],
        )

    def active_in_tree(self, root_id: UUID) -> list[UUID]:
        """The active instances of a tree, parents before children."""
        [rows] = read_together(self._session, (ACTIVE_IN_TREE, {"root_id": root_id}))
        return [row.id for row in rows]

    def moved(self, instance: Instance) -> None:
        """The instance runs on another version of its package, and so do its open tasks."""
        values = {"instance_id": instance.id, "version": instance.package_version}
        write_later(self._session, MOVED, {**values, "process": instance.process_id})
        self._projections.moved(instance)

    def child_of(self, parent_id: UUID, token_id: UUID) -> UUID | None:
        """The active instance that a call activity waits for."""
        for known in self._instances.values():
            caller = (known.parent_id, known.parent_token_id)
            if caller == (parent_id, token_id) and known.execution.status == "active":
                return known.id
        return self._session.scalar(
            select(ProcessInstance.id).where(
                ProcessInstance.parent_id == parent_id,
                ProcessInstance.parent_token_id == token_id,
                ProcessInstance.status == "active",
            )
        )

    # -- tasks ---------------------------------------------------------------------------------

    def instance_of_task(self, task_id: UUID) -> UUID:
        """The instance of an open task, locked first so that a second completer sees the first."""
        here = (i for i in self._instances.values() if i.stands_at(task_id))
        instance = next(here, None) or self.get(self._owner_of(task_id))
        token = instance.execution.tasks.get(task_id)
        if (
            instance.stands_at(task_id)
            and token is not None
            and "work" in token.internal_data
            and "incident" not in token.internal_data
            and not instance.execution.suspended
        ):
            return instance.id
        raise self._not_open(task_id)

    def _owner_of(self, task_id: UUID) -> UUID:
        owner = self._session.scalar(select(UserTask.instance_id).where(UserTask.id == task_id))
        if owner is None:
            raise TaskNotFound("Deze taak bestaat niet.", task_id=task_id)
        return owner

    def _not_open(self, task_id: UUID) -> TaskNotOpen:
        task = self._session.execute(
            select(UserTask.status, UserTask.completed_by, UserTask.ended_at).where(
                UserTask.id == task_id
            )
        ).one()
        said = {"completed": "Deze taak is al afgerond.", "suspended": "Dit traject ligt stil."}
        return TaskNotOpen(
            said.get(task.status, "Deze taak is vervallen."),
            "Bekijk in het gezinsdossier wat er gebeurd is; uw tekst is bewaard als concept.",
            task_id=task_id,
            by=task.completed_by,
            at=task.ended_at,
            status=task.status,
        )

    def task_done(self, task_id: UUID, by: UUID | None, at: datetime) -> None:
        """Note who completes the task and when."""
        self._projections.completed(task_id, by, at)

    # -- the transaction -----------------------------------------------------------------------

    def broke_off(self, error: Exception) -> bool:
        """Whether it is a lost race or a lost connection, which is nobody's fault in here."""
        if not isinstance(error, DBAPIError):
            return False
        lost_race = (getattr(error.orig, "sqlstate", None) or "").startswith("40")
        return lost_race or error.connection_invalidated

    def savepoint(self) -> AbstractContextManager[object]:
        """A database savepoint."""
        return self._session.begin_nested()
