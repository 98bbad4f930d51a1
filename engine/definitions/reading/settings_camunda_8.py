"""What Camunda 8 demands of settings in its own words: forms, filters, priorities, each once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

from engine.definitions.expressions import is_feel, shorten
from engine.definitions.model import Kind
from engine.definitions.reading.xml import (
    ZEEBE,
    Extensions,
    Node,
    children,
    place_of,
    tag_of,
    text_of,
)
from engine.definitions.reporting import Reporter, label
from engine.definitions.times import is_iso_timer

_ONCE: Final = frozenset(
    {
        "adHoc", "assignmentDefinition", "calledDecision", "calledElement", "formDefinition",
        "loopCharacteristics", "priorityDefinition", "publishMessage", "script", "subscription",
        "taskDefinition", "taskSchedule",
    }
)  # fmt: skip
_USER_TASK: Final = frozenset({"userTask"})
_THROWING: Final = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})
_ONLY_ON: Final[Mapping[str, frozenset[str]]] = {
    "adHoc": frozenset({"adHocSubProcess"}),
    "assignmentDefinition": _USER_TASK,
    "calledDecision": frozenset({"businessRuleTask"}),
    "calledElement": frozenset({"callActivity"}),
    "formDefinition": _USER_TASK | {"startEvent"},
    "ioMapping": frozenset(str(kind) for kind in Kind if "Gateway" not in kind),
    "loopCharacteristics": frozenset({"multiInstanceLoopCharacteristics"}),
    "priorityDefinition": _USER_TASK,
    "publishMessage": _THROWING,
    "script": frozenset({"scriptTask"}),
    "subscription": frozenset({"message"}),
    "taskDefinition": _THROWING
    | {"adHocSubProcess", "businessRuleTask", "scriptTask", "serviceTask"},
    "taskSchedule": _USER_TASK,
}
"""The elements at which Camunda 8 reads a setting; at others it would do nothing."""
_EMBEDDED: Final = "camunda-forms:bpmn:"
_NAME: Final = re.compile(r"[^\W\d]\w*", re.UNICODE)


def report_settings(root: Node, report: Reporter) -> None:
    """Name settings of Camunda 8 that are there twice, or hold what they cannot hold."""
    for node in root.iter(f"{{{ZEEBE}}}*"):
        name = etree.QName(node).localname
        if name in _ONCE:
            _once(node, name, report)
        if name in _ONLY_ON:
            _where(node, name, report)
        if name == "conditionalFilter":
            _filter(node, report)
        if name == "jobPriorityDefinition":
            _number(node, report)
        if name == "publishMessage":
            _time_to_live(node, report)
    for process in children(root, "process"):
        _embedded_forms(process, report)


def _once(node: Node, name: str, report: Reporter) -> None:
    if next(node.itersiblings(f"{{{ZEEBE}}}{name}", preceding=True), None) is None:
        return
    place = place_of(node)
    report.error(
        "setting-twice",
        place,
        f"{label(place)} heeft twee keer {name}.",
        "Houd er één over.",
    )


def _where(node: Node, name: str, report: Reporter) -> None:
    extensions = node.getparent()
    holder = None if extensions is None else extensions.getparent()
    if holder is None or tag_of(holder) in ("", "definitions", *_ONLY_ON[name]):
        return
    place = place_of(node)
    report.error(
        "setting-misplaced",
        place,
        f"{label(place)} heeft {name}, maar bij een <{tag_of(holder)}> wordt dat niet gelezen.",
        "Haal het weg, of zet het bij het element waar het hoort.",
    )


def _filter(node: Node, report: Reporter) -> None:
    names = (node.get("variableNames") or "").strip()
    if not names or all(_NAME.fullmatch(name.strip()) for name in names.split(",")):
        return
    place = place_of(node)
    report.error(
        "filter-names",
        place,
        f"{label(place)}: ‘{shorten(names)}’ is geen lijst van namen van variabelen.",
        "Schrijf de namen met één komma ertussen.",
    )


def _number(node: Node, report: Reporter) -> None:
    text = (node.get("priority") or "").strip()
    if is_feel(text) or text.removeprefix("-").isdecimal():
        return
    place = place_of(node)
    report.error(
        "job-priority",
        place,
        f"{label(place)}: de prioriteit ‘{shorten(text)}’ is geen getal.",
        "Vul een geheel getal in, of een uitdrukking die met ‘=’ begint.",
    )


def _time_to_live(node: Node, report: Reporter) -> None:
    text = (node.get("timeToLive") or "").strip()
    if not text or is_feel(text) or is_iso_timer("timeDuration", text):
        return
    place = place_of(node)
    report.error(
        "message-time-to-live",
        place,
        f"{label(place)}: hoe lang het bericht bewaard wordt (‘{shorten(text)}’) is geen duur.",
        "Schrijf een duur, bijvoorbeeld PT1H of P2D.",
    )


def _embedded_forms(process: Node, report: Reporter) -> None:
    """Forms inside the diagram must be there, with something in them."""
    forms = {
        form.get("id", ""): text_of(form) for form in Extensions(process).every("userTaskForm")
    }
    for node in process.iter("{*}userTask", "{*}startEvent"):
        key = Extensions(node).get("formDefinition", "formKey") or ""
        name = key.removeprefix(_EMBEDDED)
        if not tag_of(node) or name == key or forms.get(name):
            continue
        place = place_of(node)
        what = "is leeg" if name in forms else "staat niet in het diagram"
        report.error(
            "embedded-form-missing",
            place,
            f"{label(place)} vraagt om het ingebedde formulier ‘{shorten(name)}’, maar dat {what}.",
            "Bewaar het formulier als eigen .form-bestand en koppel het met zijn formulier-id.",
        )
