"""Gateways: choose, fork, join, and wait for the first of several events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.definitions.model import Flow, Kind
from engine.execution.tokens import WAITING, ElementSpec, Token
from engine.execution.waits import subscribe_all

if TYPE_CHECKING:
    from engine.execution.machine import Execution


class ExclusiveSpec(ElementSpec):
    """Takes the first flow whose condition holds; merges without waiting."""

    def enter(self, token: Token) -> bool | None:
        """Choose before completing, so that a failed condition leaves the token here."""
        token.workflow.report(token, "activated")
        flows = token.workflow.definition.flows_out(self.element)
        if len(flows) > 1 or any(flow.condition for flow in flows):
            chosen = self.choose(token, flows, exclusive=True)
        else:
            chosen = flows
        token.internal_data["take"] = [flow.id for flow in chosen]
        return True

    def outgoing(self, token: Token) -> list[Flow]:
        """The flow chosen on entering."""
        return [token.workflow.definition.flow(f) for f in token.internal_data["take"]]


class InclusiveSpec(ExclusiveSpec):
    """Takes every flow whose condition holds; joins what can still come."""

    def enter(self, token: Token) -> bool | None:
        """Choose all that hold."""
        token.workflow.report(token, "activated")
        flows = token.workflow.definition.flows_out(self.element)
        if len(flows) > 1 or any(flow.condition for flow in flows):
            chosen = self.choose(token, flows, exclusive=False)
        else:
            chosen = flows
        token.internal_data["take"] = [flow.id for flow in chosen]
        return True

    def arrive(self, execution: Execution, scope: Token, flow: Flow | None) -> None:
        """Wait at the join; the execution decides when nothing moves any more."""
        if flow is None or len(self.element.incoming) < 2:
            execution.place(self, scope)
        else:
            execution.waits_at_inclusive_join(wait_at_join(self, execution, scope, flow))

    def ready_to_join(self, scope: Token) -> bool:
        """Whether no token can still reach an empty incoming flow (BPMN 2.0 §13.3.3).

        A token that can come to a filled flow as well doesn't hold up the join, unless it can do
        so only by a boundary event.
        """
        here = (token for token in scope.inside if token.spec is self)
        filled = {
            token.internal_data["arrived"] for token in here if "arrived" in token.internal_data
        }
        return not self.may_come(scope, filled, set(self.element.incoming) - filled)

    def may_come(self, scope: Token, filled: set[str], empty: set[str]) -> bool:
        """Whether a token elsewhere in the scope can come to an empty flow and to no filled one."""
        elsewhere: set[str] = set()
        for token in scope.inside:
            spec = token.spec
            here = spec is self and token.internal_data.keys() & {"arrived", "awaits"}
            if not here and spec.name not in elsewhere and not token.is_subscription:
                elsewhere.add(spec.name)
        reach = scope.workflow.definition.reachable_flows
        for where in elsewhere:
            if not reach(where, self.element.id) & empty:
                continue
            if not reach(where, self.element.id, boundaries=False) & filled:
                return True
        return False

    def join(self, execution: Execution, scope: Token) -> None:
        """Merge one token of every filled incoming flow into one that goes on."""
        seen: set[str] = set()
        for token in execution.at_inclusive_joins():
            if token.spec is not self or token.scope is not scope:
                continue
            if (flow := token.internal_data["arrived"]) not in seen:
                seen.add(flow)
                execution.remove(token)
        execution.place(self, scope)


class ParallelSpec(ElementSpec):
    """Takes all flows; joins when every incoming flow has brought a token."""

    def arrive(self, execution: Execution, scope: Token, flow: Flow | None) -> None:
        """Wait for the other flows; the last one lets a single token go on."""
        if flow is None or len(self.element.incoming) < 2:
            execution.place(self, scope)
            return
        wait_at_join(self, execution, scope, flow)
        arrived: dict[str, Token] = {}
        for token in scope.inside:
            if token.spec is self and "arrived" in token.internal_data:
                arrived.setdefault(token.internal_data["arrived"], token)
        if len(arrived) == len(self.element.incoming):
            for token in arrived.values():
                execution.remove(token)
            execution.place(self, scope)

    def outgoing(self, token: Token) -> list[Flow]:
        """All of them."""
        return token.workflow.definition.flows_out(self.element)


def wait_at_join(spec: ElementSpec, execution: Execution, scope: Token, flow: Flow) -> Token:
    """Leave a token waiting at a join, marked with the flow that brought it."""
    token = execution.place(spec, scope, state=WAITING)
    token.internal_data["arrived"] = flow.id
    return token


class EventBasedSpec(ElementSpec):
    """Listens to all events behind it; the first one wins."""

    def enter(self, token: Token) -> bool | None:
        """Subscribe to every event that follows."""
        token.workflow.report(token, "activated")
        definition = token.workflow.definition
        targets = [definition.element(f.target) for f in definition.flows_out(self.element)]
        subscribe_all(token, targets)
        return None


SPECS: dict[Kind, type[ElementSpec]] = {
    Kind.EXCLUSIVE_GATEWAY: ExclusiveSpec,
    Kind.INCLUSIVE_GATEWAY: InclusiveSpec,
    Kind.PARALLEL_GATEWAY: ParallelSpec,
    Kind.EVENT_BASED_GATEWAY: EventBasedSpec,
}
