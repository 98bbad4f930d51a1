"""What a page may look at in instances: their variables, read without locking anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from engine.execution.variables import visible
from engine.feel.values import to_json
from engine.runtime.catalogue import Catalogue
from engine.runtime.instance_rows import unpack
from engine.runtime.models import ProcessInstance, UserTask
from engine.runtime.published import PublishedPackages
from engine.runtime.store import Instance

_INSTANCES = cast(Table, ProcessInstance.__table__)


def task_variables(session: Session, task: UserTask, now: datetime) -> Mapping[str, Any]:
    """The variables that an open task sees, JSON-ready; none when it is not open any more."""
    instance = _instances(session, [task.instance_id], now).get(task.instance_id)
    token = instance.execution.tasks.get(task.id) if instance is not None else None
    return cast(dict[str, Any], to_json(dict(visible(token)))) if token is not None else {}


def instance_variables(
    session: Session, instance_ids: Collection[UUID], now: datetime
) -> dict[UUID, Mapping[str, Any]]:
    """The variables of whole instances, JSON-ready, by the instance's id."""
    return {
        instance_id: cast(dict[str, Any], to_json(dict(instance.execution.variables)))
        for instance_id, instance in _instances(session, instance_ids, now).items()
    }


def _instances(
    session: Session, instance_ids: Collection[UUID], now: datetime
) -> dict[UUID, Instance]:
    if not instance_ids:
        return {}
    catalogue = Catalogue(PublishedPackages(session))
    rows = session.execute(select(_INSTANCES).where(_INSTANCES.c.id.in_(instance_ids)))
    return {row.id: unpack(row, catalogue, now) for row in rows}
