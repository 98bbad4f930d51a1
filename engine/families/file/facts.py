"""What a process may know of the family file: counts, dates and choices, no content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.families.file.going_on import with_closed_before
from engine.families.file.life_domains import CONCERN_LEVELS
from engine.families.file.port import BirthdayFacts, ContactFacts, HandoverFacts
from engine.families.models import (
    Agreement,
    ConcernLevel,
    Contact,
    FamilyMember,
    Handover,
    PlanGoal,
)


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
    return ContactFacts(count, last_at, _missed_in_row(session, trajectory_id, kind))


def _missed_in_row(session: Session, trajectory_id: UUID, kind: str | None) -> int:
    of_kind = [Contact.trajectory_id == trajectory_id]
    if kind is not None:
        of_kind.append(Contact.kind == kind)
    last_kept = select(func.max(Contact.at)).where(*of_kind, ~Contact.no_show).scalar_subquery()
    query = select(func.count()).where(
        *of_kind, Contact.no_show, (Contact.at > last_kept) | last_kept.is_(None)
    )
    return session.scalars(query).one()


def birthdays(session: Session, family_id: UUID, age: int, today: date) -> BirthdayFacts:
    """The days from ``today`` on which the family's children reach an age."""
    born = session.scalars(
        select(FamilyMember.birth_date).where(
            FamilyMember.family_id == family_id, FamilyMember.role == "kind"
        )
    ).all()
    return days_to_come(born, age, today)


def days_to_come(born: Sequence[date | None], age: int, today: date) -> BirthdayFacts:
    """The days from ``today`` on which children with these dates of birth reach an age."""
    known = [birth_date for birth_date in born if birth_date is not None]
    reached = sorted(day for day in (reaches(one, age) for one in known) if day >= today)
    return BirthdayFacts(tuple(reached), len(born) - len(known))


def reaches(birth_date: date, age: int) -> date:
    """The day on which somebody born on a date reaches an age; born on 29 February, 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def open_agreements(session: Session, trajectory_id: UUID) -> int:
    """How many agreements are still open, those left by closed trajectories before it included."""
    return session.scalars(
        select(func.count()).where(
            Agreement.trajectory_id.in_(with_closed_before(trajectory_id)),
            Agreement.state == "open",
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
