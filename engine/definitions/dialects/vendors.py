"""What Camunda 7, Activiti and Flowable write beside BPMN, as far as it means the same here.

Who does a task, by when and with which form changes nothing in a run by itself: those are taken
out. Lists, mappings and external tasks become the extensions of Camunda 8. The rest stays.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import extension, mapping
from engine.definitions.expressions import problems, shorten
from engine.definitions.reading.foreign import DIALECTS
from engine.definitions.reading.xml import Node, child, is_true, place_of, tag_of
from engine.definitions.reporting import Reporter, label

JUEL: Final = frozenset(
    {
        "http://camunda.org/schema/1.0/bpmn",
        "http://activiti.org/bpmn",
        "http://flowable.org/bpmn",
    }
)
"""Engines that grew from Activiti; their words are alike."""
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
        "customResource",
    }
)  # fmt: skip
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

    for name in _ABOUT_PEOPLE if by_itself else ():
        if take(name) is not None:
            _said(report, node, name)
    if node.get(f"{{{vendor}}}calledElementBinding") in ("latest", "deployment"):
        take("calledElementBinding")
    if node.get(f"{{{vendor}}}type") == "external":
        topic = take("topic") or "extern"
        extension(node, "taskDefinition").set("type", topic)
        take("type")
        _read_as(report, node, "het werk van buiten", topic)
    if tag_of(node) == "multiInstanceLoopCharacteristics":
        _collection(node, vendor, report)


def _read_as(report: Reporter, node: Node, what: str, now: str) -> None:
    place = place_of(node)
    report.warning(
        "translated",
        place,
        f"{label(place)}: {what} staat nu als ‘{shorten(now)}’ in de woorden van Camunda 8.",
        "Sla het model op voor Camunda 8, dan kan het ook gepubliceerd worden.",
    )


def _collection(node: Node, vendor: str, report: Reporter) -> None:
    written = node.get(f"{{{vendor}}}collection")
    made = None if written is None else reading.value(written)
    if made is None:
        return
    del node.attrib[f"{{{vendor}}}collection"]
    settings = extension(node, "loopCharacteristics")
    settings.set("inputCollection", f"={made}")
    element = node.attrib.pop(f"{{{vendor}}}elementVariable", None)
    if element:
        settings.set("inputElement", element)
    _read_as(report, node, "de lijst", f"={made}")


def _children(node: Node, vendor: str, report: Reporter) -> None:
    holder = child(node, "extensionElements")
    if holder is None:
        return
    if tag_of(node) == "callActivity":
        _passed(node, holder, vendor, report)
    for found in list(holder.iterchildren(f"{{{vendor}}}inputOutput")):
        _mappings(node, holder, found, report)


def _mappings(node: Node, holder: Node, found: Node, report: Reporter) -> None:
    made: list[tuple[str, str, str]] = []
    for parameter in found.iterchildren(etree.Element):
        kind = etree.QName(parameter).localname.removesuffix("Parameter")
        source = _parameter(parameter)
        if kind not in ("input", "output") or source is None or not parameter.get("name"):
            return
        made.append((kind, source, parameter.get("name", "")))
    holder.remove(found)
    for kind, source, target in made:
        mapping(node, kind, source, target)
    _read_as(report, node, "invoer en uitvoer", ", ".join(target for _k, _s, target in made))


def _parameter(node: Node) -> str | None:
    """The source of a mapping: an expression, a text, or a list or map of them."""
    made = _written(node)
    return None if made is None or problems(made) else f"={made}"


def _written(node: Node) -> str | None:
    inner = next(node.iterchildren(etree.Element), None)
    text = (node.text or "").strip()
    if inner is None:
        return _text(text) if text else "null"
    kind = etree.QName(inner).localname
    if kind == "script":
        return None if inner.get("resource") else reading.value((inner.text or "").strip())
    parts = [(one.get("key", ""), _written(one)) for one in inner.iterchildren(etree.Element)]
    values = [value for _key, value in parts if value is not None]
    if len(values) < len(parts) or any('"' in key or "\\" in key for key, _value in parts):
        return None
    if kind == "list":
        return f"[{', '.join(values)}]"
    if kind == "map":
        entries = (f'"{key}": {value}' for key, value in parts)
        return f"{{{', '.join(entries)}}}"
    return None


def _text(text: str) -> str | None:
    if "${" in text or "#{" in text:
        return reading.value(text) if reading.unwrapped(text) is not None else None
    return f'"{text}"' if '"' not in text and "\\" not in text else None


def _passed(node: Node, holder: Node, vendor: str, report: Reporter) -> None:
    """``in`` and ``out`` of a call: nothing is passed but what they name."""
    rows = [
        row
        for name in ("in", "out")
        for row in holder.iterchildren(f"{{{vendor}}}{name}")
        if row.get("businessKey") is None
    ]
    every = holder.findall(f"{{{vendor}}}in") + holder.findall(f"{{{vendor}}}out")
    made: list[tuple[str, str, str]] = []
    whole: dict[str, bool] = {"in": False, "out": False}
    for row in rows:
        side = etree.QName(row).localname
        if row.get("variables") == "all" and not is_true(row.get("local")):
            whole[side] = True
            continue
        source, target = _row_source(row), row.get("target")
        if source is None or not target or set(row.attrib) & {"local", "variables"}:
            return
        made.append(("input" if side == "in" else "output", f"={source}", target))
    if not every:
        return
    if whole["out"] and any(kind == "output" for kind, *_rest in made):
        return
    for row in every:
        holder.remove(row)
    called = extension(node, "calledElement")
    if not called.get("processId"):
        called.set("processId", (node.get("calledElement") or "").rpartition(":")[2])
    called.set("propagateAllParentVariables", "true" if whole["in"] else "false")
    called.set("propagateAllChildVariables", "true" if whole["out"] else "false")
    for kind, source, target in made:
        mapping(node, kind, source, target)
    _read_as(report, node, "wat de aanroep meegeeft", ", ".join(t for _k, _s, t in made) or "alles")


def _row_source(row: Node) -> str | None:
    name, written = row.get("source"), row.get("sourceExpression")
    made = name if name and name.isidentifier() else reading.value(written) if written else None
    return None if made is None or problems(made) else made
