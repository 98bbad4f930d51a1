"""Instances on PostgreSQL: one row each, its projections written in the same transaction.

Whoever reads an instance to change it locks the *root* of its tree first and then the instance, so
that parents and children are never locked in different orders; the row's version is checked when
it is written. A command therefore sees a settled instance and never overwrites another's work.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Row, Select, Table, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.execution import state
from engine.execution.standing import Standing, standing
from engine.runtime.catalogue import Catalogue
from engine.runtime.errors import InstanceChanged, InstanceNotFound, TaskNotFound, TaskNotOpen
from engine.runtime.message_table import MessageTable
from engine.runtime.models import AuditEvent, ProcessInstance, UserTask
from engine.runtime.projections import Projections
from engine.runtime.store import Instance, Recorded
from engine.store.base import Base

COMPRESSION = 1


class SqlStore(MessageTable):
    """The instance store of one database transaction."""

    def __init__(self, session: Session, catalogue: Catalogue, clock: Clock) -> None:
        super().__init__(session)
        self._catalogue = catalogue
        self._clock = clock
        self._projections = Projections(session, catalogue)
        self._instances: dict[UUID, Instance] = {}
        self._written: dict[UUID, dict[UUID, Standing]] = {}
        self._task_instances: dict[UUID, UUID] = {}

    @property
    def _now(self) -> datetime:
        return self._clock.now()

    # -- instances -----------------------------------------------------------------------------

    def add(self, instance: Instance) -> None:
        """Take in a new instance and reserve its row, so that projections can refer to it."""
        self._instances[instance.id] = instance
        self._written[instance.id] = {}
        self._session.execute(
            insert(_core(ProcessInstance)).values(
                id=instance.id,
                package_key=instance.package_key,
                package_version=instance.package_version,
                process_id=instance.process_id,
                business_key=instance.business_key,
                root_id=instance.root_id,
                parent_id=instance.parent_id,
                parent_token_id=instance.parent_token_id,
                is_main=instance.is_main,
                status=instance.execution.status,
                state=_pack(instance),
                row_version=0,
                created_at=instance.created_at,
            )
        )

    def get(self, instance_id: UUID) -> Instance:
        """The instance, its tree and its row locked until the transaction ends."""
        known = self._instances.get(instance_id)
        if known is not None:
            return known
        row = self._session.execute(_LOCKED, {"instance_id": instance_id}).one_or_none()
        if row is None:
            raise InstanceNotFound("Dit traject bestaat niet.", instance_id=instance_id)
        instance = unpack(row, self._catalogue, self._now)
        before = {w.token_id: w for w in standing(instance.execution)}
        instance.known_waits = set(before)
        self._instances[instance_id] = instance
        self._written[instance_id] = before
        return instance

    def show(self, instance: Instance, waits: list[Standing]) -> None:
        """Bring the projections up to date, where they changed."""
        after = {w.token_id: w for w in waits}
        self._projections.change(instance, self._written[instance.id], after, self._now)
        self._written[instance.id] = after

    def save(self, instance: Instance, waits: list[Standing]) -> None:
        """Write the state under its version, then the projections."""
        ended = instance.execution.status != "active"
        result: CursorResult[Any] = self._session.execute(  # type: ignore[assignment]
            update(ProcessInstance)
            .where(
                ProcessInstance.id == instance.id,
                ProcessInstance.row_version == instance.row_version,
            )
            .values(
                state=_pack(instance),
                status=instance.execution.status,
                row_version=instance.row_version + 1,
                ended_at=self._now if ended else None,
            )
        )
        if result.rowcount != 1:
            raise InstanceChanged(
                "Iemand anders was tegelijk met dit traject bezig.",
                "Probeer het opnieuw.",
                instance_id=instance.id,
            )
        instance.row_version += 1
        self.show(instance, waits)

    def record(self, happened: Sequence[Recorded], actor_id: UUID | None) -> None:
        """Add lines to the audit, in this order."""
        if not happened:
            return
        self._session.execute(
            insert(_core(AuditEvent)),
            [
                {
                    "instance_id": line.instance_id,
                    "business_key": line.business_key,
                    "process_id": line.process_id,
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

    def child_of(self, parent_id: UUID, token_id: UUID) -> UUID | None:
        """The active instance that a call activity waits for."""
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
        instance_id = self._task_instances.get(task_id) or self._session.scalar(
            select(UserTask.instance_id).where(UserTask.id == task_id)
        )
        if instance_id is None:
            raise TaskNotFound("Deze taak bestaat niet.", task_id=task_id)
        self._task_instances[task_id] = instance_id
        instance = self.get(instance_id)
        token = instance.execution.tasks.get(task_id)
        if (
            instance.stands_at(task_id)
            and token is not None
            and "work" in token.internal_data
            and "incident" not in token.internal_data
        ):
            return instance_id
        raise self._not_open(task_id)

    def _not_open(self, task_id: UUID) -> TaskNotOpen:
        task = self._session.execute(
            select(UserTask.status, UserTask.completed_by, UserTask.ended_at).where(
                UserTask.id == task_id
            )
        ).one()
        done = task.status == "completed"
        return TaskNotOpen(
            "Deze taak is al afgerond." if done else "Deze taak is vervallen.",
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


def unpack(row: Row[Any], catalogue: Catalogue, now: datetime) -> Instance:
    """The instance of a row of ``process_instances``.

    Raises:
        UnreadableState: the state is damaged or does not fit its definition.
        CalledProcessMissing, engine.definitions.errors.UnknownVersion: the definition is gone.
    """
    definition = catalogue.definition(row.package_version, row.process_id)
    try:
        raw = zlib.decompress(row.state)
    except zlib.error:
        raw = b""
    has_parent = row.parent_id is not None
    return Instance(
        id=row.id,
        package_key=row.package_key,
        package_version=row.package_version,
        process_id=row.process_id,
        business_key=row.business_key,
        root_id=row.root_id,
        parent_id=row.parent_id,
        parent_token_id=row.parent_token_id,
        is_main=row.is_main,
        execution=state.load(definition, raw, now, has_parent=has_parent),
        created_at=row.created_at,
        row_version=row.row_version,
        reported_end=row.status != "active",
    )


def _core(model: type[Base]) -> Table:
    """The table itself: plain inserts, without the cost of mapped objects."""
    return cast(Table, model.__table__)


def _pack(instance: Instance) -> bytes:
    return zlib.compress(state.dump(instance.execution), COMPRESSION)


def _locked_row() -> Select[Any]:
    """The query of one instance that locks the root of its tree first, in one round trip."""
    table = _core(ProcessInstance)
    wanted = bindparam("instance_id", type_=table.c.id.type)
    own, above = table.alias("own"), table.alias("above")
    root_id = select(own.c.root_id).where(own.c.id == wanted).scalar_subquery()
    root = select(above.c.id).where(above.c.id == root_id).with_for_update().cte("root")
    joined = table.join(root, root.c.id == table.c.root_id)
    return select(table).select_from(joined).where(table.c.id == wanted).with_for_update(of=table)


_LOCKED = _locked_row()
