"""Tasks, XOR and AND against an interpreter of a few lines that knows only tokens on flows."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.definitions.model import Kind, Process
from tests.unit.execution.models import Driver, Model
from tests.unit.execution.random_models import loose_models

BUDGET = 60


class Endless(Exception):
    """It went on and on."""


class Reference:
    """Counts: tokens on every flow before a join, and people's tasks that are open."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.v = 0
        self.open: Counter[str] = Counter()
        self.joins: Counter[str] = Counter()
        self._arrived: list[tuple[str, str | None]] = [("start", None)]
        self.run()

    def complete(self, element_id: str, v: int) -> None:
        self.open[element_id] -= 1
        self.v = v
        self._leave(element_id)
        self.run()

    def run(self) -> None:
        steps = 0
        while self._arrived:
            steps += 1
            if steps > BUDGET:
                raise Endless
            element_id, flow_id = self._arrived.pop()
            element = self.process.elements[element_id]
            if element.kind is Kind.USER_TASK:
                self.open[element_id] += 1
            elif element.kind is Kind.PARALLEL_GATEWAY and len(element.incoming) > 1:
                self.joins[str(flow_id)] += 1
                if all(self.joins[f] for f in element.incoming):
                    self.joins.subtract(element.incoming)
                    self._leave(element_id)
            else:
                self._leave(element_id)

    def _leave(self, element_id: str) -> None:
        element = self.process.elements[element_id]
        flows = [self.process.flows[f] for f in element.outgoing]
        if element.kind is Kind.EXCLUSIVE_GATEWAY:
            holding = [f for f in flows if f.condition == f"=v = {self.v}"]
            flows = holding[:1] or [f for f in flows if f.id == element.default_flow]
        self._arrived += [(f.target, f.id) for f in flows]


def without_inclusive(model: Model) -> bool:
    return all(e.kind is not Kind.INCLUSIVE_GATEWAY for e in model.elements.values())


@given(model=loose_models().filter(without_inclusive), data=st.data())
@settings(max_examples=150, deadline=None)
def test_the_same_tasks_are_open_and_the_same_tokens_wait(model: Model, data: Any):
    try:
        expected = Reference(model.process())
        run = Driver(model, {"v": 0}, reload=False)
        for _ in range(20):
            waits = run.waits
            assert Counter(w.element_id for w in waits if w.kind == "user") == +expected.open
            joins = Counter(
                run.execution.tasks[w.token_id].internal_data["arrived"]
                for w in waits
                if w.kind == "join"
            )
            assert joins == +expected.joins
            alive = +expected.open or +expected.joins
            assert run.status == ("active" if alive else "completed")
            tasks = sorted(+expected.open)
            if not tasks:
                break
            chosen, v = data.draw(st.sampled_from(tasks)), data.draw(st.integers(0, 2))
            expected.complete(chosen, v)
            run.complete(chosen, {"v": v})
    except Endless:
        assume(False)
