"""Start, end, catch, throw and boundary events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.definitions.model import Flow, Kind, Trigger
from engine.execution import cancelling, compensation, throwing, variables
from engine.execution.activities import publishes_message, request_job, throw_message
from engine.execution.effects import SignalThrown
from engine.execution.mapping import map_inputs
from engine.execution.tokens import ElementSpec, Token
from engine.execution.triggering import signal_inside
from engine.execution.waits import wait_of

if TYPE_CHECKING:
    from engine.execution.machine import Execution


class StartSpec(ElementSpec):
    """Where a scope begins. What triggered it becomes variables of the scope."""


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
        token.internal_data["wait"] = wait_of(token, self.element)
        return None


class ThrowSpec(ElementSpec):
    """Throws its event and goes on; the base of end events."""

    def enter(self, token: Token) -> bool | None:
        """Throw. ``None`` when something else decides how it goes on."""
        token.workflow.report(token, "activated")
        map_inputs(token)
        event = self.element.event
        trigger = event.trigger if event else Trigger.NONE
        if trigger is Trigger.MESSAGE:
            if not publishes_message(self.element):
                return request_job(token)
            throw_message(token)
        elif trigger is Trigger.SIGNAL:
            return throw_signal(token, self.name_of(token))
        elif trigger is Trigger.ERROR:
            return throwing.throw_error_from(token, self.name_of(token))
        elif trigger is Trigger.ESCALATION:
            return throwing.throw_escalation_from(token, self.name_of(token))
        elif trigger is Trigger.COMPENSATION:
            return compensation.begin(token)
        elif trigger is Trigger.CANCEL:
            return cancelling.cancel(token)
        return True

    def name_of(self, token: Token) -> str:
        """The name or code that is thrown."""
        text = (self.element.event.name if self.element.event else None) or ""
        return str(
            variables.evaluate(text, variables.visible(token), token.workflow.now, what="Naam")
        )

    def after(self, execution: Execution, scope: Token) -> None:
        """What follows when the token has left: a link jumps, others end what is around them."""
        event = self.element.event
        if event is None:
            return
        if event.trigger is Trigger.LINK:
            target = execution.definition.link_target(self.element.parent, event.name or "")
            if target is not None:
                execution.definition.spec(target.id).arrive(execution, scope, None)
        elif event.trigger is Trigger.TERMINATE:
            execution.clear(scope)
        elif event.trigger is Trigger.CANCEL:
            cancelling.leave_by_border(execution, scope)


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
