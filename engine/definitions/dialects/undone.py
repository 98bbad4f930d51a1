"""Undoing as engines that grew from Activiti mean it.

Every round is undone by itself, and what is thrown is waited for, whatever the file says.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from lxml import etree

from engine.definitions.dialects.parts import extension, translated
from engine.definitions.reading.xml import (
    BPMN,
    ZEEBE,
    Node,
    child,
    is_false,
    local_id,
)
from engine.definitions.reporting import Reporter

_BY_ROUND: Final = "ongedaan-per-ronde"


def translate_undoing(process: Node, vendors: Collection[str], report: Reporter) -> None:
    """Say of every repeated activity that its rounds are undone each, where that is meant."""
    spoken = set(process.nsmap.values())
    if ZEEBE in spoken or not spoken & set(vendors):
        return
    for node in list(process.iter(f"{{{BPMN}}}*")):
        thrown = child(node, "compensateEventDefinition")
        if thrown is None:
            continue
        if is_false(thrown.get("waitForCompletion")):
            _waited_for(node, thrown, report)
        _by_round(node, report)


def _waited_for(node: Node, thrown: Node, report: Reporter) -> None:
    del thrown.attrib["waitForCompletion"]
    translated(
        report,
        node,
        "‘waitForCompletion’ is niet overgenomen; op wat ongedaan gemaakt wordt, "
        "wordt altijd gewacht.",
        "Haal het kenmerk weg.",
    )


def _by_round(border: Node, report: Reporter) -> None:
    scope, wanted = border.getparent(), local_id(border.get("attachedToRef"))
    siblings = [] if scope is None else list(scope)
    host = next((one for one in siblings if wanted and one.get("id") == wanted), None)
    if host is None or child(host, "multiInstanceLoopCharacteristics") is None:
        return
    properties = extension(host, "properties")
    if any(one.get("name") == _BY_ROUND for one in properties):
        return
    made = etree.SubElement(properties, f"{{{ZEEBE}}}property")
    made.set("name", _BY_ROUND)
    made.set("value", "ja")
    translated(
        report,
        host,
        "de stap wordt herhaald; elke ronde wordt apart ongedaan gemaakt.",
        f"Haal de eigenschap ‘{_BY_ROUND}’ weg als het één keer voor het geheel moet.",
    )
