"""What runs beside a trajectory now, for who may read its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.families.tasks.lists import tasks_for
from engine.runtime.models import ProcessInstance, Timer, UserTask


@dataclass(frozen=True, slots=True)
class RunningBeside:
    """A process that was started beside a trajectory and has not ended.

    ``names`` is by language: as its package calls the start, else the process's own name.
    ``aside``: a person put it aside; somebody looks at it again.
    """

    instance_id: UUID
    names: Mapping[str, str]
    since: datetime
    open_tasks: int
    urgent: bool
    aside: bool = False


def running_beside(session: Session, trajectory_id: UUID) -> list[RunningBeside]:
    """The urgent first, then by age. The caller has asked for permission."""
    key = str(trajectory_id)
    tasks = (
        select(func.count())
        .where(
            UserTask.business_key == key,
            UserTask.root_id == ProcessInstance.id,
            UserTask.status == "open",
        )
        .scalar_subquery()
    )
    aside = (  # the task or timer by which it comes back hangs on the process itself
        select(UserTask.id)
        .where(
            UserTask.business_key == key,
            UserTask.root_id == ProcessInstance.id,
            UserTask.element_id == ProcessInstance.process_id,
            UserTask.status == "open",
        )
        .exists()
        | select(Timer.token_id)
        .where(
            Timer.instance_id == ProcessInstance.id,
            Timer.element_id == ProcessInstance.process_id,
        )
        .exists()
    )
    rows = session.execute(
        select(
            ProcessInstance.id,
            ProcessInstance.package_version,
            ProcessInstance.process_id,
            ProcessInstance.created_at,
            tasks,
            aside,
        )
        .where(
            ProcessInstance.business_key == key,
            ProcessInstance.status == "active",
            ProcessInstance.parent_id.is_(None),
            ProcessInstance.is_main.is_(False),
        )
        .order_by(ProcessInstance.created_at, ProcessInstance.id)
    )
    found = []
    for instance_id, version, process_id, since, count, lies_still in rows:
        package = publication.load_version(session, version)
        names, urgent = _title(package, process_id)
        found.append(RunningBeside(instance_id, names, since, count, urgent, lies_still))
    return sorted(found, key=lambda one: not one.urgent)


def first_task_of(
    session: Session, actor: Actor, trajectory_id: UUID, instance_id: UUID | None, now: datetime
) -> UUID | None:
    """The open task of a started process that comes first, of those that are the actor's to do."""
    if instance_id is None:
        return None
    theirs = {item.task_id for item in tasks_for(session, actor, trajectory_id, now)}
    waiting = session.scalars(
        select(UserTask.id)
        .where(
            UserTask.business_key == str(trajectory_id),
            UserTask.root_id == instance_id,
            UserTask.status == "open",
        )
        .order_by(UserTask.priority.desc(), UserTask.created_at, UserTask.id)
    )
    return next((task_id for task_id in waiting if task_id in theirs), None)


def _title(package: Package, process_id: str) -> tuple[Mapping[str, str], bool]:
    process = package.processes.get(process_id)
    messages = {
        event.name
        for element in (process.children(process_id) if process else ())
        if element.event is not None
        for event in element.event.each
    }
    for start in package.beside.values():
        if start.message in messages:
            return start.names, start.urgent
    return {"nl": (process.name if process else "") or process_id}, False
