"""Guidances to agencies: begun, moved from state to state, each with date and reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import holds_at
from engine.access.models import RoleAssignment, User
from engine.families.errors import HandoverStatusUnknown, HandoverUnknown
from engine.families.meetings.choices import INVITABLE
from engine.families.models import HANDOVER_STATUSES, Handover, HandoverState, Trajectory

ENDED = ("gestart", "gestopt")


def begin(
    session: Session,
    trajectory: Trajectory,
    *,
    organisation: str,
    organisation_id: UUID | None,
    life_domain: str | None,
    reason: str | None,
    by: UUID | None,
    at: datetime,
) -> Handover:
    """A new guidance, "besproken"; the one that runs already, if the same is begun again."""
    running = session.scalar(
        select(Handover)
        .where(
            Handover.trajectory_id == trajectory.id,
            Handover.organisation == organisation,
            Handover.life_domain.is_not_distinct_from(life_domain),
            Handover.status.not_in(ENDED),
        )
        .order_by(Handover.created_at, Handover.id)
        .limit(1)
    )
    if running is not None:
        running.reason = reason or running.reason
        return running
    handover = Handover(
        family_id=trajectory.family_id,
        trajectory_id=trajectory.id,
        organisation=organisation,
        organisation_id=organisation_id,
        life_domain=life_domain,
        reason=reason,
        status="besproken",
        status_since=at,
        created_at=at,
    )
    session.add(handover)
    session.flush()
    _note(session, handover, "besproken", reason, by=by, at=at)
    return handover


def of_trajectory(session: Session, trajectory_id: UUID, handover_id: UUID) -> Handover | None:
    """A guidance, if it belongs to the trajectory."""
    handover = session.get(Handover, handover_id)
    return handover if handover is not None and handover.trajectory_id == trajectory_id else None


def take(session: Session, trajectory: Trajectory, handover_id: UUID) -> Handover | None:
    """The guidance, of this trajectory from now on; ``None`` unless it is of the same family."""
    handover = session.get(Handover, handover_id)
    if handover is None or handover.family_id != trajectory.family_id:
        return None
    handover.trajectory_id = trajectory.id
    session.flush()
    return handover


def receivers(session: Session, handover_id: UUID | None, at: datetime) -> Sequence[User]:
    """Who of the agency has an account and a role there, and so may say to take over."""
    return session.scalars(
        select(User)
        .join(Handover, Handover.organisation_id == User.organisation_id)
        .where(
            Handover.id == handover_id,
            User.active,
            select(RoleAssignment.id)
            .where(
                RoleAssignment.user_id == User.id,
                RoleAssignment.organisation_id == User.organisation_id,
                RoleAssignment.role.in_(INVITABLE),
                holds_at(RoleAssignment, at),
            )
            .exists(),
        )
        .order_by(User.name, User.id)
    ).all()


def set_status(
    session: Session,
    handover_id: UUID,
    status: str,
    reason: str | None,
    *,
    by: UUID | None,
    at: datetime,
) -> None:
    """Take a guidance to a state that the diagram names.

    Raises:
        HandoverUnknown: there is no such guidance.
        HandoverStatusUnknown: there is no such state.
    """
    handover = session.get(Handover, handover_id)
    if handover is None:
        raise HandoverUnknown("Deze toeleiding bestaat niet.", handover_id=handover_id)
    if status not in HANDOVER_STATUSES:
        raise HandoverStatusUnknown(
            "Deze stand van een toeleiding bestaat niet.",
            f"Gebruik een van: {', '.join(HANDOVER_STATUSES)}.",
            status=status,
        )
    move(session, handover, status, reason, by=by, at=at)


def move(
    session: Session,
    handover: Handover,
    status: str,
    reason: str | None,
    *,
    by: UUID | None,
    at: datetime,
) -> None:
    """Take the guidance to a state; the same state again only adds a new reason."""
    if handover.status == status and not reason:
        return
    if handover.status != status:
        handover.status, handover.status_since = status, at
    _note(session, handover, status, reason, by=by, at=at)


def _note(
    session: Session,
    handover: Handover,
    status: str,
    reason: str | None,
    *,
    by: UUID | None,
    at: datetime,
) -> None:
    session.add(
        HandoverState(handover_id=handover.id, status=status, at=at, reason=reason, by_user_id=by)
    )
