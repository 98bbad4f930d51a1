"""Moving running instances to another version of their package: all that is asked, or nothing.

Ids of tasks, claims, drafts, due times and the progress of loops stay; see
``engine.execution.migration``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.definitions.model import Element, Process, Trigger
from engine.definitions.packages import Package
from engine.execution import state
from engine.execution.definition import Definition
from engine.execution.errors import MigrationRefused
from engine.execution.migration import Plan, Reason, check, migrate
from engine.runtime.catalogue import Catalogue
from engine.runtime.putting_back import Kept, only_moved
from engine.runtime.store import Instance


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why something cannot move: the element (its old id) of a process, and what is wrong there."""

    process_id: str
    element_id: str
    reason: str

    def as_dict(self) -> dict[str, str]:
        """JSON-ready."""
        return asdict(self)


def to_move(instances: Iterable[Instance], catalogue: Catalogue, version: str) -> list[Instance]:
    """Those of the version's package that run on another version of it."""
    key = catalogue.package(version).key
    return [
        one
        for one in instances
        if one.package_key == key
        and one.package_version != version
        and one.execution.status == "active"
    ]


def obstacles(
    instances: Iterable[Instance], catalogue: Catalogue, version: str, plan: Plan
) -> list[Obstacle]:
    """Everything that keeps the instances from moving to ``version``; empty when nothing does."""
    found: list[Obstacle] = []
    moving = {one.id: one for one in instances}
    for instance in moving.values():
        process_id = instance.process_id
        target = _target(catalogue, version, plan.new_process(process_id))
        if target is None:
            reason = "Dit proces bestaat niet in de nieuwe versie. Kies welk proces het nu is."
            found.append(Obstacle(process_id, process_id, reason))
            continue
        own = plan_of(plan, instance.execution.definition.process, target.process)
        package = catalogue.package(version)
        found += [
            Obstacle(process_id, one.element_id, one.reason + _elsewhere(package, target, own, one))
            for one in check(instance.execution, target, own)
        ]
        if process_id in plan.processes:
            found += _not_called(instance, moving, catalogue, version, plan)
    return list(dict.fromkeys(found))


def _elsewhere(package: Package, target: Definition, plan: Plan, one: Reason) -> str:
    """In which process an element is now that its own process does not have any more."""
    new_id = plan.new_id(one.element_id)
    if new_id in target.process.elements:
        return ""
    now_in = next((p for p in package.processes.values() if new_id in p.elements), None)
    if now_in is None:
        return ""
    return (
        f" Het zit nu in een ander proces ('{now_in.name or now_in.id}'); daarheen kan niemand "
        "die er al staat."
    )


def _not_called(
    instance: Instance,
    moving: Mapping[UUID, Instance],
    catalogue: Catalogue,
    version: str,
    plan: Plan,
) -> list[Obstacle]:
    """Whether the call for which a process runs would call another one."""
    parent = moving.get(instance.parent_id) if instance.parent_id is not None else None
    if parent is None or instance.parent_token_id is None:
        return []
    above = _target(catalogue, version, plan.new_process(parent.process_id))
    token = parent.execution.tasks.get(instance.parent_token_id)
    if above is None or token is None:
        return []
    own = plan_of(plan, parent.execution.definition.process, above.process)
    call = above.process.elements.get(own.new_id(token.element.id))
    called = (call.called_process or "") if call is not None else ""
    if called.startswith("=") or called in ("", plan.new_process(instance.process_id)):
        return []
    reason = f"De aanroep ervan roept in de nieuwe versie een ander proces aan ('{called}')."
    return [Obstacle(instance.process_id, instance.process_id, reason)]


def move(
    instances: Sequence[Instance],
    catalogue: Catalogue,
    version: str,
    plan: Plan,
    now: datetime,
    note: Mapping[str, Any] | None = None,
) -> list[Kept]:
    """Move the instances to ``version``, in the order given; parents come before children.

    ``note`` is for the audit. What each was before.

    Raises:
        MigrationRefused: something keeps one of them; ``where["obstacles"]`` says what.
    """
    found = obstacles(instances, catalogue, version, plan)
    if found:
        raise refused(found)
    kept = []
    for instance in instances:
        was = instance.process_id
        target = catalogue.definition(version, plan.new_process(was))
        own = plan_of(plan, instance.execution.definition.process, target.process)
        before, known = instance.package_version, state.dump(instance.execution)
        told = {**(note or {}), "from": before, "to": version, "renamed": dict(own.renamed)}
        if target.process.id != was:
            told["process"] = was
        instance.execution = migrate(instance.execution, target, now, own, told, checked=True)
        instance.package_version, instance.process_id = version, target.process.id
        quiet = only_moved(instance)
        kept.append(Kept(instance.id, before, instance.row_version, known, own.renamed, quiet, was))
    return kept


def refused(found: Sequence[Obstacle]) -> MigrationRefused:
    """The refusal that tells of obstacles."""
    named = " ".join(f"[{one.process_id}/{one.element_id}] {one.reason}" for one in found[:5])
    return MigrationRefused(
        f"Dit traject kan niet naar de andere versie: {named}",
        "Koppel hernoemde elementen, of wacht tot het traject voorbij deze plek is.",
        obstacles=[one.as_dict() for one in found],
    )


def _target(catalogue: Catalogue, version: str, process_id: str) -> Definition | None:
    if process_id not in catalogue.package(version).processes:
        return None
    return catalogue.definition(version, process_id)


def plan_of(plan: Plan, before: Process, after: Process) -> Plan:
    """The part of a plan for a whole package that is about one of its processes.

    In such a plan an element may be named with its process, as ``process/element``: two processes
    may have elements of one id. Without it all of that id are meant.
    """
    renamed = {
        old: new
        for old, new in ((within(name, before), new) for name, new in plan.renamed.items())
        if old in before.elements and new in after.elements
    }
    timers = (within(name, after) for name in plan.restart)
    fitting = (one for one in timers if one in after.elements)
    restart = frozenset(one for one in fitting if is_timer(after.elements[one]))
    return Plan(renamed, restart, plan.processes)


def within(name: str, process: Process) -> str:
    """The element id that a name of a plan means in a process; empty for one of another process."""
    where, sign, element_id = name.rpartition("/")
    return element_id if not sign or where == process.id else ""


def inverse(plan: Plan) -> Plan:
    """The plan by which what was renamed gets its old ids again."""
    back = {}
    for name, new in plan.renamed.items():
        where, sign, old = name.rpartition("/")
        back[f"{plan.new_process(where)}{sign}{new}"] = old
    return Plan(back, processes={new: old for old, new in plan.processes.items()})


def is_timer(element: Element) -> bool:
    """Whether an element is an event that a time triggers."""
    return element.event is not None and element.event.trigger is Trigger.TIMER
