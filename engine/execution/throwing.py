"""Errors and escalations: who catches what is thrown, from the inside outward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Element, Event, Trigger
from engine.execution.effects import ErrorPropagated, EscalationPropagated
from engine.execution.errors import UncaughtError
from engine.execution.tokens import Token
from engine.execution.triggering import start_boundary, start_event_subprocess
from engine.execution.variables import own


@dataclass(frozen=True, slots=True)
class Handler:
    """What catches: a boundary event on ``host``, or an event sub-process of scope ``host``."""

    host: Token
    catching: Element
    subprocess: Element | None = None


def find_handler(token: Token, trigger: Trigger, code: str, *, own: bool) -> Handler | None:
    """The innermost handler; a matching code goes before a catch-all on the same level.

    ``own`` says whether the token's own boundary events take part (a job that throws). An event
    sub-process doesn't catch what it throws itself, and a scope that one has interrupted starts
    no other.
    """
    definition = token.workflow.definition
    current = token
    if own and "inner" not in current.internal_data:
        boundary = _match(definition.boundaries(current.element.id), trigger, code)
        if boundary is not None:
            return Handler(current, boundary)
    while (scope := current.scope) is not None:
        if "loop" not in scope.internal_data and not scope.internal_data.get("interrupted"):
            pairs = definition.event_subprocesses(scope.element.id)
            others = [start for sub, start in pairs if sub.id != current.element.id]
            start = _match(others, trigger, code)
            if start is not None:
                return Handler(scope, start, definition.element(start.parent))
        if "inner" not in scope.internal_data and scope.scope is not None:
            boundary = _match(definition.boundaries(scope.element.id), trigger, code)
            if boundary is not None:
                return Handler(scope, boundary)
        current = scope
    return None


def _match(candidates: list[Element], trigger: Trigger, code: str) -> Element | None:
    fits: list[tuple[Element, Event]] = [
        (e, one)
        for e in candidates
        for one in (e.event.each if e.event is not None else ())
        if one.trigger is trigger
    ]
    for element, event in fits:
        if event.name == code and event.name:
            return element
    return next((element for element, event in fits if not event.name), None)


def handle(handler: Handler, code: str, variables: Mapping[str, Any]) -> None:
    """Let the handler take over; what it interrupts is cancelled."""
    if handler.catching.result_variable:
        variables = {**variables, handler.catching.result_variable: code}
    if handler.subprocess is not None:
        start_event_subprocess(handler.host, handler.subprocess, handler.catching, variables)
    else:
        start_boundary(handler.host, handler.catching, variables)


def throw_error(token: Token, code: str, variables: Mapping[str, Any], *, own: bool) -> bool:
    """Throw a BPMN error at ``token``. Whether something inside this instance caught it."""
    handler = find_handler(token, Trigger.ERROR, code, own=own)
    if handler is None:
        return False
    handle(handler, code, variables)
    return True


def throw_error_from(token: Token, code: str) -> bool | None:
    """An error end event was reached.

    Raises:
        UncaughtError: nothing catches it, here or in a parent instance.
    """
    execution = token.workflow
    execution.report(token, "error-thrown", code=code)
    token.internal_data["thrown"] = True
    given = own(token.data)
    if throw_error(token, code, given, own=False):
        return None
    if execution.has_parent:
        execution.throw_out(ErrorPropagated(token.id, code, given))
        return None
    raise UncaughtError(
        f"De fout '{code}' wordt nergens opgevangen.",
        "Teken een foutgebeurtenis met deze code op de rand van het deelproces.",
        element_id=token.element.id,
    )


def throw_escalation_from(token: Token, code: str) -> bool | None:
    """An escalation is thrown; without a handler the path simply goes on."""
    execution = token.workflow
    execution.report(token, "escalation-thrown", code=code)
    given = own(token.data)
    handler = find_handler(token, Trigger.ESCALATION, code, own=False)
    if handler is not None:
        token.internal_data["thrown"] = True
        handle(handler, code, given)
        return None if token.id not in execution.tasks else True
    if execution.has_parent:
        execution.throw_out(EscalationPropagated(token.id, code, given))
    return True
