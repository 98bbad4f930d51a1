"""Organisations, chains, users and their roles: add, change, end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.access.actors import holds_at
from engine.access.models import (
    Chain,
    ChainMembership,
    Organisation,
    RoleAssignment,
    SystemRole,
    User,
)
from engine.access.passwords import MINIMUM_LENGTH, hash_password
from engine.store.settings import number

ORGANISATION_KINDS = {
    "uitvoerder": "Uitvoerder van trajecten",
    "jeugdzorg": "Jeugdzorg",
    "maatschappelijk-werk": "Maatschappelijk werk",
    "schuldhulp": "Schuldhulp",
    "verslavingszorg": "Verslavingszorg",
    "ggz": "Geestelijke gezondheidszorg",
    "huisarts": "Huisarts",
    "school": "School",
    "politie": "Politie",
    "gemeente": "Gemeente",
    "vrijwilligers": "Vrijwilligersorganisatie",
    "overig": "Overig",
}
"""Kinds of chain parties with their Dutch names; others may be used, as words with hyphens."""


def add_chain(session: Session, name: str) -> Chain:
    """A new chain of partner organisations."""
    chain = Chain(name=name)
    session.add(chain)
    session.flush()
    return chain


def add_organisation(
    session: Session,
    *,
    name: str,
    kind: str,
    at: datetime,
    is_runner: bool = False,
    chain_id: UUID | None = None,
) -> Organisation:
    """A new party; ``is_runner`` if it runs trajectories; a member of the chain from ``at`` on."""
    organisation = Organisation(name=name, kind=kind, is_runner=is_runner)
    session.add(organisation)
    session.flush()
    if chain_id is not None:
        session.add(
            ChainMembership(
                chain_id=chain_id, organisation_id=organisation.id, since=at, until=None
            )
        )
        session.flush()
    return organisation


def add_user(
    session: Session,
    *,
    name: str,
    email: str,
    organisation_id: UUID,
    at: datetime,
    password: str | None = None,
    language: str = "nl",
) -> User:
    """A new user; one without a password cannot log in until one is set.

    Raises:
        PasswordTooWeak: the password is too short.
    """
    user = User(
        name=name,
        email=email.strip().lower(),
        password_hash=None,
        language=language,
        organisation_id=organisation_id,
        created_at=at,
    )
    session.add(user)
    if password is not None:
        set_password(session, user, password, at=at)
    session.flush()
    return user


def set_password(session: Session, user: User, password: str, *, at: datetime) -> None:
    """Give the user another password.

    Raises:
        PasswordTooWeak: the password is too short.
    """
    user.password_hash = hash_password(password, number(session, MINIMUM_LENGTH, at))


def assign_role(
    session: Session, user_id: UUID, role: SystemRole, organisation_id: UUID, *, at: datetime
) -> None:
    """Let the user hold a system role in an organisation from ``at`` on; again is no change."""
    open_one = select(RoleAssignment.id).where(
        RoleAssignment.user_id == user_id,
        RoleAssignment.role == role,
        RoleAssignment.organisation_id == organisation_id,
        RoleAssignment.until.is_(None),
    )
    if session.scalar(open_one) is None:
        session.add(
            RoleAssignment(
                user_id=user_id, role=role, organisation_id=organisation_id, since=at, until=None
            )
        )
        session.flush()


def end_role(
    session: Session, user_id: UUID, role: SystemRole, organisation_id: UUID, *, at: datetime
) -> None:
    """The user holds the role no longer from ``at`` on."""
    session.execute(
        update(RoleAssignment)
        .where(
            RoleAssignment.user_id == user_id,
            RoleAssignment.role == role,
            RoleAssignment.organisation_id == organisation_id,
            RoleAssignment.until.is_(None),
        )
        .values(until=at)
    )


def users_with_role(
    session: Session, role: str, organisation_id: UUID, *, at: datetime
) -> Sequence[User]:
    """The active users who hold the role in the organisation, by name."""
    return session.scalars(
        select(User)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            User.active,
            RoleAssignment.role == role,
            RoleAssignment.organisation_id == organisation_id,
            holds_at(RoleAssignment, at),
        )
        .order_by(User.name, User.id)
    ).all()
