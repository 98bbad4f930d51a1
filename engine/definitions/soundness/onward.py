"""Whether what stands somewhere in a scope can still come to its end: for a person's own moves.

The same token game as :mod:`.search`, from any place. Data is not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from engine.definitions.model import Element, Process
from engine.definitions.soundness.net import Join, Net, Node, net_of
from engine.definitions.soundness.scopes import may_catch
from engine.definitions.soundness.search import END, FAILED, State, explore

MOST_STATES: Final = 2_000
MOST_STEPS: Final = 8_000
"""Fewer than for a diagram as a whole: it is asked again for every place somebody may choose."""


@dataclass(frozen=True, slots=True)
class Onward:
    """What can become of tokens.

    Attributes:
        stuck: joins that can come to wait for a token that never comes, in a fixed order.
        sure: every state was looked at.
    """

    stuck: tuple[str, ...]
    sure: bool


def onward(process: Process, scope_id: str, at: Sequence[str], arrived: Collection[str]) -> Onward:
    """Judge tokens that stand ``at`` elements of a scope and ones that wait at joins.

    ``arrived`` are the flows by which the latter came. Elements that no flow leads to or from
    (event sub-processes, what undoes others) are left out.
    """
    net = net_of(process, scope_id, _completes, lambda *pair: may_catch(process, *pair))
    first = [_inside(net, element_id) for element_id in at if element_id in net.nodes]
    numbers = {drawn: number for number, drawn in net.drawn.items() if drawn}
    first += [numbers[flow] for flow in arrived if flow in numbers]
    net.starts = {"": frozenset(first)}
    space = explore(net, MOST_STATES, MOST_STEPS, deep=True)
    stuck = {
        net.targets[flow]
        for state, following in space.after.items()
        if not following and _waits(state)
        for flow in state
    }
    return Onward(tuple(sorted(stuck)), space.complete)


def _waits(state: State) -> bool:
    return state not in (END, FAILED)


def _inside(net: Net, element_id: str) -> int:
    """A flow that leads to what the element does when its work is done."""
    node = net.nodes[element_id]
    number = net.add_flow("", f"{element_id} {len(net.targets)}")
    inside = Node(
        net.targets[number], Join.ANY, [number], list(node.bundles), node.clears, node.fails
    )
    net.nodes[inside.id] = inside
    return number


def _completes(element: Element) -> bool:
    return True
