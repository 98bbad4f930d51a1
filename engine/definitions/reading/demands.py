"""What the engine that a file was made for demands of it, though BPMN does not.

Camunda 8, and the engines that grew from Activiti, refuse a step that says nothing of its work, a
message without a name, an error without a code. Read as plain BPMN such a file would do something
else than its drawer meant, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from lxml import etree

from engine.definitions.expressions import shorten
from engine.definitions.reading.demands_camunda_8 import report_camunda_8
from engine.definitions.reading.demands_of_forms import report_camunda_7
from engine.definitions.reading.foreign import DIALECTS, HARMLESS, JUEL
from engine.definitions.reading.settings_camunda_8 import report_settings
from engine.definitions.reading.xml import (
    BPMN,
    ZEEBE,
    Node,
    child,
    children,
    local_id,
    place_of,
    tag_of,
)
from engine.definitions.reporting import Place, Reporter, label

_PLATFORM: Final = "{http://camunda.org/schema/modeler/1.0}executionPlatform"
_ACTIVITI_LIKE: Final = frozenset(JUEL)
_OF_ENGINES: Final = frozenset({ZEEBE, *DIALECTS})
_VENDOR_WORK: Final = frozenset({"serviceTask", "businessRuleTask", "sendTask"})


_YES_OR_NO: Final = (re.compile("(?i:true|false)|"), "true of false")
_MOMENT: Final = (
    re.compile(r"(\d{4}-\d{2}-\d{2}.*|P(?=.)(\d+[YMWD])*(T(\d+[HMS])+)?|)"),
    "een datum (2026-05-01T12:00:00) of een duur (P3D)",
)
_EXPECTED: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "async": _YES_OR_NO,
    "asyncAfter": _YES_OR_NO,
    "asyncBefore": _YES_OR_NO,
    "dueDate": _MOMENT,
    "exclusive": _YES_OR_NO,
    "followUpDate": _MOMENT,
    "priority": (re.compile(r"-?\d+|"), "een geheel getal"),
}
"""What attributes of these engines hold, where it is not calculated."""


class MadeFor(StrEnum):
    """The engines whose demands are known; anything else is plain BPMN."""

    CAMUNDA_8 = "camunda-8"
    ACTIVITI_LIKE = "activiti-like"
    ANY = ""


_CLOUD, _PLATFORM_7 = "Camunda Cloud", "Camunda Platform"
"""What Camunda Modeler writes of the engine that it drew for; others draw with it, too."""


def made_for(root: Node) -> MadeFor:
    """The engine whose own words a file uses, or at least names; ``ANY`` when none, or several."""
    used = _used(root)
    platform = root.get(_PLATFORM, "")
    if ZEEBE in used and (len(used) == 1 or platform == _CLOUD):
        return MadeFor.CAMUNDA_8
    named = used or _declared(root)
    if named == {ZEEBE} and platform in ("", _CLOUD):
        return MadeFor.CAMUNDA_8
    if named and named <= _ACTIVITI_LIKE:
        return MadeFor.ACTIVITI_LIKE
    drawn_for_7 = not named and platform == _PLATFORM_7
    return MadeFor.ACTIVITI_LIKE if drawn_for_7 else MadeFor.ANY


def names_an_engine(root: Node) -> bool:
    """Whether a file names an engine itself, or only says by which modeller it was drawn."""
    return bool(_used(root) or _declared(root))


def _used(root: Node) -> set[str]:
    names = (name for node in root.iter(etree.Element) for name in (node.tag, *node.attrib))
    return {etree.QName(str(name)).namespace or "" for name in names} & _OF_ENGINES


def _declared(root: Node) -> set[str]:
    return {space for space in root.nsmap.values() if space} & _OF_ENGINES


def report_demands(root: Node, engine: MadeFor, report: Reporter) -> None:
    """Name what the engine of a file would refuse, and plain BPMN would not."""
    if engine is MadeFor.ANY:
        return
    if engine is MadeFor.CAMUNDA_8:
        report_camunda_8(root, report)
        report_settings(root, report)
        return
    for process in children(root, "process"):
        for node in process.iter(f"{{{BPMN}}}*"):
            _activiti_like(node, report)
        report_camunda_7(process, report)
    _same_signal(root, report)


def _activiti_like(node: Node, report: Reporter) -> None:
    tag, place = tag_of(node), place_of(node)
    said = {str(n): str(value) for n, value in node.attrib.items() if _is_vendors(str(n))}
    if _is_idle(node, said):
        report.error(
            "task-does-nothing",
            place,
            f"{label(place)} zegt niet welk werk er gedaan moet worden.",
            "Vul in wat er moet gebeuren, of maak er een gewone taak van.",
        )
    for text in said.values():
        if any(text.count(opening) > text.count("}") for opening in ("${", "#{")):
            report.error(
                "expression-broken",
                place,
                f"{label(place)}: de uitdrukking ‘{shorten(text)}’ is niet afgesloten.",
                "Sluit haar af met ‘}’.",
            )
    for name, text in said.items():
        if (expected := _EXPECTED.get(etree.QName(name).localname)) and not _fits(text, *expected):
            report.error(
                "value-not-allowed",
                place,
                f"{label(place)}: {etree.QName(name).localname} is ‘{shorten(text)}’, maar dat kan "
                "niet.",
                f"Vul {expected[1]} in.",
            )
    if tag == "exclusiveGateway":
        _only_way(node, report)


def _fits(text: str, pattern: re.Pattern[str], _what: str) -> bool:
    """Whether a value is what its attribute holds; what is calculated shows itself later."""
    return any(mark in text for mark in ("${", "#{")) or pattern.fullmatch(text.strip()) is not None


def _is_idle(node: Node, said: Mapping[str, str]) -> bool:
    """Whether a step that does something does not say what."""
    if any(text.strip() and etree.QName(n).localname not in HARMLESS for n, text in said.items()):
        return False
    if tag_of(node) == "scriptTask":
        return child(node, "script") is None
    extensions = child(node, "extensionElements")
    connected = extensions is not None and any(
        etree.QName(found).localname == "connector" for found in extensions.iterchildren("{*}*")
    )
    code = node.get("implementation", "##").startswith("##")
    return tag_of(node) in _VENDOR_WORK and code and not (connected or node.get("messageRef"))


def _is_vendors(name: str) -> bool:
    return etree.QName(name).namespace in _ACTIVITI_LIKE


def _only_way(node: Node, report: Reporter) -> None:
    holder = node.getparent()
    if holder is None:
        return
    flows = [
        flow
        for flow in children(holder, "sequenceFlow")
        if local_id(flow.get("sourceRef")) == node.get("id")
    ]
    if len(flows) != 1 or child(flows[0], "conditionExpression") is None:
        return
    place = place_of(flows[0])
    report.error(
        "single-flow-with-condition",
        place,
        f"{label(place_of(node))} heeft maar één pijl en die heeft een voorwaarde. Is die niet "
        "waar, dan loopt het vast.",
        "Haal de voorwaarde weg of teken ook de andere weg.",
    )


def _same_signal(root: Node, report: Reporter) -> None:
    seen: set[str] = set()
    for signal in children(root, "signal"):
        name = (signal.get("name") or "").strip()
        if name and name in seen:
            place = Place(signal.get("id", ""), name, signal.sourceline or 0)
            report.error(
                "duplicate-signal",
                place,
                f"Het signaal {label(place)} staat er twee keer.",
                "Houd er één over en laat de gebeurtenissen daarnaar verwijzen.",
            )
        seen.add(name)
