"""Instances on PostgreSQL: one row each, its projections written in the same transaction.

The instance row is locked when it is read and its version is checked when it is written, so a
command sees a settled instance and never overwrites another's work.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, Table, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.execution import state
from engine.execution.effects import Happening
from engine.execution.standing import Standing, standing
from engine.feel.values import from_json, to_json
from engine.runtime.catalogue import Catalogue
from engine.runtime.errors import InstanceChanged, InstanceNotFound, TaskNotFound, TaskNotOpen
from engine.runtime.models import (
    AuditEvent,
    BufferedMessage,
    Incident,
    ProcessInstance,
    SeenMessage,
    Subscription,
    Timer,
    UserTask,
)
from engine.runtime.store import Instance, Message, Subscriber
from engine.store.base import Base

COMPRESSION = 1


class SqlStore:
    """The instance store of one database transaction."""

    def __init__(self, session: Session, catalogue: Catalogue, clock: Clock) -> None:
        self._session = session
        self._catalogue = catalogue
        self._clock = clock
        self._instances: dict[UUID, Instance] = {}
        self._written: dict[UUID, dict[UUID, Standing]] = {}
        self._task_instances: dict[UUID, UUID] = {}
        self._tasks_done: set[UUID] = set()

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
                status=instance.execution.status,
                state=_pack(instance),
                row_version=0,
                created_at=instance.created_at,
            )
        )

    def get(self, instance_id: UUID) -> Instance:
        """The instance, its row locked until the transaction ends."""
        known = self._instances.get(instance_id)
        if known is not None:
            return known
        row = self._session.execute(
            select(ProcessInstance.__table__)
            .where(ProcessInstance.id == instance_id)
            .with_for_update()
        ).one_or_none()
        if row is None:
            raise InstanceNotFound("Dit traject bestaat niet.", instance_id=instance_id)
        definition = self._catalogue.definition(row.package_version, row.process_id)
        execution = state.load(
            definition,
            zlib.decompress(row.state),
            self._now,
            has_parent=row.parent_id is not None,
        )
        instance = Instance(
            id=row.id,
            package_key=row.package_key,
            package_version=row.package_version,
            process_id=row.process_id,
            business_key=row.business_key,
            root_id=row.root_id,
            parent_id=row.parent_id,
            parent_token_id=row.parent_token_id,
            execution=execution,
            created_at=row.created_at,
            row_version=row.row_version,
            reported_end=row.status != "active",
        )
        before = {w.token_id: w for w in standing(execution)}
        instance.known_waits = set(before)
        self._instances[instance_id] = instance
        self._written[instance_id] = before
        return instance

    def save(self, instance: Instance, waits: list[Standing], actor_id: UUID | None) -> None:
        """Write the state under its version, then only those projections that changed."""
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
        after = {w.token_id: w for w in waits}
        before = self._written[instance.id]
        gone = [w for key, w in before.items() if after.get(key) != w]
        fresh = [w for key, w in after.items() if before.get(key) != w]
        self._withdraw(gone)
        self._project(instance, fresh)
        self._written[instance.id] = after
        self._audit(instance, instance.happenings, actor_id)

    def _withdraw(self, gone: Sequence[Standing]) -> None:
        by_kind: dict[str, list[UUID]] = {}
        for wait in gone:
            if wait.kind != "user" or wait.token_id not in self._tasks_done:
                by_kind.setdefault(wait.kind, []).append(wait.token_id)
        for kind, ids in by_kind.items():
            if kind == "user":
                self._session.execute(
                    update(UserTask)
                    .where(UserTask.id.in_(ids), UserTask.status == "open")
                    .values(status="cancelled", ended_at=self._now)
                )
            elif kind == "timer":
                self._session.execute(delete(Timer).where(Timer.token_id.in_(ids)))
            elif kind in ("message", "signal"):
                self._session.execute(delete(Subscription).where(Subscription.token_id.in_(ids)))
            elif kind == "incident":
                self._session.execute(
                    update(Incident)
                    .where(Incident.token_id.in_(ids), Incident.resolved_at.is_(None))
                    .values(resolved_at=self._now)
                )

    def _project(self, instance: Instance, fresh: Sequence[Standing]) -> None:
        rows: dict[Any, list[dict[str, Any]]] = {}
        for wait in fresh:
            if wait.kind == "user":
                self._tasks_done.discard(wait.token_id)
                rows.setdefault(UserTask, []).append(self._task_row(instance, wait))
            elif wait.kind == "timer":
                rows.setdefault(Timer, []).append(
                    {
                        "token_id": wait.token_id,
                        "instance_id": instance.id,
                        "business_key": instance.business_key,
                        "element_id": wait.element_id,
                        "element_name": wait.element_name,
                        "host_id": wait.host_id,
                        "due_at": wait.due_at,
                        "next_try_at": wait.due_at,
                        "attempts": 0,
                    }
                )
            elif wait.kind in ("message", "signal"):
                rows.setdefault(Subscription, []).append(
                    {
                        "token_id": wait.token_id,
                        "instance_id": instance.id,
                        "process_id": instance.process_id,
                        "kind": wait.kind,
                        "name": wait.name,
                        "key": wait.key,
                        "opened_at": self._now,
                    }
                )
            elif wait.kind == "incident":
                rows.setdefault(Incident, []).append(self._incident_row(instance, wait))
        for table, values in rows.items():
            if table is UserTask:
                # a task whose completion failed and is retried comes back under its own id
                statement = upsert(_core(UserTask))
                again = {"status": "open", "ended_at": None, "completed_by": None}
                self._session.execute(
                    statement.on_conflict_do_update(index_elements=["id"], set_=again), values
                )
            else:
                self._session.execute(insert(_core(table)), values)

    def _task_row(self, instance: Instance, wait: Standing) -> dict[str, Any]:
        work = wait.details
        follow_up = work.get("follow_up")
        return {
            "id": wait.token_id,
            "instance_id": instance.id,
            "root_id": instance.root_id,
            "business_key": instance.business_key,
            "package_key": instance.package_key,
            "package_version": instance.package_version,
            "process_id": instance.process_id,
            "element_id": wait.element_id,
            "name": task_name(wait),
            "form_id": work.get("form"),
            "role": work.get("role"),
            "system_role": self._system_role(instance, work.get("role")),
            "assignee_id": _uuid(work.get("assignee")),
            "due_at": wait.due_at,
            "follow_up_at": datetime.fromisoformat(follow_up) if follow_up else None,
            "priority": work.get("priority") or 50,
            "status": "open",
            "created_at": self._now,
        }

    def _system_role(self, instance: Instance, role: str | None) -> str | None:
        known = self._catalogue.package(instance.package_version).roles.get(role or "")
        return known.function if known else None

    def _incident_row(self, instance: Instance, wait: Standing) -> dict[str, Any]:
        return {
            "id": uuid4(),
            "token_id": wait.token_id,
            "instance_id": instance.id,
            "business_key": instance.business_key,
            "package_key": instance.package_key,
            "process_id": instance.process_id,
            "element_id": wait.element_id,
            "element_name": wait.element_name,
            "code": wait.details["code"],
            "message": wait.details["message"],
            "remedy": wait.details["remedy"],
            "raised_at": self._now,
        }

    def _audit(
        self, instance: Instance, happenings: Sequence[Happening], actor_id: UUID | None
    ) -> None:
        if not happenings:
            return
        self._session.execute(
            insert(_core(AuditEvent)),
            [
                {
                    "instance_id": instance.id,
                    "business_key": instance.business_key,
                    "process_id": instance.process_id,
                    "at": h.at,
                    "type": h.type,
                    "element_id": h.element_id,
                    "element_kind": h.element_kind,
                    "token_id": h.token_id,
                    "actor_id": actor_id,
                    "data": dict(h.data),
                }
                for h in happenings
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
        token = self.get(instance_id).execution.tasks.get(task_id)
        if token is not None and "work" in token.internal_data:
            return instance_id
        task = self._session.execute(
            select(UserTask.status, UserTask.completed_by, UserTask.ended_at).where(
                UserTask.id == task_id
            )
        ).one()
        done = task.status == "completed"
        raise TaskNotOpen(
            "Deze taak is al afgerond." if done else "Deze taak is vervallen.",
            "Bekijk in het gezinsdossier wat er gebeurd is; uw tekst is bewaard als concept.",
            task_id=task_id,
            by=task.completed_by,
            at=task.ended_at,
            status=task.status,
        )

    def task_done(self, task_id: UUID, by: UUID | None, at: datetime) -> None:
        """Note who completes the task and when."""
        self._tasks_done.add(task_id)
        self._session.execute(
            update(UserTask)
            .where(UserTask.id == task_id)
            .values(status="completed", completed_by=by, ended_at=at)
        )

    # -- messages ------------------------------------------------------------------------------

    def subscribers(self, kind: str, name: str, key: str | None) -> list[Subscriber]:
        """Who waits for it, the longest waiting first."""
        query = select(
            Subscription.instance_id, Subscription.token_id, Subscription.process_id
        ).where(Subscription.kind == kind, Subscription.name == name)
        if kind == "message":
            query = query.where(
                Subscription.key.is_(None) if key is None else Subscription.key == key
            )
        rows = self._session.execute(
            query.order_by(Subscription.opened_at, Subscription.token_id)
        ).all()
        return [Subscriber(r.instance_id, r.token_id, r.process_id) for r in rows]

    def buffer(self, message: Message) -> None:
        """Keep a message for its receiver."""
        self._session.execute(
            insert(BufferedMessage).values(
                name=message.name,
                key=message.key,
                variables=to_json(dict(message.variables)),
                published_at=message.published_at,
                expires_at=message.expires_at,
            )
        )

    def take_buffered(self, name: str, key: str | None, now: datetime) -> Message | None:
        """Take the oldest message for a receiver out of the buffer; one taker gets it."""
        row = self._session.scalars(
            select(BufferedMessage)
            .where(
                BufferedMessage.name == name,
                or_(BufferedMessage.key.is_(None), BufferedMessage.key == key)
                if key is None
                else BufferedMessage.key == key,
                BufferedMessage.expires_at > now,
            )
            .order_by(BufferedMessage.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        message = Message(
            row.name, row.key, from_json(row.variables), row.published_at, row.expires_at
        )
        self._session.delete(row)
        self._session.flush()
        return message

    def message_seen(self, message_id: str) -> bool:
        """Whether it was published before; a second publisher waits for the first's commit."""
        result: CursorResult[Any] = self._session.execute(  # type: ignore[assignment]
            upsert(SeenMessage).values(message_id=message_id).on_conflict_do_nothing()
        )
        return result.rowcount == 0

    def savepoint(self) -> AbstractContextManager[object]:
        """A database savepoint."""
        return self._session.begin_nested()


def task_name(wait: Standing) -> str:
    """The task's name as people see it: the element's, with what it is about where that is said."""
    name = wait.element_name or wait.element_id
    subject = wait.details.get("subject")
    return f"{name}: {subject}" if subject else name


def _core(model: type[Base]) -> Table:
    """The table itself: plain inserts, without the cost of mapped objects."""
    return cast(Table, model.__table__)


def _pack(instance: Instance) -> bytes:
    return zlib.compress(state.dump(instance.execution), COMPRESSION)


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None
