"""The table of plays: one of each user for a draft or a published version."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, UuidKey


class PlayRow(Base):
    """A play: when its clock began, and the moves as JSON text (all that people may type)."""

    __tablename__ = "plays"
    __table_args__ = (
        CheckConstraint("(draft_id IS NULL) <> (version IS NULL)", name="of_one_thing"),
        UniqueConstraint("user_id", "draft_id"),
        UniqueConstraint("user_id", "version"),
    )

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    draft_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("package_drafts.id", ondelete="CASCADE")
    )
    version: Mapped[str | None] = mapped_column(ForeignKey("package_versions.version"))
    begin_at: Mapped[datetime]
    moves: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
