"""The contact meter: contacts planned against contacts done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action, Relation
from engine.clock import BUSINESS_ZONE
from engine.families.file.answers import local_day
from engine.families.models import Contact
from engine.families.rights.permission import permit


@dataclass(frozen=True, slots=True)
class ContactMeter:
    """Contacts of this ISO week (Monday to Sunday, local) and of the period of the cadence.

    A cadence of at least one a week has a period of one week; one contact every two weeks has a
    period of two, which ends with this week.

    Attributes:
        per_week: the planned contacts a week, ``None`` while the diagram has set none.
        planned_this_week: at least that many whole contacts; 0 where none is planned every week.
        missed_this_week: no-shows; they count as planned, not as done.
        last_at: the last contact that took place, ever.
        days_since_last: whole local days since then.
    """

    per_week: float | None
    week_start: date
    planned_this_week: int
    done_this_week: int
    missed_this_week: int
    period_start: date
    period_weeks: int
    planned_in_period: int
    done_in_period: int
    last_at: datetime | None
    days_since_last: int | None


def contact_meter(
    session: Session,
    actor: Actor,
    trajectory_id: UUID,
    *,
    now: datetime,
    relation: Relation | None = None,
) -> ContactMeter:
    """Planned against done, for a trajectory.

    Raises:
        AccessDenied: the actor may not read it.
    """
    trajectory = permit(
        session, actor, Action.READ, trajectory_id, now=now, relation=relation,
        object_type="contact-meter",
    )  # fmt: skip
    cadence = trajectory.cadence_per_week
    per_week = None if cadence is None else float(cadence)
    today = local_day(now)
    week_start = today - timedelta(days=today.weekday())
    weeks = period_weeks(per_week)
    period_start = week_start - timedelta(weeks=weeks - 1)
    last_at = session.scalar(
        select(func.max(Contact.at)).where(
            Contact.trajectory_id == trajectory_id, ~Contact.no_show, Contact.at <= now
        )
    )

    def count(since: date, *, no_show: bool) -> int:
        start = datetime.combine(since, time(), BUSINESS_ZONE)
        query = select(func.count()).where(
            Contact.trajectory_id == trajectory_id,
            Contact.no_show == no_show,
            Contact.at >= start,
            Contact.at <= now,
        )
        return session.scalars(query).one()

    return ContactMeter(
        per_week=per_week,
        week_start=week_start,
        planned_this_week=math.floor(per_week or 0),
        done_this_week=count(week_start, no_show=False),
        missed_this_week=count(week_start, no_show=True),
        period_start=period_start,
        period_weeks=weeks,
        planned_in_period=round((per_week or 0) * weeks),
        done_in_period=count(period_start, no_show=False),
        last_at=last_at,
        days_since_last=None if last_at is None else (today - local_day(last_at)).days,
    )


def period_weeks(per_week: float | None) -> int:
    """The shortest number of whole weeks in which at least one contact is planned."""
    if not per_week or per_week >= 1:
        return 1
    return math.ceil(round(1 / per_week, 3))
