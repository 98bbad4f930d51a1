"""Tables of how packages are looked after: owners, second pairs of eyes, taking out of use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, UuidKey


class PackageOwner(Base):
    """Who answers for a package, from an instant; the earlier owners stay on record."""

    __tablename__ = "package_owners"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        Index("uq_package_owners_open", "key", unique=True, postgresql_where="until IS NULL"),
    )

    id: Mapped[UuidKey]
    key: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[UUID]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    named_by: Mapped[UUID | None]


class PublicationRequest(Base):
    """Somebody asks a colleague to look at a draft before it is published.

    Attributes:
        content: the hash of the draft's files as they were then; an answer counts for that only.
        against: the version that it was compared with, ``None`` when there was none.
        decision: ``approved`` or ``returned``; ``withdrawn`` when it was asked anew.
    """

    __tablename__ = "publication_requests"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decided"),
        CheckConstraint("decision IN ('approved', 'returned', 'withdrawn')", name="decision"),
        CheckConstraint(
            "decision IS NULL OR decision = 'withdrawn' "
            "OR (decided_by IS NOT NULL AND decided_by <> asked_by)",
            name="second_person",
        ),
        Index(
            "uq_publication_requests_open",
            "draft_id",
            unique=True,
            postgresql_where="decided_at IS NULL",
        ),
        Index(None, "draft_id", "asked_at"),
    )

    id: Mapped[UuidKey]
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("package_drafts.id", ondelete="CASCADE"))
    content: Mapped[str] = mapped_column(String(64))
    against: Mapped[str | None] = mapped_column(ForeignKey("package_versions.version"))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decision: Mapped[str | None] = mapped_column(String(20))
    remark: Mapped[str] = mapped_column(Text, default="")


class VersionUse(Base):
    """A version was taken out of use, or into use again, with the reason."""

    __tablename__ = "package_version_uses"
    __table_args__ = (Index(None, "version"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    version: Mapped[str] = mapped_column(ForeignKey("package_versions.version"))
    in_use: Mapped[bool]
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(Text)
