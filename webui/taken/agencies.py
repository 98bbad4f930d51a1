"""Which agency a task or a part of a trajectory is about, where several look the same.

A family is guided to several agencies at once, each by a part of its own with the same name and
the same tasks. The part's variable ``overdrachtId`` tells them apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.families.models import Handover
from engine.runtime.models import UserTask
from engine.runtime.reading import instance_variables

VARIABLE = "overdrachtId"
Key = TypeVar("Key", bound=Hashable)


def repeated(keys: Iterable[Key]) -> set[Key]:
    """The keys that occur more than once."""
    return {key for key, times in Counter(keys).items() if times > 1}


def agencies_of_instances(
    session: Session, instance_ids: Collection[UUID], now: datetime
) -> Mapping[UUID, str]:
    """The agency's name by the instance's id, for those that are about one."""
    wanted: dict[UUID, UUID] = {}
    for instance_id, variables in instance_variables(session, instance_ids, now).items():
        try:
            wanted[instance_id] = UUID(str(variables.get(VARIABLE)))
        except ValueError:
            continue
    rows = session.execute(
        select(Handover.id, Handover.organisation).where(Handover.id.in_(wanted.values()))
    )
    names = dict(rows.tuples().all())
    return {
        instance_id: names[handover_id]
        for instance_id, handover_id in wanted.items()
        if handover_id in names
    }


def agencies_of_tasks(
    session: Session, task_ids: Collection[UUID], now: datetime
) -> Mapping[UUID, str]:
    """The agency's name by the task's id, for those that are about one."""
    if not task_ids:
        return {}
    rows = session.execute(
        select(UserTask.id, UserTask.instance_id).where(UserTask.id.in_(task_ids))
    )
    places = dict(rows.tuples().all())
    names = agencies_of_instances(session, set(places.values()), now)
    return {task: names[instance] for task, instance in places.items() if instance in names}
