"""Makes the diagram page: the instance tree, what was passed, where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action, permits
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.families.chain import family_names
from engine.families.models import Trajectory
from engine.families.rights.permission import permit
from engine.families.rights.visibility import leading_relation
from engine.runtime.models import AuditEvent, ProcessInstance
from engine.runtime.past import past_of_instance
from webui.errors import NotThere
from webui.naast.pages import rows_beside
from webui.presentation import show_short_day
from webui.services import Services
from webui.taken.agencies import agencies_of_instances, repeated
from webui.traject.models import DiagramPage, InstanceLink, Passed, StandingAt
from webui.traject.standing import where_it_stands
from webui.words import element_name, method_name, process_name


def diagram_page(
    session: Session,
    given: Services,
    actor: Actor,
    trajectory_id: UUID,
    instance_id: UUID | None,
) -> DiagramPage:
    """One part's diagram; the trajectory's own without ``instance_id``.

    Raises:
        AccessDenied: the actor may not read the family's file.
        NotThere: the trajectory has no such part.
    """
    now = given.clock.now()
    trajectory = permit(session, actor, Action.READ, trajectory_id, now=now, object_type="diagram")
    instances = _instances(session, trajectory_id)
    wanted = next((one for one in instances if instance_id is None or one.id == instance_id), None)
    if wanted is None:
        raise NotThere
    package = publication.load_version(session, wanted.package_version)
    about = _agencies(session, instances, now)
    method = publication.load_version(session, trajectory.package_version)
    leading = leading_relation(session, actor, trajectory_id, now)
    standing = where_it_stands(session, method, package, wanted, instances, about)
    passed = _passed(session, package, wanted)
    beside = rows_beside(session, trajectory_id)
    return DiagramPage(
        trajectory_id=trajectory_id,
        family_id=trajectory.family_id,
        family_name=_family_name(session, actor, trajectory, now),
        method_name=method_name(method, trajectory.package_key),
        instance=_link(wanted, package, instances, about, current=True),
        instances=[
            _link(
                one,
                publication.load_version(session, one.package_version),
                instances,
                about,
                current=one is wanted,
            )
            for one in _in_tree_order(instances)
        ],
        standing=standing,
        passed=passed,
        overlays=_overlays(trajectory_id, wanted, package, standing, passed),
        now=now,
        beside=beside,
        may_change_due=permits(leading, Action.RESCHEDULE) and not trajectory.suspended_since,
        may_mend=permits(leading, Action.MEND) and (trajectory.status != "closed" or bool(beside)),
        suspended_since=trajectory.suspended_since,
        review_at=trajectory.review_at,
    )


def diagram_xml(
    session: Session, given: Services, actor: Actor, trajectory_id: UUID, instance_id: UUID
) -> bytes:
    """The file that holds the process of a part.

    Raises:
        AccessDenied: the actor may not read the family's file.
        NotThere: the trajectory has no such part.
    """
    permit(
        session,
        actor,
        Action.READ,
        trajectory_id,
        now=given.clock.now(),
        object_type="diagram",
        log_if_allowed=False,
    )
    instance = session.get(ProcessInstance, instance_id)
    if instance is None or instance.business_key != str(trajectory_id):
        raise NotThere
    package = publication.load_version(session, instance.package_version)
    process = package.processes.get(instance.process_id)
    if process is None:
        raise NotThere
    return package.files[process.file]


def _instances(session: Session, trajectory_id: UUID) -> list[ProcessInstance]:
    return list(
        session.scalars(
            select(ProcessInstance)
            .where(ProcessInstance.business_key == str(trajectory_id))
            .order_by(
                ProcessInstance.parent_id.is_not(None),
                ProcessInstance.created_at,
                ProcessInstance.id,
            )
        )
    )


def _in_tree_order(instances: Sequence[ProcessInstance]) -> list[ProcessInstance]:
    """Every instance before its children, children by time of start."""
    ordered: list[ProcessInstance] = []

    def visit(parent_id: UUID | None) -> None:
        for one in instances:
            if one.parent_id == parent_id:
                ordered.append(one)
                visit(one.id)

    visit(None)
    return ordered


def _agencies(
    session: Session, instances: Sequence[ProcessInstance], now: datetime
) -> Mapping[UUID, str]:
    """Of parts with the same name, which agency each is about."""
    alike = repeated(one.process_id for one in instances)
    ids = [one.id for one in instances if one.process_id in alike and one.parent_id is not None]
    return agencies_of_instances(session, ids, now)


def _link(
    one: ProcessInstance,
    package: Package,
    instances: Sequence[ProcessInstance],
    about: Mapping[UUID, str],
    *,
    current: bool,
) -> InstanceLink:
    parents = {other.id: other.parent_id for other in instances}
    depth, above = 0, one.parent_id
    while above is not None:
        depth, above = depth + 1, parents.get(above)
    return InstanceLink(
        id=one.id,
        name=": ".join(
            filter(None, (process_name(package, one.process_id), about.get(one.id, "")))
        ),
        status=one.status,
        depth=depth,
        started_at=one.created_at,
        ended_at=one.ended_at,
        current=current,
    )


def _passed(session: Session, package: Package, instance: ProcessInstance) -> list[Passed]:
    """The steps that were done, the latest first, each once with how often."""
    process = package.processes.get(instance.process_id)
    past = past_of_instance(session, instance.id)
    events = session.execute(
        select(AuditEvent.id, AuditEvent.element_id, AuditEvent.at)
        .where(
            AuditEvent.instance_id == instance.id,
            AuditEvent.type.in_(("completed", "triggered")),
        )
        .order_by(AuditEvent.id)
    )
    found: dict[str, tuple[datetime, int]] = {}
    names: dict[str, str] = {}
    elements = process.elements if process else {}
    for event_id, drawn_as, at in events:
        if not past.holds(instance.id, event_id):
            continue
        element_id = past.called_now(instance.id, event_id, drawn_as)
        times = found[element_id][1] + 1 if element_id in found else 1
        found[element_id] = (at, times)
        if element_id in elements:
            names[element_id] = elements[element_id].name
        elif element_id not in names:  # gone from the version of today
            version = past.version_at(instance.id, event_id, instance.package_version)
            then = publication.load_version(session, version)
            process_id = past.process_at(instance.id, event_id, instance.process_id)
            names[element_id] = element_name(then, process_id, drawn_as)
    steps = [Passed(key, names[key], at, times) for key, (at, times) in found.items()]
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _family_name(session: Session, actor: Actor, trajectory: Trajectory, now: datetime) -> str:
    names = family_names(session, actor, [trajectory.id], now=now)
    return names.get(trajectory.id, gettext("Gezin"))


def _overlays(
    trajectory_id: UUID,
    instance: ProcessInstance,
    package: Package,
    standing: Sequence[StandingAt],
    passed: Sequence[Passed],
) -> dict[str, Any]:
    """What the page's script marks on the drawing."""
    gone = {step.element_id for step in passed}
    process = package.processes.get(instance.process_id)
    present = gone | {at.element_id for at in standing}
    flows = [
        flow.id
        for flow in (process.flows.values() if process else ())
        if flow.source in gone and flow.target in present
    ]
    return {
        "process": instance.process_id,
        "passed": [{"id": step.element_id} for step in passed],
        "flows": flows,
        "standing": [
            {
                "id": at.element_id,
                "style": "broken" if at.broken else at.style,
                "text": _flag(at),
                "address": url_for(
                    "traject.process", trajectory_id=trajectory_id, instance_id=at.child
                )
                if at.child
                else None,
            }
            for at in standing
            if process is not None and at.element_id in process.elements
        ],
        "texts": {"failed": gettext("Het diagram kon niet getoond worden.")},
    }


def _flag(at: StandingAt) -> str:
    if at.broken:
        return gettext("vastgelopen")
    if at.child:
        return gettext("bekijk dit deel")
    if at.until:
        return gettext("tot %(day)s", day=show_short_day(at.until))
    return ""
