"""The events that start processes of published versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Text, bindparam, select
from sqlalchemy.orm import Session

from engine import feel
from engine.definitions.expressions import body, is_feel
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.packages import Package
from engine.definitions.published.models import PackageStartEvent, PackageVersion
from engine.store.round_trips import Statement, read_together

_STARTS: Final = frozenset({Trigger.MESSAGE, Trigger.SIGNAL, Trigger.TIMER})


@dataclass(frozen=True, slots=True)
class StartEvent:
    """A start event that a message, signal or timer fires, in the latest version of a package."""

    package_key: str
    version: str
    process_id: str
    element_id: str
    trigger: str
    name: str


def note(session: Session, package: Package) -> None:
    """Write down the start events of a version that is being published."""
    session.add_all(
        PackageStartEvent(
            version=package.version,
            process_id=process.id,
            element_id=element.id,
            trigger=trigger.value,
            name=name,
        )
        for process in package.processes.values()
        if process.executable
        for element in process.children(process.id)
        for trigger, name in _start_of(element)
    )


def start_events(session: Session, trigger: Trigger, name: str = "") -> list[StartEvent]:
    """The start events that a message or signal of this name fires (timers have no name).

    Only the latest version in use of each package answers.
    """
    [rows] = read_together(session, asking(trigger, name))
    return [StartEvent(*row) for row in rows]


def asking(trigger: Trigger, name: str) -> tuple[Statement, dict[str, str]]:
    """The question of ``start_events``, to be asked along with others; rows have its fields."""
    return _STARTING, {"trigger": trigger.value, "name": name}


def _starting() -> Statement:
    newest = (
        select(PackageVersion.version, PackageVersion.key)
        .where(PackageVersion.retired_at.is_(None))
        .distinct(PackageVersion.key)
        .order_by(PackageVersion.key, PackageVersion.number.desc())
        .subquery()
    )
    start = PackageStartEvent
    return Statement(
        select(
            newest.c.key,
            start.version,
            start.process_id,
            start.element_id,
            start.trigger,
            start.name,
        )
        .join(newest, newest.c.version == start.version)
        .where(
            start.trigger == bindparam("trigger", type_=Text()),
            start.name == bindparam("name", type_=Text()),
        )
        .order_by(newest.c.key, start.process_id, start.element_id)
    )


_STARTING = _starting()


def _start_of(element: Element) -> list[tuple[Trigger, str]]:
    if element.kind is not Kind.START_EVENT or element.event is None:
        return []
    return [
        (event.trigger, _fixed(event.name) if event.name else "")
        for event in element.event.each
        if event.trigger in _STARTS
    ]


def _fixed(name: str) -> str:
    """A message name as it is compared; FEEL without variables is evaluated."""
    if not is_feel(name):
        return name
    try:
        return str(feel.compile(body(name)).evaluate({}))
    except feel.FeelError:
        return name
