"""What happened: submitted forms, contacts, consents, and lines of the diagram."""

from __future__ import annotations

from datetime import datetime
from typing import Any
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
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from engine.access.models import one_of
from engine.families.models.mixins import OfTrajectory
from engine.store.base import Base, UuidKey

CONTACT_KINDS = ("huisbezoek", "telefoon", "kantoor", "beeldbellen", "meegaan")
CONSENT_FORMS = ("mondeling", "schriftelijk")
DUE_KINDS = ("task", "timer")
MENDS = (
    "skipped",
    "repeated",
    "moved",
    "corrected",
    "suspended",
    "postponed",
    "resumed",
    "ended",
    "undone",
)


class Document(OfTrajectory, Base):
    """A submitted form, whole, as it was checked. ``submission_id`` makes a repeat harmless."""

    __tablename__ = "documents"
    __table_args__ = (Index(None, "trajectory_id", "at"),)

    id: Mapped[UuidKey]
    form_id: Mapped[str] = mapped_column(Text)
    form_name: Mapped[str] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    by_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    task_id: Mapped[UUID | None] = mapped_column(index=True)
    element_id: Mapped[str | None] = mapped_column(Text)
    handover_id: Mapped[UUID | None] = mapped_column(ForeignKey("handovers.id"))
    submission_id: Mapped[UUID | None] = mapped_column(unique=True)


class DocumentDraft(Base):
    """What a user filled in of a task's form so far; gone once the form is submitted."""

    __tablename__ = "document_drafts"

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    trajectory_id: Mapped[UUID] = mapped_column(ForeignKey("trajectories.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    updated_at: Mapped[datetime]


class Contact(OfTrajectory, Base):
    """A contact with the family that took place, or that the family did not come to."""

    __tablename__ = "contacts"
    __table_args__ = (
        one_of("kind", CONTACT_KINDS, "kind"),
        Index(None, "trajectory_id", "at"),
    )

    id: Mapped[UuidKey]
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    no_show: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[str | None] = mapped_column(Text)
    action: Mapped[str | None] = mapped_column(Text)
    by_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))
    recorded_at: Mapped[datetime]


class ContactMember(Base):
    """A family member who was there."""

    __tablename__ = "contact_members"

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(
        ForeignKey("family_members.id"), primary_key=True, index=True
    )


class Consent(OfTrajectory, Base):
    """A yes or a no to sharing, as given. A withdrawal dates it; history stays."""

    __tablename__ = "consents"
    __table_args__ = (
        one_of("form", CONSENT_FORMS, "form"),
        CheckConstraint("withdrawn_at IS NULL OR agreed", name="only_a_yes_is_withdrawn"),
        Index(None, "family_id", "purpose"),
    )

    id: Mapped[UuidKey]
    sequence: Mapped[int] = mapped_column(BigInteger, Identity())
    giver: Mapped[str] = mapped_column(String(200), default="")
    giver_member_id: Mapped[UUID | None] = mapped_column(ForeignKey("family_members.id"))
    capacity: Mapped[str | None] = mapped_column(String(100))
    purpose: Mapped[str] = mapped_column(String(200))
    recipient: Mapped[str | None] = mapped_column(String(200))
    what: Mapped[str | None] = mapped_column(Text)
    form: Mapped[str] = mapped_column(String(20))
    agreed: Mapped[bool]
    given_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id"))


class DueChange(OfTrajectory, Base):
    """Somebody gave a task or a running timer another due time, and why. ``token_id`` is its place.

    Attributes:
        kind: ``task`` or ``timer``.
        name: the task's or timer's name as people saw it.
        due_before: ``None``: there was none yet.
    """

    __tablename__ = "due_changes"
    __table_args__ = (
        one_of("kind", DUE_KINDS, "kind"),
        Index(None, "trajectory_id", "at"),
    )

    id: Mapped[UuidKey]
    instance_id: Mapped[UUID]
    token_id: Mapped[UUID] = mapped_column(index=True)
    element_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(Text)
    due_before: Mapped[datetime | None]
    due_after: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    by_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class Mend(OfTrajectory, Base):
    """Somebody did something against the drawn course of a trajectory, and why.

    Attributes:
        kind: ``skipped``, ``repeated``, ``moved``, ``corrected``, ``suspended``, ``postponed``,
            ``resumed``, ``ended`` or ``undone`` (another mend).
        name: the step that it is about as people saw it; ``None``: the trajectory itself.
        detail: what else is to be told, JSON-ready and without personal content: where it went
            on (``to``), variables (``values``: name, before, after), dates.
        role: the system role in which it was done.
        undo_until: until when it can be undone, unless something happened since.
        undo_not: what it did that cannot be taken back.
        facts_before: what it changed of the trajectory's row: by column, before and after.
    """

    __tablename__ = "mends"
    __table_args__ = (
        one_of("kind", MENDS, "kind"),
        Index(None, "trajectory_id", "at"),
    )

    id: Mapped[UuidKey]
    instance_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(20))
    element_id: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    by_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    undo_until: Mapped[datetime | None]
    undo_not: Mapped[str | None] = mapped_column(String(20))
    facts_before: Mapped[dict[str, Any] | None]
    undone_at: Mapped[datetime | None]


class MendKept(Base):
    """A process as it was before a mend, kept until it cannot be undone any more.

    Attributes:
        row_version: of the process right after the mend.
        last_line: the id of its last line in the audit before the mend.
        state: ``None``: the mend began it.
    """

    __tablename__ = "mend_kept"

    mend_id: Mapped[UUID] = mapped_column(
        ForeignKey("mends.id", ondelete="CASCADE"), primary_key=True
    )
    instance_id: Mapped[UUID] = mapped_column(primary_key=True)
    row_version: Mapped[int]
    last_line: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[bytes | None] = mapped_column(LargeBinary)


class ChronologyNote(OfTrajectory, Base):
    """A line that the diagram puts into the chronology; a fixed text without personal content."""

    __tablename__ = "chronology_notes"
    __table_args__ = (Index(None, "trajectory_id", "at"),)

    id: Mapped[UuidKey]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
