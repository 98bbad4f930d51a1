"""Small questions about DMN XML nodes, blind to the namespace prefix."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.decisions.elements import Place, Text


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """The direct children of DMN's own namespace with this local name."""
    return node.iterchildren(f"{{{etree.QName(node).namespace}}}{name}")


def child(node: etree._Element, name: str) -> etree._Element | None:
    """The first such child, or None."""
    return next(children(node, name), None)


def name_of(node: etree._Element) -> str:
    """The ``name`` of a node, words separated by one space as FEEL reads names."""
    return " ".join(node.get("name", "").split())


def place_of(node: etree._Element) -> Place:
    """The place of a node; without an id of its own, the id of the nearest ancestor."""
    holder: etree._Element | None = node
    while holder is not None and not holder.get("id"):
        holder = holder.getparent()
    element_id = "" if holder is None else holder.get("id", "")
    name = node.get("name") or node.get("label") or ""
    return Place(element_id, name, node.sourceline)


def own_place(node: etree._Element) -> Place:
    """The place of an element that others refer to: its own id; without one, its name."""
    name = name_of(node)
    return Place(node.get("id") or name, name, node.sourceline)


def text_of(node: etree._Element | None) -> Text | None:
    """The ``text`` inside a node; None if the node is absent or its text is empty."""
    if node is None:
        return None
    found = child(node, "text")
    if found is None or found.text is None or not found.text.strip():
        return None
    return Text(found.text, place_of(node), node.get("expressionLanguage", ""))


def reference(node: etree._Element) -> str:
    """The ``href`` of a reference."""
    return node.get("href", "")
