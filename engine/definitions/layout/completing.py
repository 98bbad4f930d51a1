"""What a file's drawing lacks, and how it comes into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.definitions.layout.interchange import (
    box_of,
    draw,
    ids_in,
    new_plane,
    planes_of,
    set_bounds,
    without_broken,
)
from engine.definitions.layout.pools import pools_of
from engine.definitions.layout.scopes import SCOPES, picture_of, processes_of
from engine.definitions.layout.shapes import Box, Picture, connected, size_of
from engine.definitions.model import Kind
from engine.definitions.reading.xml import BPMN, BPMNDI, Node, children, local_id, tag_of
from engine.definitions.reporting import Place

_ELEMENTS: Final = frozenset(map(str, Kind))
_GAP: Final = 50.0
_MOST_MISSING: Final = 300
"""Elements that are drawn beside what stands; of more the whole is drawn anew."""
_MOST_TRIES: Final = 60


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn: everything (``whole``), or what was missing."""

    whole: bool
    places: tuple[Place, ...]


def draw_missing(root: Node) -> Drawn:
    """Draw what the file does not draw itself. Shapes that cannot be drawn count as missing."""
    elements = [node for process in processes_of(root) for node in _elements(process)]
    without_broken(root)
    drawn = _drawn(root)
    if not elements:
        if not planes_of(root):
            _anew(root)
        return Drawn(False, ())
    if not any(node.get("id") in drawn for node in elements):
        _anew(root)
        return Drawn(True, tuple(_place(node) for node in elements if tag_of(node) in _ELEMENTS))
    _repoint_planes(root)
    missing = [node for node in elements if node.get("id") not in drawn]
    if not missing:
        return Drawn(False, ())
    if sum(tag_of(node) in _ELEMENTS for node in missing) > _MOST_MISSING:
        _anew(root)
        return Drawn(True, tuple(_place(node) for node in elements if tag_of(node) in _ELEMENTS))
    return Drawn(False, tuple(_Completion(root, missing).places()))


def _elements(process: Node) -> list[Node]:
    """Flow nodes and sequence flows with an id."""
    return [
        node
        for node in process.iter(f"{{{BPMN}}}*")
        if node.get("id") and (tag_of(node) in _ELEMENTS or tag_of(node) == "sequenceFlow")
    ]


def _drawn(root: Node) -> dict[str, Node]:
    return {
        local_id(shape.get("bpmnElement")): shape
        for plane in planes_of(root)
        for shape in plane.iterchildren(etree.Element)
    }


