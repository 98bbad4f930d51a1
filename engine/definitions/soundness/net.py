"""The control flow of one scope as a net: nodes that take tokens from flows and put them on flows.

What a node may do is a choice among *bundles*: sets of flows that it fills together. An exclusive
gateway has a bundle for each flow, a parallel gateway one bundle of all, a task with a boundary
event one for each way out. Data is not looked at: every choice is possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import combinations
from typing import Final

from engine.definitions.model import Element, Kind, Process, Trigger

Bundle = frozenset[int]

_NOTHING: Final = frozenset[int]()
_ALL_SUBSETS: Final = 6
"""Up to so many flows every subset is tried; of more only one each, and all."""


class Join(Enum):
    """How many of the flows into a node must hold a token before it does something."""

    ANY = "any"
    ALL = "all"
    INCLUSIVE = "inclusive"


@dataclass(slots=True)
class Node:
    """A node of the net.

    Attributes:
        clears: it takes away every other token of the scope (a terminate, a thrown error).
        fails: it ends the scope in another way than by completing it (a thrown error).
    """

    id: str
    join: Join
    inputs: list[int] = field(default_factory=list)
    bundles: list[Bundle] = field(default_factory=list)
    clears: bool = False
    fails: bool = False


@dataclass(slots=True)
class Net:
    """A scope's nodes by id, and where each flow leads.

    Attributes:
        targets: node id by flow.
        sources: node id by flow.
        passed: elements that a token on a flow has come through since the flow's source.
        starts: the flows filled at the beginning, for each way to begin.
        from_boundary: flows that leave their source by a boundary event.
        same_as: flows that were left out, and the flow that stands for them.
        drawn: the id of the sequence flow by flow, where there is one.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    targets: dict[int, str] = field(default_factory=dict)
    sources: dict[int, str] = field(default_factory=dict)
    passed: dict[int, tuple[str, ...]] = field(default_factory=dict)
    starts: dict[str, Bundle] = field(default_factory=dict)
    from_boundary: set[int] = field(default_factory=set)
    same_as: dict[int, int] = field(default_factory=dict)
    drawn: dict[int, str] = field(default_factory=dict)

    def add_flow(self, source: str, target: str, drawn: str = "") -> int:
        """A new flow."""
        number = len(self.targets)
        self.targets[number], self.sources[number] = target, source
        self.passed[number] = ()
        self.drawn[number] = drawn
        return number


Completes = Callable[[Element], bool]
"""Whether a sub-process can come to its end by itself."""
Catches = Callable[[Element, Element], bool]
"""Whether a boundary event of a host can ever be reached."""


def net_of(process: Process, scope_id: str, completes: Completes, catches: Catches) -> Net:
    """The net of what stands directly in a process or sub-process."""
    return _Builder(process, scope_id, completes, catches).net()


