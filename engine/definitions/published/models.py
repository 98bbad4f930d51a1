"""Tables of published packages: immutable versions, what starts them, what they offer and ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, UuidKey


class PackageVersion(Base):
    """One published version of a package. Never changed; ``retired_at`` only ends its use.

    Attributes:
        version: SHA-256 over the sorted paths and contents, in hexadecimal.
        number: 1, 2, 3, … per package key, in order of publication.
        content: the package's files as a zip, made the same way for the same files.
    """

    __tablename__ = "package_versions"
    __table_args__ = (UniqueConstraint("key", "number"),)

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    number: Mapped[int]
    names: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    retired_at: Mapped[datetime | None]


class PackageStartEvent(Base):
    """A top-level start event of a published version that a message, signal or timer fires."""

    __tablename__ = "package_start_events"
    __table_args__ = (Index(None, "trigger", "name"),)

    id: Mapped[UuidKey]
    version: Mapped[str] = mapped_column(
        ForeignKey("package_versions.version", ondelete="CASCADE"), index=True
    )
    process_id: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    trigger: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Text)


class PackagePart(Base):
    """A process or decision of a published version that other packages may call.

    Attributes:
        part: ``process`` or ``decision``.
        tag: its version tag, where it carries one.
    """

    __tablename__ = "package_parts"
    __table_args__ = (Index(None, "part", "part_id"),)

    version: Mapped[str] = mapped_column(
        ForeignKey("package_versions.version", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    part_id: Mapped[str] = mapped_column(Text, primary_key=True)
    tag: Mapped[str | None] = mapped_column(Text)


class PackageBinding(Base):
    """What a published version means by a part of another package that it binds to deployment."""

    __tablename__ = "package_bindings"

    version: Mapped[str] = mapped_column(
        ForeignKey("package_versions.version", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    part_id: Mapped[str] = mapped_column(Text, primary_key=True)
    bound_version: Mapped[str] = mapped_column(ForeignKey("package_versions.version"))
