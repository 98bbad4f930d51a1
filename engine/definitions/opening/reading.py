"""The tree of a BPMN file from anywhere: older namespaces, undeclared prefixes, no namespace."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from engine.definitions.errors import XmlMalformed
from engine.definitions.opening.decoding import decoded
from engine.definitions.opening.notes import Notes
from engine.definitions.opening.recognising import refusal_of, refuse_by_its_start
from engine.definitions.reading.xml import (
    BPMN,
    BPMNDI,
    ZEEBE,
    Node,
    parse_text,
    refuse_many,
    refuse_size,
)
from engine.definitions.reporting import Place

DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"

_OLDER: Final = {
    "http://schema.omg.org/spec/BPMN/2.0": BPMN,
    "http://www.omg.org/bpmn20": BPMN,
    "http://www.omg.org/spec/BPMN/2.0": BPMN,
    "http://www.omg.org/spec/BPMN/2.0/": BPMN,
    "http://www.omg.org/spec/BPMN/20100501/MODEL": BPMN,
    "http://www.omg.org/spec/BPMN/20100524/MODEL/": BPMN,
    "https://www.omg.org/spec/BPMN/20100524/MODEL": BPMN,
    "http://bpmndi.org": BPMNDI,
    "http://www.omg.com/dd/1.0.0": DC,
    "http://www.omg.org/spec/BPMN/20100501/DI": BPMNDI,
    "https://www.omg.org/spec/BPMN/20100524/DI": BPMNDI,
    "http://www.omg.org/spec/DD/20100501/DC": DC,
    "http://www.omg.org/spec/DD/20100501/DI": DI,
}
"""Namespaces of drafts of BPMN 2.0, and slips in its own."""
_PREFIXES: Final = {
    "activiti": "http://activiti.org/bpmn",
    "bpmn": BPMN,
    "bpmn2": BPMN,
    "bpmndi": BPMNDI,
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "dc": DC,
    "di": DI,
    "flowable": "http://flowable.org/bpmn",
    "operaton": "http://operaton.org/schema/1.0/bpmn",
    "omgdc": DC,
    "omgdi": DI,
    "xsd": "http://www.w3.org/2001/XMLSchema",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "zeebe": ZEEBE,
}
_UNDECLARED: Final = re.compile(r"Namespace prefix ([\w.-]{1,60}) .{0,200}is not defined")
_ROOT_TAG: Final = re.compile(r"<(?![?!])[\w.:-]+")
_MOST_PREFIXES: Final = 20
_RESAVE: Final = "Open het in het programma waarmee het gemaakt is en sla het opnieuw op."


def tree_of(content: bytes, max_bytes: int, notes: Notes) -> Node:
    """The root ``definitions`` of a BPMN file.

    Raises:
        XmlRefused: too large, a document type or entity, an encoding that nobody knows.
        XmlMalformed: broken XML.
        NotBpmn: something else; its message says what.
    """
    refuse_by_its_start(content[:2_000])
    refuse_size(len(content), max_bytes)
    root = _parsed(decoded(content, notes), notes)
    _older_names(root, notes)
    name = etree.QName(root)
    if name.localname.lower() == "definitions" and not name.namespace:
        _without_namespace(root, notes)
    elif name.localname == "process" and name.namespace == BPMN:
        root = _wrapped(root, notes)
    if etree.QName(root).localname != "definitions" or etree.QName(root).namespace != BPMN:
        raise refusal_of(root)
    refuse_many(root)
    return root


def _parsed(text: str, notes: Notes) -> Node:
    for _attempt in range(_MOST_PREFIXES):
        try:
            return parse_text(text)
        except XmlMalformed as error:
            found = _UNDECLARED.search(str(error.where.get("said", "")))
            root = _ROOT_TAG.search(text)
            if found is None or root is None:
                raise
            prefix = found[1]
            uri = _PREFIXES.get(prefix, f"urn:onbekend:{prefix}")
            text = f'{text[: root.end()]} xmlns:{prefix}="{uri}"{text[root.end() :]}'
            line = error.where.get("line")
            notes.changed(
                "prefix-undeclared",
                Place(line=line if isinstance(line, int) else 1),
                f"Het bestand gebruikt ‘{prefix}:’ zonder te zeggen wat dat is. Het is gelezen als "
                f"{uri}.",
                "U hoeft niets te doen.",
            )
    raise XmlMalformed("Het bestand gebruikt te veel onbekende voorvoegsels.", _RESAVE, line=1)


def _older_names(root: Node, notes: Notes) -> None:
    found: dict[str, None] = {}
    for node in root.iter(etree.Element):
        name = etree.QName(node)
        if name.namespace in _OLDER:
            found[name.namespace] = None
            node.tag = f"{{{_OLDER[name.namespace]}}}{name.localname}"
    if found:
        _said(notes, root, f"een ouder concept van BPMN 2.0 ({', '.join(found)})")


def _without_namespace(root: Node, notes: Notes) -> None:
    inside = {etree.QName(node).localname for node in _elements(root)}
    if not inside & {"process", "collaboration", "choreography"}:
        raise refusal_of(root)
    for node in root.iter(etree.Element):
        if not etree.QName(node).namespace:
            name = etree.QName(node).localname
            home = BPMNDI if name.startswith("BPMN") else BPMN
            home = {"Bounds": DC, "Font": DC, "waypoint": DI}.get(name, home)
            node.tag = f"{{{home}}}{'definitions' if node is root else name}"
    _said(notes, root, "BPMN zonder naamruimte (xmlns)")


def _elements(root: Node) -> Iterable[Node]:
    return root.iterchildren(etree.Element)


def _wrapped(process: Node, notes: Notes) -> Node:
    root = etree.Element(f"{{{BPMN}}}definitions", nsmap={**process.nsmap, "bpmn": BPMN})
    root.append(process)
    _said(notes, root, "een los proces, zonder <definitions> eromheen")
    return root


def _said(notes: Notes, root: Node, what: str) -> None:
    notes.changed(
        "namespace",
        Place(line=root.sourceline or 1),
        f"Het bestand is {what}. Het is gelezen als BPMN 2.0.",
        "Kijk of alles er nog staat.",
    )
