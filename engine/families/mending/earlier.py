"""What people did before against the drawn course of a trajectory, and whether it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.families.mending import undoing
from engine.families.models import Mend

EARLIER = 20
"""So many earlier mends are told."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What somebody did before. Why is ``None`` for who may not know the family.

    ``no_undo``: why it cannot be undone, if it can't.
    """

    id: UUID
    at: datetime
    by: str | None
    name: str | None
    detail: Mapping[str, Any]
    reason: str | None
    no_undo: str | None
    undo_until: datetime | None


def earlier(session: Session, trajectory_id: UUID, now: datetime, *, leads: bool) -> list[Earlier]:
    """The latest that people did, the newest first."""
    rows = session.execute(
        select(Mend, User.name)
        .outerjoin(User, User.id == Mend.by_user_id)
        .where(Mend.trajectory_id == trajectory_id)
        .order_by(Mend.at.desc(), Mend.id.desc())
        .limit(EARLIER)
    )
    return [
        Earlier(
            one.id,
            one.at,
            by,
            one.name,
            {**one.detail, "kind": one.kind, "role": one.role},
            one.reason if leads else None,
            undoing.why_not(session, one, now),
            one.undo_until,
        )
        for one, by in rows
    ]
