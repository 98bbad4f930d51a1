"""Ids: given to what has none, made different where two elements share one; names of a length."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from engine.definitions.opening.notes import Notes
from engine.definitions.reading.xml import BPMN, BPMNDI, DRAWN, Node, local_id, tag_of
from engine.definitions.reporting import Place

_NEED_ONE: Final = DRAWN | frozenset(
    {
        "association", "collaboration", "dataObject", "dataObjectReference", "dataStoreReference",
        "error", "escalation", "group", "lane", "laneSet", "message", "messageFlow", "participant",
        "signal", "textAnnotation",
    }
)  # fmt: skip
_LONGEST_NAME: Final = 1_000
_KEPT_OF_NAME: Final = 120
_FLOW_ENDS: Final = ("sourceRef", "targetRef")


def give_ids(root: Node, notes: Notes) -> None:
    """Make sure that what is drawn or referred to has an id, and that no two share one."""
    taken: dict[str, Node] = {}
    numbers: dict[str, int] = {}
    twice: list[Node] = []
    for node in root.iter(etree.Element):
        given = (node.get("id") or "").strip()
        if not given:
            continue
        if given != node.get("id"):
            node.set("id", given)
        if given in taken:
            twice.append(node)
        else:
            taken[given] = node
    for node in twice:
        _renamed(node, taken, numbers, notes)
    for node in list(root.iter(f"{{{BPMN}}}*")):
        if tag_of(node) in _NEED_ONE and not node.get("id"):
            _named(node, taken, numbers, notes)


def _renamed(node: Node, taken: dict[str, Node], numbers: dict[str, int], notes: Notes) -> None:
    was = node.get("id", "")
    first = taken[was]
    new = _free(f"{was}-2", taken, numbers)
    node.set("id", new)
    taken[new] = node
    if etree.QName(node).namespace != BPMN or tag_of(node) not in _NEED_ONE:
        return
    place = Place(new, node.get("name", ""), node.sourceline or 0)
    moved = _flows_from_inside(node, first, was, new)
    notes.decide(
        "duplicate-id",
        place,
        f"De id ‘{was}’ stond ook al op regel {first.sourceline}. Dit element heet nu ‘{new}’."
        + (f" {moved} pijl(en) in hetzelfde deelproces zijn meeveranderd." if moved else ""),
        "Kijk of de pijlen naar en van beide elementen goed aansluiten.",
    )


def _flows_from_inside(node: Node, first: Node, was: str, new: str) -> int:
    """Flows beside a renamed element meant this one when the first stands in another scope."""
    scope = node.getparent()
    if scope is None or scope is first.getparent():
        return 0
    count = 0
    for flow in scope.iterchildren(f"{{{BPMN}}}sequenceFlow"):
        hit = [end for end in _FLOW_ENDS if local_id(flow.get(end)) == was]
        for end in hit:
            flow.set(end, new)
        count += bool(hit)
    return count


def _named(node: Node, taken: dict[str, Node], numbers: dict[str, int], notes: Notes) -> None:
    tag = tag_of(node)
    word = re.sub(r"[^\w-]+", "-", node.get("name", "").strip().casefold()).strip("-")[:40]
    new = _free(f"{tag}-{word}" if word else f"{tag}-1", taken, numbers)
    node.set("id", new)
    taken[new] = node
    place = Place(new, node.get("name", ""), node.sourceline or 0)
    if tag in ("sequenceFlow", "process") or tag not in DRAWN:
        notes.changed(
            "missing-id",
            place,
            f"Een <{tag}> had geen id en heet nu ‘{new}’.",
            "U hoeft niets te doen.",
        )
        return
    notes.decide(
        "missing-id",
        place,
        f"Een <{tag}> had geen id en heet nu ‘{new}’. Geen pijl kon ernaar verwijzen.",
        "Teken de pijlen naar en van dit element, of haal het weg.",
    )


def _free(wanted: str, taken: dict[str, Node], numbers: dict[str, int]) -> str:
    """An id that nothing has; ``numbers`` is how far each one was counted."""
    stem = re.sub(r"-\d+$", "", wanted)
    number = numbers.get(stem, 2)
    if wanted not in taken:
        return wanted
    while f"{stem}-{number}" in taken:
        number += 1
    numbers[stem] = number
    return f"{stem}-{number}"


def shorten_names(root: Node, notes: Notes) -> None:
    """Move names that no drawing can hold to the documentation; a modeller stops at them."""
    for node in root.iter(f"{{{BPMN}}}*"):
        name = node.get("name", "")
        if len(name) <= _LONGEST_NAME:
            continue
        node.set("name", f"{name[:_KEPT_OF_NAME].strip()}…")
        told = etree.Element(f"{{{BPMN}}}documentation")
        told.text = name
        node.insert(0, told)
        notes.changed(
            "long-name",
            node,
            f"De naam van ‘{node.get('id', '')}’ was {len(name)} tekens lang. Hij is ingekort; de "
            "hele tekst staat nu in de documentatie.",
            "Geef het element een korte naam.",
        )


def repoint_drawing(root: Node) -> None:
    """Take shapes that draw one element a second time on the same plane out of the drawing."""
    for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane"):
        seen: set[str] = set()
        for shape in list(plane.iterchildren(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")):
            drawn = local_id(shape.get("bpmnElement"))
            if drawn and drawn in seen:
                plane.remove(shape)
            seen.add(drawn)
