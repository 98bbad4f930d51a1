"""Names of colleagues on the pages of the Studio."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.models import User


def person(session: Session, user_id: UUID | None) -> str:
    """The name of a colleague; empty for who is not known."""
    found = session.scalar(select(User.name).where(User.id == user_id)) if user_id else None
    return found or ""
