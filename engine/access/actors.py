"""Who acts: a user with the roles held at a moment, as every service takes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Select, Uuid, any_, bindparam, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.access.errors import AccessDenied, ActorChanged
from engine.access.models import (
    ChainMembership,
    Organisation,
    RoleAssignment,
    User,
)
from engine.clock import SystemClock
from engine.store.base import UtcDateTime
from engine.store.round_trips import Statement, ask, read_together


@dataclass(frozen=True, slots=True)
class Actor:
    """A user as the services know them.

    Attributes:
        organisation_id: the user's own organisation.
        organisation: its name.
        runs: whether it was found to run trajectories itself.
        roles: pairs of a system role and the organisation that it is held in.
    """

    user_id: UUID
    name: str = field(repr=False)
    language: str
    organisation_id: UUID
    roles: frozenset[tuple[str, UUID]]
    organisation: str = field(default="", repr=False)
    runs: bool = False

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
    [rows] = read_together(session, _asking(user_id, at or SystemClock().now()))
    return _actor(rows)


def actor_by_id(database: Engine, user_id: UUID, at: datetime) -> Actor:
    """The same, looked up by itself: what each request begins with.

    Raises:
        AccessDenied: there is no such user, or the account is closed.
    """
    [rows] = ask(database, _asking(user_id, at))
    return _actor(rows)


def confirming(actor: Actor, at: datetime) -> tuple[Statement, dict[str, Any]]:
    """The statement whose rows ``confirm`` compares, to be read together with others."""
    return _asking(actor.user_id, at)


def confirm(actor: Actor, rows: Sequence[Any]) -> None:
    """Make sure that somebody is who they were when they were looked up.

    Raises:
        ActorChanged: the account is closed since, or has other roles, another name or language.
    """
    if not rows or _actor(rows) != actor:
        raise ActorChanged("Wat deze persoon mag, is veranderd.", "Probeer het opnieuw.")


def _asking(user_id: UUID, at: datetime) -> tuple[Statement, dict[str, Any]]:
    return _PERSON, {"user_id": user_id, "at": at}


def _actor(rows: Sequence[Any]) -> Actor:
    if not rows:
        raise AccessDenied
    user = rows[0]
    return Actor(
        user_id=user.id,
        name=user.name,
        language=user.language,
        organisation_id=user.organisation_id,
        organisation=user.organisation,
        runs=user.runs,
        roles=frozenset((row.role, row.held_in) for row in rows if row.role is not None),
    )


def holds_at(dated: Any, at: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """The condition that a dated row holds at an instant (its end not included).

    ``dated`` is a model, or an alias of one, with the columns ``since`` and ``until``.
    """
    since: InstrumentedAttribute[datetime] = dated.since
    until: InstrumentedAttribute[datetime | None] = dated.until
    return (since <= at) & or_(until.is_(None), until > at)


def among(
    column: InstrumentedAttribute[UUID], ids: Collection[UUID] | ColumnElement[Any]
) -> ColumnElement[bool]:
    """The condition that a column is one of the ids: a collection, or a parameter of an array."""
    if isinstance(ids, ColumnElement):
        return column == any_(ids)
    return column.in_(ids) if ids else false()


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


_PERSON = Statement(
    select(
        User.id,
        User.name,
        User.language,
        User.organisation_id,
        Organisation.name.label("organisation"),
        Organisation.is_runner.label("runs"),
        RoleAssignment.role,
        RoleAssignment.organisation_id.label("held_in"),
    )
    .join(Organisation, Organisation.id == User.organisation_id)
    .outerjoin(
        RoleAssignment,
        (RoleAssignment.user_id == User.id)
        & holds_at(RoleAssignment, bindparam("at", type_=UtcDateTime())),
    )
    .where(User.id == bindparam("user_id", type_=Uuid()), User.active)
)
"""The user once for each role that is held, or once without one."""
