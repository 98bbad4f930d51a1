"""Engines that say what Camunda 8 says in the very same words, under a name of their own."""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.definitions.dialects.parts import translated
from engine.definitions.reading.xml import ZEEBE, Node
from engine.definitions.reporting import Reporter

KINDRED: Final = {"http://zenbpm.pbinitiative.org/1.0": "ZenBPM"}
"""By namespace, the engines whose words and expressions are those of Camunda 8."""


def translate_kindred(root: Node, report: Reporter) -> None:
    """Put the name of Camunda 8 in the place of that of an engine with the same words."""
    for node in root.iter(etree.Element):
        name = etree.QName(node)
        if (engine := KINDRED.get(name.namespace or "")) is None:
            continue
        node.tag = f"{{{ZEEBE}}}{name.localname}"
        holder = node.getparent()
        if holder is not None and etree.QName(holder).namespace != ZEEBE:
            read = f"‘{name.localname}’ van {engine} is gelezen als dat van Camunda 8."
            translated(report, node, read, "Sla het model op voor Camunda 8.")
