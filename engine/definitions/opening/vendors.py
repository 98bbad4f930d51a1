"""Whose words stand in a file beside BPMN's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.definitions.reading.foreign import DIALECTS, JUEL
from engine.definitions.reading.xml import BPMN, BPMNDI, ZEEBE, Node, child

DROOLS: Final = "http://www.jboss.org/drools"
OWN: Final = frozenset(
    {
        BPMN,
        BPMNDI,
        ZEEBE,
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.w3.org/2001/XMLSchema-instance",
        "http://www.w3.org/2001/XMLSchema",
        "http://www.w3.org/XML/1998/namespace",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://camunda.org/schema/modeler/1.0",
        "http://www.w3.org/1999/xhtml",
    }
)
"""BPMN's own words, ours, and those for drawing that our modeller knows too."""
_NAMES: Final = (
    ("signavio", "Signavio"), ("bizagi", "Bizagi"), ("trisotech", "Trisotech"),
    ("boc-group", "ADONIS"), ("boc-eu", "ADONIS"), ("softwareag", "ARIS"), ("aris", "ARIS"),
    ("ibm.com", "IBM"), ("oracle", "Oracle"), ("bonitasoft", "Bonita"), ("w4.eu", "W4"),
    ("itp-commerce", "Process Modeler (itp)"), ("yaoqiang", "Yaoqiang"), ("visual-paradigm",
    "Visual Paradigm"), ("sparxsystems", "Enterprise Architect"), ("bpsim", "BPSim (simulatie)"),
    ("imixs", "Imixs"), ("processmaker", "ProcessMaker"), ("jboss", "jBPM"), ("redhat", "jBPM"),
    ("visio", "Visio"), ("mid.de", "MID Innovator"), ("eclipse", "Eclipse"), ("sap.com", "SAP"),
    ("modelio", "Modelio"), ("omg.org/XMI", "XMI"), ("inubit", "inubit"), ("axonivy", "Axon Ivy"),
    ("knowprocess", "KnowProcess"), ("xsdTypes", "Yaoqiang"), ("openapis.org", "Trisotech"),
)  # fmt: skip


def name_of(namespace: str) -> str:
    """How people know whose words these are; the namespace itself where nobody does."""
    if namespace in DIALECTS:
        return DIALECTS[namespace]
    found = next((name for word, name in _NAMES if word in namespace), None)
    return found or f"‘{namespace[:80]}’"


def extensions_of(node: Node, *namespaces: str) -> Iterator[Node]:
    """The extension elements of an element that are in these namespaces."""
    holder = child(node, "extensionElements")
    if holder is not None:
        for found in list(holder.iterchildren(etree.Element)):
            if etree.QName(found).namespace in namespaces:
                yield found


def taken(node: Node, name: str) -> str | None:
    """The attribute of that name of any of the engines like Camunda 7, taken off the element."""
    found = None
    for namespace in JUEL:
        value = node.attrib.pop(f"{{{namespace}}}{name}", None)
        found = found or (str(value).strip() if value is not None else None)
    return found or None


def drop(node: Node) -> None:
    """Take a node out of the tree, and the list of extensions with it when that is empty."""
    parent = node.getparent()
    if parent is None:
        return
    parent.remove(node)
    above = parent.getparent()
    if (
        above is not None
        and not len(parent)
        and etree.QName(parent).localname == "extensionElements"
    ):
        above.remove(parent)
