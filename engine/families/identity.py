"""What every process of a trajectory begins with: whose it is, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.families.file.port import FamilyFile, TrajectoryRef


def identity(ref: TrajectoryRef, channel: str, referred_at: datetime) -> dict[str, Any]:
    """The variables ``trajectId``, ``gezinId``, ``kanaal`` and ``aangemeldOp`` (UTC)."""
    return {
        "trajectId": str(ref.trajectory_id),
        "gezinId": str(ref.family_id),
        "kanaal": channel,
        "aangemeldOp": referred_at,
    }


class TrajectoryIdentity:
    """Gives the runtime a trajectory's variables by its business key, out of a family file."""

    def __init__(self, file: FamilyFile) -> None:
        self._file = file

    def __call__(self, business_key: str) -> Mapping[str, Any]:
        """The variables; none for a key that is no trajectory's."""
        try:
            trajectory_id = UUID(business_key)
        except ValueError:
            return {}
        known = self._file.identity(trajectory_id)
        return {} if known is None else identity(known.ref, known.channel, known.referred_at)
