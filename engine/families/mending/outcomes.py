"""What comes of a mend: everything that begins, stops, lies still or comes back by it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.execution.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class Change:
    """Something that begins, ends or changes by a mend, in the part that it is in.

    ``was`` is what it was, of what stays and changes.
    """

    package_version: str
    process_id: str
    one: Standing
    was: Standing | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a mend.

    Attributes:
        ended: processes that are over by it.
        rests: tasks, deadlines and outward work that stand still by it.
        returns: those that stand still no more, as they were and as they will be.
        final: why it cannot be undone afterwards, if it can't.
    """

    begins: list[Change]
    stops: list[Change]
    ended: list[tuple[str, str]]
    rests: list[Change]
    returns: list[Change]
    final: str | None = None


def outcome_of(
    before: Mapping[UUID, list[Standing]], touched: Collection[Any], final: str | None
) -> Outcome:
    """What became of the instances that a mend touched, from what they waited for before."""
    outcome = Outcome([], [], [], [], [], final)
    for instance in touched:
        place = instance.package_version, instance.process_id
        was = {one.token_id: one for one in before.get(instance.id, [])}
        now = {one.token_id: one for one in standing(instance.execution)}
        for key, one in now.items():
            old = was.get(key)
            if old is not None and old.kind != one.kind and "suspended" in (old.kind, one.kind):
                rests = one.kind == "suspended"
                (outcome.rests if rests else outcome.returns).append(Change(*place, one, old))
            elif old is None or (old.kind, old.due_at) != (one.kind, one.due_at):
                outcome.begins.append(Change(*place, one, old))
        outcome.stops.extend(Change(*place, one) for key, one in was.items() if key not in now)
        if was and instance.execution.status != "active":
            outcome.ended.append(place)
    return outcome
