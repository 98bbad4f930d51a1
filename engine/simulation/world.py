"""The world that a scenario plays in: one trajectory with its people, in memory or stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from engine.clock import VirtualClock


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that stands open."""

    task_id: UUID
    element_id: str
    name: str
    role: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """Phase and status of the trajectory."""

    phase: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Course:
    """One trajectory of the family, and how many contacts took place in it."""

    package_key: str
    status: str
    outcome: str | None
    contacts: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What expectations look at. ``timers`` holds element id (and host id) → due instants.

    They are of the trajectory that is looked at; ``trajectories`` are all of the family, the
    oldest first. ``sent`` are the elements that sent something out, ``people`` the ids of who
    works in each role.
    """

    phase: str | None
    status: str
    outcome: str | None
    variables: Mapping[str, Any]
    passed: frozenset[str]
    timers: Mapping[str, list[datetime]]
    contacts: int
    incidents: list[str] = field(default_factory=list)
    sent: frozenset[str] = frozenset()
    trajectories: list[Course] = field(default_factory=list)
    people: Mapping[str, frozenset[str]] = field(default_factory=dict)


class World(Protocol):
    """What a scenario can do and see."""

    clock: VirtualClock

    def refer(self, entry: str, answers: Mapping[str, Any]) -> None:
        """Send in the referral form of an entry point."""
        ...

    def return_to(self, package_key: str, entry: str, answers: Mapping[str, Any]) -> None:
        """The family comes again: its next trajectory begins, and is looked at from now on."""
        ...

    def follow(self, package_key: str) -> bool:
        """Look at the family's newest trajectory of a package from now on, if there is one."""
        ...

    def person(self, role: str, number: int) -> str:
        """Who is meant by a role; the id as text."""
        ...

    def partner(self, kind: str) -> str:
        """A partner organisation of the kind; the id as text."""
        ...

    def call(self, process_id: str, given: Mapping[str, Any]) -> None:
        """Begin with a call of a process, as another package calls it."""
        ...

    def begin(self) -> None:
        """Begin with a trajectory in which nothing runs, to start something beside."""
        ...

    def open_tasks(self) -> list[OpenTask]:
        """The open tasks, the oldest first."""
        ...

    def complete(self, task: OpenTask, role: str | None, answers: Mapping[str, Any]) -> None:
        """Complete a task as a person with the role."""
        ...

    def note_contact(self, role: str | None, answers: Mapping[str, Any]) -> None:
        """Save a contact note outside any task."""
        ...

    def start_beside(self, key: str, role: str | None, answers: Mapping[str, Any]) -> None:
        """Start what a shared package offers under this key beside the trajectory."""
        ...

    def publish(self, name: str, variables: Mapping[str, Any], key: str = "") -> None:
        """Publish a message to the trajectory, or to who waits with another ``key``."""
        ...

    def next_due(self) -> datetime | None:
        """When the next timer is due."""
        ...

    def fire_due(self) -> None:
        """Fire what is due at the clock's instant, in order."""
        ...

    def position(self) -> Position:
        """Where the trajectory is now."""
        ...

    def has_passed(self, element_id: str) -> bool:
        """Whether an element was ever entered."""
        ...

    def facts(self) -> Facts:
        """What can be seen now."""
        ...
