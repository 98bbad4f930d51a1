"""References that lead nowhere, and words that nobody knows: mostly slips in files edited by hand.

What an event, flow or boundary event refers to is judged where it is read. Here is the rest: lanes,
participants, message flows, associations, data, the lists of flows in and out, the drawing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.definitions.reading.vocabulary import BPMN_ATTRIBUTES, BPMN_ELEMENTS, ZEEBE_ELEMENTS
from engine.definitions.reading.xml import (
    BPMN,
    BPMNDI,
    ZEEBE,
    Node,
    children,
    local_id,
    nearest_named,
    text_of,
)
from engine.definitions.reporting import Place, Reporter, label

_JUDGED_ELSEWHERE: Final = frozenset(
    {"messageRef", "signalRef", "errorRef", "escalationRef", "attachedToRef", "activityRef",
     "eventDefinitionRef"}
)  # fmt: skip
_NO_IDS: Final = frozenset(
    {
        "calledCollaborationRef", "categoryValueRef", "choreographyRef",
        "definitionalCollaborationRef", "endPointRef", "evaluatesToTypeRef", "implementationRef",
        "inMessageRef", "interfaceRef", "itemRef", "itemSubjectRef", "loopDataInputRef",
        "loopDataOutputRef", "operationRef", "outMessageRef", "parameterRef",
        "partitionElementRef", "resourceRef", "structureRef", "supportedInterfaceRef",
    }
)  # fmt: skip
_MUST_EXIST: Final = frozenset({"flowNodeRef", "dataObjectRef", "dataStoreRef", "processRef"})
"""References without which a lane, data object or pool is of nothing at all."""
_OF_NOTHING: Final = frozenset(
    {"messageFlow", "association", "dataInputAssociation", "dataOutputAssociation"}
)
"""What joins two things, and is nothing when one of them is not there."""
_ALIKE: Final = 0.8
_SLIPS: Final = 2
"""A slip leaves a word about as long; a longer word is rather one that is newer than ours."""
_MOST_WORDS: Final = 40


def report_loose_ends(root: Node, report: Reporter) -> None:
    """Name what refers to nothing and what is probably misspelt."""
    ids = {node.get("id", "") for node in root.iter(etree.Element)}
    imports = next(children(root, "import"), None) is not None
    words = _Words(report)
    for node in root.iter(f"{{{BPMN}}}*"):
        words.bpmn(node)
        for name, reference in _references(node):
            elsewhere = imports and ":" in reference
            if local_id(reference) not in ids and not elsewhere:
                _dangling(node, name, reference, report)
    for node in root.iter(f"{{{ZEEBE}}}*"):
        words.zeebe(node)
    _listed_flows(root, report)
    for node in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        drawn = node.get("bpmnElement")
        if drawn and local_id(drawn) not in ids and not (imports and ":" in drawn):
            _dangling(node, "bpmnElement", drawn, report)
    _inside_one_pool(root, report)


def _references(node: Node) -> Iterator[tuple[str, str]]:
    """Names and texts of what a node refers to by id."""
    tag = etree.QName(node).localname
    if tag != "sequenceFlow":
        for key, value in node.attrib.items():
            name = str(key)
            if _is_reference(name) and str(value).strip():
                yield name, str(value)
    if _is_reference(tag) and len(node) == 0 and text_of(node):
        yield tag, text_of(node)


def _is_reference(name: str) -> bool:
    return name.endswith("Ref") and name not in _JUDGED_ELSEWHERE and name not in _NO_IDS


def _dangling(node: Node, name: str, reference: str, report: Reporter) -> None:
    place = nearest_named(node)
    parent = node.getparent()
    joins = {etree.QName(one).localname for one in (node, parent) if one is not None}
    broken = name in _MUST_EXIST or not joins.isdisjoint(_OF_NOTHING)
    say = report.error if broken else report.warning
    say(
        "unresolved-reference",
        place,
        f"{label(place)} verwijst met {name} naar ‘{reference[:80]}’, maar dat staat niet in het "
        "bestand.",
        "Verwijder de verwijzing, of teken opnieuw waar zij naartoe moet.",
    )


def _listed_flows(root: Node, report: Reporter) -> None:
    """``incoming`` and ``outgoing`` must say what the flows themselves say."""
    ends = {
        flow.get("id", ""): (local_id(flow.get("sourceRef")), local_id(flow.get("targetRef")))
        for flow in root.iter(f"{{{BPMN}}}sequenceFlow")
    }
    for tag, end, way in (("outgoing", 0, "gaat er niet weg"), ("incoming", 1, "komt er niet aan")):
        for node in root.iter(f"{{{BPMN}}}{tag}"):
            holder = node.getparent()
            flow = local_id(text_of(node))
            if holder is None or not flow or etree.QName(holder).localname.endswith("Association"):
                continue
            if flow not in ends or ends[flow][end] != holder.get("id"):
                place = Place(holder.get("id", ""), holder.get("name", ""), node.sourceline or 0)
                report.error(
                    "flow-listed-wrongly",
                    place,
                    f"{label(place)} noemt de pijl ‘{flow}’ ({tag}), maar die {way}.",
                    "Open het bestand in de modelleeromgeving en sla het opnieuw op, of sluit de "
                    "pijl goed aan.",
                )


def _inside_one_pool(root: Node, report: Reporter) -> None:
    homes: dict[str, str] = {}
    for process in children(root, "process"):
        for node in process.iter(f"{{{BPMN}}}*"):
            homes.setdefault(node.get("id", ""), process.get("id", ""))
    for flow in root.iter(f"{{{BPMN}}}messageFlow"):
        source = homes.get(local_id(flow.get("sourceRef")))
        if source and source == homes.get(local_id(flow.get("targetRef"))):
            place = nearest_named(flow)
            report.error(
                "message-flow-inside-pool",
                place,
                f"De berichtenpijl {label(place)} begint en eindigt in hetzelfde proces. Binnen "
                "een proces gaat er niets over een berichtenpijl.",
                "Gebruik een gewone pijl, of een bericht dat geworpen en opgevangen wordt.",
            )


class _Words:
    """Elements and attributes that are not in the vocabulary, each word named once.

    A word that looks like another is a slip that changes what happens, so an error wherever it
    stands, as is an element of BPMN that BPMN does not have; others are passed by with a warning.
    """

    def __init__(self, report: Reporter) -> None:
        self._report = report
        self._meant: dict[str, str | None] = {}
        self._passed_by: set[str] = set()

    def bpmn(self, node: Node) -> None:
        """An element of BPMN itself."""
        tag = etree.QName(node).localname
        if tag not in BPMN_ELEMENTS:
            self._unknown(node, "element", tag, BPMN_ELEMENTS, is_of_bpmn=True)
        else:
            self._attributes(node, BPMN_ATTRIBUTES)

    def zeebe(self, node: Node) -> None:
        """An extension of Camunda 8."""
        tag = etree.QName(node).localname
        known = ZEEBE_ELEMENTS.get(tag)
        if known is None:
            self._unknown(node, "element", tag, frozenset(ZEEBE_ELEMENTS))
        else:
            self._attributes(node, known)

    def _attributes(self, node: Node, known: frozenset[str]) -> None:
        for key in node.attrib:
            name = str(key)
            if not name.startswith("{") and name not in known:
                self._unknown(node, "kenmerk", name, known)

    def _unknown(
        self,
        node: Node,
        what: str,
        name: str,
        known: frozenset[str],
        *,
        is_of_bpmn: bool = False,
    ) -> None:
        if name not in self._meant:
            if len(self._meant) >= _MOST_WORDS:
                return
            near = [word for word in known if abs(len(word) - len(name)) <= _SLIPS]
            alike = difflib.get_close_matches(name, near, n=1, cutoff=_ALIKE)
            self._meant[name] = alike[0] if alike else None
        meant = self._meant[name]
        if meant is None and name in self._passed_by:
            return
        self._passed_by.add(name)
        place = nearest_named(node)
        say = self._report.error if meant or is_of_bpmn else self._report.warning
        say(
            "unknown-word",
            place,
            f"In {label(place)} staat het {what} ‘{name[:60]}’. Dat bestaat niet en wordt niet "
            "gelezen.",
            f"Bedoelde u ‘{meant}’?" if meant else f"Haal het {what} weg.",
        )
