"""From BPMN 2.0 XML to :class:`~engine.definitions.model.Process`, with line numbers.

Everything is read, also what the engine refuses, so that the checks can name it. Rubbish gives
a finding, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from engine.definitions.bpmn_xml import (
    BPMNDI,
    MAX_BYTES,
    Extensions,
    Node,
    child,
    children,
    documentation_of,
    is_true,
    local_id,
    parse_bpmn,
    tag_of,
    text_of,
)
from engine.definitions.element_reading import KINDS, ElementReader
from engine.definitions.errors import DefinitionError
from engine.definitions.event_reading import Definitions, EventReader
from engine.definitions.expressions import as_feel
from engine.definitions.foreign import report_foreign
from engine.definitions.model import Element, Finding, Flow, Kind, Process
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


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a BPMN file holds.

    Attributes:
        file: the file's name as it was given.
        processes: every process, the non-executable ones included (``executable`` says so).
        findings: what could not be read as it is written.
        drawn: ids of the elements and flows that the diagram interchange draws.
    """

    file: str
    processes: tuple[Process, ...]
    findings: tuple[Finding, ...]
    drawn: frozenset[str] = frozenset()

    @property
    def is_readable(self) -> bool:
        """Whether nothing that was read is an error."""
        return all(finding.level != "error" for finding in self.findings)


def read_processes(xml: bytes, file: str, *, max_bytes: int = MAX_BYTES) -> ReadResult:
    """The processes of a BPMN file, and what is wrong with it. Never raises on bad content."""
    report = Reporter(file)
    try:
        root = parse_bpmn(xml, max_bytes)
    except DefinitionError as error:
        line = error.where.get("line")
        place = Place(line=line if isinstance(line, int) else 0)
        report.error(error.code, place, error.message, error.remedy)
        return ReadResult(file, (), tuple(report.findings))
    processes = _FileReader(root, file, report).processes()
    drawn = frozenset(local_id(node.get("bpmnElement")) for node in root.iter(f"{{{BPMNDI}}}*")) - {
        ""
    }
    if not processes:
        report.error(
            "no-process",
            Place(root.get("id", ""), root.get("name", ""), root.sourceline or 0),
            "In dit bestand staat geen proces.",
            "Teken een proces met minstens een start-gebeurtenis.",
        )
    return ReadResult(file, processes, tuple(report.findings), drawn)


class _FileReader:
    """Reads all processes of one file; ids are unique over the whole file."""

    def __init__(self, root: Node, file: str, report: Reporter) -> None:
        self._root = root
        self._file = file
        self._report = report
        self._lines: dict[str, int] = {}
        events = EventReader(Definitions.of(root), report)
        self._elements = ElementReader(events, report)

    def processes(self) -> tuple[Process, ...]:
        pools = {
            local_id(pool.get("processRef")): pool.get("name", "")
            for collaboration in children(self._root, "collaboration")
            for pool in children(collaboration, "participant")
        }
        nodes = list(children(self._root, "process"))
        alone = len(nodes) == 1
        found = []
        for node in nodes:
            place = self._place(node, "process")
            if place is not None:
                name = place.name or pools.get(place.id, "")
                found.append(self._process(node, Place(place.id, name, place.line), alone))
        return tuple(found)

    def _process(self, node: Node, place: Place, alone: bool) -> Process:
        report_foreign(node, self._report)
        reading = _ProcessReading(self, self._report)
        reading.scope(node, place.id)
        elements = reading.finished(node)
        return Process(
            id=place.id,
            name=place.name,
            file=self._file,
            elements=elements,
            flows=reading.flows,
            line=place.line,
            documentation=documentation_of(node),
            executable=self._executable(node, place, alone),
            data_objects=tuple(
                dict.fromkeys(
                    found.get("name") or found.get("id") or ""
                    for found in node.iter(f"{{{etree.QName(node).namespace}}}dataObject")
                )
            ),
            properties=Extensions(node).properties(),
        )

    def _executable(self, node: Node, place: Place, alone: bool) -> bool:
        if node.get("isExecutable") is not None:
            return is_true(node.get("isExecutable"))
        if alone:
            self._report.warning(
                "executable-not-said",
                place,
                f"Bij proces {label(place)} staat niet of het uitvoerbaar is (isExecutable). "
                "Het is als uitvoerbaar gelezen.",
                "Zet ‘Executable’ aan bij het proces.",
            )
        return alone

    def place(self, node: Node) -> Place | None:
        """The place of a flow node or flow; None (and a finding) if its id is taken or absent."""
        return self._place(node, tag_of(node))

    def element(self, node: Node, place: Place, parent: str) -> Element:
        """The element that a flow node describes."""
        return self._elements.element_of(node, place, parent)

    def _place(self, node: Node, tag: str) -> Place | None:
        element_id = (node.get("id") or "").strip()
        place = Place(element_id, node.get("name", ""), node.sourceline or 0)
        if not element_id:
            self._report.error(
                "missing-id",
                place,
                f"Een <{tag}>{f' met de naam ‘{place.name}’' if place.name else ''} heeft geen id.",
                "Open het bestand in de modelleeromgeving en sla het opnieuw op.",
            )
            return None
        if element_id in self._lines:
            self._report.error(
                "duplicate-id",
                place,
                f"De id ‘{element_id}’ komt twee keer voor; eerst op regel "
                f"{self._lines[element_id]}.",
                "Geef een van de twee elementen een andere id.",
            )
            return None
        self._lines[element_id] = place.line
        return place


class _ProcessReading:
    """The elements and flows of one process while they are being read."""

    def __init__(self, file: _FileReader, report: Reporter) -> None:
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
        lanes = dict(_lanes(process))
        handlers = self._handlers()
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
            node.set("id", f"flow-{len(self.flows) + 1}-regel-{node.sourceline or 0}")
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

    def _handlers(self) -> dict[str, str]:
        """Compensation boundary event → the activity that undoes the work."""
        found: dict[str, str] = {}
        for source, target in self._associations:
            for event, handler in ((source, target), (target, source)):
                one, other = self._elements.get(event), self._elements.get(handler)
                if one is None or other is None or one.kind is not Kind.BOUNDARY_EVENT:
                    continue
                if other.is_compensation:
                    found.setdefault(event, handler)
        return found


def _lanes(holder: Node) -> Iterator[tuple[str, str]]:
    """Element id → name of its lane; inner lanes come after the lanes around them."""
    for lane_set in children(holder, "laneSet", "childLaneSet"):
        for lane in children(lane_set, "lane"):
            name = (lane.get("name") or lane.get("id") or "").strip()
            for reference in children(lane, "flowNodeRef"):
                yield local_id(text_of(reference)), name
            yield from _lanes(lane)