def _anew(root: Node) -> None:
    for diagram in list(root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram")):
        root.remove(diagram)
    processes = {process.get("id", ""): process for process in processes_of(root)}
    collaboration = next(children(root, "collaboration"), None)
    if collaboration is None and len(processes) > 1:
        collaboration = _pools_around(root, list(processes.values()))
    if collaboration is not None and collaboration.get("id"):
        _in_pools(collaboration, processes)
        plane = new_plane(root, collaboration.get("id", ""))
        draw(plane, pools_of(collaboration, processes), ids_in(root))
        return
    process = next(iter(processes.values()), None)
    if process is None:
        return
    picture = picture_of(process)
    around = picture.bounds()
    plane = new_plane(root, process.get("id", ""))
    draw(plane, picture.moved(160 - around.x, 100 - around.y), ids_in(root))


def _pools_around(root: Node, processes: list[Node]) -> Node:
    """Pools, without which only one of several processes can be looked at."""
    collaboration = etree.Element(f"{{{BPMN}}}collaboration")
    collaboration.set("id", "samenwerking")
    processes[0].addprevious(collaboration)
    return collaboration


def _in_pools(collaboration: Node, processes: dict[str, Node]) -> None:
    shown = {local_id(pool.get("processRef")) for pool in children(collaboration, "participant")}
    for key, process in processes.items():
        if key not in shown:
            pool = etree.SubElement(collaboration, f"{{{BPMN}}}participant")
            pool.set("id", f"{key}-poule")
            pool.set("name", process.get("name") or key)
            pool.set("processRef", key)


def _repoint_planes(root: Node) -> None:
    """A plane that says nothing, or something that is not there, shows what it draws."""
    ids = {node.get("id") for node in root.iter(f"{{{BPMN}}}*")}
    collaboration = next(children(root, "collaboration"), None)
    processes = processes_of(root)
    for plane in planes_of(root):
        if local_id(plane.get("bpmnElement")) in ids:
            continue
        shows = collaboration if collaboration is not None else processes[0]
        plane.set("bpmnElement", shows.get("id", ""))


def _place(node: Node) -> Place:
    return Place(node.get("id", ""), node.get("name", ""), node.sourceline or 0)


class _Completion:
    """Draws what is missing beside what is there."""

    def __init__(self, root: Node, missing: list[Node]) -> None:
        self._root = root
        self._missing = missing
        self._shapes = _drawn(root)
        self._taken = ids_in(root)
        self._boxes = {
            key: box for key, shape in self._shapes.items() if (box := box_of(shape)) is not None
        }

    def places(self) -> list[Place]:
        """Draw, and say what was drawn."""
        told: list[Place] = []
        closed = self._closed_scopes()
        for scope in closed:
            picture = picture_of(scope)
            around = picture.bounds()
            moved = picture.moved(160 - around.x, 100 - around.y)
            draw(new_plane(self._root, scope.get("id", "")), moved, self._taken)
            shape = self._shapes.get(scope.get("id", ""))
            if shape is not None:
                shape.set("isExpanded", "false")
            told.append(_place(scope))
        inside = {id_ for scope in closed for n in _elements(scope) if (id_ := n.get("id"))}
        inside -= {scope.get("id", "") for scope in closed}
        rest = [node for node in self._missing if node.get("id") not in inside]
        told += [_place(n) for n in rest if tag_of(n) in _ELEMENTS and self._node(n)]
        told += [_place(n) for n in rest if tag_of(n) == "sequenceFlow" and self._flow(n)]
        return told

    def _closed_scopes(self) -> list[Node]:
        """Sub-processes that are drawn, and of whose inside nothing is."""
        found: list[Node] = []
        for node in self._root.iter(*(f"{{{BPMN}}}{tag}" for tag in SCOPES)):
            inside = [one for one in _elements(node) if one is not node]
            if node.get("id") not in self._shapes or not inside:
                continue
            if not any(one.get("id") in self._shapes for one in inside):
                found.append(node)
        return found

    def _node(self, node: Node) -> bool:
        scope = node.getparent()
        plane = self._plane_of(scope)
        if scope is None or plane is None:
            return False
        picture = Picture()
        if tag_of(node) in SCOPES and any(tag_of(one) in _ELEMENTS for one in node):
            box = Box(100.0, 80.0)
        else:
            box = Box(*size_of(node))
        self._find_room(node, scope, box)
        picture.boxes[node.get("id", "")] = box
        draw(plane, picture, self._taken)
        self._boxes[node.get("id", "")] = box
        self._shapes[node.get("id", "")] = plane[-1]
        self._grow(scope, box)
        return True

    def _find_room(self, node: Node, scope: Node, box: Box) -> None:
        host = self._boxes.get(local_id(node.get("attachedToRef")))
        if host is not None:
            box.x, box.y = host.right - box.width - 6, host.bottom - box.height / 2
            return
        beside = [one.get("id") for one in scope.iterchildren(etree.Element)]
        others = [self._boxes[key] for key in beside if key in self._boxes]
        near = next(
            (
                self._boxes[local_id(flow.get("sourceRef"))]
                for flow in children(scope, "sequenceFlow")
                if local_id(flow.get("targetRef")) == node.get("id")
                and local_id(flow.get("sourceRef")) in self._boxes
            ),
            None,
        )
        if near is not None:
            box.x, box.y = near.right + _GAP, near.middle[1] - box.height / 2
        else:
            around = Picture(boxes=dict(enumerate_boxes(others))).bounds()
            box.x, box.y = around.x, around.bottom + _GAP
        for _try in range(_MOST_TRIES):
            hit = next((one for one in others if box.overlaps(one, 20)), None)
            if hit is None:
                return
            box.y = hit.bottom + 30

    def _flow(self, node: Node) -> bool:
        source = self._boxes.get(local_id(node.get("sourceRef")))
        target = self._boxes.get(local_id(node.get("targetRef")))
        shape = self._shapes.get(local_id(node.get("sourceRef")))
        plane = None if shape is None else shape.getparent()
        if source is None or target is None or plane is None:
            return False
        line = Picture(lines={node.get("id", ""): connected(source, target)})
        draw(plane, line, self._taken)
        return True

    def _plane_of(self, scope: Node | None) -> Node | None:
        """The plane on which the inside of a scope is drawn."""
        if scope is None:
            return None
        for node in scope.iterchildren(etree.Element):
            shape = self._shapes.get(node.get("id", ""))
            if shape is not None and tag_of(node) in _ELEMENTS:
                return shape.getparent()
        planes = planes_of(self._root)
        own = [one for one in planes if local_id(one.get("bpmnElement")) == scope.get("id")]
        return next(iter(own or planes), None)

    def _grow(self, scope: Node, box: Box) -> None:
        """Make the pool, or the open sub-process, around a new element large enough."""
        holders = [scope.get("id", "")]
        holders += [
            pool.get("id", "")
            for pool in self._root.iter(f"{{{BPMN}}}participant")
            if local_id(pool.get("processRef")) == scope.get("id")
        ]
        for key in holders:
            shape, around = self._shapes.get(key), self._boxes.get(key)
            if shape is None or around is None or shape.getparent() is None:
                continue
            around.width = max(around.right, box.right + 30) - around.x
            around.height = max(around.bottom, box.bottom + 30) - around.y
            set_bounds(shape, around)


def enumerate_boxes(boxes: list[Box]) -> list[tuple[str, Box]]:
    """Boxes by a number, for what only asks where they are together."""
    return [(str(number), box) for number, box in enumerate(boxes)]
