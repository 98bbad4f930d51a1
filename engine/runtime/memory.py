"""Instances in memory: the same commands without a database, for try-outs and model runs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.execution.standing import Standing
from engine.runtime.errors import InstanceNotFound, TaskNotFound, TaskNotOpen
from engine.runtime.store import Instance, Message, Recorded, Subscriber


class MemoryStore:
    """An instance store that forgets everything when it is dropped."""

    def __init__(self) -> None:
        self.instances: dict[UUID, Instance] = {}
        self.waits: dict[UUID, dict[UUID, Standing]] = {}
        self.history: list[Recorded] = []
        self.done: dict[UUID, UUID | None] = {}
        self._tasks: dict[UUID, UUID] = {}
        self._new: set[UUID] = set()
        self._buffer: list[Message] = []
        self._seen: set[str] = set()

    def add(self, instance: Instance) -> None:
        """Take in a new instance."""
        self.instances[instance.id] = instance
        self.waits[instance.id] = {}
        self._new.add(instance.id)

    def get(self, instance_id: UUID) -> Instance:
        """The instance itself."""
        try:
            return self.instances[instance_id]
        except KeyError:
            raise InstanceNotFound("Dit traject bestaat niet.", instance_id=instance_id) from None

    def show(self, instance: Instance, waits: list[Standing]) -> None:
        """Keep what it waits for."""
        self.waits[instance.id] = {w.token_id: w for w in waits}
        for wait in waits:
            if wait.kind == "user":
                self._tasks[wait.token_id] = instance.id

    def save(self, instance: Instance, waits: list[Standing]) -> None:
        """Keep what it waits for; one that ended waits for nothing."""
        self.show(instance, waits)
        instance.row_version += instance.id not in self._new
        self._new.discard(instance.id)
        if instance.execution.status != "active":
            del self.waits[instance.id]

    def record(self, happened: Sequence[Recorded], actor_id: UUID | None) -> None:
        """Keep what happened."""
        self.history.extend(happened)

    def open_waits(self) -> list[tuple[Instance, Standing]]:
        """Everything that any instance waits for, oldest instance first."""
        return [
            (self.instances[instance_id], wait)
            for instance_id, waits in self.waits.items()
            for wait in waits.values()
        ]

    def active_in_tree(self, root_id: UUID) -> list[UUID]:
        """The active instances of a tree; they are kept in the order in which they started."""
        return [
            one.id
            for one in self.instances.values()
            if one.root_id == root_id and one.execution.status == "active"
        ]

    def moved(self, instance: Instance) -> None:
        """The instance itself knows its version."""

    def child_of(self, parent_id: UUID, token_id: UUID) -> UUID | None:
        """The active instance that a call activity waits for."""
        for instance in self.instances.values():
            caller = (instance.parent_id, instance.parent_token_id)
            if caller == (parent_id, token_id) and instance.execution.status == "active":
                return instance.id
        return None

    def instance_of_task(self, task_id: UUID) -> UUID:
        """The instance of an open task."""
        instance_id = self._tasks.get(task_id)
        if instance_id is None:
            raise TaskNotFound("Deze taak bestaat niet.", task_id=task_id)
        wait = self.waits.get(instance_id, {}).get(task_id)
        if wait is None or wait.kind != "user":
            raise TaskNotOpen("Deze taak is al afgerond of vervallen.", task_id=task_id)
        return instance_id

    def task_done(self, task_id: UUID, by: UUID | None, at: datetime) -> None:
        """Note who completed it."""
        self.done[task_id] = by

    def subscribers(self, kind: str, name: str, key: str | None) -> list[Subscriber]:
        """Who waits for it, the longest waiting first."""
        return [
            Subscriber(instance.id, wait.token_id, instance.process_id)
            for instance, wait in self.open_waits()
            if wait.kind == kind and wait.name == name and (kind == "signal" or wait.key == key)
        ]

    def gather(self, name: str, key: str) -> None:
        """All is here already."""

    def buffer(self, message: Message) -> None:
        """Keep a message for its receiver."""
        self._buffer.append(message)

    def hold_message(self, name: str, key: str | None) -> None:
        """There is nobody else."""

    def take_buffered(self, name: str, key: str | None, now: datetime) -> Message | None:
        """Take the oldest message for a receiver out of the buffer."""
        for message in self._buffer:
            if (message.name, message.key) == (name, key) and message.expires_at > now:
                self._buffer.remove(message)
                return message
        return None

    def message_seen(self, message_id: str) -> bool:
        """Whether it was published before."""
        seen = message_id in self._seen
        self._seen.add(message_id)
        return seen

    def broke_off(self, error: Exception) -> bool:
        """Memory does not break off."""
        return False

    def savepoint(self) -> AbstractContextManager[Any]:
        """Nothing to save: a connector in memory does nothing by halves."""
        return nullcontext()
