"""One process while it is being read: its elements, flows, lanes and compensation handlers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from lxml import etree

from engine.definitions.expressions import as_feel
from engine.definitions.model import Element, Flow, Kind, Trigger
from engine.definitions.reading.gathering import KINDS
from engine.definitions.reading.xml import Node, child, children, local_id, tag_of, text_of
from engine.definitions.reporting import Place, Reporter, label

_SCOPES = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.AD_HOC_SUB_PROCESS})
_WITHOUT_TOKENS = frozenset(
    {
        "documentation", "extensionElements", "auditing", "monitoring", "laneSet", "sequenceFlow",
        "association", "group", "textAnnotation", "property", "ioSpecification", "incoming",
        "outgoing", "dataObject", "dataObjectReference", "dataStoreReference", "supports",
        "dataInputAssociation", "dataOutputAssociation", "correlationSubscription", "ioBinding",
        "resourceRole", "performer", "humanPerformer", "potentialOwner", "artifact", "category",
        "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "completionCondition",
    }
)  # fmt: skip


class Shelf(Protocol):
    """What the reading of one process asks of the reading of its file."""

    def place(self, node: Node) -> Place | None:
        """The place of a flow node or flow; None (and a finding) if its id is taken or absent."""
        ...

    def free(self, wanted: str) -> str:
        """An id like this one that nothing in the file has."""
        ...

    def element(self, node: Node, place: Place, parent: str) -> Element:
        """The element that a flow node describes."""
        ...


class ProcessReading:
    """The elements and flows of one process while they are being read."""

    def __init__(self, file: Shelf, report: Reporter) -> None:
        self._file = file
        self._report = report
        self._elements: dict[str, Element] = {}
        self._unknown: set[str] = set()
        self._associations: list[tuple[str, str]] = []
        self._flow_nodes: list[Node] = []
        self.flows: dict[str, Flow] = {}

    def scope(self, holder: Node, parent: str) -> None:
        """Read what stands directly in a process or sub-process, and below."""
        for node in holder.iterchildren(etree.Element):
            tag = tag_of(node)
            if tag in KINDS:
                self._flow_node(node, parent)
            elif tag == "sequenceFlow":
                self._flow_nodes.append(node)
            elif tag == "association":
                ends = local_id(node.get("sourceRef")), local_id(node.get("targetRef"))
                self._associations.append(ends)
            elif tag and tag not in _WITHOUT_TOKENS:
                self._unknown_node(node, tag)

    def _flow_node(self, node: Node, parent: str) -> None:
        place = self._file.place(node)
        if place is None:
            return
        element = self._file.element(node, place, parent)
        self._elements[place.id] = element
        if element.kind in _SCOPES:
            self.scope(node, place.id)

    def _unknown_node(self, node: Node, tag: str) -> None:
        place = Place(node.get("id", ""), node.get("name", ""), node.sourceline or 0)
        self._unknown.add(place.id)
        self._report.error(
            "unsupported-element",
            place,
            f"{label(place)} is een <{tag}>. Dat soort element wordt niet uitgevoerd.",
            "Vervang het door een element uit de lijst van ondersteunde elementen.",
        )

    def finished(self, process: Node) -> dict[str, Element]:
        """The elements with their flows, lanes and compensation handlers."""
        for node in self._flow_nodes:
            self._flow(node)
        incoming: dict[str, list[str]] = {}
        outgoing: dict[str, list[str]] = {}
        for flow in self.flows.values():
            outgoing.setdefault(flow.source, []).append(flow.id)
            incoming.setdefault(flow.target, []).append(flow.id)
        lanes = dict(lanes_of(process))
        handlers = self._handlers()
        handlers.update(
            (self._elements[event].attached_to or "", handler)
            for event, handler in list(handlers.items())
        )
        for scope_id, handler in self._undoing_inside():
            handlers.setdefault(scope_id, handler)
        return {
            key: replace(
                element,
                incoming=tuple(incoming.get(key, ())),
                outgoing=tuple(outgoing.get(key, ())),
                lane=lanes.get(key),
                compensation_handler=handlers.get(key),
            )
            for key, element in self._elements.items()
        }

    def _flow(self, node: Node) -> None:
        if not node.get("id"):
            node.set(
                "id", self._file.free(f"flow-{len(self.flows) + 1}-regel-{node.sourceline or 0}")
            )
        place = self._file.place(node)
        if place is None:
            return
        source, target = local_id(node.get("sourceRef")), local_id(node.get("targetRef"))
        if not all(
            self._end(place, end, word) for end, word in ((source, "begint"), (target, "eindigt"))
        ):
            return
        expression = child(node, "conditionExpression")
        self._condition_language(expression, place)
        condition = as_feel(text_of(expression), "de voorwaarde", place, self._report)
        self.flows[place.id] = Flow(place.id, source, target, place.name, condition, place.line)

    def _end(self, place: Place, end: str, word: str) -> bool:
        if end in self._elements:
            return True
        if end not in self._unknown or not end:
            self._report.error(
                "flow-to-nothing",
                place,
                f"De pijl {label(place)} {word} bij "
                + (f"‘{end}’, maar dat element is er niet." if end else "niets."),
                "Verwijder de pijl of sluit hem aan op een element.",
            )
        return False

    def _condition_language(self, expression: Node | None, place: Place) -> None:
        language = "" if expression is None else (expression.get("language") or "").strip()
        if language and "feel" not in language.lower():
            self._report.error(
                "unsupported-script",
                place,
                f"De voorwaarde bij {label(place)} is geschreven in ‘{language[:60]}’. "
                "Alleen FEEL wordt uitgevoerd.",
                "Schrijf de voorwaarde in FEEL en begin met ‘=’.",
            )

    def _undoing_inside(self) -> Iterator[tuple[str, str]]:
        """Scope → the event sub-process in it that undoes it."""
        for start in self._elements.values():
            inner = self._elements.get(start.parent)
            if inner is None or not inner.triggered_by_event or inner.parent not in self._elements:
                continue
            event = start.event
            if event is not None and event.trigger is Trigger.COMPENSATION:
                yield inner.parent, inner.id

    def _handlers(self) -> dict[str, str]:
        """Compensation event on a border → the activity that undoes what it hangs on."""
        found: dict[str, str] = {}
        for source, target in self._associations:
            for event, handler in ((source, target), (target, source)):
                one, other = self._elements.get(event), self._elements.get(handler)
                if one is None or other is None or one.kind is not Kind.BOUNDARY_EVENT:
                    continue
                if other.is_compensation:
                    found.setdefault(event, handler)
        return found


def lanes_of(holder: Node) -> Iterator[tuple[str, str]]:
    """Element id → name of its lane; inner lanes come after the lanes around them."""
    for lane_set in children(holder, "laneSet", "childLaneSet"):
        for lane in children(lane_set, "lane"):
            name = (lane.get("name") or lane.get("id") or "").strip()
            for reference in children(lane, "flowNodeRef"):
                yield local_id(text_of(reference)), name
            yield from lanes_of(lane)
