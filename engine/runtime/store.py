"""The port to where instances live. One store object belongs to one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from engine.execution.effects import Happening
from engine.execution.machine import Execution
from engine.execution.standing import Standing


@dataclass(slots=True)
class Instance:
    """A process instance in memory.

    Attributes:
        is_main: whether its end is the end of its trajectory; children and what a message started
            beside a trajectory are not.
        known_waits: the message subscriptions that were there before this transaction.
        reported_end: whether its parent or the listener knows that it ended.
    """

    id: UUID
    package_key: str
    package_version: str
    process_id: str
    business_key: str | None
    root_id: UUID
    parent_id: UUID | None
    parent_token_id: UUID | None
    execution: Execution
    created_at: datetime
    is_main: bool = False
    row_version: int = 0
    known_waits: set[UUID] = field(default_factory=set)
    reported_end: bool = False

    def stands_at(self, token_id: UUID) -> bool:
        """Whether it runs and has this token."""
        return self.execution.status == "active" and token_id in self.execution.tasks


@dataclass(frozen=True, slots=True)
class Recorded:
    """A happening with the instance it happened in: one line of the audit."""

    instance_id: UUID
    process_id: str
    business_key: str | None
    happening: Happening


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A token that waits for a message or signal."""

    instance_id: UUID
    token_id: UUID
    process_id: str


@dataclass(frozen=True, slots=True)
class Message:
    """A published message. ``expires_at`` in UTC; until then it waits for a receiver."""

    name: str
    key: str | None
    variables: Mapping[str, Any]
    published_at: datetime
    expires_at: datetime
    message_id: str | None = None


class InstanceStore(Protocol):
    """Instances, their projections, buffered messages and remembered commands."""

    def add(self, instance: Instance) -> None:
        """Take in a new instance; it is written by ``save``."""
        ...

    def get(self, instance_id: UUID) -> Instance:
        """The instance, locked for this transaction; the same object within a transaction.

        Raises:
            InstanceNotFound: there is no such instance.
        """
        ...

    def show(self, instance: Instance, waits: list[Standing]) -> None:
        """Bring the projections of an instance up to what it waits for now."""
        ...

    def save(self, instance: Instance, waits: list[Standing]) -> None:
        """Write the state, and the projections with it.

        Raises:
            InstanceChanged: another transaction wrote the instance since it was read.
        """
        ...

    def record(self, happened: Sequence[Recorded], actor_id: UUID | None) -> None:
        """Add lines to the audit, in this order."""
        ...

    def active_in_tree(self, root_id: UUID) -> list[UUID]:
        """The active instances of a tree, parents before children."""
        ...

    def moved(self, instance: Instance) -> None:
        """The instance runs on another version of its package, and so do its open tasks."""
        ...

    def child_of(self, parent_id: UUID, token_id: UUID) -> UUID | None:
        """The instance that a call activity started and still waits for."""
        ...

    def instance_of_task(self, task_id: UUID) -> UUID:
        """The instance of an open user task.

        Raises:
            TaskNotFound: there never was such a task.
            TaskNotOpen: it was completed or withdrawn.
        """
        ...

    def task_done(self, task_id: UUID, by: UUID | None, at: datetime) -> None:
        """Note who completes the task, before its token goes on."""
        ...

    def subscribers(self, kind: str, name: str, key: str | None) -> list[Subscriber]:
        """Who waits for the message (same key) or signal, the longest waiting first."""
        ...

    def gather(self, name: str, key: str) -> None:
        """A message comes: read and lock at once what will be asked for one by one."""
        ...

    def buffer(self, message: Message) -> None:
        """Keep a message until its receiver comes or it expires."""
        ...

    def hold_message(self, name: str, key: str | None) -> None:
        """Let nobody else keep this message, or come to wait for it, until the commit."""
        ...

    def take_buffered(self, name: str, key: str | None, now: datetime) -> Message | None:
        """Hold the message; the oldest buffered one for a receiver, taken out of the buffer."""
        ...

    def message_seen(self, message_id: str) -> bool:
        """Whether a message with this id was published before; remembers it if not."""
        ...

    def broke_off(self, error: Exception) -> bool:
        """Whether the store itself failed (a lost race or connection): all is done again."""
        ...

    def savepoint(self) -> AbstractContextManager[object]:
        """A part of the transaction that can fail without the rest."""
        ...
