"""Compensation: completed activities remember how they are undone, the latest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.execution.tokens import Token


def remember(token: Token, scope: Token) -> None:
    """An activity completed: note its handler, or the handlers noted inside it.

    A handler on the border stands for all that is inside; for a repeated activity it is noted
    once, when the last round is done. The same activity again and again is one note with a count.
    """
    element = token.element
    if element.compensation_handler:
        if "inner" in token.internal_data:
            return
        entry: dict[str, Any] = {"of": element.id, "handler": element.compensation_handler}
    elif inside := token.internal_data.get("compensable"):
        entry = {"of": element.id, "inside": inside}
        if token.data:
            entry["data"] = token.data
    else:
        return
    noted: list[dict[str, Any]] = scope.internal_data.setdefault("compensable", [])
    if noted and "handler" in entry and noted[-1]["of"] == element.id:
        noted[-1]["times"] = noted[-1].get("times", 1) + 1
    else:
        noted.append(entry)


def begin(token: Token) -> bool | None:
    """A compensation event was thrown: run the handlers one by one, the latest first."""
    scope = _compensated_scope(token)
    event = token.element.event
    wanted = event.activity_ref if event else None
    chosen: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    for entry in scope.internal_data.get("compensable", []):
        (chosen if wanted in (None, entry["of"]) else kept).append(entry)
    scope.internal_data["compensable"] = kept
    token.internal_data["undo"] = list(_handlers(chosen, {}))
    return proceed(token)


def _compensated_scope(token: Token) -> Token:
    scope = token.scope
    assert scope is not None  # an event always lives in a scope
    if scope.element.triggered_by_event and scope.scope is not None:
        return scope.scope
    return scope


def _handlers(entries: list[dict[str, Any]], seen: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What to run, the latest first, each with the local variables it was done among."""
    for entry in reversed(entries):
        if "handler" in entry:
            yield {"handler": entry["handler"], "times": entry.get("times", 1), "data": seen}
        else:
            yield from _handlers(entry["inside"], {**seen, **entry.get("data", {})})


def proceed(token: Token) -> bool | None:
    """Start the next handler; ``True`` when all have run."""
    pending: list[Any] = token.internal_data["undo"]
    if not pending:
        return True
    if isinstance(pending[0], str):  # a state from before handlers had counts
        pending[0] = {"handler": pending[0], "times": 1, "data": {}}
    step = pending[0]
    step["times"] -= 1
    if not step["times"]:
        pending.pop(0)
    execution, scope = token.workflow, token.scope
    assert scope is not None  # an event always lives in a scope
    handler = execution.place(execution.definition.spec(step["handler"]), scope)
    handler.data = dict(step["data"])
    handler.internal_data["compensates"] = str(token.id)
    return None
