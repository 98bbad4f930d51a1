"""Facts that stand a second time with a trajectory or family, for lists: compared, and made again.

PostgreSQL keeps the last contact and the worker of a trajectory by triggers (migrations 0017 and
0018); the name to search by is made where the family is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Date, Select, cast, func, literal, or_, select, update
from sqlalchemy.orm import Session

from engine.clock import BUSINESS_ZONE
from engine.families.models import Contact, Family, Trajectory
from engine.plain_text import plain
from engine.runtime.doctor import Ailment

BATCH = 1_000


def examine_kept(session: Session) -> Iterator[Ailment]:
    """Where a list would be ordered by something else than what is stored."""
    for row in session.execute(_differing(), execution_options={"yield_per": BATCH}):
        message = f"Van traject {row.id} staat het laatste contact of de werker anders in lijsten."
        yield Ailment("list-differs", None, str(row.id), message)
    for family_id, _name in _named_otherwise(session):
        message = f"Gezin {family_id} staat onder een andere naam in lijsten."
        yield Ailment("list-differs", None, str(family_id), message)


def rebuild_kept(session: Session) -> int:
    """Make them again where they differ; how many were changed."""
    suspects = [row.id for row in session.execute(_differing())]
    session.execute(  # whoever meets the family now waits, and finds it right
        select(Trajectory.id)
        .where(Trajectory.id.in_(suspects))
        .order_by(Trajectory.id)
        .with_for_update(key_share=True)
    )
    rows = [row for row in session.execute(_differing()) if row.id in set(suspects)]
    for row in rows:
        told = {
            "last_contact_at": row.at, "last_contact_day": row.day, "worker_id": row.worker_id,
        }  # fmt: skip
        session.execute(update(Trajectory).where(Trajectory.id == row.id).values(**told))
    names = list(_named_otherwise(session))
    for family_id, name in names:
        session.execute(update(Family).where(Family.id == family_id).values(plain_name=name))
    return len(rows) + len(names)


def _differing() -> Select[Any]:
    latest = (
        select(func.max(Contact.at).label("at"))
        .where(Contact.trajectory_id == Trajectory.id, ~Contact.no_show)
        .lateral()
    )
    day = cast(func.timezone(literal(str(BUSINESS_ZONE)), latest.c.at), Date)
    worker = func.worker_of(Trajectory.id, Trajectory.organisation_id)
    return (
        select(Trajectory.id, latest.c.at, day.label("day"), worker.label("worker_id"))
        .join(latest, literal(True))
        .where(
            or_(
                Trajectory.last_contact_at.is_distinct_from(latest.c.at),
                Trajectory.last_contact_day.is_distinct_from(day),
                Trajectory.worker_id.is_distinct_from(worker),
            )
        )
    )


def _named_otherwise(session: Session) -> Iterator[Any]:
    """Ids of families whose name to search by is not that of their name, and what it should be."""
    names = select(Family.id, Family.name, Family.plain_name)
    for row in session.execute(names, execution_options={"yield_per": BATCH}):
        if row.plain_name != (made := plain(row.name)):
            yield row.id, made
