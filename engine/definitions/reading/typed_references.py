"""References that lead to something of another kind: a lane to a pool, a message to a task.

What is not there at all is a loose end; here something is there, and it is not what was meant.
Where an event, a flow or a border refers to is judged where it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from engine.definitions.model import Kind
from engine.definitions.reading.xml import (
    BPMN,
    Node,
    children,
    local_id,
    nearest_named,
    tag_of,
    text_of,
)
from engine.definitions.reporting import Reporter, label

_STEPS: Final = frozenset(map(str, Kind))
_POOLS: Final = frozenset({"participant", "collaboration", "process"})
_SHARED: Final = frozenset({"message", "signal", "error", "escalation"})
_ARTIFACTS: Final = frozenset({"association", "group", "textAnnotation"})
_FLOWS: Final = frozenset({"sequenceFlow", "messageFlow"})
_LANES: Final = frozenset({"lane", "laneSet"})
_DATA: Final = frozenset({"dataObject", "dataObjectReference", "dataStore", "dataStoreReference"})
_ALL: Final = _STEPS | _POOLS | _SHARED | _ARTIFACTS | _FLOWS | _LANES | _DATA

_NEVER: Final[Mapping[str, frozenset[str]]] = {
    "messageFlow/sourceRef": _ALL - _STEPS - {"participant"},
    "messageFlow/targetRef": _ALL - _STEPS - {"participant"},
    "message/itemRef": _ALL,
    "participant/interfaceRef": _ALL,
    "participant/processRef": _ALL - {"process"},
    "serviceTask/operationRef": _ALL,
    "sendTask/operationRef": _ALL,
    "receiveTask/operationRef": _ALL,
    "operation/inMessageRef": _ALL - {"message"},
    "operation/outMessageRef": _ALL - {"message"},
    "group/categoryValueRef": _ALL,
    "lane/flowNodeRef": _ALL - _STEPS - _DATA - _ARTIFACTS,
    "process/definitionalCollaborationRef": _ALL - {"collaboration"},
    "dataObjectReference/dataObjectRef": _ALL - {"dataObject"},
    "dataStoreReference/dataStoreRef": _ALL - {"dataStore"},
    "dataInputAssociation/sourceRef": _ALL - _DATA,
    "dataOutputAssociation/targetRef": _ALL - _DATA,
}
"""What is never meant by a reference; other things than these are left to the loose ends."""
_MUST_BE_THERE: Final = frozenset(
    {
        "operation/inMessageRef", "operation/outMessageRef", "serviceTask/operationRef",
        "inputSet/dataInputRefs", "outputSet/dataOutputRefs",
    }
)  # fmt: skip
"""References that mean nothing when what they name is not in the file."""


def report_wrong_references(root: Node, report: Reporter) -> None:
    """Name what refers to something of another kind."""
    known = {node.get("id", ""): node for node in root.iter(f"{{{BPMN}}}*") if node.get("id")}
    imports = next(children(root, "import"), None) is not None
    for node in root.iter(f"{{{BPMN}}}*"):
        for name, reference in _references(node):
            what = f"{tag_of(node)}/{name}"
            found = known.get(local_id(reference))
            if found is not None and tag_of(found) in _NEVER.get(what, ()):
                _wrong(node, name, found, report)
            elif found is None and what in _MUST_BE_THERE and not imports:
                _gone(node, name, reference, report)
            elif found is not None and tag_of(node) == "messageFlow":
                _end_of_message(node, name, found, report)
    for flow in root.iter(f"{{{BPMN}}}messageFlow"):
        _both_ends(flow, report)
        _own_pool(flow, known, report)


def _references(node: Node) -> Iterator[tuple[str, str]]:
    """What a node refers to, as an attribute or a child of its own."""
    tag = tag_of(node)
    for key, value in node.attrib.items():
        if str(value).strip() and (f"{tag}/{key}" in _NEVER or f"{tag}/{key}" in _MUST_BE_THERE):
            yield str(key), str(value).strip()
    for inside in node.iterchildren(f"{{{BPMN}}}*"):
        name = f"{tag}/{etree.QName(inside).localname}"
        if (name in _NEVER or name in _MUST_BE_THERE) and text_of(inside):
            yield etree.QName(inside).localname, text_of(inside)


def _wrong(node: Node, name: str, found: Node, report: Reporter) -> None:
    place = nearest_named(node)
    report.error(
        "wrong-reference",
        place,
        f"{label(place)} verwijst met {name} naar ‘{found.get('id')}’, maar dat is een "
        f"<{tag_of(found)}>.",
        "Verwijder de verwijzing, of wijs aan wat bedoeld is.",
    )


def _gone(node: Node, name: str, reference: str, report: Reporter) -> None:
    place = nearest_named(node)
    report.error(
        "unresolved-reference",
        place,
        f"{label(place)} verwijst met {name} naar ‘{reference[:80]}’, maar dat staat niet in het "
        "bestand.",
        "Verwijder de verwijzing, of teken opnieuw waar zij naartoe moet.",
    )


def _end_of_message(flow: Node, name: str, found: Node, report: Reporter) -> None:
    """Nothing is sent by what begins or waits, and nothing arrives at what ends or throws."""
    never = {
        "sourceRef": ("startEvent", "intermediateCatchEvent"),
        "targetRef": ("endEvent", "intermediateThrowEvent"),
    }
    if tag_of(found) not in never[name]:
        return
    place = nearest_named(flow)
    what = "vertrekt er niets" if name == "sourceRef" else "komt er niets aan"
    report.error(
        "message-flow-end",
        place,
        f"De berichtenpijl {label(place)} hangt aan ‘{found.get('id')}’, maar bij een "
        f"<{tag_of(found)}> {what}.",
        "Draai de pijl om, of sluit hem aan op een stap die het bericht verstuurt of ontvangt.",
    )


def _both_ends(flow: Node, report: Reporter) -> None:
    lacking = [name for name in ("sourceRef", "targetRef") if not (flow.get(name) or "").strip()]
    if not lacking:
        return
    place = nearest_named(flow)
    report.error(
        "message-flow-end",
        place,
        f"De berichtenpijl {label(place)} heeft geen {' en geen '.join(lacking)}.",
        "Sluit de pijl aan beide kanten aan, of haal hem weg.",
    )


def _own_pool(flow: Node, known: Mapping[str, Node], report: Reporter) -> None:
    """A message between a pool and what stands in that pool itself."""
    found = (known.get(local_id(flow.get(name))) for name in ("sourceRef", "targetRef"))
    ends = [end for end in found if end is not None]
    pools = [local_id(end.get("processRef")) for end in ends if tag_of(end) == "participant"]
    homes = [_home(end) for end in ends if tag_of(end) != "participant"]
    if not pools or not homes or pools[0] != homes[0] or not pools[0]:
        return
    place = nearest_named(flow)
    report.error(
        "message-flow-inside-pool",
        place,
        f"De berichtenpijl {label(place)} loopt tussen een pool en wat er in die pool zelf staat.",
        "Laat de pijl naar een andere pool lopen, of gebruik een gewone pijl.",
    )


def _home(end: Node) -> str:
    """The process that a step stands in."""
    return next((p.get("id", "") for p in end.iterancestors(f"{{{BPMN}}}process")), "")
