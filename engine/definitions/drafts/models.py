"""Tables of packages that somebody is working on, with everything that was ever saved in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, UuidKey


class PackageDraft(Base):
    """A package in the making. It stays after it was published or thrown away.

    Attributes:
        key: the key of the package that it began as; its manifest may name another one by now.
        base_version: the published version that it began with, ``None`` for a new package.
        revision: how often anything in it was saved; each save counts one.
        outcome: ``published`` or ``discarded`` once it is closed.
    """

    __tablename__ = "package_drafts"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        CheckConstraint("outcome IN ('published', 'discarded')", name="outcome"),
        Index(None, "key", postgresql_where="closed_at IS NULL"),
    )

    id: Mapped[UuidKey]
    key: Mapped[str] = mapped_column(String(100))
    base_version: Mapped[str | None] = mapped_column(ForeignKey("package_versions.version"))
    revision: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    published_version: Mapped[str | None] = mapped_column(ForeignKey("package_versions.version"))


class DraftFile(Base):
    """A file of a draft as it is now; ``revision`` is the draft's when it was written."""

    __tablename__ = "package_draft_files"

    draft_id: Mapped[UUID] = mapped_column(
        ForeignKey("package_drafts.id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]


class DraftSave(Base):
    """One save: what a file was from then on, ``None`` where it was removed."""

    __tablename__ = "package_draft_saves"
    __table_args__ = (Index(None, "draft_id", "path", "revision"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("package_drafts.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    revision: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[UUID | None]
