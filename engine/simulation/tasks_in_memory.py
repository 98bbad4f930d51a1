"""The tasks of a scenario in memory, for diagrams that ask whether one still waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from engine.families.tasks.late import TaskStand
from engine.runtime.memory import MemoryStore


class MemoryTasks:
    """Implements ``engine.families.tasks.late.Tasks``."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def stand(self, trajectory_id: UUID, element_id: str, before: datetime) -> TaskStand:
        """How it stands with the tasks of the element that were there ``before`` (inclusive)."""
        key = str(trajectory_id)
        begun: dict[UUID, UUID] = {}
        ended: set[UUID] = set()
        for one in self._store.history:
            happening = one.happening
            if happening.element_id != element_id or one.business_key != key:
                continue
            if happening.type == "activated" and happening.at <= before:
                begun[happening.token_id] = one.instance_id
            elif happening.type in ("completed", "cancelled"):
                ended.add(happening.token_id)
        still_open = any(
            token not in ended and self._store.get(instance_id).execution.status == "active"
            for token, instance_id in begun.items()
        )
        return TaskStand(bool(begun), still_open)
