"""From the states of one scope to its verdict: which elements are stuck, endless, doubled, dead."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.model import Process, Trigger
from engine.definitions.soundness.net import Join, Net
from engine.definitions.soundness.search import END, FAILED, Space, State
from engine.definitions.soundness.verdicts import Doubled, Endless, ScopeVerdict, Stuck


class Judgement:
    """The search of one scope, and what it means for the elements that are drawn there."""

    def __init__(self, process: Process, scope_id: str, net: Net, space: Space) -> None:
        self._process = process
        self._scope_id = scope_id
        self._net = net
        self._space = space

    def verdict(self) -> ScopeVerdict:
        """Everything that was found."""
        space = self._space
        dead_ends = [state for state, after in space.after.items() if not after]
        good = self._back_from({END, FAILED, *space.cut})
        lost = self._back_from(set(dead_ends))
        endless = [state for state in space.after if state not in good and state not in lost]
        stuck = (*self._stuck(dead_ends), *self._starved(dead_ends))
        return ScopeVerdict(
            scope=self._scope_id,
            complete=space.complete,
            states=len(space.after),
            stuck=stuck,
            endless=tuple(self._endless(endless)),
            doubled=tuple(self._doubled()),
            dead=() if stuck or not space.complete else tuple(self._dead()),
            completes=END in space.before or bool(space.cut) or bool(stuck) or bool(endless),
        )

    def _back_from(self, states: set[State]) -> set[State]:
        """The states from which one of these can be reached, themselves included."""
        before: dict[State, list[State]] = {}
        for state, following in self._space.after.items():
            for reached in following:
                before.setdefault(reached, []).append(state)
        found = set(states)
        pending = list(states)
        while pending:
            for earlier in before.get(pending.pop(), ()):
                if earlier not in found:
                    found.add(earlier)
                    pending.append(earlier)
        return found

    def _stuck(self, dead_ends: list[State]) -> list[Stuck]:
        found: dict[str, Stuck] = {}
        for state in dead_ends:
            waiting = self._waiting(state)
            for node_id, missing in waiting.items():
                if node_id not in found and not self._waits_for_another(missing, waiting):
                    found[node_id] = Stuck(
                        node_id,
                        tuple(filter(None, map(self._drawn_into, missing))),
                        (*self._path(state), node_id),
                    )
        return list(found.values())

    def _starved(self, dead_ends: list[State]) -> Iterator[Stuck]:
        """Joins in states that were followed no further, to which no token can come any more."""
        if any(self._waiting(state) for state in dead_ends):
            return  # those say it, by a way that was looked at to its end
        found: set[str] = set()
        for state in self._space.cut:
            for node_id, missing in self._waiting(state).items():
                if node_id in found or not missing or self._can_change(state, node_id, missing):
                    continue
                found.add(node_id)
                named = tuple(filter(None, map(self._drawn_into, missing)))
                yield Stuck(node_id, named, (*self._path(state), node_id))

    def _can_change(self, state: State, join_id: str, missing: list[int]) -> bool:
        """Whether a token can still come to a flow into a join, or something ends the scope."""
        net = self._net
        if net.nodes[join_id].join is not Join.ALL:
            return True
        seen = {join_id}
        pending = [net.targets[flow] for flow in state]
        while pending:
            node = net.nodes[pending.pop()]
            if node.clears:
                return True
            if node.id in seen:
                continue
            seen.add(node.id)
            for flow in (flow for bundle in node.bundles for flow in bundle):
                if flow in missing:
                    return True
                pending.append(net.targets[flow])
        return False

    def _waiting(self, state: State) -> dict[str, list[int]]:
        """The joins that hold tokens, with the flows into them that hold none."""
        waiting: dict[str, list[int]] = {}
        for flow in state:
            node = self._net.nodes[self._net.targets[flow]]
            waiting[node.id] = [found for found in node.inputs if found not in state]
        return waiting

    def _waits_for_another(self, missing: list[int], waiting: dict[str, list[int]]) -> bool:
        """Whether another join that is stuck holds up all of these flows, so is the cause."""
        for flow in missing:
            seen: set[str] = set()
            pending = [self._net.sources[flow]]
            while pending:
                node = self._net.nodes.get(pending.pop())
                if node is None or node.id in seen:
                    continue
                seen.add(node.id)
                if node.id in waiting and self._net.targets[flow] != node.id:
                    return not self._mutual(node.id, self._net.targets[flow])
                pending.extend(self._net.sources[found] for found in node.inputs)
        return False

    def _mutual(self, one: str, other: str) -> bool:
        """Whether a token that leaves ``other`` can come to ``one``: they wait for each other."""
        seen: set[str] = set()
        pending = [other]
        while pending:
            node = self._net.nodes[pending.pop()]
            if node.id == one:
                return True
            if node.id not in seen:
                seen.add(node.id)
                pending.extend(self._net.targets[f] for bundle in node.bundles for f in bundle)
        return False

    def _drawn_into(self, flow: int) -> str:
        """The sequence flow by which a flow of the net ends at its target."""
        net = self._net
        ends = [net.drawn[old] for old, new in net.same_as.items() if self._stands_for(old) == flow]
        target = net.targets[flow]
        flows = self._process.flows
        for drawn in (net.drawn[flow], *ends):
            if drawn and flows[drawn].target == target:
                return drawn
        return ""

    def _stands_for(self, flow: int) -> int:
        while flow in self._net.same_as:
            flow = self._net.same_as[flow]
        return flow

    def _path(self, state: State) -> tuple[str, ...]:
        space, net = self._space, self._net
        steps = space.way_to(state)
        first = state
        while (came := space.before[first]) is not None:
            first = came[0]
        path = [element for flow in first for element in net.passed[flow]]
        for node_id, bundle in steps:
            if not path or path[-1] != node_id:
                path.append(node_id)
            for flow in sorted(bundle):
                path.extend(net.passed[flow])
        return tuple(path)

    def _endless(self, states: list[State]) -> Iterator[Endless]:
        """Every set of states that a token goes round in and cannot leave."""
        left = dict.fromkeys(states)
        named: set[str] = set()
        while left:
            trap = self._trap(next(iter(left)))
            elements = dict.fromkeys(
                element
                for state in trap
                for flow in state
                for element in (*self._net.passed[flow], self._net.targets[flow])
            )
            inside = tuple(filter(self._comes_back, elements)) or tuple(elements)
            if inside[0] not in named:
                named.update(inside)
                first = next(state for state in self._space.before if state in trap)
                yield Endless(inside[0], inside, self._path(first))
            for state in self._back_from(trap):
                left.pop(state, None)

    def _trap(self, state: State) -> set[State]:
        """States that can be reached from one, and that all reach each other."""
        while True:
            region = self._region(state)
            back = self._back_from({state})
            beyond = next((found for found in region if found not in back), None)
            if beyond is None:
                return set(region)
            state = beyond

    def _region(self, first: State) -> list[State]:
        seen = dict.fromkeys([first])
        pending = [first]
        while pending:
            for reached in self._space.after.get(pending.pop(), ()):
                if reached not in seen:
                    seen[reached] = None
                    pending.append(reached)
        return list(seen)

    def _comes_back(self, element_id: str) -> bool:
        """Whether the flows that are drawn lead from an element back to itself."""
        elements, flows = self._process.elements, self._process.flows
        seen: set[str] = set()
        pending = [element_id]
        while pending:
            for flow in elements[pending.pop()].outgoing:
                target = flows[flow].target
                if target == element_id:
                    return True
                if target not in seen:
                    seen.add(target)
                    pending.append(target)
        return False

    def _doubled(self) -> list[Doubled]:
        found: dict[str, Doubled] = {}
        for flow, state in self._space.crowded.items():
            merge = self._merge_before(flow)
            if merge is not None and merge not in found and self._meet_at(merge):
                found[merge] = Doubled(merge, self._path(state))
        return list(found.values())

    def _merge_before(self, flow: int) -> str | None:
        """The element with several ways in that lets tokens onto a flow one by one."""
        seen: set[int] = set()
        while flow not in seen:
            seen.add(flow)
            node = self._net.nodes.get(self._net.sources[flow])
            if node is None:
                return None
            if len(node.inputs) > 1:
                return node.id if node.join is Join.ANY else None
            flow = node.inputs[0]
        return None

    def _meet_at(self, merge: str) -> bool:
        """Whether a token ever passes a merge while another one is still on its way there."""
        coming = self._leading_to(merge)
        inputs = frozenset(self._net.nodes[merge].inputs)
        return any(
            not inputs.isdisjoint(state) and sum(flow in coming for flow in state) > 1
            for state in self._space.before
        )

    def _leading_to(self, merge: str) -> frozenset[int]:
        """The flows from which a token can come to a node."""
        found: set[int] = set()
        seen: set[str] = set()
        pending = [merge]
        while pending:
            node = self._net.nodes.get(pending.pop())
            if node is None or node.id in seen:
                continue
            seen.add(node.id)
            found.update(node.inputs)
            pending.extend(self._net.sources[flow] for flow in node.inputs)
        return frozenset(found)

    def _dead(self) -> list[str]:
        net, space = self._net, self._space
        alive = set(space.fired)
        for flow in net.targets:
            if self._stands_for(flow) in space.filled:
                alive.update(net.passed[flow])
                if net.targets[flow] not in net.nodes:
                    alive.add(net.targets[flow])
        return [
            element.id
            for element in self._process.children(self._scope_id)
            if element.id not in alive
            and not element.triggered_by_event
            and not element.is_compensation
            and not (
                element.event is not None
                and element.event.trigger is Trigger.COMPENSATION
                and element.attached_to
            )
            and (element.incoming or element.attached_to)
        ]
