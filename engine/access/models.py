"""Tables: organisations of the chain, users, dated roles, log-in counters and the access log."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.store.base import Base, UuidKey


class SystemRole(StrEnum):
    """The roles that the product knows; a process package maps its own roles to these."""

    WORKER = "worker"
    PROJECT_LEADER = "project_leader"
    COORDINATOR = "coordinator"
    PROCESS_OWNER = "process_owner"
    ADMINISTRATOR = "administrator"
    PARTNER = "partner"


def one_of(column: str, values: type[StrEnum] | tuple[str, ...], name: str) -> CheckConstraint:
    """A check that a text column holds one of the values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


class Chain(Base):
    """A chain of partner organisations that a coordinator watches."""

    __tablename__ = "chains"

    id: Mapped[UuidKey]
    name: Mapped[str] = mapped_column(String(200), unique=True)


class Organisation(Base):
    """A party of the chain: one that runs trajectories, refers families in, or takes them over.

    ``second_eyes``: what its process owners publish is approved by a second one first.
    """

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("kind ~ '^[a-z][a-z0-9-]*$'", name="kind"),)

    id: Mapped[UuidKey]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    is_runner: Mapped[bool] = mapped_column(default=False)
    second_eyes: Mapped[bool] = mapped_column(default=False, server_default="false")


class ChainMembership(Base):
    """An organisation belongs to a chain from an instant until another."""

    __tablename__ = "chain_memberships"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        Index(
            "uq_chain_memberships_open",
            "chain_id",
            "organisation_id",
            unique=True,
            postgresql_where="until IS NULL",
        ),
    )

    id: Mapped[UuidKey]
    chain_id: Mapped[UUID] = mapped_column(ForeignKey("chains.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class User(Base):
    """A person with an account."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_email", text("lower(email)"), unique=True),
        one_of("language", ("nl", "en"), "language"),
    )

    id: Mapped[UuidKey]
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    password_hash: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(2), default="nl")
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")


class RoleAssignment(Base):
    """A user holds a system role in an organisation from an instant until another."""

    __tablename__ = "role_assignments"
    __table_args__ = (
        one_of("role", SystemRole, "role"),
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        Index(
            "uq_role_assignments_open",
            "user_id",
            "role",
            "organisation_id",
            unique=True,
            postgresql_where="until IS NULL",
        ),
    )

    id: Mapped[UuidKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(String(30))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class LoginThrottle(Base):
    """How often logging in failed of late, for each name that was tried, existing or not.

    In the database, so that a restart or a second web process does not give new attempts. The name
    itself is not kept, only a digest of it.
    """

    __tablename__ = "login_throttles"

    account: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempts: Mapped[int]
    first_at: Mapped[datetime]


class AccessLogEntry(Base):
    """Who did, or was refused, what with which family, and on what ground (NEN 7513).

    Append only: a trigger refuses changes. No foreign keys, since a line outlives what it names.
    """

    __tablename__ = "access_log"
    __table_args__ = (
        one_of("outcome", ("allowed", "refused"), "outcome"),
        Index("ix_access_log_family", "family_id", "at"),
        Index("ix_access_log_user", "user_id", "at"),
        Index("ix_access_log_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[UUID | None]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    organisation_id: Mapped[UUID | None]
    family_id: Mapped[UUID | None]
    trajectory_id: Mapped[UUID | None]
    basis: Mapped[str | None] = mapped_column(String(120))
    object_type: Mapped[str | None] = mapped_column(String(60))
    object_id: Mapped[str | None] = mapped_column(String(120))
