"""Subscriptions that fire: boundary events, event sub-processes, event gateways, conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.definitions.model import Element, Kind, Trigger
from engine.errors import KetenspoorError
from engine.execution import variables
from engine.execution.incidents import stop_with_incident
from engine.execution.tokens import READY, Token
from engine.execution.waits import subscribe_again

if TYPE_CHECKING:
    from engine.execution.tree import TokenTree


def trigger(token: Token, given: Mapping[str, Any], again: dict[str, Any] | None = None) -> None:
    """What ``token`` waits for has come, with its variables.

    ``again`` is how a repeating timer goes on; a timer without it is over.
    """
    execution = token.workflow
    if not token.is_subscription:
        _wake(token, given)
        return
    element, owner = token.element, token.scope
    assert owner is not None  # a subscription always has an owner
    if element.event is not None and element.event.trigger is Trigger.PARALLEL:
        hear(token, given)
        together = _heard_together(owner, element)
        if together is None:
            return
        given = together
    elif again is not None:
        token.internal_data["wait"] = again
    elif token.internal_data["wait"]["kind"] == "timer":
        execution.remove(token)
    if owner.element.id == element.id:
        execution.forget_subscriptions(owner)
        _wake(owner, given)
    elif element.attached_to is not None:
        start_boundary(owner, element, given)
    elif element.kind is Kind.START_EVENT:
        start_event_subprocess(owner, execution.definition.element(element.parent), element, given)
    else:
        _win_event_gateway(owner, element, given)


def _wake(token: Token, given: Mapping[str, Any]) -> None:
    """What a token stands and waits for has come: it goes on."""
    del token.internal_data["wait"]
    token.internal_data.update(result=variables.own(given), triggered=True)
    token._set_state(READY)
    token.workflow.queue.append((token.id, "run"))


def hear(token: Token, given: Mapping[str, Any]) -> None:
    """One of the triggers that must all come has come: its subscription keeps what it brought.

    And what it waited for, for when it has to listen again.
    """
    token.internal_data["again"] = token.internal_data.pop("wait")
    token.internal_data["heard"] = variables.own(given)


def _heard_together(owner: Token, element: Element) -> dict[str, Any] | None:
    """What the triggers of an event brought together; ``None`` while one of them is missing.

    An event that does not interrupt listens for all of them again, unless one is a timer: that
    goes off once. As with a single trigger it listens for the very same, whatever is known by now.
    """
    execution = owner.workflow
    ours = [child for child in owner.subscriptions if child.element.id == element.id]
    if any("heard" not in child.internal_data for child in ours):
        return None
    brought: dict[str, Any] = {}
    for child in ours:
        brought.update(child.internal_data["heard"])
        execution.remove(child)
    assert element.event is not None  # it has several triggers
    timed = any(part.trigger is Trigger.TIMER for part in element.event.parts)
    if not element.interrupting and not timed:
        for child in ours:
            subscribe_again(child)
    return brought


def start_boundary(host: Token, boundary: Element, given: Mapping[str, Any]) -> None:
    """A boundary event of ``host`` was triggered."""
    execution, scope = host.workflow, host.scope
    assert scope is not None  # a boundary event's host is never the process
    if boundary.interrupting:
        execution.terminate(host)
    token = execution.place(execution.definition.spec(boundary.id), scope)
    token.internal_data["result"] = variables.own(given)
    execution.report(token, "triggered")


def start_event_subprocess(
    scope: Token, sub: Element, start: Element, given: Mapping[str, Any]
) -> None:
    """An event sub-process of ``scope`` was triggered at its start event."""
    execution = scope.workflow
    if start.interrupting or (start.event and start.event.trigger is Trigger.ERROR):
        execution.clear(scope)
        scope.internal_data["interrupted"] = True
        _wait_no_more(scope)
    token = execution.place(execution.definition.spec(sub.id), scope)
    token.internal_data["start"] = start.id
    token.internal_data["result"] = variables.own(given)
    execution.report(token, "triggered")


def _wait_no_more(scope: Token) -> None:
    """An ad-hoc sub-process that waits until it has been enough needs not: it was interrupted."""
    if scope.internal_data.pop("wait", None) and scope.internal_data.pop("incident", None):
        scope.workflow.report(scope, "resolved")


def _win_event_gateway(gateway: Token, element: Element, given: Mapping[str, Any]) -> None:
    execution, scope = gateway.workflow, gateway.scope
    assert scope is not None  # a gateway always lives in a scope
    flows = execution.definition.flows_out(gateway.element)
    taken = [flow.id for flow in flows if flow.target == element.id]
    execution.report(gateway, "completed", flows=taken)
    execution.remove(gateway)
    token = execution.place(execution.definition.spec(element.id), scope)
    token.internal_data.update(result=variables.own(given), triggered=True)
    execution.report(token, "activated")


def signal_inside(execution: TokenTree, name: str, given: Mapping[str, Any]) -> None:
    """A signal thrown in the instance reaches all that wait for it there, at once."""
    for token in execution.walk():
        wait = token.internal_data.get("wait")
        if not wait or (wait["kind"], wait.get("name")) != ("signal", name):
            continue
        if token.id in execution.tasks and "incident" not in token.internal_data:
            trigger(token, given)


def check_conditions(execution: TokenTree) -> bool:
    """Fire the first conditional event whose condition became true; whether one did.

    A condition counts when it changes to true; one that is true from the start fires at once.
    """
    if not execution.definition.has_conditions:
        return False
    for token in execution.walk():
        wait = token.internal_data.get("wait")
        if not wait or wait["kind"] != "condition" or "incident" in token.internal_data:
            continue
        try:
            value = variables.evaluate_feel(
                wait["text"], variables.visible(token), execution.now, what="Voorwaarde"
            )
        except KetenspoorError as error:
            stop_with_incident(token, error, "wait")
            continue
        before, wait["was"] = wait.get("was"), value is True
        if value is True and before is not True:
            trigger(token, {})
            return True
    return False
