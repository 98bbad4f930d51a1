"""From layers to coordinates, and lines with right angles between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Final

from engine.definitions.layout.layering import Edge, Layers, in_layers, is_place, sweeps_for
from engine.definitions.layout.shapes import Box, Picture, Point

_COLUMN: Final = 50.0
_ROW: Final = 34.0
_TRACK: Final = 14.0
_LABEL: Final = 24.0
_SLIGHT: Final = 14.0
"""A long line goes straight on when its next place is so little higher or lower."""
_PLACE: Final = 10.0
"""Height of a line that passes between nodes."""


def placed(
    boxes: Mapping[str, Box],
    edges: Mapping[str, Edge],
    bands: Mapping[str, int],
    borders: Mapping[str, str],
    labelled: Collection[str] = (),
) -> Picture:
    """Coordinates for the boxes and lines of one scope.

    ``borders`` are boundary events by their host: a flow out of one leaves from its lower side.
    ``labelled`` have their name under them.
    """
    inside = [name for name in boxes if name not in borders]
    keys = [
        key
        for key, (source, target) in edges.items()
        if borders.get(source, source) in boxes and target in boxes
    ]
    ends = [(borders.get(edges[key][0], edges[key][0]), edges[key][1]) for key in keys]
    ends = [(source, borders.get(target, target)) for source, target in ends]
    layers = in_layers(inside, ends, bands)
    hosts = set(borders.values())
    heights = {
        name: _PLACE
        if is_place(name)
        else boxes[name].height + 18 * (name in hosts) + _LABEL * (name in labelled)
        for row in layers.rows
        for name in row
    }
    middles = _heights(layers, heights, bands, _falling(keys, ends, edges, borders))
    gaps = _channels(layers, middles)
    picture = Picture()
    _columns(layers, boxes, middles, gaps, picture)
    _on_borders(boxes, borders, picture)
    for number, key in enumerate(keys):
        if number in layers.chains:
            source = edges[key][0]
            picture.lines[key] = _forward(
                number, layers, picture, middles, gaps, source if source in borders else ""
            )
    _backward([(keys[n], edges[keys[n]]) for n in layers.back], picture)
    return picture


def _falling(
    keys: Sequence[str],
    ends: Sequence[Edge],
    edges: Mapping[str, Edge],
    borders: Mapping[str, str],
) -> dict[int, str]:
    """Edges that leave from the lower side of their source, by number."""
    return {n: ends[n][0] for n, key in enumerate(keys) if edges[key][0] in borders}


def _heights(
    layers: Layers,
    heights: Mapping[str, float],
    bands: Mapping[str, int],
    falling: Mapping[int, str],
) -> dict[str, float]:
    """The middle of each name: as straight as its neighbours allow, band under band."""
    before: dict[str, list[tuple[str, float]]] = {}
    after: dict[str, list[tuple[str, float]]] = {}
    for number, chain in layers.chains.items():
        for step, (one, other) in enumerate(pairwise(chain)):
            lower = heights[one] / 2 + 50 if number in falling and step == 0 else 0.0
            after.setdefault(one, []).append((other, -lower))
            before.setdefault(other, []).append((one, lower))
    band = _bands_of(layers, bands)
    middles: dict[str, float] = {}
    top = 0.0
    for wanted in sorted(set(band.values())):
        rows = [[name for name in row if band[name] == wanted] for row in layers.rows]
        own = _straight(rows, heights, before, after, sweeps_for(layers))
        if own:
            least = min(own[name] - heights[name] / 2 for name in own)
            middles |= {name: value - least + top for name, value in own.items()}
            top = max(middles[name] + heights[name] / 2 for name in own) + 2 * _ROW
    return middles


def _bands_of(layers: Layers, bands: Mapping[str, int]) -> dict[str, int]:
    found = {name: bands.get(name, 0) for row in layers.rows for name in row}
    for chain in layers.chains.values():
        for name in chain[1:-1]:
            found[name] = bands.get(chain[-1], 0)
    return found


def _straight(
    rows: Sequence[Sequence[str]],
    heights: Mapping[str, float],
    before: Mapping[str, Sequence[tuple[str, float]]],
    after: Mapping[str, Sequence[tuple[str, float]]],
    sweeps: int,
) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        at = 0.0
        for name in row:
            found[name] = at + heights[name] / 2
            at += heights[name] + _ROW
    for sweep in range(sweeps):
        neighbours = before if sweep % 2 == 0 else after
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wishes = []
            for name in row:
                near = [found[o] + lower for o, lower in neighbours.get(name, ()) if o in found]
                near.sort()
                wishes.append(_median(near) if near else found[name])
            weights = [8.0 if is_place(name) else 1.0 for name in row]
            found.update(zip(row, _apart(row, wishes, weights, heights), strict=True))
    return found


def _median(values: Sequence[float]) -> float:
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _apart(
    row: Sequence[str],
    wishes: Sequence[float],
    weights: Sequence[float],
    heights: Mapping[str, float],
) -> list[float]:
    """The places nearest to the wishes that keep order and distance (isotonic regression)."""
    offsets, at = [], 0.0
    for number, name in enumerate(row):
        if number:
            at += (heights[row[number - 1]] + heights[name]) / 2 + _ROW
        offsets.append(at)
    blocks: list[list[float]] = []  # weighted sum, weight, how many
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        blocks.append([(wish - offset) * weight, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            for part, value in enumerate(last):
                blocks[-1][part] += value
    found = []
    for total, weight, count in blocks:
        found.extend([total / weight] * int(count))
    return [value + offset for value, offset in zip(found, offsets, strict=True)]


class _Gaps:
    """The space between two layers: which track each source's lines turn on."""

    def __init__(self, count: int) -> None:
        self.tracks: list[dict[str, int]] = [{} for _ in range(count)]
        self.left: list[float] = [0.0] * count

    def width(self, layer: int) -> float:
        return _COLUMN + _TRACK * max(0, len(self.tracks[layer]) - 1)

    def turn(self, layer: int, source: str) -> float:
        return self.left[layer] + 24 + _TRACK * self.tracks[layer].get(source, 0)


