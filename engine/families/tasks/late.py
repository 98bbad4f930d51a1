"""The connector ``traject-taak``: whether a task that a diagram once gave still waits for somebody.

A ladder that began because a task was left asks it before it goes higher: who did the task in the
meantime need not tell anybody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from engine.clock import BUSINESS_ZONE
from engine.families.connector_inputs import bad_input, text_of, trajectory_of
from engine.runtime.connectors import ConnectorCall, ConnectorRegistry
from engine.runtime.models import AuditEvent, ProcessInstance


@dataclass(frozen=True, slots=True)
class TaskStand:
    """Whether a trajectory ever came to a task (or called process), and whether it is there yet."""

    known: bool
    open: bool


class Tasks(Protocol):
    """Where the tasks of trajectories are found."""

    def stand(self, trajectory_id: UUID, element_id: str, before: datetime) -> TaskStand:
        """How it stands with the tasks of the element that were there ``before`` (inclusive)."""
        ...


class SqlTasks:
    """The tasks in the database of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def stand(self, trajectory_id: UUID, element_id: str, before: datetime) -> TaskStand:
        """How it stands, by the audit: it knows called processes too, and what was withdrawn."""
        begun, ended = aliased(AuditEvent), aliased(AuditEvent)
        over = (
            select(ended.id)
            .where(
                ended.instance_id == begun.instance_id,
                ended.token_id == begun.token_id,
                ended.type.in_(("completed", "cancelled")),
            )
            .exists()
        )
        waits = (ProcessInstance.status == "active") & ~over
        known, still_open = self._session.execute(
            select(func.count(), func.count().filter(waits))
            .select_from(begun)
            .join(ProcessInstance, ProcessInstance.id == begun.instance_id)
            .where(
                ProcessInstance.business_key == str(trajectory_id),
                begun.element_id == element_id,
                begun.type == "activated",
                begun.at <= before,
            )
        ).one()
        return TaskStand(known > 0, still_open > 0)


def register_task_connector(registry: ConnectorRegistry, tasks: Tasks) -> None:
    """Register the connector on these tasks."""

    def ask(call: ConnectorCall) -> Mapping[str, Any]:
        before = call.variables.get("voor")
        if before is not None and not isinstance(before, datetime):
            raise bad_input(call, "voor", "een datum met tijd")
        if before is not None and before.tzinfo is None:
            before = before.replace(tzinfo=BUSINESS_ZONE)
        stand = tasks.stand(trajectory_of(call), text_of(call, "taak"), before or call.now)
        return {"bekend": stand.known, "open": stand.open}

    registry.register("traject-taak", ask, whole=True)
