"""The access log: one line for each use of family data, allowed or refused (NEN 7513).

Lines carry identifiers only. They are not chained by hashes: a chain would make all writers wait
for one another. A trigger refuses changes and deletions, and the ids show a gap where one was made
by force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import AccessLogEntry
from engine.store.exchange import Words
from engine.store.round_trips import Rows


@dataclass(frozen=True, slots=True)
class LogLine:
    """What an access was about. ``basis`` is the relation that allowed it."""

    action: str
    at: datetime
    basis: str | None = None
    family_id: UUID | None = None
    trajectory_id: UUID | None = None
    object_type: str | None = None
    object_id: UUID | str | None = None


def log_allowed(session: Session, actor: Actor | None, line: LogLine) -> None:
    """Add a line to the caller's transaction: it stays if and only if the access does."""
    _LINES.write(session, [_values(actor, line, "allowed")])


def log_refused(session: Session, actor: Actor | None, line: LogLine) -> None:
    """Write a line in a transaction of its own: the refusal will roll the caller's back."""
    with Session(session.get_bind().engine) as own:
        _LINES.write(own, [_values(actor, line, "refused")])
        own.commit()


def lines_of_family(
    session: Session, family_id: UUID, *, limit: int = 100
) -> Sequence[AccessLogEntry]:
    """The latest lines about a family, newest first."""
    return session.scalars(
        select(AccessLogEntry)
        .where(AccessLogEntry.family_id == family_id)
        .order_by(AccessLogEntry.at.desc(), AccessLogEntry.id.desc())
        .limit(limit)
    ).all()


def _values(actor: Actor | None, line: LogLine, outcome: str) -> dict[str, object]:
    return {
        "at": line.at,
        "action": str(line.action),
        "outcome": outcome,
        "user_id": actor.user_id if actor else None,
        "roles": Words(sorted({str(role) for role, _ in actor.roles})) if actor else Words(),
        "organisation_id": actor.organisation_id if actor else None,
        "family_id": line.family_id,
        "trajectory_id": line.trajectory_id,
        "basis": line.basis,
        "object_type": line.object_type,
        "object_id": None if line.object_id is None else str(line.object_id),
    }


_LINES = Rows(AccessLogEntry)
