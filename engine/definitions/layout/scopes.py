"""A process and its sub-processes as pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from lxml import etree

from engine.definitions.layout.layering import Edge
from engine.definitions.layout.placing import placed
from engine.definitions.layout.shapes import Box, Picture, connected, size_of
from engine.definitions.model import Kind
from engine.definitions.reading.xml import (
    BPMN,
    Node,
    child,
    children,
    is_true,
    local_id,
    tag_of,
    text_of,
)

_ELEMENTS: Final = frozenset(map(str, Kind))
SCOPES: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
_BESIDE: Final = ("textAnnotation", "dataObjectReference", "dataStoreReference")
PAD: Final = 30.0
APART: Final = 60.0
_DEEPEST: Final = 130
"""Sub-processes drawn inside each other; deeper ones stay closed."""


def picture_of(scope: Node, depth: int = 0) -> Picture:
    """What stands directly in a process or sub-process, and below."""
    nodes = {n.get("id", ""): n for n in scope.iterchildren(etree.Element) if is_element(n)}
    inner = {
        key: _inside(picture_of(node, depth + 1))
        for key, node in nodes.items()
        if tag_of(node) in SCOPES and depth < _DEEPEST and any(map(is_element, node))
    }
    boxes = {key: Box(*size_of(node)) for key, node in nodes.items()}
    for key, picture in inner.items():
        around = picture.bounds()
        boxes[key] = Box(max(140.0, around.right + PAD), max(100.0, around.bottom + PAD))
    edges = {
        flow.get("id", ""): (local_id(flow.get("sourceRef")), local_id(flow.get("targetRef")))
        for flow in children(scope, "sequenceFlow")
    }
    borders = {
        key: local_id(node.get("attachedToRef"))
        for key, node in nodes.items()
        if local_id(node.get("attachedToRef")) in nodes
        and local_id(nodes[local_id(node.get("attachedToRef"))].get("attachedToRef")) not in nodes
    }
    bands = _bands(scope, nodes)
    whole = _together(boxes, edges, bands, borders, nodes)
    for key, picture in inner.items():
        box = whole.boxes[key]
        whole.add(picture.moved(box.x, box.y))
        whole.expanded.add(key)
    _beside(scope, whole)
    return whole


def is_element(node: Node) -> bool:
    """Whether it is a flow node with an id."""
    return tag_of(node) in _ELEMENTS and bool(node.get("id"))


def _inside(picture: Picture) -> Picture:
    around = picture.bounds()
    return picture.moved(PAD - around.x, PAD + 10 - around.y)


def _together(
    boxes: dict[str, Box],
    edges: dict[str, Edge],
    bands: dict[str, int],
    borders: dict[str, str],
    nodes: dict[str, Node],
) -> Picture:
    """Parts that no flow connects come under each other; with lanes all are laid out at once."""
    if bands:
        return placed(boxes, edges, bands, borders, _labels(nodes))
    whole = Picture()
    top = 0.0
    parts = _parts(boxes, edges, borders, nodes)
    number = {name: at for at, names in enumerate(parts) for name in names}
    inside: list[dict[str, Edge]] = [{} for _part in parts]
    for key, edge in edges.items():
        if edge[0] in number:
            inside[number[edge[0]]][key] = edge
    labels = _labels(nodes)
    for at, names in enumerate(parts):
        events = {name: borders[name] for name in names if name in borders}
        part = placed({name: boxes[name] for name in names}, inside[at], {}, events, labels)
        around = part.bounds()
        whole.add(part.moved(-around.x, top - around.y))
        top += around.height + APART
    return whole


def _parts(
    boxes: dict[str, Box], edges: dict[str, Edge], borders: dict[str, str], nodes: dict[str, Node]
) -> list[list[str]]:
    """What flows connect, each part in the order of the file; what stands aside comes last."""
    near: dict[str, list[str]] = {name: [] for name in boxes}
    for one, other in (*edges.values(), *borders.items()):
        if one in near and other in near:
            near[one].append(other)
            near[other].append(one)
    found: list[list[str]] = []
    order = {name: at for at, name in enumerate(boxes)}
    seen: set[str] = set()
    for name in boxes:
        if name in seen:
            continue
        part, pending = {name}, [name]
        while pending:
            for other in near[pending.pop()]:
                if other not in part:
                    part.add(other)
                    pending.append(other)
        seen |= part
        found.append(sorted(part, key=order.__getitem__))
    return sorted(found, key=lambda part: all(map(_is_aside, (nodes[name] for name in part))))


def _labels(nodes: dict[str, Node]) -> frozenset[str]:
    """What has its name under it, so that room is needed there."""
    return frozenset(
        key
        for key, node in nodes.items()
        if node.get("name") and tag_of(node).endswith(("Event", "Gateway"))
    )


def _is_aside(node: Node) -> bool:
    return is_true(node.get("triggeredByEvent")) or is_true(node.get("isForCompensation"))


def _bands(scope: Node, nodes: dict[str, Node]) -> dict[str, int]:
    """The number of each node's innermost lane, from above; what stands in none joins the first."""
    found: dict[str, int] = {}
    lanes = leaf_lanes(scope)
    for number, lane in enumerate(lanes):
        for reference in children(lane, "flowNodeRef"):
            found[local_id(text_of(reference))] = number
    for key, node in nodes.items():
        host = local_id(node.get("attachedToRef"))
        if host in found:
            found[key] = found[host]
    return {key: found.get(key, 0) for key in nodes} if found else {}