def _channels(layers: Layers, middles: Mapping[str, float]) -> _Gaps:
    gaps = _Gaps(len(layers.rows))
    turning: list[dict[str, float]] = [{} for _ in layers.rows]
    for chain in layers.chains.values():
        for one, other in pairwise(chain):
            if abs(middles[one] - middles[other]) >= 1:
                turning[layers.layer[one]].setdefault(one, middles[other] - middles[one])
    for layer, found in enumerate(turning):
        # what goes down turns the later the higher it starts, so that lines do not cross
        order = sorted(found, key=lambda name: (found[name] > 0, middles[name]))
        ups = [name for name in order if found[name] <= 0]
        downs = [name for name in order if found[name] > 0]
        gaps.tracks[layer] = {name: n for n, name in enumerate((*ups, *reversed(downs)))}
    return gaps


def _columns(
    layers: Layers,
    boxes: Mapping[str, Box],
    middles: Mapping[str, float],
    gaps: _Gaps,
    picture: Picture,
) -> None:
    at = 0.0
    for layer, row in enumerate(layers.rows):
        nodes = [name for name in row if not is_place(name)]
        wide = max((boxes[name].width for name in nodes), default=20.0)
        for name in nodes:
            box = boxes[name]
            box.x = at + (wide - box.width) / 2
            box.y = middles[name] - box.height / 2
            picture.boxes[name] = box
        gaps.left[layer] = at + wide
        at += wide + gaps.width(layer)


def _on_borders(boxes: Mapping[str, Box], borders: Mapping[str, str], picture: Picture) -> None:
    count: dict[str, int] = {}
    all_on = Counter(borders.values())
    for name, host in borders.items():
        if host not in picture.boxes or name not in boxes:
            continue
        on, event = picture.boxes[host], boxes[name]
        number = count[host] = count.get(host, 0) + 1
        step = min(46.0, max(20.0, (on.width - 20) / all_on[host]))
        event.x = on.right - number * step - 4
        event.y = on.bottom - event.height / 2
        picture.boxes[name] = event


def _forward(
    number: int,
    layers: Layers,
    picture: Picture,
    middles: Mapping[str, float],
    gaps: _Gaps,
    event: str,
) -> list[Point]:
    chain = layers.chains[number]
    target = picture.boxes[chain[-1]]
    if event:
        border = picture.boxes[event]
        fall = max(middles[chain[1]], border.bottom + 14)
        points = [(border.middle[0], border.bottom), (border.middle[0], fall)]
    else:
        source = picture.boxes[chain[0]]
        points = [(source.right, source.middle[1])]
    for one, other in pairwise(chain):
        _x, y = points[-1]
        aim = target.middle[1] if other == chain[-1] else middles[other]
        if abs(aim - y) >= (_SLIGHT if is_place(other) else 1):
            turn = gaps.turn(layers.layer[one], one)
            points += [(turn, y), (turn, aim)]
        if other == chain[-1]:
            points.append((target.x, aim))
    return _without_idle(points)


def _without_idle(points: Sequence[Point]) -> list[Point]:
    """The points at which a line turns, and its ends."""
    found: list[Point] = []
    for point in points:
        if found and abs(found[-1][0] - point[0]) < 0.5 and abs(found[-1][1] - point[1]) < 0.5:
            continue
        if len(found) > 1:
            (ax, ay), (bx, by) = found[-2], found[-1]
            straight_x = abs(ax - bx) < 0.5 and abs(bx - point[0]) < 0.5
            straight_y = abs(ay - by) < 0.5 and abs(by - point[1]) < 0.5
            if straight_x or straight_y:
                found.pop()
        found.append(point)
    return found


def _backward(edges: Sequence[tuple[str, Edge]], picture: Picture) -> None:
    """Flows that go back run over or under everything, each on a track of its own."""
    around = picture.bounds()
    over, under = around.y, around.bottom
    for key, (source_id, target_id) in edges:
        source, target = picture.boxes[source_id], picture.boxes[target_id]
        (sx, sy), (tx, ty) = source.middle, target.middle
        if source_id == target_id:
            tx += source.width / 4
            sx -= source.width / 4
        if (sy + ty) / 2 - around.y <= around.bottom - (sy + ty) / 2:
            over -= 22
            picture.lines[key] = [(sx, source.y), (sx, over), (tx, over), (tx, target.y)]
        else:
            under += 22
            picture.lines[key] = [
                (sx, source.bottom), (sx, under), (tx, under), (tx, target.bottom)
            ]  # fmt: skip
