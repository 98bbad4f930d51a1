"""What a scenario on the database sees of its family: read from the tables, nothing is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.families.file.involvements import involved
from engine.families.models import Contact, Trajectory
from engine.runtime.models import AuditEvent, Incident, ProcessInstance, Timer
from engine.runtime.outward_models import OutwardMessage
from engine.runtime.sql import SqlStore
from engine.simulation.memory_world import REACHED
from engine.simulation.world import Course, Facts


def of_family(trajectory_id: UUID | None, *columns: Any) -> Select[Any]:
    """Columns of all trajectories of a trajectory's family."""
    own = select(Trajectory.family_id).where(Trajectory.id == trajectory_id)
    return select(*columns).where(Trajectory.family_id == own.scalar_subquery())


def has_passed(session: Session, trajectory_id: UUID, element_id: str) -> bool:
    """Whether an element was ever entered."""
    passed = _passed(str(trajectory_id)).where(AuditEvent.element_id == element_id)
    return session.scalar(passed.limit(1)) is not None


def facts(session: Session, store: SqlStore, trajectory_id: UUID, at: datetime) -> Facts:
    """What expectations look at."""
    key = str(trajectory_id)
    trajectory = session.get_one(Trajectory, trajectory_id, populate_existing=True)
    timers: dict[str, list[datetime]] = {}
    for element_id, due_at in session.execute(
        select(Timer.element_id, Timer.due_at)
        .where(Timer.business_key == key)
        .order_by(Timer.due_at, Timer.token_id)
    ):
        timers.setdefault(element_id, []).append(due_at)
    incidents = session.scalars(
        select(Incident.element_id)
        .where(Incident.business_key == key, Incident.resolved_at.is_(None))
        .order_by(Incident.raised_at, Incident.id)
    )
    contacts = session.scalar(
        select(func.count()).where(Contact.trajectory_id == trajectory_id, ~Contact.no_show)
    )
    sent = session.scalars(
        select(OutwardMessage.element_id).where(OutwardMessage.business_key == key).distinct()
    )
    return Facts(
        phase=trajectory.phase,
        status=trajectory.status,
        outcome=trajectory.outcome,
        variables=_variables(session, store, key),
        passed=frozenset(session.scalars(_passed(key).distinct())),
        timers=timers,
        contacts=contacts or 0,
        incidents=list(incidents),
        sent=frozenset(sent),
        trajectories=_courses(session, trajectory_id),
        people=_people(session, trajectory_id, at),
    )


def _passed(key: str) -> Select[tuple[str]]:
    return (
        select(AuditEvent.element_id)
        .join(ProcessInstance, ProcessInstance.id == AuditEvent.instance_id)
        .where(ProcessInstance.business_key == key, AuditEvent.type.in_(REACHED))
    )


def _variables(session: Session, store: SqlStore, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    ids = session.scalars(
        select(ProcessInstance.id)
        .where(ProcessInstance.business_key == key)
        .order_by(ProcessInstance.created_at, ProcessInstance.id)
    )
    for instance_id in ids:
        found.update(store.get(instance_id).execution.variables)
    return found


def _courses(session: Session, trajectory_id: UUID) -> list[Course]:
    done = (
        select(func.count())
        .where(Contact.trajectory_id == Trajectory.id, ~Contact.no_show)
        .scalar_subquery()
    )
    columns = Trajectory.package_key, Trajectory.status, Trajectory.outcome, done
    courses = of_family(trajectory_id, *columns)
    rows = session.execute(courses.order_by(Trajectory.started_at, Trajectory.id))
    return [Course(*row) for row in rows]


def _people(session: Session, trajectory_id: UUID, at: datetime) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for person in involved(session, trajectory_id, at=at):
        found.setdefault(person.role, set()).add(str(person.user_id))
    return {role: frozenset(people) for role, people in found.items()}
