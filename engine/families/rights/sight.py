"""Of whom the rules of ``visibility`` are asked: somebody, or whoever a query is made for.

A query that is made once has its actor as parameters.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, bindparam
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from engine.access.actors import Actor
from engine.access.models import SystemRole
from engine.families.models import Trajectory
from engine.store.base import UtcDateTime
from engine.store.exchange import Ids

Text = ColumnElement[str] | InstrumentedAttribute[str]
Key = ColumnElement[UUID] | InstrumentedAttribute[UUID]
Assigned = Key | InstrumentedAttribute[UUID | None]
Organisations = Collection[UUID] | ColumnElement[Any]
Run = type[Trajectory] | ReadOnlyColumnCollection[str, Any]
"""The columns of a trajectory that a query has: its table, an alias of it, or ``table.c``."""
Instant = datetime | ColumnElement[datetime]


class Sight(Protocol):
    """What the rules ask of an actor."""

    @property
    def user_id(self) -> Any:
        """The user's id."""
        ...

    def organisations(self, role: str) -> Organisations:
        """Where the user holds the role."""
        ...


class AnyActor:
    """Whoever a query is asked for: of a query that is made once, the actor is a parameter."""

    user_id = bindparam("actor_user_id", type_=Uuid())
    at = bindparam("actor_at", type_=UtcDateTime())

    def organisations(self, role: str) -> Organisations:
        """Where the user holds the role, as a parameter."""
        return bindparam(f"actor_{role}_in", type_=ARRAY(Uuid()))

    @staticmethod
    def values(actor: Actor, at: datetime) -> dict[str, Any]:
        """The parameters for one actor at an instant."""
        held = {f"actor_{role}_in": Ids(actor.organisations(role)) for role in ASKED}
        return {"actor_user_id": actor.user_id, "actor_at": at, **held}


class AnyHolder(AnyActor):
    """Whoever holds some system roles: of the others a query that is made once need not speak."""

    def __init__(self, held: frozenset[str]) -> None:
        self._held = held

    def organisations(self, role: str) -> Organisations:
        """Where the user holds the role: a parameter, or nowhere."""
        return super().organisations(role) if role in self._held else ()


def held_roles(actor: Actor) -> frozenset[str]:
    """The system roles of an actor that the rules ask for, in whichever organisation."""
    return frozenset(role for role, _ in actor.roles if role in ASKED)


ASKED = (
    SystemRole.WORKER,
    SystemRole.PROJECT_LEADER,
    SystemRole.COORDINATOR,
    SystemRole.PARTNER,
)
"""The system roles that the rules ask for."""
