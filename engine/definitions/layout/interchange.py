"""Pictures as BPMN's diagram interchange, and what an existing one says."""

from __future__ import annotations

import math
from typing import Final

from lxml import etree

from engine.definitions.layout.shapes import Box, Picture, Point
from engine.definitions.reading.xml import BPMNDI, Node, local_id

DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
_LARGEST: Final = 1e6


def planes_of(root: Node) -> list[Node]:
    """The planes of every diagram in a file."""
    return list(root.iter(f"{{{BPMNDI}}}BPMNPlane"))


def new_plane(root: Node, shows: str) -> Node:
    """A diagram with an empty plane at the end of the file."""
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram")
    diagram.set("id", _free(root, f"tekening-{shows}"))
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane")
    plane.set("id", _free(root, f"vlak-{shows}"))
    plane.set("bpmnElement", shows)
    return plane


def ids_in(root: Node) -> set[str]:
    """Every id of a file."""
    return {node.get("id", "") for node in root.iter(etree.Element)}


def draw(plane: Node, picture: Picture, taken: set[str]) -> None:
    """Put boxes and lines on a plane; their own ids join those that are ``taken``."""
    for key, box in picture.boxes.items():
        shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape")
        shape.set("id", _own_id(key, taken))
        shape.set("bpmnElement", key)
        if key in picture.expanded:
            shape.set("isExpanded", "true")
        if key in picture.upright:
            shape.set("isHorizontal", "true")
        set_bounds(shape, box)
    for key, line in picture.lines.items():
        edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge")
        edge.set("id", _own_id(key, taken))
        edge.set("bpmnElement", key)
        for x, y in line:
            point = etree.SubElement(edge, f"{{{DI}}}waypoint")
            point.set("x", _number(x))
            point.set("y", _number(y))


def set_bounds(shape: Node, box: Box) -> None:
    """Write where a shape stands."""
    bounds = shape.find(f"{{{DC}}}Bounds")
    if bounds is None:
        bounds = etree.Element(f"{{{DC}}}Bounds")
        shape.insert(0, bounds)
    for name in ("x", "y", "width", "height"):
        bounds.set(name, _number(getattr(box, name)))


def box_of(shape: Node) -> Box | None:
    """Where a shape stands; None when it does not say so in numbers that can be drawn."""
    bounds = shape.find(f"{{{DC}}}Bounds")
    if bounds is None:
        return None
    values = [_read(bounds.get(name)) for name in ("width", "height", "x", "y")]
    if any(value is None for value in values):
        return None
    width, height, x, y = (value or 0.0 for value in values)
    return Box(width, height, x, y) if width > 0 and height > 0 else None


def line_of(edge: Node) -> list[Point] | None:
    """The points of an edge; None when it has fewer than two."""
    points = []
    for found in edge.iterchildren(f"{{{DI}}}waypoint"):
        x, y = _read(found.get("x")), _read(found.get("y"))
        if x is None or y is None:
            return None
        points.append((x, y))
    return points if len(points) > 1 else None


def without_broken(root: Node) -> None:
    """Take out shapes and edges that no modeller can draw, and diagrams without a plane."""
    for diagram in list(root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram")):
        plane = diagram.find(f"{{{BPMNDI}}}BPMNPlane")
        if plane is None:
            root.remove(diagram)
            continue
        for shape in list(plane.iterchildren(f"{{{BPMNDI}}}BPMNShape")):
            if box_of(shape) is None or not local_id(shape.get("bpmnElement")):
                plane.remove(shape)
        for edge in list(plane.iterchildren(f"{{{BPMNDI}}}BPMNEdge")):
            if line_of(edge) is None or not local_id(edge.get("bpmnElement")):
                plane.remove(edge)


def _read(text: str | None) -> float | None:
    try:
        value = float((text or "").strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < _LARGEST else None


def _number(value: float) -> str:
    return str(round(value))


def _own_id(key: str, taken: set[str]) -> str:
    number, name = 1, f"{key}_di"
    while name in taken:
        number += 1
        name = f"{key}_di-{number}"
    taken.add(name)
    return name


def _free(root: Node, wanted: str) -> str:
    taken = {node.get("id") for node in root.iter(f"{{{BPMNDI}}}*")}
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name
