"""Every state that a net can come in, from each start, up to a bound.

A state is a bag of flows that hold a token. A state without tokens is an end. A state from which
nothing can happen, but which holds tokens, is stuck; a state from which no end can be reached goes
on for ever.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from engine.definitions.soundness.net import Bundle, Join, Net, Node

MAX_STATES: Final = 10_000
"""States of one scope that are looked at; then the search says that it did not finish."""
MAX_STEPS: Final = 40_000
"""Steps between states that are looked at in all scopes of a process together."""
_CROWD: Final = 2
"""More tokens than this on one flow are not followed any further."""

State = tuple[int, ...]
END: Final[State] = ()
FAILED: Final[State] = (-1,)
"""The scope ended by an error that leaves it."""


@dataclass(slots=True)
class Space:
    """What a search saw.

    Attributes:
        before: the state and the step that a state was first reached by; None for a start.
        after: the states that follow each state.
        fired: nodes that did something.
        filled: flows that held a token.
        crowded: the first states in which a flow holds two tokens, by flow.
        complete: nothing was left out.
        cut: states that were not followed any further.
        steps: how many steps between states were looked at.
    """

    before: dict[State, tuple[State, str, Bundle] | None] = field(default_factory=dict)
    after: dict[State, list[State]] = field(default_factory=dict)
    fired: set[str] = field(default_factory=set)
    filled: set[int] = field(default_factory=set)
    crowded: dict[int, State] = field(default_factory=dict)
    complete: bool = True
    cut: set[State] = field(default_factory=set)
    steps: int = 0

    def way_to(self, state: State) -> list[tuple[str, Bundle]]:
        """The steps that first led to a state."""
        steps: list[tuple[str, Bundle]] = []
        came = self.before[state]
        while came is not None:
            earlier, node_id, bundle = came
            steps.append((node_id, bundle))
            came = self.before[earlier]
        return steps[::-1]


def explore(
    net: Net, max_states: int = MAX_STATES, max_steps: int = MAX_STEPS, *, deep: bool = False
) -> Space:
    """Search breadth first, so that the first way to a state is a shortest one.

    Or ``deep`` first, so that where it ends is seen even when not all of it can be looked at.
    """
    space = Space()
    pending: deque[State] = deque()
    for bundle in net.starts.values():
        state = tuple(sorted(bundle))
        if state not in space.before:
            space.before[state] = None
            pending.append(state)
    rules = _Rules(net)
    take = pending.pop if deep else pending.popleft
    while pending:
        state = take()
        space.filled.update(state)
        if len(space.after) >= max_states or space.steps > max_steps:
            space.complete = False
            space.cut.add(state)
            continue
        if _crowds(space, state):
            space.cut.add(state)
            continue
        following = space.after[state] = []
        for node_id, bundle, reached in rules.steps(state):
            space.steps += 1
            space.fired.add(node_id)
            following.append(reached)
            if reached not in space.before:
                space.before[reached] = (state, node_id, bundle)
                if reached not in (END, FAILED):
                    pending.append(reached)
    return space


def _crowds(space: Space, state: State) -> bool:
    """Note flows with several tokens; whether there are too many to go on."""
    for one, other in pairwise(state):
        if one == other:
            space.crowded.setdefault(one, state)
    return any(state.count(flow) > _CROWD for flow in set(state))


class _Rules:
    """What can happen in a state."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._reach: dict[str, _Reach] = {}

    def steps(self, state: State) -> Iterator[tuple[str, Bundle, State]]:
        """The nodes that can act, the flows that they fill, and the states that follow."""
        present = dict.fromkeys(state)
        seen: set[str] = set()
        for flow in present:
            node = self._net.nodes[self._net.targets[flow]]
            if node.join is Join.ANY or len(node.inputs) < 2:
                yield from self._act(state, node, (flow,))
            elif node.id not in seen:
                seen.add(node.id)
                taken = tuple(found for found in node.inputs if found in present)
                whole = len(taken) == len(node.inputs)
                if whole or (
                    node.join is Join.INCLUSIVE and self._may_join(present, node, frozenset(taken))
                ):
                    yield from self._act(state, node, taken)

    def _act(
        self, state: State, node: Node, taken: tuple[int, ...]
    ) -> Iterator[tuple[str, Bundle, State]]:
        if node.clears:
            yield node.id, frozenset(), FAILED if node.fails else END
            return
        rest = list(state)
        for flow in taken:
            rest.remove(flow)
        for bundle in node.bundles:
            yield node.id, bundle, tuple(sorted((*rest, *bundle)))

    def _may_join(self, present: dict[int, None], node: Node, filled: frozenset[int]) -> bool:
        """The engine's rule for inclusive joins, as in ``InclusiveSpec.ready_to_join``."""
        empty = frozenset(node.inputs) - filled
        reach = self._reach.get(node.id)
        if reach is None:
            reach = self._reach[node.id] = _Reach(self._net, node)
        return all(
            flow in filled
            or reach.from_flow(flow, boundaries=True).isdisjoint(empty)
            or not reach.from_flow(flow, boundaries=False).isdisjoint(filled)
            for flow in present
        )


class _Reach:
    """Which flows into a join a token on another flow can still come to, not through the join."""

    def __init__(self, net: Net, join: Node) -> None:
        self._net = net
        self._join = join
        self._whole: dict[int, set[int]] = {}
        for flow in join.inputs:
            for earlier in self._before(flow):
                self._whole.setdefault(earlier, set()).add(flow)

    def from_flow(self, flow: int, *, boundaries: bool) -> set[int]:
        """By any way, or not by a boundary event of the flow's own target."""
        if self._net.targets[flow] == self._join.id:
            return self._whole.get(flow, set())
        if not boundaries:
            return self._beyond(flow, self._net.from_boundary)
        if flow not in self._whole:  # no way there, or a token that stands inside an element
            self._whole[flow] = self._beyond(flow, frozenset())
        return self._whole[flow]

    def _beyond(self, flow: int, closed: Set[int]) -> set[int]:
        found: set[int] = set()
        for bundle in self._net.nodes[self._net.targets[flow]].bundles:
            for onward in bundle - closed:
                found |= self._whole.get(onward, set())
        return found

    def _before(self, flow: int) -> set[int]:
        """The flow itself and those from which it can be reached."""
        found = {flow}
        seen = {self._join.id}
        pending = [self._net.sources[flow]]
        while pending:
            node_id = pending.pop()
            node = self._net.nodes.get(node_id)
            if node is None or node_id in seen:
                continue
            seen.add(node_id)
            found.update(node.inputs)
            pending.extend(self._net.sources[earlier] for earlier in node.inputs)
        return found
