"""Who answers for a package: one process owner at a time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.published.care_models import PackageOwner
from engine.keys import new_key


def owner_of(session: Session, key: str) -> UUID | None:
    """The owner of a package, where one was named."""
    return session.scalar(
        select(PackageOwner.user_id).where(PackageOwner.key == key, PackageOwner.until.is_(None))
    )


def owners(session: Session) -> dict[str, UUID]:
    """The owner of every package that has one, by key."""
    rows = session.execute(
        select(PackageOwner.key, PackageOwner.user_id).where(PackageOwner.until.is_(None))
    )
    return dict(rows.tuples().all())


def name_owner(session: Session, key: str, user_id: UUID, *, at: datetime, by: UUID | None) -> None:
    """Let somebody answer for a package from now on, instead of who did."""
    now = session.scalar(
        select(PackageOwner)
        .where(PackageOwner.key == key, PackageOwner.until.is_(None))
        .with_for_update()
    )
    if now is not None:
        if now.user_id == user_id:
            return
        now.until = at
        session.flush()
    session.add(
        PackageOwner(id=new_key(), key=key, user_id=user_id, since=at, until=None, named_by=by)
    )
    session.flush()
