"""Pools and lanes as pictures."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from engine.definitions.layout.scopes import APART, PAD, is_element, leaf_lanes, picture_of
from engine.definitions.layout.shapes import Box, Picture
from engine.definitions.reading.xml import Node, children, local_id, text_of

_HEADER: Final = 30.0


def pools_of(collaboration: Node, processes: dict[str, Node]) -> Picture:
    """The pools of a collaboration under each other, and what flows between them."""
    whole = Picture()
    pools = [pool for pool in children(collaboration, "participant") if pool.get("id")]
    drawn = [(pool, processes.get(local_id(pool.get("processRef")))) for pool in pools]
    inner = [(pool, _pool(pool, process)) for pool, process in drawn]
    widest = max(
        (picture.boxes[pool.get("id", "")].width for pool, picture in inner), default=600.0
    )
    top = 0.0
    for pool, picture in inner:
        own = pool.get("id", "")
        for name in picture.upright:
            picture.boxes[name].width = max(
                picture.boxes[name].width, widest - (0 if name == own else picture.boxes[name].x)
            )
        whole.add(picture.moved(0.0, top))
        top = picture.boxes[own].bottom + APART
    for flow in children(collaboration, "messageFlow"):
        ends = local_id(flow.get("sourceRef")), local_id(flow.get("targetRef"))
        if flow.get("id") and all(end in whole.boxes for end in ends):
            whole.lines[flow.get("id", "")] = _upright_line(*(whole.boxes[end] for end in ends))
    return whole


def _upright_line(source: Box, target: Box) -> list[tuple[float, float]]:
    """A message flow: straight down or up where one of both is wide enough."""
    if source.width > 200 >= target.width:
        return list(reversed(_upright_line(target, source)))
    sx, tx = source.middle[0], target.middle[0]
    end = sx if target.x <= sx <= target.right else tx
    down = target.y >= source.bottom
    begin, finish = (source.bottom, target.y) if down else (source.y, target.bottom)
    if abs(end - sx) < 1:
        return [(sx, begin), (sx, finish)]
    turn = (begin + finish) / 2
    return [(sx, begin), (sx, turn), (end, turn), (end, finish)]


def _pool(pool: Node, process: Node | None) -> Picture:
    own = pool.get("id", "")
    if process is None or not any(map(is_element, process)):
        return Picture({own: Box(600.0, 60.0)}, upright={own})
    picture = picture_of(process)
    lanes = leaf_lanes(process)
    around = picture.bounds()
    left = _HEADER * (_depth(process) + 1) + 20
    picture.moved(left - around.x, PAD - around.y)
    width = left + around.width + PAD
    height = around.height + 2 * PAD
    if lanes:
        height = max(height, 100.0 * len(lanes))
        _lanes(process, picture, width, height)
    picture.boxes = {own: Box(width, height), **picture.boxes}
    picture.upright.add(own)
    return picture


def _depth(scope: Node) -> int:
    return max(
        (
            1 + _depth(lane)
            for lane_set in children(scope, "laneSet", "childLaneSet")
            for lane in children(lane_set, "lane")
        ),
        default=0,
    )


def _lanes(process: Node, picture: Picture, width: float, height: float) -> None:
    """Lanes as rows between which the nodes of each stay."""
    leaves = leaf_lanes(process)
    tops = [0.0]
    for lane, following in pairwise(leaves):
        low = _edge(lane, picture, lowest=True)
        high = _edge(following, picture, lowest=False)
        if low is None or high is None:
            tops.append((low if low is not None else tops[-1]) + PAD * 2)
        else:
            tops.append((low + high) / 2)
    tops.append(height)
    rows = {}
    for number, lane in enumerate(leaves):
        rows[lane.get("id", "")] = (tops[number], max(tops[number] + 60, tops[number + 1]))
    boxes: dict[str, Box] = {}
    _lane_boxes(process, rows, boxes, 1, width)
    picture.boxes = {**boxes, **picture.boxes}
    picture.upright |= set(boxes)


def _edge(lane: Node, picture: Picture, *, lowest: bool) -> float | None:
    names = [local_id(text_of(one)) for one in children(lane, "flowNodeRef")]
    boxes = [picture.boxes[name] for name in names if name in picture.boxes]
    if not boxes:
        return None
    return max(b.bottom for b in boxes) if lowest else min(b.y for b in boxes)


def _lane_boxes(
    scope: Node,
    rows: dict[str, tuple[float, float]],
    boxes: dict[str, Box],
    depth: int,
    width: float,
) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for lane_set in children(scope, "laneSet", "childLaneSet"):
        for lane in children(lane_set, "lane"):
            own = lane.get("id", "")
            inner = [rows[own]] if own in rows else _lane_boxes(lane, rows, {}, depth + 1, width)
            top, bottom = min(i[0] for i in inner), max(i[1] for i in inner)
            left = _HEADER * depth
            boxes[own] = Box(width - left, bottom - top, left, top)
            if own not in rows:
                _lane_boxes(lane, rows, boxes, depth + 1, width)
            found.append((top, bottom))
    return found
