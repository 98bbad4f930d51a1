"""Events of which a file does not say what makes them happen, and an answer does."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from lxml import etree

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import translated
from engine.definitions.reading.xml import BPMN, Node, child, tag_of, text_of
from engine.definitions.reporting import Reporter

_FAR: Final = "P1Y"
"""A time that the answer is always before."""


def trigger_by_answers(process: Node, answered: Collection[str], report: Reporter) -> None:
    """Let answers bring what an event has no message, no time or no readable condition for."""
    for node in process.iter(*(f"{{{BPMN}}}{tag}" for tag in _BY_TAG)):
        if node.get("id") in answered and _BY_TAG[tag_of(node)](node):
            translated(
                report,
                node,
                "wat deze gebeurtenis laat gebeuren staat er niet, of kan hier niet gelezen "
                "worden. Het antwoord zegt dat zij gebeurt.",
                "Geef de gebeurtenis een bericht, een tijd of een voorwaarde in FEEL.",
            )


def _catch(node: Node) -> bool:
    if any(tag_of(one).endswith(("EventDefinition", "eventDefinitionRef")) for one in node):
        return False
    etree.SubElement(node, f"{{{BPMN}}}messageEventDefinition")
    return True


def _border(node: Node) -> bool:
    timer = child(node, "timerEventDefinition")
    if timer is None or len(timer) > 0:
        return False
    etree.SubElement(timer, f"{{{BPMN}}}timeDuration").text = _FAR
    return True


def _start(node: Node) -> bool:
    """A condition that begins a process, as the rules of jBPM; the run begins at it."""
    conditional = child(node, "conditionalEventDefinition")
    condition = None if conditional is None else child(conditional, "condition")
    if condition is None or "rule" not in (condition.get("language") or ""):
        return False
    if reading.condition(text_of(condition), condition.get("language") or "") is not None:
        return False
    condition.attrib.pop("language", None)
    condition.text = "=true"
    return True


_BY_TAG: Final = {"intermediateCatchEvent": _catch, "boundaryEvent": _border, "startEvent": _start}
