"""Nodes in layers from left to right, with few crossings: after Sugiyama, Tagawa and Toda (1981).

Flows that go back are left out of the layers. A long flow gets a place in every layer that it
passes, so that it is drawn around what stands there.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

Edge = tuple[str, str]

_SWEEPS: Final = 6
_MOST_PLACES: Final = 6_000
"""Places that long flows may take in all; in larger diagrams they are drawn straight."""
_LARGE: Final = 2_000
"""From so many nodes and places on, fewer sweeps are made: nobody sees the difference."""


@dataclass(slots=True)
class Layers:
    """Nodes, and places of long edges, by layer and from top to bottom.

    Attributes:
        layer: number of the layer by name; a place of an edge is named ``(edge, layer)``.
        rows: the names in each layer, in order.
        chains: for each forward edge the names that it passes, its ends included.
        back: the edges that go back.
    """

    layer: dict[str, int] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)
    chains: dict[int, list[str]] = field(default_factory=dict)
    back: list[int] = field(default_factory=list)


def in_layers(nodes: Sequence[str], edges: Sequence[Edge], bands: Mapping[str, int]) -> Layers:
    """Divide nodes over layers and order each layer; ``bands`` keeps nodes of a lane together."""
    back = _going_back(nodes, edges)
    forward = [number for number in range(len(edges)) if number not in back]
    layer = _longest_ways(nodes, [edges[number] for number in forward])
    found = Layers(layer=layer, back=sorted(back))
    found.rows = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for node in nodes:
        found.rows[layer[node]].append(node)
    band = dict(bands)
    ways_out = Counter(edges[number][0] for number in forward)
    spent = 0
    for number in forward:
        source, target = edges[number]
        chain = [source]
        spent += max(0, layer[target] - layer[source] - 1)
        if spent <= _MOST_PLACES:
            for passed in range(layer[source] + 1, layer[target]):
                name = f"\0{number}/{passed}"
                found.layer[name] = passed
                found.rows[passed].append(name)
                band[name] = bands.get(target if ways_out[source] > 1 else source, 0)
                chain.append(name)
        found.chains[number] = [*chain, target]
    _order(found, band)
    return found


def sweeps_for(found: Layers) -> int:
    """How often to go to and fro."""
    return _SWEEPS if len(found.layer) < _LARGE else 2


def is_place(name: str) -> bool:
    """Whether a name stands for a place of a long edge, not for a node."""
    return name.startswith("\0")


def _going_back(nodes: Sequence[str], edges: Sequence[Edge]) -> set[int]:
    """Edges to a node that is still open in a search in depth, beginning where nothing comes in."""
    onward: dict[str, list[int]] = {node: [] for node in nodes}
    comes_in = {target for source, target in edges if source != target}
    for number, (source, _target) in enumerate(edges):
        onward[source].append(number)
    state: dict[str, int] = {}
    back: set[int] = set()
    first = [node for node in nodes if node not in comes_in]
    for start in (*first, *nodes):
        if start in state:
            continue
        state[start] = 1
        pending = [(start, iter(onward[start]))]
        while pending:
            node, rest = pending[-1]
            number = next(rest, -1)
            if number < 0:
                state[node] = 2
                pending.pop()
                continue
            target = edges[number][1]
            if state.get(target) == 1:
                back.add(number)
            elif target not in state:
                state[target] = 1
                pending.append((target, iter(onward[target])))
    return back


def _longest_ways(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    layer = dict.fromkeys(nodes, 0)
    waits = dict.fromkeys(nodes, 0)
    onward: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in edges:
        waits[target] += 1
        onward[source].append(target)
    ready = deque(node for node in nodes if not waits[node])
    while ready:
        node = ready.popleft()
        for target in onward[node]:
            layer[target] = max(layer[target], layer[node] + 1)
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    return layer


def _order(found: Layers, band: Mapping[str, int]) -> None:
    """Let each node stand at the average place of its neighbours, sweeping to and fro."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for chain in found.chains.values():
        for one, other in pairwise(chain):
            after.setdefault(one, []).append(other)
            before.setdefault(other, []).append(one)
    place: dict[str, float] = {}
    for row in found.rows:
        row.sort(key=lambda name: band.get(name, 0))
        _number(row, place)
    best, least = [list(row) for row in found.rows], _crossings(found.rows, after, place)
    for sweep in range(sweeps_for(found)):
        neighbours = before if sweep % 2 == 0 else after
        rows: Iterable[list[str]] = found.rows if sweep % 2 == 0 else reversed(found.rows)
        for row in rows:
            wish = {name: _average(neighbours.get(name, ()), place, place[name]) for name in row}
            row.sort(key=lambda name: (band.get(name, 0), wish[name]))
            _number(row, place)
        count = _crossings(found.rows, after, place)
        if count < least:
            best, least = [list(row) for row in found.rows], count
    found.rows = best


def _number(row: Sequence[str], place: dict[str, float]) -> None:
    middle = (len(row) - 1) / 2
    for number, name in enumerate(row):
        place[name] = number - middle


def _average(names: Sequence[str], place: Mapping[str, float], own: float) -> float:
    return sum(place[name] for name in names) / len(names) if names else own


def _crossings(
    rows: Sequence[Sequence[str]], after: Mapping[str, Sequence[str]], place: Mapping[str, float]
) -> int:
    count = 0
    for row in rows:
        ends = [end for name in row for end in sorted(place[one] for one in after.get(name, ()))]
        count += _inversions(ends[:2_000])
    return count


def _inversions(numbers: Sequence[float]) -> int:
    if len(numbers) < 2:
        return 0
    ranks = {value: rank + 1 for rank, value in enumerate(sorted(set(numbers)))}
    tree = [0] * (len(ranks) + 1)
    count = 0
    for seen, value in enumerate(numbers):
        rank, smaller = ranks[value], 0
        while rank:
            smaller += tree[rank]
            rank -= rank & -rank
        count += seen - smaller
        rank = ranks[value]
        while rank < len(tree):
            tree[rank] += 1
            rank += rank & -rank
    return count
