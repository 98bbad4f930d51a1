"""What a page may look at in instances: their variables, read without locking anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.execution.corrections import holders
from engine.execution.variables import visible
from engine.feel.values import to_json
from engine.runtime.catalogue import Catalogue
from engine.runtime.instance_rows import unpack
from engine.runtime.models import ProcessInstance, UserTask
from engine.runtime.published import PublishedPackages
from engine.runtime.store import Instance
from engine.store.base import table_of

_INSTANCES = table_of(ProcessInstance)


def task_variables(session: Session, task: UserTask, now: datetime) -> Mapping[str, Any]:
    """The variables that an open task sees, JSON-ready; none when it is not open any more."""
    instance = instances_by_id(session, [task.instance_id], now).get(task.instance_id)
    token = instance.execution.tasks.get(task.id) if instance is not None else None
    return cast(dict[str, Any], to_json(dict(visible(token)))) if token is not None else {}


@dataclass(frozen=True, slots=True)
class Correctable:
    """A variable that a retry of an incident will see.

    ``held_at`` is the element whose local variable it is; ``None``: the process's own.
    """

    name: str
    value: Any
    held_at: str | None


def correctable(
    session: Session, instance_id: UUID, token_id: UUID, now: datetime
) -> list[Correctable]:
    """The variables that a retry at a token will see, by name; none when the token is gone."""
    instance = instances_by_id(session, [instance_id], now).get(instance_id)
    token = instance.execution.tasks.get(token_id) if instance is not None else None
    if token is None:
        return []
    return [
        Correctable(name, holder.data[name], None if holder.scope is None else holder.element.id)
        for name, holder in sorted(holders(token).items())
    ]


def instance_variables(
    session: Session, instance_ids: Collection[UUID], now: datetime
) -> dict[UUID, Mapping[str, Any]]:
    """The variables of whole instances, JSON-ready, by the instance's id."""
    return {
        instance_id: cast(dict[str, Any], to_json(dict(instance.execution.variables)))
        for instance_id, instance in instances_by_id(session, instance_ids, now).items()
    }


def instances_by_id(
    session: Session, instance_ids: Collection[UUID], now: datetime
) -> dict[UUID, Instance]:
    """Instances as they are committed, not locked; those whose state is damaged raise."""
    if not instance_ids:
        return {}
    catalogue = Catalogue(PublishedPackages(session))
    rows = session.execute(select(_INSTANCES).where(_INSTANCES.c.id.in_(instance_ids)))
    return {row.id: unpack(row, catalogue, now) for row in rows}
