"""Where an instance stands: everything it waits for, as plain records for the projections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.execution.machine import Execution
from engine.execution.tokens import Token


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing an instance waits for.

    ``kind`` is ``user``, ``job``, ``child``, ``timer``, ``message``, ``signal``, ``condition``,
    ``several``, ``join``, ``scope``, ``thrown``, ``incident`` or ``suspended``. ``host_id`` is the
    element whose subscription it is (a boundary event's activity), else ``None``. Instants are UTC.

    ``suspended`` is a task, job or timer (its ``name``) of an instance that was put aside. Such an
    instance may have a timer or a task of its own, for when somebody looks at it again.
    """

    kind: str
    token_id: UUID
    element_id: str
    element_name: str
    element_kind: str
    host_id: str | None = None
    due_at: datetime | None = None
    name: str | None = None
    key: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def standing(execution: Execution) -> list[Standing]:
    """Everything the instance waits for, in the order it came to wait."""
    if execution.status != "active":
        return []
    root = execution.root
    found = [_of(token) for token in execution.walk() if token is not root]
    if (mark := root.internal_data.get("suspended")) is not None:
        found = [*_look_again(root, mark), *map(_aside, found)]
    return [_of(root), *found] if "incident" in root.internal_data else found


REVIEW = "Beoordelen of dit traject weer verder kan"
"""The name of the task, and before that of the timer, by which what was put aside comes back."""


def _aside(one: Standing) -> Standing:
    if one.kind not in ("user", "job", "timer"):
        return one
    return replace(one, kind="suspended", name=one.kind)


def _look_again(root: Token, mark: Mapping[str, Any]) -> list[Standing]:
    if "review" not in mark:
        return []
    element = root.element
    place = element.id, REVIEW, "process"
    if "task" in mark:
        due = datetime.fromisoformat(mark["due"])
        return [
            Standing("user", UUID(mark["task"]), *place, due_at=due, details={"role": mark["role"]})
        ]
    return [Standing("timer", root.id, *place, due_at=datetime.fromisoformat(mark["review"]))]


def _of(token: Token) -> Standing:
    internal = token.internal_data
    if "incident" in internal:
        return _record(token, "incident", details=internal["incident"])
    wait = internal.get("wait")
    if wait is not None:
        due = datetime.fromisoformat(wait["due"]) if wait["kind"] == "timer" else None
        return _record(token, wait["kind"], due_at=due, name=wait.get("name"), key=wait.get("key"))
    if "work" in internal:
        work = internal["work"]
        due = datetime.fromisoformat(work["due"]) if work.get("due") else None
        return _record(token, "user", due_at=due, details=work)
    for kind in ("job", "child"):
        if kind in internal and "queued" not in internal:
            return _record(token, kind, name=internal[kind])
    if internal.keys() & {"arrived", "awaits", "heard"}:
        return _record(token, "join")
    if token.inside:
        return _record(token, "scope")
    return _record(token, "thrown")


def _record(token: Token, kind: str, **more: Any) -> Standing:
    scope = token.scope if "sub" in token.internal_data else None
    spec = token.spec
    element = spec.element
    host = scope.element.id if scope is not None and scope.element is not element else None
    return Standing(kind, token.id, element.id, element.name, spec.kind_name, host_id=host, **more)
