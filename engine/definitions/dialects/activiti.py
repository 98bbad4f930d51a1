"""What Activiti and Flowable say beside BPMN of data, of keys and of endings, in other words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from lxml import etree

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import extension, mapping, read_as, translated
from engine.definitions.expressions import problems
from engine.definitions.reading.xml import (
    BPMN,
    ZEEBE,
    Node,
    child,
    children,
    is_true,
    local_id,
    tag_of,
)
from engine.definitions.reporting import Reporter

_NUMBERS: Final = frozenset({"int", "integer", "long", "short", "double", "float", "decimal"})


def translate_activiti(
    root: Node, process: Node, vendors: Collection[str], report: Reporter
) -> None:
    """Values of data objects, keys of messages, and ends that end everything."""
    for scope in [process, *process.iter(f"{{{BPMN}}}subProcess", f"{{{BPMN}}}transaction")]:
        for data in children(scope, "dataObject"):
            for vendor in vendors:
                _value(scope, data, vendor, report)
    called = {local_id(call.get("calledElement")) for call in root.iter(f"{{{BPMN}}}callActivity")}
    for vendor in vendors:
        for node in list(process.iter(f"{{{BPMN}}}messageEventDefinition")):
            _key(root, node, f"{{{vendor}}}correlationKey", report)
        is_called = process.get("id") in called
        for node in list(process.iter(f"{{{BPMN}}}terminateEventDefinition")):
            if not is_called:  # there it would end the caller, too
                _ends_all(node, f"{{{vendor}}}terminateAll", report)
            if not is_called or _is_repeated(node):  # there it would end the rounds of the call
                _ends_rounds(node, f"{{{vendor}}}terminateMultiInstance", report)


def _value(scope: Node, data: Node, vendor: str, report: Reporter) -> None:
    """A variable of the scope: in a process unless it was given, in a sub-process always."""
    holder = child(data, "extensionElements")
    said = None if holder is None else holder.find(f"{{{vendor}}}value")
    name = data.get("name") or ""
    if holder is None or said is None or not name.isidentifier():
        return
    kind = (data.get("itemSubjectRef") or "").rpartition(":")[2]
    made = _literal(kind, "".join(said.itertext()))
    if made is None:
        return
    if tag_of(scope) != "process":
        mapping(scope, "input", f"={made}", name)
    else:
        for start in children(scope, "startEvent"):
            mapping(start, "output", f"=if {name} = null then {made} else {name}", name)
    holder.remove(said)
    read_as(report, data, "de waarde", f"{name} = {made}")


def _literal(kind: str, text: str) -> str | None:
    """A value in FEEL; None where its type has none."""
    bare = text.strip()
    if kind == "string":
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if kind == "boolean" and bare.lower() in ("true", "false"):
        return bare.lower()
    if kind in _NUMBERS and not problems(bare) and bare.lstrip("-").replace(".", "", 1).isdecimal():
        return bare
    return None


def _key(root: Node, node: Node, name: str, report: Reporter) -> None:
    """The key by which a message is found: with the message, or with the event that throws it."""
    written, event = node.get(name), node.getparent()
    made = None if written is None else reading.value(written)
    if made is None or problems(made) or event is None:
        return
    if tag_of(event) in ("endEvent", "intermediateThrowEvent"):
        key = etree.SubElement(extension(event, "properties"), f"{{{ZEEBE}}}property")
        key.set("name", "correlatie")
        key.set("value", f"={made}")
    else:
        wanted = local_id(node.get("messageRef"))
        message = next((m for m in children(root, "message") if m.get("id") == wanted), None)
        if message is None:
            return
        subscription = extension(message, "subscription")
        if subscription.get("correlationKey", f"={made}") != f"={made}":
            return
        subscription.set("correlationKey", f"={made}")
    del node.attrib[name]
    read_as(report, event, "de sleutel van het bericht", f"={made}")


def _ends_all(node: Node, name: str, report: Reporter) -> None:
    event = node.getparent()
    if is_true(node.attrib.pop(name, None)) and event is not None:
        _ends(event, "alles", "hier eindigt het hele proces, ook vanuit een deelproces.", report)


def _ends_rounds(node: Node, name: str, report: Reporter) -> None:
    """An end of all rounds of the nearest loop; where there is none, of the scope it is in."""
    event = node.getparent()
    said = is_true(node.attrib.pop(name, None))
    if said and event is not None and _is_repeated(node):
        what = "hier eindigen alle keren van de herhaling eromheen."
        _ends(event, "herhaling", what, report)


def _is_repeated(node: Node) -> bool:
    """Whether a loop stands around it, in its own process."""
    return any(
        child(scope, "multiInstanceLoopCharacteristics") is not None
        for scope in node.iterancestors(f"{{{BPMN}}}*")
    )


def _ends(event: Node, what: str, read: str, report: Reporter) -> None:
    said = etree.SubElement(extension(event, "properties"), f"{{{ZEEBE}}}property")
    said.set("name", "beeindigt")
    said.set("value", what)
    translated(report, event, read, "Kijk bij de eigenschap ‘beeindigt’ of het klopt.")
