"""A family's run through a method, who is involved in it, and how it changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.access.models import one_of
from engine.store.base import Base, UuidKey

STATUSES = ("referred", "running", "aftercare", "closed")
CHANGES = ("phase", "status", "cadence")


class Trajectory(Base):
    """One family's run through a method; its id is the business key of the process instances.

    Attributes:
        package_version: the content hash of the version that the trajectory runs on.
        channel: the entry of the package that the family came in by.
        previous_id: the trajectory of the same family that this one follows on, if any.
        phase: as the diagram names it (property ``fase``).
        cadence_per_week: planned contacts a week, ``None`` until the diagram sets it.
        outcome: as the diagram's end event names it (property ``uitkomst``).
        suspended_since: a person put it aside then; ``review_at``: somebody looks again at it then.
        last_contact_at: the latest contact that took place; ``last_contact_day`` is its local day.
        worker_id: who works for the family in the first role that was filled by a worker.

    These last ones follow from other tables. PostgreSQL keeps them by triggers, so that lists of a
    large region need not look them up; ``ketenspoor doctor`` compares them.
    """

    __tablename__ = "trajectories"
    __table_args__ = (
        one_of("status", STATUSES, "status"),
        CheckConstraint("cadence_per_week >= 0", name="cadence"),
        CheckConstraint("previous_id <> id", name="previous"),
        UniqueConstraint("id", "family_id"),
        ForeignKeyConstraint(  # the one before it is of the same family
            ["previous_id", "family_id"], ["trajectories.id", "trajectories.family_id"]
        ),
        Index(
            "ix_trajectories_open",
            "organisation_id",
            "package_key",
            "phase",
            postgresql_where="status <> 'closed'",
            postgresql_include=[
                "id",
                "started_at",
                "last_contact_at",
                "last_contact_day",
                "cadence_per_week",
                "suspended_since",
                "worker_id",
            ],
        ),
    )

    id: Mapped[UuidKey]
    family_id: Mapped[UUID] = mapped_column(ForeignKey("families.id"), index=True)
    package_key: Mapped[str] = mapped_column(Text)
    package_version: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    channel: Mapped[str] = mapped_column(Text)
    previous_id: Mapped[UUID | None]
    started_at: Mapped[datetime]
    phase: Mapped[str | None] = mapped_column(Text)
    phase_since: Mapped[datetime | None]
    cadence_per_week: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    status: Mapped[str] = mapped_column(String(20), default="referred")
    outcome: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    suspended_since: Mapped[datetime | None]
    review_at: Mapped[datetime | None]
    last_contact_at: Mapped[datetime | None]
    last_contact_day: Mapped[date | None]
    worker_id: Mapped[UUID | None]


class TrajectoryChange(Base):
    """The trajectory entered a phase, took a status, or got another cadence."""

    __tablename__ = "trajectory_changes"
    __table_args__ = (
        one_of("kind", CHANGES, "kind"),
        Index(None, "trajectory_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    trajectory_id: Mapped[UUID] = mapped_column(ForeignKey("trajectories.id"))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Involvement(Base):
    """A user works for a trajectory in a role of its package, from an instant until another.

    One user per role at a time, except those who work ``beside`` that one.
    """

    __tablename__ = "involvements"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        Index(
            "uq_involvements_open",
            "trajectory_id",
            "role",
            unique=True,
            postgresql_where="until IS NULL AND NOT beside",
        ),
        Index(
            "uq_involvements_open_user",
            "trajectory_id",
            "role",
            "user_id",
            unique=True,
            postgresql_where="until IS NULL",
        ),
        Index("ix_involvements_user", "user_id", "trajectory_id"),
    )

    id: Mapped[UuidKey]
    trajectory_id: Mapped[UUID] = mapped_column(ForeignKey("trajectories.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(Text)
    beside: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
