"""Several tokens that become one: complex gateways, and activities that begin with so many.

A complex gateway looks at its condition whenever a token comes (BPMN 2.0 §13.4.5). When it holds,
one token is taken of every flow that brought one. What still comes by the other flows belongs to
the same round and goes no further: a token stands for that (``awaits``) until all of it has come,
or none of it can come any more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from engine.definitions.model import Flow, Kind
from engine.execution import ad_hoc, variables
from engine.execution.gateways import InclusiveSpec, wait_at_join
from engine.execution.tokens import READY, WAITING, ElementSpec, Token

if TYPE_CHECKING:
    from engine.execution.machine import Execution


class ComplexSpec(InclusiveSpec):
    """Goes on when its condition holds; divides as an inclusive gateway does."""

    def arrive(self, execution: Execution, scope: Token, flow: Flow | None) -> None:
        """Look at the condition again, unless the token belongs to the round that went on."""
        if flow is None or len(self.element.incoming) < 2:
            execution.place(self, scope)
            return
        rest = self._rest(scope)
        if rest is None or flow.id not in rest.internal_data["awaits"]:
            execution.place(self, scope).internal_data["arrived"] = flow.id
            return
        rest.internal_data["awaits"].remove(flow.id)
        if not rest.internal_data["awaits"]:
            self._end_round(execution, scope)  # who leaves by this flow may leave by others as well

    def enter(self, token: Token) -> bool | None:
        """Wait until the condition holds, then take one token of every flow."""
        if "arrived" not in token.internal_data:
            return super().enter(token)
        execution, scope = token.workflow, token.scope
        assert scope is not None  # a gateway always lives in a scope
        come = self._come(scope)
        if self._rest(scope) is not None or not self._holds(scope, come):
            return None
        super().enter(token)
        taken = {token.internal_data["arrived"]: token}
        for other in come:
            taken.setdefault(other.internal_data["arrived"], other)
        for other in taken.values():
            if other is not token:
                execution.remove(other)
        awaits = [flow for flow in self.element.incoming if flow not in taken]
        if awaits:
            rest = execution.place(self, scope, state=WAITING)
            rest.internal_data["awaits"] = awaits
            execution.waits_at_inclusive_join(rest)
        return True

    def ready_to_join(self, scope: Token) -> bool:
        """Whether nothing that is awaited can still come."""
        rest = self._rest(scope)
        awaits = set() if rest is None else set(rest.internal_data["awaits"])
        return not self.may_come(scope, set(self.element.incoming) - awaits, awaits)

    def join(self, execution: Execution, scope: Token) -> None:
        """Nothing that is awaited can come any more: the round is over, and perhaps the scope."""
        self._end_round(execution, scope)
        if scope.element.ad_hoc is not None and "loop" not in scope.internal_data:
            ad_hoc.go_on(scope, enough=False)
        else:
            execution.finish_if_empty(scope)

    def _end_round(self, execution: Execution, scope: Token) -> None:
        """The round is over; what came too early for it begins the next."""
        rest = self._rest(scope)
        if rest is not None:
            execution.remove(rest)
        for token in self._come(scope):
            token._set_state(READY)
            execution.queue.append((token.id, "run"))

    def _come(self, scope: Token) -> list[Token]:
        here = (token for token in scope.live_children if token.spec is self)
        return [token for token in here if "arrived" in token.internal_data]

    def _rest(self, scope: Token) -> Token | None:
        here = (token for token in scope.live_children if token.spec is self)
        return next((token for token in here if "awaits" in token.internal_data), None)

    def _holds(self, scope: Token, come: list[Token]) -> bool:
        brought = Counter(token.internal_data["arrived"] for token in come)
        counts: dict[str, Any] = dict.fromkeys(self.element.incoming, 0)
        counts |= {**brought, "activationCount": len(come)}
        seen = variables.visible(scope, counts)
        return variables.condition_holds(
            self.element.activation or "", seen, scope.workflow.now, what="Activeringsvoorwaarde"
        )


class _Gathering(ElementSpec):
    """An activity that begins when several tokens have come, by whatever flows."""

    def arrive(self, execution: Execution, scope: Token, flow: Flow | None) -> None:
        """The last of them lets it begin."""
        if flow is None:
            execution.place(self, scope)
            return
        wait_at_join(self, execution, scope, flow)
        here = (one for one in scope.live_children if one.spec is self)
        come = [one for one in here if "arrived" in one.internal_data]
        if len(come) < self.element.start_quantity:
            return
        for one in come:
            execution.remove(one)
        execution.place(self, scope)


def beginning_with_several(spec_class: type[ElementSpec]) -> type[ElementSpec]:
    """The same activity, that waits until all the tokens have come which it begins with."""
    return type(f"Gathering{spec_class.__name__}", (_Gathering, spec_class), {})


SPECS: dict[Kind, type[ElementSpec]] = {Kind.COMPLEX_GATEWAY: ComplexSpec}
