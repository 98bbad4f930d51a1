"""Care meetings: purpose, who takes part on which subjects, agenda and minutes by subject."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.access.models import one_of
from engine.families.file.life_domains import LIFE_DOMAINS
from engine.families.models.mixins import OfTrajectory
from engine.store.base import Base, UuidKey

MEETING_PURPOSES = ("ruimte-maken", "gezamenlijk-plan", "stagnatie", "veiligheid", "afsluiten")
MEETING_STATES = ("voorbereiding", "gepland", "gehouden", "niet-gehouden")
PARTICIPANT_STATES = (
    "voorgesteld",
    "geen-toestemming",
    "uitgenodigd",
    "komt",
    "komt-niet",
    "ingetrokken",
    "aanwezig",
    "afwezig",
)
MEETING_SUBJECTS = (*LIFE_DOMAINS, "hulp", "veiligheid")
POINT_KINDS = ("agenda", "verslag")
OFFER_STATES = ("gevraagd", "aangenomen", "geweigerd", "vervallen")


class CareMeeting(OfTrajectory, Base):
    """A meeting of the people around a family.

    Attributes:
        planned_at: when, ``None`` until it has been fixed.
        spokesperson: who speaks for the family.
        family_view: what the family says of the minutes; it stays attached to them.
        minutes_shared_at: from when participants may read the minutes, each of its own subjects.
        next_on: the day by which the next meeting is wanted.
    """

    __tablename__ = "care_meetings"
    __table_args__ = (
        one_of("purpose", MEETING_PURPOSES, "purpose"),
        one_of("state", MEETING_STATES, "state"),
        Index(None, "trajectory_id"),
    )

    id: Mapped[UuidKey]
    purpose: Mapped[str] = mapped_column(String(30))
    with_family: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20), default="voorbereiding")
    planned_at: Mapped[datetime | None]
    place: Mapped[str | None] = mapped_column(Text)
    chair: Mapped[str | None] = mapped_column(String(200))
    spokesperson: Mapped[str | None] = mapped_column(String(200))
    family_view: Mapped[str | None] = mapped_column(Text)
    family_view_at: Mapped[datetime | None]
    minutes_shared_at: Mapped[datetime | None]
    next_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class MeetingParticipant(Base):
    """Somebody who is to take part, on some subjects; invited only once the family agrees.

    Attributes:
        user_id: the account of who has one: that person gets tasks of their own.
        recipient: how the family's consent names them.
        subjects: what may be spoken of with them, if the family agrees.
        reason: why they do not come, in their own words.
    """

    __tablename__ = "care_meeting_participants"
    __table_args__ = (
        one_of("state", PARTICIPANT_STATES, "state"),
        Index(None, "meeting_id"),
        Index(None, "user_id"),
    )

    id: Mapped[UuidKey]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("care_meetings.id"))
    sequence: Mapped[int] = mapped_column(BigInteger, Identity())
    organisation: Mapped[str | None] = mapped_column(String(200))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    person: Mapped[str | None] = mapped_column(String(200))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    recipient: Mapped[str] = mapped_column(String(200))
    subjects: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(String(20), default="voorgesteld")
    state_since: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(Text)


class MeetingPoint(Base):
    """A point of the agenda, or what the minutes say, about one subject."""

    __tablename__ = "care_meeting_points"
    __table_args__ = (
        one_of("kind", POINT_KINDS, "kind"),
        one_of("subject", MEETING_SUBJECTS, "subject"),
        Index(None, "meeting_id", "kind"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("care_meetings.id"))
    kind: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str] = mapped_column(String(30))
    text: Mapped[str] = mapped_column(Text)


class CaseDirectionOffer(OfTrajectory, Base):
    """Somebody is asked to direct the family's case; nothing changes until they accept.

    Of those who were asked only the last can answer; the offer to the others has lapsed.
    """

    __tablename__ = "case_direction_offers"
    __table_args__ = (
        one_of("state", OFFER_STATES, "state"),
        Index(None, "family_id"),
        Index(None, "trajectory_id"),
    )

    id: Mapped[UuidKey]
    sequence: Mapped[int] = mapped_column(BigInteger, Identity())
    organisation: Mapped[str | None] = mapped_column(String(200))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default="gevraagd")
    answer: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
