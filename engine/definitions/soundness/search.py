"""Every state that a net can come in, from each start, up to a bound.

A state is a bag of flows that hold a token. A state without tokens is an end. A state from which
nothing can happen, but which holds tokens, is stuck; a state from which no end can be reached goes
on for ever.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from engine.definitions.soundness.net import Bundle, Join, Net, Node

MAX_STATES: Final = 10_000
"""States of one scope that are looked at; then the search says that it did not finish."""
_MAX_STEPS: Final = 60_000
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
    """

    before: dict[State, tuple[State, str, Bundle] | None] = field(default_factory=dict)
    after: dict[State, list[State]] = field(default_factory=dict)
    fired: set[str] = field(default_factory=set)
    filled: set[int] = field(default_factory=set)
    crowded: dict[int, State] = field(default_factory=dict)
    complete: bool = True
    cut: set[State] = field(default_factory=set)

    def way_to(self, state: State) -> list[tuple[str, Bundle]]:
        """The steps that first led to a state."""
        steps: list[tuple[str, Bundle]] = []
        came = self.before[state]
        while came is not None:
            earlier, node_id, bundle = came
            steps.append((node_id, bundle))
            came = self.before[earlier]
        return steps[::-1]


def explore(net: Net, max_states: int = MAX_STATES) -> Space:
    """Search breadth first, so that the first way to a state is a shortest one."""
    space = Space()
    pending: deque[State] = deque()
    for bundle in net.starts.values():
        state = tuple(sorted(bundle))
        if state not in space.before:
            space.before[state] = None
            pending.append(state)
    rules = _Rules(net)
    steps = 0
    while pending:
        state = pending.popleft()
        space.filled.update(state)
        if len(space.after) >= max_states or steps > _MAX_STEPS:
            space.complete = False
            space.cut.add(state)
            continue
        if _crowds(space, state):
            space.cut.add(state)
            continue
        following = space.after[state] = []
        for node_id, bundle, reached in rules.steps(state):
            steps += 1
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
        self._reach = {
            node.id: _reach(net, node)
            for node in net.nodes.values()
            if node.join is Join.INCLUSIVE and len(node.inputs) > 1
        }

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
        with_boundaries, without = self._reach[node.id]
        for flow in present:
            if flow in filled:
                continue
            if with_boundaries[flow] & empty and not without[flow] & filled:
                return False
        return True


_Reach = dict[int, frozenset[int]]


def _reach(net: Net, join: Node) -> tuple[_Reach, _Reach]:
    """By flow: the flows into ``join`` that a token on it can come to, not through ``join``.

    The second one leaves out what only a boundary event of the flow's own target leads to.
    """
    whole: _Reach = {}
    plain: _Reach = {}
    for flow, target in net.targets.items():
        if flow in net.same_as or target not in net.nodes:
            continue
        if target == join.id:
            whole[flow] = plain[flow] = frozenset({flow})
            continue
        whole[flow] = _found(net, join, net.nodes[target], boundaries=True)
        plain[flow] = _found(net, join, net.nodes[target], boundaries=False)
    return whole, plain


def _found(net: Net, join: Node, first: Node, *, boundaries: bool) -> frozenset[int]:
    found: set[int] = set()
    seen: set[str] = set()
    pending = [first]
    while pending:
        node = pending.pop()
        if node.id in seen:
            continue
        seen.add(node.id)
        for bundle in node.bundles:
            for flow in bundle:
                if node is first and not boundaries and flow in net.from_boundary:
                    continue
                if net.targets[flow] == join.id:
                    found.add(flow)
                else:
                    pending.append(net.nodes[net.targets[flow]])
    return frozenset(found)
