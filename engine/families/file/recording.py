"""A submission on its way into the family file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.families.file import answers
from engine.families.models import Trajectory

Fields = Mapping[str, object]
"""Answers by the rest of their path: of ``contact.soort``, ``soort``; of ``doelen``, ``""``."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The submission that is being written: where it belongs, from whom, when."""

    session: Session
    trajectory: Trajectory
    document_id: UUID
    by: UUID | None
    at: datetime
    handover_id: UUID | None = None
    about: Mapping[str, UUID] = field(default_factory=dict)

    @property
    def place(self) -> dict[str, UUID]:
        """The columns that say to which trajectory and family a row belongs."""
        return {"trajectory_id": self.trajectory.id, "family_id": self.trajectory.family_id}

    def moment(self, answer: object) -> datetime:
        """When something took place: never after it was written down; today, no time, is now."""
        moment = answers.instant(answer)
        today = answers.local_day(self.at)
        if moment is None or (not answers.has_time(answer) and answers.local_day(moment) == today):
            return self.at
        return min(moment, self.at)
