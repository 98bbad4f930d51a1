"""Carries what a diagram reaches (phase, status, outcome) over into the family file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from engine.definitions.connectors import TRAJECTORY_STATUSES
from engine.families.file.port import FamilyFile


class ProgressListener:
    """Listens to the runtime on behalf of a family file. The business key is the trajectory."""

    def __init__(self, file: FamilyFile) -> None:
        self._file = file
        self._outcomes: dict[str, str] = {}

    def reached(self, business_key: str, properties: Mapping[str, str], at: datetime) -> None:
        """An element with properties was entered."""
        trajectory_id = _trajectory(business_key)
        if trajectory_id is None:
            return
        if phase := properties.get("fase"):
            self._file.set_phase(trajectory_id, phase, at)
        if outcome := properties.get("uitkomst"):
            self._outcomes[business_key] = outcome
        if status := TRAJECTORY_STATUSES.get(properties.get("status", "")):
            self._file.set_status(trajectory_id, status, None, at)

    def ended(self, business_key: str, status: str, at: datetime) -> None:
        """The trajectory's main instance ended: the trajectory is closed."""
        trajectory_id = _trajectory(business_key)
        if trajectory_id is None:
            return
        outcome = self._outcomes.get(business_key) or (
            "afgebroken" if status == "cancelled" else None
        )
        self._file.set_status(trajectory_id, "closed", outcome, at)


def _trajectory(business_key: str) -> UUID | None:
    """The trajectory of a business key; a process that a message started may have another key."""
    try:
        return UUID(business_key)
    except ValueError:
        return None
