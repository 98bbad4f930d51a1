"""Names of colleagues on the pages of the Studio."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import holds_at
from engine.access.models import RoleAssignment, SystemRole, User


def person(session: Session, user_id: UUID | None) -> str:
    """The name of a colleague; empty for who is not known."""
    found = session.scalar(select(User.name).where(User.id == user_id)) if user_id else None
    return found or ""


def process_owners(session: Session, at: datetime) -> Sequence[tuple[UUID, str]]:
    """The process owners of the region at an instant, by name."""
    rows = session.execute(
        select(User.id, User.name)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            RoleAssignment.role == SystemRole.PROCESS_OWNER,
            holds_at(RoleAssignment, at),
            User.active,
        )
        .distinct()
        .order_by(User.name, User.id)
    )
    return rows.tuples().all()
