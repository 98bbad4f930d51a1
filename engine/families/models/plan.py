"""The plan: concerns, phases per life domain, goals, agreements and handovers to agencies."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.access.models import one_of
from engine.families.file.life_domains import CONCERN_LEVELS, GOAL_SCORES, LIFE_DOMAINS
from engine.families.models.mixins import OfTrajectory
from engine.store.base import Base, UuidKey

AGREEMENT_STATES = ("open", "done", "dropped")
GOAL_STATUSES = ("open", *GOAL_SCORES)
HANDOVER_STATUSES = (
    "besproken",
    "akkoord",
    "aangemeld",
    "wachtlijst",
    "indicatie",
    "intake",
    "overgedragen",
    "gestart",
    "gestopt",
)


class ConcernLevel(OfTrajectory, Base):
    """How worrying a part of a life domain was at a moment; the latest counts."""

    __tablename__ = "concern_levels"
    __table_args__ = (
        one_of("domain", LIFE_DOMAINS, "domain"),
        one_of("level", CONCERN_LEVELS, "level"),
        Index(None, "trajectory_id", "domain", "item", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    domain: Mapped[str] = mapped_column(String(30))
    item: Mapped[str] = mapped_column(String(60))
    level: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))


class LifeDomainPhase(OfTrajectory, Base):
    """The phase that a life domain is in from a moment on; each domain has its own."""

    __tablename__ = "life_domain_phases"
    __table_args__ = (
        one_of("domain", LIFE_DOMAINS, "domain"),
        Index(None, "trajectory_id", "domain", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    domain: Mapped[str] = mapped_column(String(30))
    phase: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))


class PlanGoal(OfTrajectory, Base):
    """A goal of the joint plan, what is done for it, by whom, and how it came out.

    The views are those of the family, of its worker and of who referred it. A goal that is taken
    up again is open once more, since ``reopened_at``.
    """

    __tablename__ = "plan_goals"
    __table_args__ = (
        one_of("domain", LIFE_DOMAINS, "domain"),
        one_of("status", GOAL_STATUSES, "status"),
        Index(None, "trajectory_id"),
    )

    id: Mapped[UuidKey]
    domain: Mapped[str | None] = mapped_column(String(30))
    goal: Mapped[str] = mapped_column(Text)
    action: Mapped[str | None] = mapped_column(Text)
    who: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), default="open")
    created_at: Mapped[datetime]
    scored_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    view_family: Mapped[str | None] = mapped_column(Text)
    view_worker: Mapped[str | None] = mapped_column(Text)
    view_referrer: Mapped[str | None] = mapped_column(Text)
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))


class Agreement(OfTrajectory, Base):
    """Something that somebody promised, and until when (the promise register).

    Attributes:
        owner_user_id: the account of the owner who has one, in any organisation.
        meeting_id: the care meeting where it was promised, if it was at one.
        reason: why it was dropped.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        one_of("state", AGREEMENT_STATES, "state"),
        Index(None, "trajectory_id"),
    )

    id: Mapped[UuidKey]
    what: Mapped[str] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(String(200))
    owner_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("care_meetings.id"), index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    due: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20), default="open")
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))


class Handover(OfTrajectory, Base):
    """The guidance of a family to one agency, from first talk to started or stopped."""

    __tablename__ = "handovers"
    __table_args__ = (
        one_of("life_domain", LIFE_DOMAINS, "life_domain"),
        one_of("status", HANDOVER_STATUSES, "status"),
        Index(None, "trajectory_id"),
    )

    id: Mapped[UuidKey]
    organisation: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    life_domain: Mapped[str | None] = mapped_column(String(30))
    reason: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), default="besproken")
    status_since: Mapped[datetime]
    created_at: Mapped[datetime]


class HandoverState(Base):
    """A state that a handover took, with date and reason, so that waiting time can be shown."""

    __tablename__ = "handover_states"
    __table_args__ = (
        one_of("status", HANDOVER_STATUSES, "status"),
        Index(None, "handover_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    handover_id: Mapped[UUID] = mapped_column(ForeignKey("handovers.id"))
    status: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(Text)
    by_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
