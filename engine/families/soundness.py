"""Whether a whole database is sound: its processes, and that each trajectory has its own."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.families.kept_facts import examine_kept
from engine.families.models import Trajectory
from engine.runtime.doctor import Ailment, examine
from engine.runtime.models import ProcessInstance, Timer, UserTask


def examine_database(session: Session, clock: Clock) -> Iterator[Ailment]:
    """Everything that is wrong, as ``engine.runtime.doctor`` names it."""
    yield from examine(session, clock)
    yield from _trajectories(session)
    yield from _twice(session)
    yield from _versions(session)
    yield from _aside(session)
    yield from examine_kept(session)


def _trajectories(session: Session) -> Iterator[Ailment]:
    main = and_(
        ProcessInstance.business_key == cast(Trajectory.id, String),
        ProcessInstance.is_main,
        ProcessInstance.status == "active",
    )
    rows = session.execute(
        select(Trajectory.id, Trajectory.status, ProcessInstance.id.label("instance_id"))
        .select_from(Trajectory)
        .join(ProcessInstance, main, full=True)
        .where(
            or_(ProcessInstance.id.is_(None), ProcessInstance.is_main),
            or_(ProcessInstance.id.is_(None), ProcessInstance.status == "active"),
            or_(
                and_(Trajectory.status != "closed", ProcessInstance.id.is_(None)),
                and_(Trajectory.status == "closed", ProcessInstance.id.is_not(None)),
                Trajectory.id.is_(None),
            ),
        )
        .order_by(Trajectory.id, ProcessInstance.id)
    )
    for row in rows:
        if row.instance_id is None:
            message = f"Traject {row.id} is niet gesloten, maar er loopt geen proces voor."
            yield Ailment("trajectory-without-instance", None, str(row.id), message)
        else:
            message = "Dit proces loopt, maar het traject is gesloten of bestaat niet."
            yield Ailment("instance-without-trajectory", row.instance_id, str(row.id), message)


def _twice(session: Session) -> Iterator[Ailment]:
    """Trajectories for which two main processes run."""
    first = func.min(cast(ProcessInstance.id, String))
    rows = session.execute(
        select(ProcessInstance.business_key, first.label("instance_id"))
        .where(
            ProcessInstance.is_main,
            ProcessInstance.parent_id.is_(None),
            ProcessInstance.status == "active",
            ProcessInstance.business_key.is_not(None),
        )
        .group_by(ProcessInstance.business_key)
        .having(func.count() > 1)
        .order_by(ProcessInstance.business_key)
    )
    for row in rows:
        message = f"Voor traject {row.business_key} loopt meer dan één hoofdproces."
        yield Ailment("instance-twice", UUID(row.instance_id), row.business_key, message)


def _versions(session: Session) -> Iterator[Ailment]:
    rows = session.execute(
        select(Trajectory.id, ProcessInstance.id.label("instance_id"))
        .join(ProcessInstance, ProcessInstance.business_key == cast(Trajectory.id, String))
        .where(
            ProcessInstance.is_main,
            ProcessInstance.parent_id.is_(None),
            ProcessInstance.status == "active",
            ProcessInstance.package_version != Trajectory.package_version,
        )
        .order_by(Trajectory.id, ProcessInstance.id)
    )
    for row in rows:
        message = "Het traject noemt een andere versie van het pakket dan waarop zijn proces loopt."
        yield Ailment("version-differs", row.instance_id, str(row.id), message)


def _aside(session: Session) -> Iterator[Ailment]:
    """Whether what is told of a trajectory as put aside is what its process says."""
    looks_again = or_(
        select(Timer.token_id)
        .where(
            Timer.instance_id == ProcessInstance.id,
            Timer.element_id == ProcessInstance.process_id,
        )
        .exists(),
        select(UserTask.id)
        .where(
            UserTask.instance_id == ProcessInstance.id,
            UserTask.element_id == ProcessInstance.process_id,
            UserTask.status == "open",
        )
        .exists(),
    )
    rows = session.execute(
        select(Trajectory.id, ProcessInstance.id.label("instance_id"))
        .join(ProcessInstance, ProcessInstance.business_key == cast(Trajectory.id, String))
        .where(
            ProcessInstance.is_main,
            ProcessInstance.parent_id.is_(None),
            ProcessInstance.status == "active",
            Trajectory.suspended_since.is_not(None) != looks_again,
        )
        .order_by(Trajectory.id, ProcessInstance.id)
    )
    for row in rows:
        message = "Het traject en zijn proces zijn het niet eens of het stilligt."
        yield Ailment("aside-differs", row.instance_id, str(row.id), message)
