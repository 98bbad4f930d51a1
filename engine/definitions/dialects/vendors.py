"""What Camunda 7, Activiti and Flowable write beside BPMN, as far as it means the same here.

Who does a task, by when and with which form changes nothing in a run by itself: those are taken
out. Lists, mappings and external tasks become the extensions of Camunda 8. The rest stays.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from engine.definitions.dialects import passed
from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import extension, mapping, read_as
from engine.definitions.dialects.written_values import parameter_source
from engine.definitions.reading.foreign import DIALECTS, JUEL
from engine.definitions.reading.xml import Node, child, place_of, tag_of, text_of
from engine.definitions.reporting import Reporter, label

BPMN_ENGINE: Final = "http://paed01.github.io/bpmn-engine/schema/2017/08/bpmn"
"""An engine in JavaScript; what it repeats is its ``item``."""
_ABOUT_PEOPLE: Final = frozenset(
    {
        "assignee", "owner", "candidateUsers", "candidateGroups", "formKey", "formRef",
        "formRefBinding", "formRefVersion", "dueDate", "followUpDate", "priority", "taskPriority",
        "businessCalendarName", "category", "formFieldValidation", "formHandlerClass",
    }
)  # fmt: skip
_ABOUT_PEOPLE_NODES: Final = frozenset(
    {
        "formData", "formProperty", "properties", "failedJobRetryTimeCycle", "potentialStarter",
        "customResource", "work-form-field-validation", "task-candidates-type", "localization",
        "instructionsForEndUser", "allowGuest", "guestConfirmation", "signalButtonLabel",
        "taskMetadataValues", "unitTests", "variableName",
    }
)  # fmt: skip
_ABOUT_CALLS: Final = ("sameDeployment", "fallbackToDefaultTenant", "completeAsync")
"""Which version is called, and when what comes after it is done: a file has one, done at once."""
_CALENDARS: Final = ("dueDate", "duration", "cycle")
"""The calendars by which those engines read a time as it is written; others are somebody's own."""
_NAME: Final = re.compile(r"[^\W\d]\w*")
_EDITORS: Final = "http://activiti.com/modeler"


def translate(process: Node, report: Reporter, *, by_itself: bool = True) -> None:
    """Translate what vendors added inside a process.

    What is about people and forms is taken out for a run ``by_itself``; else it stays.
    """
    for node in list(process.iter(etree.Element)):
        namespace = etree.QName(node).namespace or ""
        if namespace in DIALECTS:
            about_people = etree.QName(node).localname in _ABOUT_PEOPLE_NODES
            if by_itself and (namespace == _EDITORS or about_people):
                _take_out(node, report)
            continue
        for vendor in JUEL:
            if any(etree.QName(str(name)).namespace == vendor for name in node.attrib):
                _attributes(node, vendor, report, by_itself)
            _children(node, vendor, report)
        if node.get(f"{{{BPMN_ENGINE}}}collection"):
            _collection(node, BPMN_ENGINE, report, named="item")


def _take_out(node: Node, report: Reporter) -> None:
    parent = node.getparent()
    if parent is None or etree.QName(parent).namespace in DIALECTS:
        return
    _said(report, node, etree.QName(node).localname)
    parent.remove(node)


def _said(report: Reporter, node: Node, what: str) -> None:
    place = place_of(node)
    report.warning(
        "not-for-this-run",
        place,
        f"{label(place)}: ‘{what}’ verandert niets aan deze proef en is niet gelezen.",
        "Sla het model op voor Camunda 8 om het te publiceren.",
    )


def _attributes(node: Node, vendor: str, report: Reporter, by_itself: bool) -> None:
    def take(name: str) -> str | None:
        return node.attrib.pop(f"{{{vendor}}}{name}", None)

    theirs = tag_of(node) == "timerEventDefinition" and (
        node.get(f"{{{vendor}}}businessCalendarName", "cycle") not in _CALENDARS
    )
    for name in _ABOUT_PEOPLE if by_itself and not theirs else ():
        if take(name) is not None:
            _said(report, node, name)
    if node.get(f"{{{vendor}}}calledElementBinding") in ("latest", "deployment"):
        take("calledElementBinding")
    if node.get(f"{{{vendor}}}calledElementType") == "key":
        take("calledElementType")
    if tag_of(node) == "callActivity":
        for name in _ABOUT_CALLS:
            take(name)
    if node.get(f"{{{vendor}}}type") == "external":
        topic = take("topic") or "extern"
        extension(node, "taskDefinition").set("type", topic)
        take("type")
        read_as(report, node, "het werk van buiten", topic)
    if tag_of(node) == "multiInstanceLoopCharacteristics":
        _collection(node, vendor, report)


def _collection(node: Node, vendor: str, report: Reporter, named: str | None = None) -> None:
    written = node.get(f"{{{vendor}}}collection")
    made = None if written is None else reading.value(written)
    if made is None:
        return
    del node.attrib[f"{{{vendor}}}collection"]
    made_of, made = made, as_often_as_said(node, made)
    settings = extension(node, "loopCharacteristics")
    settings.set("inputCollection", f"={made}")
    element = node.attrib.pop(f"{{{vendor}}}elementVariable", named)
    if element:
        settings.set("inputElement", element)
        if _NAME.fullmatch(written or "") and child(node, "loopCardinality") is not None:
            settings.set("outputCollection", written or "")  # where it is nothing, it gathers
            kept = f"if {made_of} = null then {element} else {made_of}[loopCounter]"
            settings.set("outputElement", f"={kept}")
    index = node.attrib.pop(f"{{{vendor}}}elementIndexVariable", None)
    step = node.getparent()
    if index and step is not None:
        mapping(step, "input", "=loopCounter - 1", index)
    read_as(report, node, "de lijst", f"={made}")


def as_often_as_said(node: Node, items: str) -> str:
    """A list beside a number of times: that many of it, and numbers where there is no list."""
    text = text_of(child(node, "loopCardinality"))
    times = text.removeprefix("=") if text.startswith("=") else reading.value(text)
    if not text or times is None:
        return items
    return (
        f"if ({times}) < 1 or count({items}) = 0 then [] "
        f"else if ({items}) = null then (for i in 1..({times}) return i) "
        f"else sublist({items}, 1, min({times}, count({items})))"
    )


def _children(node: Node, vendor: str, report: Reporter) -> None:
    if node.get(f"{{{vendor}}}inheritVariables"):
        extension(node, "calledElement")  # there may be nothing else to translate
    holder = child(node, "extensionElements")
    if holder is None:
        return
    found = list(holder.iterchildren(f"{{{vendor}}}inputOutput"))
    made: list[tuple[str, str, str]] = []
    whole: list[Node] = []
    for one in found:
        if (read := _mappings(one)) is not None:
            made += read
            whole.append(one)
    for kind in ("input", "output"):
        if kind == "output" and tag_of(node) == "callActivity":
            passed.translate(node, holder, vendor, report)  # between what goes in and comes out
        for side, source, target in made:
            if side == kind:
                mapping(node, kind, source, target)
    for one in whole:
        holder.remove(one)
    if whole:
        read_as(report, node, "invoer en uitvoer", ", ".join(target for _k, _s, target in made))


def _mappings(found: Node) -> list[tuple[str, str, str]] | None:
    made: list[tuple[str, str, str]] = []
    for parameter in found.iterchildren(etree.Element):
        kind = etree.QName(parameter).localname.removesuffix("Parameter")
        source = parameter_source(parameter)
        if kind not in ("input", "output") or source is None or not parameter.get("name"):
            return None
        made.append((kind, source, parameter.get("name", "")))
    return made
