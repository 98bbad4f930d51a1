"""What a BPMN file says besides the process model: the picture, notes, each element's own XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.definitions.errors import DefinitionError
from engine.definitions.reading.xml import (
    BPMN,
    BPMNDI,
    DRAWN,
    Node,
    children,
    local_id,
    parse_bpmn,
    tag_of,
    text_of,
)

_DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
_NOT_OWN: Final = frozenset({"incoming", "outgoing", "documentation", "laneSet"})
_OF_THEIR_OWN: Final = DRAWN | {
    "textAnnotation", "association", "group", "dataObject", "dataObjectReference",
    "dataStoreReference",
}  # fmt: skip
"""What stands in a process or sub-process and is compared by itself."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A file as it is drawn.

    Attributes:
        boxes: place and size of each shape, by the id of what it draws.
        lines: the corners of each line, likewise.
        others: what is drawn or noted, with its tag and its words, by id.
        settings: the XML of each thing itself, without what stands in it and without its place.
    """

    boxes: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, tuple[tuple[str, str], ...]]
    others: Mapping[str, tuple[str, str]]
    settings: Mapping[str, str]


def drawing_of(content: bytes) -> Drawing | None:
    """The drawing of a file; ``None`` when it is not readable BPMN."""
    try:
        root = parse_bpmn(content)
    except DefinitionError:
        return None
    boxes, lines = {}, {}
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        bounds = shape.find(f"{{{_DC}}}Bounds")
        if bounds is not None:
            place = tuple(_number(bounds.get(name)) for name in ("x", "y", "width", "height"))
            boxes[local_id(shape.get("bpmnElement"))] = place
    for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge"):
        corners = [(_number(one.get("x")), _number(one.get("y"))) for one in edge.iterchildren()]
        lines[local_id(edge.get("bpmnElement"))] = tuple(corners)
    drawn = {*boxes, *lines}
    by_id = {node.get("id", ""): node for node in root.iter(f"{{{BPMN}}}*") if node.get("id")}
    return Drawing(
        boxes=boxes,
        lines=lines,
        others={
            key: (tag_of(by_id[key]), _words_of(by_id[key]))
            for key in sorted(drawn)
            if key in by_id
        },
        settings={key: _own(by_id[key]) for key in drawn if key in by_id},
    )


def _number(value: str | None) -> str:
    try:
        return f"{float(value or 0):g}"
    except ValueError:
        return value or ""


def _words_of(node: Node) -> str:
    texts = [text_of(one) for one in children(node, "text")]
    return " ".join((node.get("name") or " ".join(texts)).split())


def _own(node: Node) -> str:
    """Attributes and extensions of a node as one text; ids of parts and white space left out."""
    inside = [
        _own(one)
        for one in node.iterchildren(etree.Element)
        if tag_of(one) not in _NOT_OWN
        and not (tag_of(one) and one.get("id") and tag_of(one) in _OF_THEIR_OWN)
    ]
    attributes = sorted(
        (k, v) for k, v in node.attrib.items() if k not in ("id", "name", "default")
    )
    return f"{node.tag!s}{attributes}{(node.text or '').strip()}[{'|'.join(sorted(inside))}]"
