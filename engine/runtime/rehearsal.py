"""What a move to another version would do to instances, worked out on copies of them.

Nothing is written or locked: ``engine.execution.migration`` makes a new instance of an old one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.execution.migration import Plan, migrate
from engine.execution.standing import Standing, standing
from engine.runtime.catalogue import Catalogue
from engine.runtime.moving import plan_of
from engine.runtime.store import Instance

TOLD = frozenset({"user", "timer", "message", "signal", "child", "job", "incident"})
"""What is waited for and means something to people; the rest is how tokens stand."""


class Fate(StrEnum):
    """What becomes of something that is waited for."""

    KEPT = "kept"
    RESTARTED = "restarted"  # a timer that gets another instant
    BEGUN = "begun"  # the new version waits for it, the old one did not
    STOPPED = "stopped"  # the new version waits for it no more


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One thing that an instance waits for, before and after the move.

    Attributes:
        kind: as in ``engine.execution.standing``.
        element_id: in the version that still, or then, has it; ``was`` in the old version.
        due_before, due_after: instants of tasks and timers, UTC.
    """

    fate: Fate
    kind: str
    process_id: str
    element_id: str
    name: str
    was: str | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None


def rehearse(
    instances: Iterable[Instance], catalogue: Catalogue, version: str, plan: Plan, now: datetime
) -> list[Foreseen]:
    """What everything that the instances wait for becomes. They must be able to move.

    Raises:
        MigrationRefused: something keeps one of them.
    """
    return [
        one
        for instance in instances
        for one in _of_instance(instance, catalogue, version, plan, now)
    ]


def _of_instance(
    instance: Instance, catalogue: Catalogue, version: str, plan: Plan, now: datetime
) -> Iterable[Foreseen]:
    target = catalogue.definition(version, plan.new_process(instance.process_id))
    own = plan_of(plan, instance.execution.definition.process, target.process)
    after = {w.token_id: w for w in standing(migrate(instance.execution, target, now, own))}
    for old in standing(instance.execution):
        if _kind(old) in TOLD:
            yield _fate(instance.process_id, old, after.pop(old.token_id, None))
    for new in after.values():
        if _kind(new) in TOLD:
            place = (instance.process_id, new.element_id, new.element_name)
            yield Foreseen(Fate.BEGUN, _kind(new), *place, due_after=new.due_at)


def _kind(wait: Standing) -> str:
    """What it is, also in an instance that was put aside."""
    return wait.name or wait.kind if wait.kind == "suspended" else wait.kind


def _fate(process_id: str, old: Standing, new: Standing | None) -> Foreseen:
    if new is None:
        place = (process_id, old.element_id, old.element_name)
        return Foreseen(Fate.STOPPED, _kind(old), *place, was=old.element_id, due_before=old.due_at)
    anew = _kind(old) == "timer" and old.due_at != new.due_at
    return Foreseen(
        Fate.RESTARTED if anew else Fate.KEPT,
        _kind(old),
        process_id,
        new.element_id,
        new.element_name,
        was=old.element_id,
        due_before=old.due_at,
        due_after=new.due_at,
    )
