"""In which framework a family is helped: of its own will, with pressure, or by a court."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.access.models import one_of
from engine.families.models.mixins import OfTrajectory
from engine.store.base import Base, UuidKey

FRAMEWORKS = ("vrijwillig", "drang", "gedwongen")


class FrameworkPeriod(OfTrajectory, Base):
    """The framework from a day on, until the next; each record stays as it was written.

    Attributes:
        rights_explained: whether the family's rights were explained; ``None`` where nobody asked.
        explanation: how that was done, or why not yet.
    """

    __tablename__ = "framework_periods"
    __table_args__ = (
        one_of("kind", FRAMEWORKS, "kind"),
        Index(None, "family_id", "since"),
    )

    id: Mapped[UuidKey]
    kind: Mapped[str] = mapped_column(String(20))
    since: Mapped[date]
    rights_explained: Mapped[bool | None]
    explanation: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))
