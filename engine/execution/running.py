"""Running until everything waits, with a budget against loops that never wait."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.errors import KetenspoorError
from engine.execution import loops
from engine.execution.errors import EndlessLoop
from engine.execution.gateways import InclusiveSpec
from engine.execution.incidents import stop_with_incident
from engine.execution.tokens import COMPLETED, Token
from engine.execution.triggering import check_conditions
from engine.feel.errors import FeelError

if TYPE_CHECKING:
    from engine.execution.machine import Execution

_MOST_INCIDENTS = 20
"""How many tokens of one broken loop become an incident; the others are parked beside them."""

Spot = tuple[Token | None, str]
"""A scope and an element in it."""


class Run:
    """Runs the queue. An element that is entered too often in one scope is a loop.

    A run goes on over what comes from the inside (a job or a child that is done at once, a message
    of its own) until somebody or time moves the instance. Rounds over a collection don't count: a
    collection ends. What stands elsewhere runs on.
    """

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self.began = execution.now
        self._visits: Counter[Spot] = Counter()
        self._stopped: dict[Spot, EndlessLoop] = {}
        self._incidents = 0

    @property
    def is_fresh(self) -> bool:
        """Whether nothing was entered in it yet."""
        return not self._visits

    def until_rest(self) -> None:
        """Step until nothing is ready and no inclusive join is complete, or until a pause.

        A condition is looked at after every step: what it interrupts takes no further one. What is
        put off until ``later`` is done one by one, each when nothing else is ready.
        """
        execution = self._execution
        if execution.suspended:
            return
        while self._goes_on():
            while execution.queue and self._goes_on():
                token_id, phase = execution.queue.popleft()
                token = execution.tasks.get(token_id)
                if token is None or "incident" in token.internal_data:
                    continue
                if phase == "run" and not self._may_enter(token):
                    continue
                _step(token, phase)
                if execution.definition.has_conditions and execution.status == "active":
                    check_conditions(execution)
            if not self._goes_on():
                return
            if execution.later:
                execution.queue.append((execution.later.popleft(), "late"))
                continue
            if not (_join_inclusive(execution) or check_conditions(execution)):
                return

    def _goes_on(self) -> bool:
        return self._execution.status == "active" and not self._execution.paused

    def _may_enter(self, token: Token) -> bool:
        if "inner" in token.internal_data and not token.spec.loop.standard:
            return True
        spot = (token.scope, token.element.id)
        if spot not in self._stopped:
            self._visits[spot] += 1
            if self._visits[spot] <= self._execution.step_budget:
                return True
            self._break(token, spot)
        self._incidents += 1
        if self._incidents <= _MOST_INCIDENTS:
            stop_with_incident(token, self._stopped[spot], "run")
        else:
            token.internal_data["queued"] = "run"
        return False

    def _break(self, token: Token, spot: Spot) -> None:
        """Name the loop: what in this scope was entered about as often."""
        execution = self._execution
        often = [
            element_id
            for (scope, element_id), count in self._visits.items()
            if scope is spot[0] and count * 2 >= execution.step_budget
        ]
        elements = [execution.definition.element(element_id) for element_id in often[:12]]
        names = " → ".join(element.name or element.id for element in elements)
        self._incidents = 0
        self._stopped[spot] = EndlessLoop(
            f"Het traject bleef vanzelf doorlopen ({execution.step_budget} keer): {names}.",
            "Zet in deze lus een taak, timer of bericht waarop gewacht wordt.",
            element_id=token.element.id,
        )


def _step(token: Token, phase: str) -> None:
    try:
        if phase in ("run", "late"):
            token.run()
        elif phase == "complete" or loops.advance(token, token.spec.loop):
            token.complete()
    except (KetenspoorError, FeelError) as error:
        if token.id not in token.workflow.tasks:
            raise
        phase = "run" if phase == "late" else phase
        stop_with_incident(token, error, "complete" if token.has_state(COMPLETED) else phase)


def _join_inclusive(execution: Execution) -> bool:
    if not execution.definition.has_inclusive_joins:
        return False
    looked_at: set[Spot] = set()
    for token in execution.at_inclusive_joins():
        spec, scope = token.spec, token.scope
        spot = (scope, token.element.id)
        if scope is None or spot in looked_at:
            continue
        looked_at.add(spot)
        if isinstance(spec, InclusiveSpec) and spec.ready_to_join(scope):
            spec.join(execution, scope)
            return True
    return False
