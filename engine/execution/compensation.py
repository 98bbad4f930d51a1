"""Compensation: completed activities remember how they are undone, the latest first.

A note is ``{"of", "handler"}`` with, for the same activity again and again, how many ``times``; or
``{"of", "inside", "data"}`` for a scope without a handler of its own. A scope that an event
sub-process undoes has all of it: its handler finds what was noted ``inside`` and the variables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.definitions.model import Event
from engine.execution.tokens import Token

BY_ROUND = "ongedaan-per-ronde"
"""The property of a repeated activity of which every round is undone, and not the whole once."""


def remember(token: Token, scope: Token) -> None:
    """An activity completed: note its handler, or the handlers noted inside it.

    A handler on the border stands for all that is inside; for a repeated activity it is noted
    once, when the last round is done, unless every round is undone. What undoes is never undone.
    """
    element, internal = token.element, token.internal_data
    inside = internal.get("compensable")
    if not (element.compensation_handler or inside) or "compensates" in internal:
        return
    entry = _note(token, inside)
    if entry is None:
        return
    noted: list[dict[str, Any]] = scope.internal_data.setdefault("compensable", [])
    if noted and entry.keys() == {"of", "handler"} and _repeats(noted[-1], entry):
        noted[-1]["times"] = noted[-1].get("times", 1) + 1
    else:
        noted.append(entry)


def _note(token: Token, inside: list[dict[str, Any]] | None) -> dict[str, Any] | None:
    element, internal = token.element, token.internal_data
    noted: dict[str, Any] = {"inside": inside} if inside else {}
    if token.data:
        noted["data"] = token.data
    handler = element.compensation_handler
    if handler is None:
        return {"of": element.id, **noted}
    event = token.workflow.definition.undoing_start(handler)
    if event is not None or (element.loop and element.properties.get(BY_ROUND) == "ja"):
        if "loop" in internal:  # each round has noted its own
            return {"of": element.id, "inside": inside} if inside else None
    elif "inner" in internal:
        return None
    if event is None:
        return {"of": element.id, "handler": handler}
    return {"of": element.id, "handler": handler, "start": event.id, **noted}


def _repeats(last: dict[str, Any], entry: dict[str, Any]) -> bool:
    same = last["of"] == entry["of"] and last.get("handler") == entry["handler"]
    return same and "start" not in last


def begin(token: Token, event: Event) -> bool | None:
    """A compensation event was thrown: run the handlers one by one, the latest first."""
    wanted = event.activity_ref
    undo: list[dict[str, Any]] = []
    for holder, key in _seen_from(token):
        chosen: list[dict[str, Any]] = []
        kept: list[dict[str, Any]] = []
        for entry in holder.internal_data.get(key, []):
            (chosen if wanted in (None, entry["of"]) else kept).append(entry)
        holder.internal_data[key] = kept
        undo.extend(_handlers(chosen, {}))
    token.internal_data["undo"] = undo
    return proceed(token)


def begin_all(token: Token, scope: Token) -> bool | None:
    """Undo all that completed in a scope; ``token`` waits for it."""
    token.internal_data["undo"] = list(_handlers(scope.internal_data.pop("compensable", []), {}))
    return proceed(token)


def _seen_from(token: Token) -> Iterator[tuple[Token, str]]:
    """Where notes stand that a throwing event reaches, the latest first.

    From an event sub-process it reaches what is around that, too; from one that undoes a scope,
    what had been done inside that scope.
    """
    scope = token.scope
    assert scope is not None  # an event always lives in a scope
    yield scope, "compensable"
    if "undoable" in scope.internal_data:
        yield scope, "undoable"
    elif scope.element.triggered_by_event and scope.scope is not None:
        yield scope.scope, "compensable"


def _handlers(entries: list[dict[str, Any]], seen: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What to run, the latest first, each with the local variables it was done among."""
    for entry in reversed(entries):
        data = {**seen, **entry.get("data", {})}
        if "start" in entry:
            inside = {"start": entry["start"], "inside": entry.get("inside", [])}
            yield {"handler": entry["handler"], "times": 1, "data": data, **inside}
        elif "handler" in entry:
            yield {"handler": entry["handler"], "times": entry.get("times", 1), "data": seen}
        else:
            yield from _handlers(entry["inside"], data)


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
    if "start" in step:
        handler.internal_data.update(start=step["start"], undoable=step["inside"])
    return None
