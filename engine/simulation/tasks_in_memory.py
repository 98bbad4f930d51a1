"""The tasks of a scenario in memory, for diagrams that ask whether one still waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from engine.families.late_tasks import TaskStand
from engine.runtime.memory import MemoryStore


class MemoryTasks:
    """Implements ``engine.families.late_tasks.Tasks``; ``appeared``: since when one is open."""

    def __init__(self, store: MemoryStore, appeared: Mapping[UUID, datetime]) -> None:
        self._store = store
        self._appeared = appeared

    def stand(self, trajectory_id: UUID, element_id: str, before: datetime) -> TaskStand:
        """How it stands with the tasks of the element that were there ``before`` (inclusive)."""
        known = any(
            one.business_key == str(trajectory_id)
            and one.happening.element_id == element_id
            and one.happening.type == "activated"
            and one.happening.at <= before
            for one in self._store.history
        )
        still_open = any(
            instance.business_key == str(trajectory_id)
            and (wait.kind, wait.element_id) == ("user", element_id)
            and self._appeared.get(wait.token_id, before) <= before
            for instance, wait in self._store.open_waits()
        )
        return TaskStand(known, still_open)
