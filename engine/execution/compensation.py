"""Compensation: completed activities remember how they are undone, the latest first."""

from __future__ import annotations

from typing import Any

from engine.execution.tokens import Token


def remember(token: Token, scope: Token) -> None:
    """An activity completed: note its handler, or the handlers noted inside it."""
    element = token.element
    if element.compensation_handler:
        entry: dict[str, Any] = {"of": element.id, "handler": element.compensation_handler}
    elif token.internal_data.get("compensable"):
        entry = {"of": element.id, "inside": token.internal_data["compensable"]}
    else:
        return
    scope.internal_data.setdefault("compensable", []).append(entry)


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
    token.internal_data["undo"] = _handlers(chosen)
    return proceed(token)


def _compensated_scope(token: Token) -> Token:
    scope = token.scope
    assert scope is not None  # an event always lives in a scope
    if scope.element.triggered_by_event and scope.scope is not None:
        return scope.scope
    return scope


def _handlers(entries: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for entry in reversed(entries):
        if "handler" in entry:
            found.append(entry["handler"])
        else:
            found.extend(_handlers(entry["inside"]))
    return found


def proceed(token: Token) -> bool | None:
    """Start the next handler; ``True`` when all have run."""
    pending: list[str] = token.internal_data["undo"]
    if not pending:
        return True
    handler_id = pending.pop(0)
    execution = token.workflow
    scope = token.scope
    assert scope is not None
    handler = execution.place(execution.definition.spec(handler_id), scope)
    handler.internal_data["compensates"] = str(token.id)
    return None