class _Builder:
    def __init__(
        self, process: Process, scope_id: str, completes: Completes, catches: Catches
    ) -> None:
        self._process = process
        self._completes = completes
        self._catches = catches
        self._inside = {
            element.id: element
            for element in process.children(scope_id)
            if not element.triggered_by_event and not element.is_compensation
        }
        self._boundaries: dict[str, list[Element]] = {}
        for element in self._inside.values():
            if element.attached_to:
                self._boundaries.setdefault(element.attached_to, []).append(element)
        self._net = Net()
        self._flows: dict[str, int] = {}

    def net(self) -> Net:
        net = self._net
        for element in self._inside.values():
            net.nodes[element.id] = Node(element.id, _join_of(element))
        for flow in self._process.flows.values():
            if flow.source in self._inside and flow.target in self._inside:
                self._flows[flow.id] = net.add_flow(flow.source, flow.target, flow.id)
        for element in self._inside.values():
            node = net.nodes[element.id]
            event = element.event
            if event is not None and element.kind is Kind.END_EVENT:
                thrown = {one.trigger for one in event.each}
                node.fails = bool(thrown & {Trigger.ERROR, Trigger.CANCEL})
                node.clears = node.fails or Trigger.TERMINATE in thrown
            node.bundles = list(dict.fromkeys(self._bundles(element)))
            if element.kind is Kind.START_EVENT:
                net.starts[element.id] = frozenset({net.add_flow("", element.id)})
        for number, target in net.targets.items():
            net.nodes[target].inputs.append(number)
        return net

    def _bundles(self, element: Element) -> Iterator[Bundle]:
        ways = list(self._onward(element))
        if element.kind in (Kind.SUB_PROCESS, Kind.TRANSACTION) and not self._completes(element):
            ways = []
        alongside: list[int] = []
        for boundary in self._boundaries.get(element.id, ()):
            if _undoes(boundary) or not self._catches(element, boundary):
                continue
            out = self._net.add_flow(element.id, boundary.id)
            self._net.from_boundary.add(out)
            if boundary.interrupting:
                ways.append(frozenset({out}))
            else:
                alongside.append(out)
        for way in ways:
            for more in _subsets(alongside):
                yield way | more
        if not ways:  # it always throws, and nothing catches that here
            failing = Node(f"{element.id}!", Join.ANY, clears=True, fails=True)
            self._net.nodes[failing.id] = failing
            thrown = frozenset({self._net.add_flow(element.id, failing.id)})
            yield from (thrown | more for more in _subsets(alongside))

    def _onward(self, element: Element) -> Iterator[Bundle]:
        """The ways out that are drawn as flows, and the jump of a link."""
        if element.kind is Kind.END_EVENT:
            yield _NOTHING
            return
        event = element.event
        if event is not None and element.kind is Kind.THROW_EVENT and event.trigger is Trigger.LINK:
            for target in self._inside.values():
                if _catches_link(target, event.name):
                    yield frozenset({self._net.add_flow(element.id, target.id)})
                    return
        out = [self._flows[flow] for flow in element.outgoing if flow in self._flows]
        if not out:
            yield _NOTHING
        elif element.kind in (Kind.EXCLUSIVE_GATEWAY, Kind.EVENT_BASED_GATEWAY):
            yield from (frozenset({flow}) for flow in out)
        elif element.kind in (Kind.PARALLEL_GATEWAY, Kind.COMPLEX_GATEWAY):
            yield frozenset(out)
        else:
            yield from self._by_conditions(element, out)

    def _by_conditions(self, element: Element, out: list[int]) -> Iterator[Bundle]:
        """Every flow without condition, with those whose condition holds, else the default."""
        flows = self._process.flows
        default = self._flows.get(element.default_flow or "")
        maybe = [
            flow
            for flow in out
            if flow != default
            and (
                flows[self._net.drawn[flow]].condition is not None
                or element.kind is Kind.INCLUSIVE_GATEWAY
            )
        ]
        if element.kind is Kind.INCLUSIVE_GATEWAY and len(out) == 1:
            maybe = []
        always = frozenset(out) - frozenset(maybe) - {default}
        for chosen in _subsets(maybe):
            if chosen:
                yield always | chosen
        if default is not None:
            yield always | {default}
        elif always or not maybe:
            yield always


def _join_of(element: Element) -> Join:
    if element.kind is Kind.PARALLEL_GATEWAY:
        return Join.ALL
    return Join.INCLUSIVE if element.kind is Kind.INCLUSIVE_GATEWAY else Join.ANY


def _undoes(boundary: Element) -> bool:
    return boundary.event is not None and boundary.event.trigger is Trigger.COMPENSATION


def _catches_link(element: Element, name: str | None) -> bool:
    event = element.event
    return (
        element.kind is Kind.CATCH_EVENT
        and event is not None
        and event.trigger is Trigger.LINK
        and event.name == name
    )


def _subsets(flows: list[int]) -> Iterator[Bundle]:
    yield _NOTHING
    if len(flows) > _ALL_SUBSETS:
        yield from (frozenset({flow}) for flow in flows)
        yield frozenset(flows)
        return
    for size in range(1, len(flows) + 1):
        yield from map(frozenset, combinations(flows, size))
