"""From BPMN 2.0 XML to :class:`~engine.definitions.model.Process`, with line numbers.

Everything is read, also what the engine refuses, so that the checks can name it. Rubbish gives
a finding, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.definitions.errors import DefinitionError
from engine.definitions.model import Element, Finding, Process
from engine.definitions.reading.demands import MadeFor, made_for, report_demands
from engine.definitions.reading.elements import ElementReader
from engine.definitions.reading.events import Definitions, EventReader
from engine.definitions.reading.foreign import report_foreign, report_foreign_roots
from engine.definitions.reading.habits import SHARED, evened
from engine.definitions.reading.loose_ends import report_loose_ends
from engine.definitions.reading.misplaced import report_misplaced, report_same_ids
from engine.definitions.reading.pools_and_lanes import report_pools_and_lanes
from engine.definitions.reading.processes import ProcessReading
from engine.definitions.reading.typed_references import report_wrong_references
from engine.definitions.reading.xml import (
    BPMN,
    BPMNDI,
    DRAWN,
    MAX_BYTES,
    Extensions,
    Node,
    children,
    documentation_of,
    is_true,
    local_id,
    names_bpmn,
    parse_bpmn,
    tag_of,
)
from engine.definitions.reporting import Place, Reporter, label

_COMPARED: Final = (
    DRAWN,
    frozenset(SHARED),
    frozenset({"property", "inputDataItem"}),
    frozenset({"property", "outputDataItem"}),
)
"""Tags of which the ids are compared where they are read, or that may name one variable."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a BPMN file holds.

    Attributes:
        file: the file's name as it was given.
        processes: every process, the non-executable ones included (``executable`` says so).
        findings: what could not be read as it is written.
        drawn: ids of the elements and flows that the diagram interchange draws.
        made_for: the engine that it was made for.
    """

    file: str
    processes: tuple[Process, ...]
    findings: tuple[Finding, ...]
    drawn: frozenset[str] = frozenset()
    made_for: MadeFor = MadeFor.ANY


def read_processes(
    xml: bytes,
    file: str,
    *,
    max_bytes: int = MAX_BYTES,
    prepare: Callable[[Node, Reporter], None] | None = None,
    unnamed: bool = False,
) -> ReadResult:
    """The processes of a BPMN file, and what is wrong with it. Never raises on bad content.

    ``prepare`` may change the tree before it is read, and says what it did. ``unnamed`` takes what
    names no namespace for BPMN.
    """
    report = Reporter(file)
    try:
        root = parse_bpmn(xml, max_bytes, unnamed=unnamed)
    except DefinitionError as error:
        line = error.where.get("line")
        place = Place(line=line if isinstance(line, int) and line > 0 else 1)
        report.error(error.code, place, error.message, error.remedy)
        return ReadResult(file, (), tuple(report.findings))
    if unnamed and not names_bpmn(xml):
        report.warning(
            "no-namespace",
            Place(root.get("id", ""), root.get("name", ""), root.sourceline or 1),
            "Het bestand noemt de naamruimte van BPMN niet. Het is als BPMN 2.0 gelezen.",
            f'Zet xmlns="{BPMN}" bij <definitions>.',
        )
    engine = made_for(root)
    evened(root)
    report_same_ids(root, _COMPARED, report)
    report_misplaced(root, report)
    report_wrong_references(root, report)
    report_pools_and_lanes(root, report)
    report_demands(root, engine, report)
    if prepare is not None:
        prepare(root, report)
    processes = _FileReader(root, file, report, engine).processes()
    report_loose_ends(root, report)
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
    return ReadResult(file, processes, tuple(report.findings), drawn, engine)


class _FileReader:
    """Reads all processes of one file; ids are unique over the whole file."""

    def __init__(self, root: Node, file: str, report: Reporter, engine: MadeFor) -> None:
        self._root = root
        self._file = file
        self._report = report
        self._lines: dict[str, int] = {}
        events = EventReader(Definitions.of(root), report, names_needed=engine is not MadeFor.ANY)
        self._elements = ElementReader(events, report, counts_begun=engine is MadeFor.CAMUNDA_8)

    def _double_roots(self) -> None:
        """Two messages, signals, errors or escalations of one id: which is meant can't be said."""
        seen: dict[str, int] = {}
        for node in children(self._root, *SHARED):
            place = Place(node.get("id", ""), node.get("name", ""), node.sourceline or 0)
            if not place.id:
                self._report.error(
                    "missing-id",
                    place,
                    f"Een <{tag_of(node)}>{f' met de naam ‘{place.name}’' if place.name else ''} "
                    "heeft geen id.",
                    "Open het bestand in de modelleeromgeving en sla het opnieuw op.",
                )
            if place.id and place.id in seen:
                self._report.error(
                    "duplicate-id",
                    place,
                    f"De id ‘{place.id}’ komt twee keer voor; eerst op regel {seen[place.id]}.",
                    "Geef een van de twee elementen een andere id.",
                )
            seen.setdefault(place.id, place.line)

    def processes(self) -> tuple[Process, ...]:
        self._double_roots()
        report_foreign_roots(self._root, self._report)
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
        reading = ProcessReading(self, self._report)
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
            version_tag=Extensions(node).get("versionTag", "value"),
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
                "Zet ‘Uitvoerbaar (executable)’ aan bij het proces.",
            )
        return alone

    def place(self, node: Node) -> Place | None:
        """The place of a flow node or flow; None (and a finding) if its id is taken or absent."""
        return self._place(node, tag_of(node))

    def free(self, wanted: str) -> str:
        """An id like this one that nothing read so far has: a file may be one line long."""
        ids = (wanted, *(f"{wanted}-{again}" for again in range(2, len(self._lines) + 3)))
        return next(one for one in ids if one not in self._lines)

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
