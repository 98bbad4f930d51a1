"""Numbers of live tables for what runs at once, on the publish page: the effect, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts
from engine.definitions.published import publication
from engine.definitions.published.live_tables import LiveChange, live_change
from engine.families.moves import bulk_moves
from engine.families.moves.live_tables import Effects, effects, publish_to_all


@dataclass(frozen=True, slots=True)
class LivePage:
    """A draft that changes live tables.

    Attributes:
        number: of the version that it would follow on.
        effects: what the numbers change today; ``None`` when they cannot go to all.
        going_on: another move of the package, which has to end first.
    """

    change: LiveChange
    number: int
    effects: Effects | None
    going_on: UUID | None


def live_page(session: Session, draft_id: UUID, now: datetime) -> LivePage | None:
    """What a draft's numbers would change in what runs; ``None`` for one about no live table."""
    package = drafts.package_of(session, draft_id)
    latest = publication.latest(session, package.key)
    if latest is None or drafts.draft(session, draft_id).closed_at is not None:
        return None
    before = publication.load_version(session, latest.version)
    change = live_change(before, package) if before.live_tables else None
    if change is None or not change.tables:
        return None
    other = bulk_moves.in_the_way(session, package.key)
    return LivePage(
        change,
        latest.number,
        effects(session, before, package, now) if change.allowed else None,
        other.id if other is not None else None,
    )


def version_before(session: Session, draft_id: UUID) -> str:
    """The version in use that a draft would follow on; empty when there is none."""
    latest = publication.latest(session, drafts.draft(session, draft_id).key)
    return latest.version if latest is not None else ""


def to_all(
    session: Session, before: str, after: str, *, reason: str, at: datetime, by: UUID
) -> UUID:
    """Let what runs on the version before go to the new one; the move that does it.

    Raises:
        NotLive, MoveOpenAlready: it cannot.
    """
    return publish_to_all(session, before, after, reason=reason, at=at, by=by).id
