"""What a process may know of the family file: counts, dates and choices, no content."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.families.file import ContactFacts, HandoverFacts
from engine.families.life_domains import CONCERN_LEVELS
from engine.families.models import Agreement, ConcernLevel, Contact, Handover, PlanGoal


def contacts(
    session: Session, trajectory_id: UUID, since: datetime, kind: str | None
) -> ContactFacts:
    """Contacts that took place since the instant (it included); no-shows are none."""
    query = select(func.count(), func.max(Contact.at)).where(
        Contact.trajectory_id == trajectory_id, ~Contact.no_show, Contact.at >= since
    )
    if kind is not None:
        query = query.where(Contact.kind == kind)
    count, last_at = session.execute(query).one()
    return ContactFacts(count, last_at)


def open_agreements(session: Session, trajectory_id: UUID) -> int:
    """How many agreements are still open."""
    return session.scalars(
        select(func.count()).where(
            Agreement.trajectory_id == trajectory_id, Agreement.state == "open"
        )
    ).one()


def concern_counts(session: Session, trajectory_id: UUID) -> dict[str, int]:
    """How many parts of life domains have each level now: the latest of each part counts."""
    found = session.scalars(
        select(ConcernLevel.level)
        .where(ConcernLevel.trajectory_id == trajectory_id)
        .distinct(ConcernLevel.domain, ConcernLevel.item)
        .order_by(
            ConcernLevel.domain,
            ConcernLevel.item,
            ConcernLevel.at.desc(),
            ConcernLevel.id.desc(),
        )
    ).all()
    return {level: found.count(level) for level in CONCERN_LEVELS}


def goal_counts(session: Session, trajectory_id: UUID) -> dict[str, int]:
    """Goals of the plan: all, reached, and not scored yet."""
    statuses = session.scalars(
        select(PlanGoal.status).where(PlanGoal.trajectory_id == trajectory_id)
    ).all()
    return {
        "totaal": len(statuses),
        "behaald": statuses.count("behaald"),
        "open": statuses.count("open"),
    }


def handovers(session: Session, trajectory_id: UUID, status: str | None) -> list[HandoverFacts]:
    """The guidances to agencies, oldest first."""
    query = select(Handover).where(Handover.trajectory_id == trajectory_id)
    if status is not None:
        query = query.where(Handover.status == status)
    return [
        HandoverFacts(one.id, one.organisation, one.life_domain or "", one.status)
        for one in session.scalars(
            query.order_by(Handover.created_at, Handover.organisation, Handover.id)
        )
    ]
