"""Zeebe extensions put into a tree, and telling so."""

from __future__ import annotations

from lxml import etree

from engine.definitions.expressions import shorten
from engine.definitions.reading.xml import BPMN, ZEEBE, Node, child, place_of
from engine.definitions.reporting import Reporter, label


def extension(node: Node, name: str) -> Node:
    """The zeebe extension of an element, made when it isn't there."""
    holder = child(node, "extensionElements")
    if holder is None:
        holder = etree.Element(f"{{{BPMN}}}extensionElements")
        node.insert(0, holder)
    found = holder.find(f"{{{ZEEBE}}}{name}")
    return etree.SubElement(holder, f"{{{ZEEBE}}}{name}") if found is None else found


def mapping(node: Node, kind: str, source: str, target: str) -> None:
    """Add an input or output mapping."""
    made = etree.SubElement(extension(node, "ioMapping"), f"{{{ZEEBE}}}{kind}")
    made.set("source", source)
    made.set("target", target)


def read_as(report: Reporter, node: Node, what: str, now: str) -> None:
    """Report what an element says now in the words of Camunda 8."""
    translated(
        report,
        node,
        f"{what} staat nu als ‘{shorten(now)}’ in de woorden van Camunda 8.",
        "Sla het model op voor Camunda 8, dan kan het ook gepubliceerd worden.",
    )


def translated(report: Reporter, node: Node, read: str, remedy: str) -> None:
    """Report as what an element was read, which its file says in other words."""
    place = place_of(node)
    report.warning("translated", place, f"{label(place)}: {read}", remedy)
