"""Who acts: a user with the roles held at a moment, as every service takes it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.access.errors import AccessDenied
from engine.access.models import ChainMembership, RoleAssignment, SystemRole, User
from engine.clock import SystemClock


@dataclass(frozen=True, slots=True)
class Actor:
    """A user as the services know them.

    Attributes:
        organisation_id: the user's own organisation.
        roles: pairs of a system role and the organisation that it is held in.
    """

    user_id: UUID
    name: str = field(repr=False)
    language: str
    organisation_id: UUID
    roles: frozenset[tuple[str, UUID]]

    def organisations(self, role: str) -> frozenset[UUID]:
        """The organisations in which the actor holds the role."""
        return frozenset(organisation for held, organisation in self.roles if held == role)

    def holds(self, *roles: str) -> bool:
        """Whether the actor holds one of the roles in any organisation."""
        return any(held in roles for held, _ in self.roles)


def actor_of(session: Session, user_id: UUID, at: datetime | None = None) -> Actor:
    """The user as an actor, with the roles held at ``at`` (now).

    Raises:
        AccessDenied: there is no such user, or the account is closed.
    """
    at = at or SystemClock().now()
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise AccessDenied
    held = select(RoleAssignment.role, RoleAssignment.organisation_id).where(
        RoleAssignment.user_id == user_id, holds_at(RoleAssignment, at)
    )
    return Actor(
        user_id=user.id,
        name=user.name,
        language=user.language,
        organisation_id=user.organisation_id,
        roles=frozenset((role, organisation) for role, organisation in session.execute(held)),
    )


def holds_at(
    dated: type[RoleAssignment] | type[ChainMembership], at: datetime | ColumnElement[datetime]
) -> ColumnElement[bool]:
    """The condition that a dated row holds at an instant (its end not included)."""
    return (dated.since <= at) & or_(dated.until.is_(None), dated.until > at)


def among(
    column: InstrumentedAttribute[UUID], ids: Collection[UUID] | ColumnElement[Any]
) -> ColumnElement[bool]:
    """The condition that a column is one of the ids: a collection, or a parameter of an array."""
    return column == any_(ids) if isinstance(ids, ColumnElement) else column.in_(ids)


def chain_organisations(
    own: Collection[UUID] | ColumnElement[Any], at: datetime | ColumnElement[datetime]
) -> Select[tuple[UUID]]:
    """The organisations that share a chain with one of ``own`` at an instant."""
    mine = aliased(ChainMembership)
    return select(ChainMembership.organisation_id).where(
        holds_at(ChainMembership, at),
        ChainMembership.chain_id.in_(
            select(mine.chain_id).where(among(mine.organisation_id, own), holds_at(mine, at))
        ),
    )


WATCHING_ROLES = (SystemRole.PROJECT_LEADER, SystemRole.COORDINATOR)
"""The roles that see families without being involved with them."""
