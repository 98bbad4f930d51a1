"""Where instances stand still: open incidents, and what is tried again by itself.

Identifiers, causes and instants only; nothing of families.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Interval, Select, func, literal, select
from sqlalchemy.orm import Session, aliased

from engine.execution.errors import ConnectorCrashed
from engine.runtime.models import Incident, ProcessInstance, Timer
from engine.runtime.sweep import Backoff

SAME_STANDSTILL = timedelta(minutes=10)
"""What stops again so soon after it was tried never went on."""
TRIED_BY_ITSELF = timedelta(hours=1)
"""What stands still longer than this is not tried again by itself: something else is wrong."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which incidents are meant; what is ``None`` does not matter."""

    code: str | None = None
    element_id: str | None = None
    package_key: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Open incidents that are meant."""
        asked = (
            (Incident.code, self.code),
            (Incident.element_id, self.element_id),
            (Incident.package_key, self.package_key),
        )
        wanted = [column == value for column, value in asked if value]
        return [Incident.resolved_at.is_(None), *wanted]


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """A place that stands still.

    Attributes:
        since: when it stopped here; what stopped again when it was tried stands since then.
        raised_at: when it stopped here last.
        attempts: how often it stopped here since then.
        next_try_at: when it is tried again by itself; ``None``: somebody has to.
    """

    id: UUID
    instance_id: UUID
    token_id: UUID
    business_key: str | None
    package_key: str
    process_id: str
    element_id: str
    element_name: str
    code: str
    message: str
    remedy: str
    since: datetime
    raised_at: datetime
    attempts: int
    next_try_at: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: ids as text, instants in UTC and ISO 8601."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else _text(value)
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class PutOff:
    """A timer that failed and is tried again by itself before it becomes an incident."""

    element_id: str
    element_name: str
    package_key: str
    process_id: str
    attempts: int
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class Kinds:
    """What there is to choose from, each with how many open incidents it has."""

    codes: Sequence[tuple[str, int]]
    elements: Sequence[tuple[str, str, int]]
    packages: Sequence[tuple[str, int]]


def open_incidents(
    session: Session, choice: Choice, *, limit: int | None = None, skip: int = 0
) -> list[OpenIncident]:
    """The open incidents that are meant, those that stand still longest first."""
    query = _open(choice).order_by(Incident.raised_at, Incident.id).limit(limit).offset(skip)
    return [_known(row) for row in session.execute(query)]


def due_again(session: Session, now: datetime, *, limit: int = 200) -> list[UUID]:
    """Incidents whose cause may be gone by now, and that nobody has to look at yet."""
    chosen = _open(Choice(code=ConnectorCrashed.code))
    query = chosen.order_by(Incident.raised_at, Incident.id).limit(limit)
    recent = Incident.raised_at > now - TRIED_BY_ITSELF
    found = (_known(row) for row in session.execute(query.where(recent)))
    return [one.id for one in found if one.next_try_at is not None and one.next_try_at <= now]


def _known(row: Any) -> OpenIncident:
    """What stopped without having foreseen it is tried again as timers are, by itself."""
    found, backoff = OpenIncident(*row), Backoff()
    if found.code != ConnectorCrashed.code or found.attempts >= backoff.attempts:
        return found
    return replace(found, next_try_at=found.raised_at + backoff.wait(found.attempts))


def open_incident(session: Session, incident_id: UUID) -> OpenIncident | None:
    """One open incident; ``None`` when it is solved, or never was."""
    row = session.execute(_open(Choice()).where(Incident.id == incident_id)).one_or_none()
    return None if row is None else _known(row)


def _open(choice: Choice) -> Select[Any]:
    one, earlier, counted = aliased(Incident), aliased(Incident), aliased(Incident)
    follows = (
        select(earlier.id)
        .where(
            earlier.token_id == one.token_id,
            earlier.raised_at < one.raised_at,
            earlier.resolved_at >= one.raised_at - literal(SAME_STANDSTILL, Interval()),
        )
        .correlate(one)
        .exists()
    )
    since = (
        select(func.max(one.raised_at))
        .where(one.token_id == Incident.token_id, ~follows)
        .correlate(Incident)
        .scalar_subquery()
    )
    series = (
        select(func.min(counted.raised_at).label("since"), func.count().label("attempts"))
        .where(counted.token_id == Incident.token_id, counted.raised_at >= since)
        .correlate(Incident)
        .lateral()
    )
    return (
        select(
            Incident.id, Incident.instance_id, Incident.token_id, Incident.business_key,
            Incident.package_key, Incident.process_id, Incident.element_id,
            Incident.element_name, Incident.code, Incident.message, Incident.remedy,
            series.c.since, Incident.raised_at, series.c.attempts, Timer.next_try_at,
        )
        .select_from(Incident)
        .join(series, series.c.attempts > 0)
        .outerjoin(Timer, Timer.token_id == Incident.token_id)
        .where(*choice.conditions())
    )  # fmt: skip


def count(session: Session, choice: Choice) -> int:
    """How many open incidents are meant."""
    query = select(func.count()).select_from(Incident).where(*choice.conditions())
    return session.scalar(query) or 0


def kinds(session: Session) -> Kinds:
    """What the open incidents can be chosen by, the most frequent first."""

    def counted(*columns: Any) -> list[Any]:
        number = func.count().label("number")
        query = select(*columns, number).where(*Choice().conditions()).group_by(*columns)
        return [tuple(row) for row in session.execute(query.order_by(number.desc(), *columns))]

    return Kinds(
        counted(Incident.code),
        counted(Incident.element_id, Incident.element_name),
        counted(Incident.package_key),
    )


def put_off(session: Session, *, limit: int = 20) -> list[PutOff]:
    """Timers that failed and have no incident yet, the first to be tried first."""
    stopped = select(Incident.id).where(
        Incident.token_id == Timer.token_id, Incident.resolved_at.is_(None)
    )
    query = (
        select(
            Timer.element_id, Timer.element_name, ProcessInstance.package_key,
            ProcessInstance.process_id, Timer.attempts, Timer.next_try_at,
        )
        .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
        .where(Timer.attempts > 0, ~stopped.exists())
        .order_by(Timer.next_try_at, Timer.token_id)
        .limit(limit)
    )  # fmt: skip
    return [PutOff(*row) for row in session.execute(query)]


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
