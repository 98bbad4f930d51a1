"""Tables of running instances and their projections. Instants are UTC."""

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
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, UuidKey


class ProcessInstance(Base):
    """A process instance: its state (compressed JSON without the definition) and its place.

    ``is_main``: its end is the end of the trajectory in ``business_key``.
    """

    __tablename__ = "process_instances"
    __table_args__ = (
        CheckConstraint("status in ('active', 'completed', 'cancelled')", name="status"),
        Index(
            "ix_process_instances_waiting_parent",
            "parent_id",
            "parent_token_id",
            postgresql_where=text("status = 'active'"),
        ),
        Index(
            "ix_process_instances_running_version",
            "package_version",
            "root_id",
            postgresql_where=text("status = 'active'"),
        ),
    )

    id: Mapped[UuidKey]
    package_key: Mapped[str]
    package_version: Mapped[str]
    process_id: Mapped[str]
    business_key: Mapped[str | None] = mapped_column(index=True)
    root_id: Mapped[UUID] = mapped_column(index=True)
    parent_id: Mapped[UUID | None]
    parent_token_id: Mapped[UUID | None]
    is_main: Mapped[bool] = mapped_column(default=True)
    status: Mapped[str]
    state: Mapped[bytes] = mapped_column(LargeBinary)
    row_version: Mapped[int]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class UserTask(Base):
    """A person's task. ``id`` is the token's; completed and withdrawn ones stay, to be told of.

    A ``suspended`` one is open in a trajectory that was put aside: nobody can do it until it is
    taken up again.

    Attributes:
        assignee_id: who has it now: who claimed it, else whom the diagram gave it to.
        assigned_id: whom the diagram gave it to (``assignee``): theirs alone.
    """

    __tablename__ = "user_tasks"
    __table_args__ = (
        CheckConstraint("status in ('open', 'suspended', 'completed', 'cancelled')", name="status"),
        Index(
            "ix_user_tasks_open_system_role",
            "system_role",
            "due_at",
            postgresql_where=text("status='open'"),
            postgresql_include=["business_key", "id", "created_at", "role", "assignee_id"],
        ),
        Index("ix_user_tasks_business_key_status", "business_key", "status"),
    )

    id: Mapped[UuidKey]
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instances.id"), index=True)
    root_id: Mapped[UUID]
    business_key: Mapped[str | None]
    package_key: Mapped[str]
    package_version: Mapped[str]
    process_id: Mapped[str]
    element_id: Mapped[str]
    name: Mapped[str]
    form_id: Mapped[str | None]
    role: Mapped[str | None]
    system_role: Mapped[str | None]
    assignee_id: Mapped[UUID | None] = mapped_column(index=True)
    assigned_id: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    priority: Mapped[int]
    status: Mapped[str]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    completed_by: Mapped[UUID | None]


class Timer(Base):
    """A running timer. The sweep looks here only; it never loads an instance to find out."""

    __tablename__ = "timers"
    __table_args__ = (
        Index("ix_timers_next_try_at", "next_try_at"),
        Index("ix_timers_put_off", "next_try_at", postgresql_where=text("attempts > 0")),
    )

    token_id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instances.id"), index=True)
    business_key: Mapped[str | None] = mapped_column(index=True)
    element_id: Mapped[str]
    element_name: Mapped[str]
    host_id: Mapped[str | None]
    due_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)


class Subscription(Base):
    """A token that waits for a message (with its correlation key) or a signal."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("ix_subscriptions_kind_name_key", "kind", "name", "key"),)

    token_id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instances.id"), index=True)
    process_id: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    key: Mapped[str | None]
    opened_at: Mapped[datetime]


class BufferedMessage(Base):
    """A message that waits for its receiver until it expires."""

    __tablename__ = "buffered_messages"
    __table_args__ = (Index("ix_buffered_messages_name_key", "name", "key"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    key: Mapped[str | None]
    variables: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SeenMessage(Base):
    """The id of a published message, so that a repeated delivery is harmless; kept for a while."""

    __tablename__ = "seen_messages"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True, server_default=func.now())


MOST_OF_A_NAME = 300
"""Signs of an element's name with an incident: an index keeps it beside other columns."""


class Incident(Base):
    """A token that cannot go on, with cause, place and explanation; resolved ones stay."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "ix_incidents_open",
            "raised_at",
            postgresql_where=text("resolved_at is null"),
            postgresql_include=[
                "business_key",
                "code",
                "package_key",
                "element_id",
                "element_name",
            ],
        ),
        Index(
            "ix_incidents_left_out", "raised_at", postgresql_where=text("resolved_at = raised_at")
        ),
        Index(
            "ix_incidents_resolved", "resolved_at", postgresql_where=text("resolved_at is not null")
        ),
    )

    id: Mapped[UuidKey]
    token_id: Mapped[UUID] = mapped_column(index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instances.id"), index=True)
    business_key: Mapped[str | None] = mapped_column(index=True)
    package_key: Mapped[str]
    process_id: Mapped[str]
    element_id: Mapped[str]
    element_name: Mapped[str]
    code: Mapped[str]
    message: Mapped[str]
    remedy: Mapped[str]
    raised_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class AuditEvent(Base):
    """One line of what happened in an instance; never changed, never deleted.

    Most of the database is this: whose instance it is and of which process stands with that.
    """

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(index=True)
    at: Mapped[datetime]
    type: Mapped[str]
    element_id: Mapped[str]
    element_kind: Mapped[str]
    token_id: Mapped[UUID]
    actor_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]]
