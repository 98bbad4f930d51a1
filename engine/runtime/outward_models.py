"""Tables of outward work: what waits to leave the database, and what has left it.

The queue itself is Procrastinate's (tables ``procrastinate_…``, made by a migration); it holds ids
only and forgets a job that is done. These two say what the queue cannot: why, and what was sent.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, UuidKey


class OutwardWork(Base):
    """A token that waits until its work outside is done; gone when it goes on or is stopped.

    Written with the step that asks for it, as the queue's job is. ``attempts`` counts attempts that
    began, so that work which kills its worker comes to an end too.
    """

    __tablename__ = "outward_work"

    token_id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instances.id"), index=True)
    business_key: Mapped[str | None]
    package_key: Mapped[str]
    process_id: Mapped[str]
    element_id: Mapped[str]
    element_name: Mapped[str]
    job_type: Mapped[str]
    deferred_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int]
    next_try_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class OutwardMessage(Base):
    """One message that left, and the element that caused it. Append only; no content, ids only.

    ``recipient_id`` is a user or an organisation of the chain. A receiver knows a repeat by
    ``token_id`` and ``recipient_id``, which are in the message. No foreign keys, since a line
    outlives what it names.
    """

    __tablename__ = "outward_messages"
    __table_args__ = (UniqueConstraint("token_id", "recipient_id"),)

    id: Mapped[UuidKey]
    token_id: Mapped[UUID]
    recipient_id: Mapped[UUID]
    job_type: Mapped[str]
    instance_id: Mapped[UUID]
    business_key: Mapped[str | None] = mapped_column(index=True)
    process_id: Mapped[str]
    element_id: Mapped[str]
    attempt: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(index=True)
