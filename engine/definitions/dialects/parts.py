"""Zeebe extensions put into a tree."""

from __future__ import annotations

from lxml import etree

from engine.definitions.reading.xml import BPMN, ZEEBE, Node, child


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
