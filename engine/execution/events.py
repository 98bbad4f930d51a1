"""Start, end, catch, throw and boundary events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.definitions.model import Event, Flow, Kind, Trigger
from engine.execution import cancelling, compensation, throwing, variables
from engine.execution.activities import publishes_message, request_job, throw_message
from engine.execution.effects import SignalThrown
from engine.execution.mapping import map_inputs
from engine.execution.tokens import READY, ElementSpec, Token
from engine.execution.triggering import hear, signal_inside
from engine.execution.waits import subscribe_all, wait_of

if TYPE_CHECKING:
    from engine.execution.machine import Execution


class StartSpec(ElementSpec):
    """Where a scope begins. What triggered it becomes variables of the scope."""

    def enter(self, token: Token) -> bool | None:
        """Begin; where all of several triggers must come, wait for the others first."""
        if "heard" in token.internal_data:
            wait_for_several(token)
            return None
        return super().enter(token)


class BoundarySpec(ElementSpec):
    """Already triggered when a token stands here."""


class CatchSpec(ElementSpec):
    """Waits for a message, signal, timer or condition; a link passes at once."""

    def enter(self, token: Token) -> bool | None:
        """Listen, unless what was waited for is already here."""
        if token.internal_data.pop("triggered", False):
            return True
        token.workflow.report(token, "activated")
        event = self.element.event
        if event is None or event.trigger in (Trigger.LINK, Trigger.NONE):
            return True
        map_inputs(token)
        if event.parts:
            wait_for_several(token)
        else:
            token.internal_data["wait"] = wait_of(token, self.element)
        return None


class ThrowSpec(ElementSpec):
    """Throws its event and goes on; the base of end events."""

    def enter(self, token: Token) -> bool | None:
        """Throw. ``None`` when something else decides how it goes on.

        A signal is thrown when nothing beside it runs on any more: whoever comes to wait for it in
        the same moment, on a parallel way, hears it whatever the order of the arrows.
        """
        event, execution = self.element.event, token.workflow
        if event is not None and _throws_signal(event) and _puts_off(token):
            return None
        execution.report(token, "activated")
        map_inputs(token)
        if event is None:
            return True
        return self.throw_each(token, event) if event.parts else self.throw(token, event)

    def throw_each(self, token: Token, event: Event) -> bool | None:
        """Throw all triggers of an event, what ends or waits last; each once, also in a retry."""
        turns = sorted(event.parts, key=lambda part: _LAST.get(part.trigger, 0))
        for part in range(token.internal_data.get("part", 0), len(turns)):
            outcome = self.throw(token, turns[part])
            token.internal_data["part"] = part + 1
            if outcome is None:
                return None
        return True

    def throw(self, token: Token, event: Event) -> bool | None:
        """Throw one thing. ``None`` when something else decides how it goes on."""
        trigger = event.trigger
        if trigger is Trigger.MESSAGE:
            if not publishes_message(self.element):
                return request_job(token)
            throw_message(token, event)
        elif trigger is Trigger.SIGNAL:
            return throw_signal(token, name_of(token, event))
        elif trigger is Trigger.ERROR:
            return throwing.throw_error_from(token, name_of(token, event))
        elif trigger is Trigger.ESCALATION:
            return throwing.throw_escalation_from(token, name_of(token, event))
        elif trigger is Trigger.COMPENSATION:
            return compensation.begin(token, event)
        elif trigger is Trigger.CANCEL:
            return cancelling.cancel(token)
        return True

    def after(self, execution: Execution, scope: Token) -> None:
        """What follows when the token has left: a link jumps, others end what is around them."""
        event = self.element.event
        if event is None:
            return
        if event.trigger is Trigger.LINK:
            target = execution.definition.link_target(self.element.parent, event.name or "")
            if target is not None:
                execution.definition.spec(target.id).arrive(execution, scope, None)
        elif any(one.trigger is Trigger.TERMINATE for one in event.each):
            _end_around(execution, scope, self.element.properties.get(ENDS))
        elif event.trigger is Trigger.CANCEL:
            cancelling.leave_by_border(execution, scope)


ENDS: Final = "beeindigt"
"""The property of a terminate end event that says whether it ends its scope, a loop or all."""
_LAST = {Trigger.COMPENSATION: 1, Trigger.ERROR: 2, Trigger.TERMINATE: 2}


def _end_around(execution: Execution, scope: Token, said: str | None) -> None:
    """End the scope, or by what the event says the whole process or all rounds of the loop."""
    body: Token | None = scope if said == "herhaling" else None
    while body is not None and "loop" not in body.internal_data:
        body = body.scope
    if body is not None:
        for child in body.live_children:
            execution.terminate(child)
        execution.queue.append((body.id, "complete"))
        return
    execution.clear(scope)
    if said == "alles" and scope is not execution.root:
        execution.clear(execution.root)
        execution.finish_if_empty(execution.root)


def _throws_signal(event: Event) -> bool:
    return any(one.trigger is Trigger.SIGNAL for one in event.each)


def _puts_off(token: Token) -> bool:
    execution = token.workflow
    if not (token.has_state(READY) and (execution.queue or execution.later)):
        return False  # it was put off already, or is alone
    execution.later.append(token.id)
    return True


def name_of(token: Token, event: Event) -> str:
    """The name or code that is thrown."""
    seen, now = variables.visible(token), token.workflow.now
    return str(variables.evaluate(event.name or "", seen, now, what="Naam"))


def wait_for_several(token: Token) -> None:
    """Listen for each trigger of the token's event; what was heard of them already is left out."""
    subscribe_all(token, [token.element])
    heard = token.internal_data.pop("heard", None)
    token.internal_data["wait"] = wait_of(token, token.element)
    for child in token.subscriptions if heard is not None else ():
        if child.internal_data["part"] == heard["part"]:
            hear(child, heard["given"])


def throw_signal(token: Token, name: str) -> bool | None:
    """A signal leaves for everyone; ``None`` when it interrupted its own thrower."""
    execution, given = token.workflow, variables.own(token.data)
    token.internal_data["thrown"] = True
    signal_inside(execution, name, given)
    execution.throw_out(SignalThrown(name, given))
    return True if token.id in execution.tasks else None


class EndSpec(ThrowSpec):
    """Ends a path."""

    def outgoing(self, token: Token) -> list[Flow]:
        """None: a path ends here."""
        return []


SPECS: dict[Kind, type[ElementSpec]] = {
    Kind.START_EVENT: StartSpec,
    Kind.END_EVENT: EndSpec,
    Kind.CATCH_EVENT: CatchSpec,
    Kind.THROW_EVENT: ThrowSpec,
    Kind.BOUNDARY_EVENT: BoundarySpec,
}
