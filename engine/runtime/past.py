"""What one must know to read old audit lines: other versions then, and what was undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.runtime.models import AuditEvent, ProcessInstance


@dataclass(frozen=True, slots=True)
class Move:
    """A move to another version. Lines of the audit with a smaller id are older than it."""

    event_id: int
    from_version: str
    renamed: Mapping[str, str]
    process_id: str | None = None


class Past:
    """The moves of some instances, the oldest first, and what was undone in them.

    ``undone`` holds the ids of the first line that still held and of the one that told so.
    """

    def __init__(
        self,
        moves: Mapping[UUID, Sequence[Move]],
        undone: Mapping[UUID, Sequence[tuple[int, int]]],
    ) -> None:
        self._moves = moves
        self._undone = undone

    def holds(self, instance_id: UUID, event_id: int) -> bool:
        """Whether what a line tells was not undone afterwards."""
        spans = self._undone.get(instance_id, ())
        return not any(first < event_id < last for first, last in spans)

    def version_at(self, instance_id: UUID, event_id: int, now: str) -> str:
        """The version that the instance ran on when the line was written; ``now`` is today's."""
        later = (m for m in self._moves.get(instance_id, ()) if m.event_id > event_id)
        first = next(later, None)
        return first.from_version if first is not None else now

    def process_at(self, instance_id: UUID, event_id: int, now: str) -> str:
        """The process that the instance was when the line was written; ``now`` is today's."""
        later = (m for m in self._moves.get(instance_id, ()) if m.event_id > event_id)
        return next((m.process_id for m in later if m.process_id is not None), now)

    def called_now(self, instance_id: UUID, event_id: int, element_id: str) -> str:
        """The id that the element of a line has today, if it still is there."""
        for move in self._moves.get(instance_id, ()):
            if move.event_id > event_id:
                element_id = move.renamed.get(element_id, element_id)
        return element_id


def past_of_instance(session: Session, instance_id: UUID) -> Past:
    """The past of one instance."""
    return _past(session, AuditEvent.instance_id == instance_id)


def past_of_trajectory(session: Session, business_key: str) -> Past:
    """The past of all instances of a trajectory."""
    own = select(ProcessInstance.id).where(ProcessInstance.business_key == business_key)
    return _past(session, AuditEvent.instance_id.in_(own))


def version_when(session: Session, business_key: str, at: datetime, now: str) -> str:
    """The version that a trajectory ran on at an instant; ``now`` is that of today."""
    data = session.scalar(
        select(AuditEvent.data)
        .join(ProcessInstance, ProcessInstance.id == AuditEvent.instance_id)
        .where(
            ProcessInstance.business_key == business_key,
            ProcessInstance.is_main,
            AuditEvent.type == "migrated",
            AuditEvent.at > at,
        )
        .order_by(AuditEvent.id)
        .limit(1)
    )
    return now if data is None else str(data["from"])


def _past(session: Session, which: ColumnElement[bool]) -> Past:
    moves: dict[UUID, list[Move]] = {}
    undone: dict[UUID, list[tuple[int, int]]] = {}
    for row in session.execute(
        select(AuditEvent.id, AuditEvent.instance_id, AuditEvent.type, AuditEvent.data)
        .where(which, AuditEvent.type.in_(("migrated", "undone")))
        .order_by(AuditEvent.id)
    ):
        told: Mapping[str, Any] = row.data
        if row.type == "undone":
            undone.setdefault(row.instance_id, []).append((told["back_to"], row.id))
            continue
        move = Move(row.id, told["from"], told.get("renamed", {}), told.get("process"))
        moves.setdefault(row.instance_id, []).append(move)
    return Past(moves, undone)
