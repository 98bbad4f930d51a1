"""Scores on instruments, and the type of support that a family gets, dated."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.access.models import one_of
from engine.definitions.forms.instruments import MOMENTS, SCORERS
from engine.families.models.mixins import OfTrajectory
from engine.store.base import Base, UuidKey

SUPPORT_TYPES = (
    "basis-op-orde",
    "vinger-aan-de-pols",
    "stut-en-steun",
    "nazorg",
    "opschaling",
)
"""Types of families by the support that they need (Steketee & Vanderbroucke 2010)."""


class Measurement(OfTrajectory, Base):
    """A score on an instrument, on the scale of its version, by one who scores."""

    __tablename__ = "measurements"
    __table_args__ = (
        one_of("scorer", SCORERS, "scorer"),
        one_of("moment", MOMENTS, "moment"),
        Index(None, "trajectory_id", "instrument", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    instrument: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(SmallInteger)
    scorer: Mapped[str] = mapped_column(String(20))
    moment: Mapped[str | None] = mapped_column(String(20))
    value: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    at: Mapped[datetime]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))


class SupportPeriod(OfTrajectory, Base):
    """The type of support from a moment on, why, and until when; one at a time."""

    __tablename__ = "support_periods"
    __table_args__ = (
        one_of("kind", SUPPORT_TYPES, "kind"),
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        Index(None, "trajectory_id", "since"),
        Index(
            "uq_support_periods_current",
            "trajectory_id",
            unique=True,
            postgresql_where="until IS NULL",
        ),
    )

    id: Mapped[UuidKey]
    kind: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str | None] = mapped_column(Text)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))