def leaf_lanes(scope: Node) -> list[Node]:
    """The lanes that hold no other lanes, from above."""
    found: list[Node] = []
    for lane_set in children(scope, "laneSet", "childLaneSet"):
        for lane in children(lane_set, "lane"):
            inner = leaf_lanes(lane)
            found.extend(inner or [lane])
    return found


def _beside(scope: Node, picture: Picture) -> None:
    """Texts above and data below what they belong to, and the lines to them."""
    around = picture.bounds()
    linked = _links(scope)
    free = {True: around.x, False: around.x}
    above = around.y - 90
    for tag in _BESIDE:
        is_text = tag == "textAnnotation"
        for node in children(scope, tag):
            box = Box(*size_of(node))
            near = next((o for o in _near(node, linked) if o in picture.boxes), None)
            wish = around.x if near is None else picture.boxes[near].x
            box.x = max(wish, free[is_text])
            box.y = above if is_text else around.bottom + 40
            free[is_text] = box.right + 40
            picture.boxes[node.get("id", "")] = box
    for key, (source, target) in linked.items():
        if source in picture.boxes and target in picture.boxes:
            picture.lines[key] = straight(picture.boxes[source], picture.boxes[target])


def _near(node: Node, linked: dict[str, Edge]) -> Iterable[str]:
    own = node.get("id", "")
    for source, target in linked.values():
        if own in (source, target):
            yield target if own == source else source


def _links(scope: Node) -> dict[str, Edge]:
    """Associations, and flows of data, by id."""
    found: dict[str, Edge] = {}
    for node in scope.iterchildren(etree.Element):
        if tag_of(node) == "association" and node.get("id"):
            ends = local_id(node.get("sourceRef")), local_id(node.get("targetRef"))
            found[node.get("id", "")] = ends
        for data in children(node, "dataInputAssociation", "dataOutputAssociation"):
            into = tag_of(data) == "dataInputAssociation"
            other = local_id(text_of(child(data, "sourceRef" if into else "targetRef")))
            ends = (other, node.get("id", "")) if into else (node.get("id", ""), other)
            if data.get("id"):
                found[data.get("id", "")] = ends
    return found


def straight(source: Box, target: Box) -> list[tuple[float, float]]:
    """A line between the nearest sides of two boxes, without turns."""
    turned = connected(source, target)
    return [turned[0], turned[-1]]


def processes_of(root: Node) -> Sequence[Node]:
    """The processes of a file."""
    return [node for node in root.iterchildren(f"{{{BPMN}}}process") if node.get("id")]
