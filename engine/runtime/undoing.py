"""What a command touched, as it was before; and back to that, where nothing happened since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.execution import state
from engine.runtime.catalogue import Catalogue
from engine.runtime.errors import MovedOn
from engine.runtime.store import Instance


class Beyond(StrEnum):
    """What a command did that no state of an instance can take back."""

    SENT = "sent"  # outward work was asked for
    CONNECTOR = "connector"  # a connector wrote something
    MESSAGE = "message"  # a message or signal left, or a kept one was taken


@dataclass(frozen=True, slots=True)
class Before:
    """One instance before a command; without ``state`` it was begun by it.

    ``row_version`` is that of the instance after the command.
    """

    instance_id: UUID
    row_version: int
    state: bytes | None = field(repr=False)


@dataclass(slots=True)
class Memory:
    """What a command touched, as it was when it came to it, and what it did besides."""

    before: dict[UUID, Before] = field(default_factory=dict)
    beyond: set[Beyond] = field(default_factory=set)

    def touched(self, instance: Instance) -> None:
        """An instance is about to change."""
        known = state.dump(instance.execution)
        self.before[instance.id] = Before(instance.id, instance.row_version + 1, known)

    def began(self, instance: Instance) -> None:
        """An instance begins."""
        self.before[instance.id] = Before(instance.id, 0, None)


def require_untouched(instances: Mapping[UUID, Instance], before: Sequence[Before]) -> None:
    """Make sure that nothing happened in any of the instances since.

    Raises:
        MovedOn: something did.
    """
    for one in before:
        if instances[one.instance_id].row_version != one.row_version:
            raise MovedOn(
                "Sindsdien is er in dit traject iets gebeurd.",
                "Kijk hoe het er nu bij staat, en grijp opnieuw in als dat nodig is.",
                instance_id=one.instance_id,
            )


def undo(
    instances: Mapping[UUID, Instance],
    before: Sequence[Before],
    catalogue: Catalogue,
    now: datetime,
    lines: Mapping[UUID, int],
) -> None:
    """Give instances the state that they had; what was begun is ended.

    The audit of each is told after which of its ``lines`` nothing holds any more.
    """
    for one in before:
        instance = instances[one.instance_id]
        if one.state is None:
            instance.reported_end = True  # its caller no longer calls it
            instance.execution.cancel(now)
            continue
        definition = catalogue.definition(instance.package_version, instance.process_id)
        again = state.load(definition, one.state, now, has_parent=instance.parent_id is not None)
        again.pauses = True
        again.report(again.root, "undone", back_to=lines.get(instance.id, 0))
        instance.execution, instance.reported_end = again, again.status != "active"
