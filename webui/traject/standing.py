"""Where an instance stands now: tasks, timers, messages, parts, what is to be sent, incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Element, Kind
from engine.definitions.packages import Package
from engine.runtime.models import (
    AuditEvent,
    Incident,
    ProcessInstance,
    Subscription,
    Timer,
    UserTask,
)
from engine.runtime.outward_models import OutwardWork
from engine.runtime.past import Past, past_of_instance
from webui.traject.models import StandingAt
from webui.words import role_name


def where_it_stands(
    session: Session,
    method: Package,
    package: Package,
    instance: ProcessInstance,
    instances: Sequence[ProcessInstance],
    about: Mapping[UUID, str],
) -> list[StandingAt]:
    """Every element that waits, in the diagram's order.

    ``method`` is the trajectory's package, ``package`` the one that has this diagram.

    ``about`` tells of running parts which agency they are about, by their id.
    """
    process = package.processes.get(instance.process_id)
    elements = process.elements if process else {}
    past = past_of_instance(session, instance.id)
    found = [
        *_tasks(session, method, package, instance),
        *_timers(session, instance, elements),
        *_messages(session, instance, elements, past),
        *_children(session, instance, instances, elements, about, past),
        *_outward(session, instance),
        *_incidents(session, instance),
    ]
    order = {element_id: place for place, element_id in enumerate(elements)}
    return sorted(found, key=lambda at: order.get(at.element_id, len(order)))


def _tasks(
    session: Session, method: Package, package: Package, instance: ProcessInstance
) -> list[StandingAt]:
    rows = session.scalars(
        select(UserTask)
        .where(UserTask.instance_id == instance.id, UserTask.status.in_(("open", "suspended")))
        .order_by(UserTask.created_at, UserTask.id)
    )
    return [
        StandingAt(
            task.element_id,
            task.name,
            _task_kind(task, role_name(method, task.role, package)),
            since=task.created_at,
            until=task.due_at if task.status == "open" else None,
            token=task.id if task.status == "open" else None,
        )
        for task in rows
    ]


def _task_kind(task: UserTask, role: str) -> str:
    if task.status == "suspended":
        return gettext("Taak die stilligt, voor: %(role)s", role=role)
    return gettext("Taak voor: %(role)s", role=role)


def _timers(
    session: Session, instance: ProcessInstance, elements: Mapping[str, Element]
) -> list[StandingAt]:
    rows = session.scalars(
        select(Timer).where(Timer.instance_id == instance.id).order_by(Timer.due_at, Timer.token_id)
    )
    return [
        StandingAt(
            timer.element_id,
            _name(elements, timer.element_id, timer.element_name),
            gettext("Wacht op een tijdstip"),
            until=timer.due_at,
            style="waiting",
            token=timer.token_id,
        )
        for timer in rows
    ]


def _messages(
    session: Session, instance: ProcessInstance, elements: Mapping[str, Element], past: Past
) -> list[StandingAt]:
    """Messages that a step of its own waits for; not those that may always come."""
    waiting = (Kind.CATCH_EVENT, Kind.RECEIVE_TASK)
    rows = session.execute(
        select(Subscription, AuditEvent.element_id, AuditEvent.id)
        .join(
            AuditEvent,
            (AuditEvent.instance_id == Subscription.instance_id)
            & (AuditEvent.token_id == Subscription.token_id),
        )
        .where(Subscription.instance_id == instance.id, AuditEvent.type == "activated")
        .order_by(AuditEvent.id)
    )
    places = {
        one.token_id: (one, past.called_now(instance.id, event_id, element_id))
        for one, element_id, event_id in rows
    }
    return [
        StandingAt(
            element_id,
            _name(elements, element_id, ""),
            gettext("Wacht op een bericht"),
            since=one.opened_at,
            style="waiting",
        )
        for one, element_id in places.values()
        if element_id in elements and elements[element_id].kind in waiting
    ]


def _children(
    session: Session,
    instance: ProcessInstance,
    instances: Sequence[ProcessInstance],
    elements: Mapping[str, Element],
    about: Mapping[UUID, str],
    past: Past,
) -> list[StandingAt]:
    running = {
        one.parent_token_id: one
        for one in instances
        if one.parent_id == instance.id and one.status == "active"
    }
    places: dict[UUID, str] = {}
    if running:
        rows = session.execute(
            select(AuditEvent.token_id, AuditEvent.element_id, AuditEvent.id)
            .where(
                AuditEvent.instance_id == instance.id,
                AuditEvent.token_id.in_([key for key in running if key]),
            )
            .order_by(AuditEvent.id)
        )
        places = {
            token_id: past.called_now(instance.id, event_id, element_id)
            for token_id, element_id, event_id in rows
        }
    return [
        StandingAt(
            places[token],
            ": ".join(filter(None, (_name(elements, places[token], ""), about.get(child.id, "")))),
            gettext("Deel dat nu loopt"),
            since=child.created_at,
            child=child.id,
        )
        for token, child in running.items()
        if token in places
    ]


def _outward(session: Session, instance: ProcessInstance) -> list[StandingAt]:
    rows = session.scalars(
        select(OutwardWork)
        .where(OutwardWork.instance_id == instance.id)
        .order_by(OutwardWork.deferred_at, OutwardWork.token_id)
    )
    return [
        StandingAt(
            work.element_id,
            work.element_name or work.element_id,
            gettext("Wacht op verzending"),
            since=work.deferred_at,
            style="waiting",
        )
        for work in rows
    ]


def _incidents(session: Session, instance: ProcessInstance) -> list[StandingAt]:
    rows = session.scalars(
        select(Incident)
        .where(Incident.instance_id == instance.id, Incident.resolved_at.is_(None))
        .order_by(Incident.raised_at, Incident.id)
    )
    return [
        StandingAt(
            one.element_id,
            one.element_name or one.element_id,
            gettext("Technisch vastgelopen; de beheerder ziet het ook"),
            since=one.raised_at,
            broken=True,
        )
        for one in rows
    ]


def _name(elements: Mapping[str, Element], element_id: str, name: str) -> str:
    """The element's name, or that of the step that it hangs on."""
    element = elements.get(element_id)
    if name or element is None:
        return name or element_id
    host = elements.get(element.attached_to or "")
    return element.name or (host.name if host else "") or element_id
