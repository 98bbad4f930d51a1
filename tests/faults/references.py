"""Faults of reference and spelling: what is named elsewhere in the file, and words nobody knows."""

from __future__ import annotations

from tests.faults.planting import (
    Node,
    add,
    b,
    by_id,
    etree,
    extension,
    fault,
    flows_from,
    flows_to,
    me,
    retag,
    root_of,
    scope_of,
    z,
)


@fault("a lane with a step that is not there", "lane", level="warning")
def _(node: Node) -> set[str] | None:
    add(node, "flowNodeRef").text = "Bestaat_Niet"
    return me(node)


@fault("a participant of a process that is not there", "participant", level="warning")
def _(node: Node) -> set[str] | None:
    node.set("processRef", "Bestaat_Niet")
    return me(node)


@fault("a message flow to nothing", "messageFlow", level="warning")
def _(node: Node) -> set[str] | None:
    node.set("targetRef", "Bestaat_Niet")
    return me(node)


@fault("a message flow inside one pool", "messageFlow", level="warning")
def _(node: Node) -> set[str] | None:
    target = by_id(node, node.get("targetRef"))
    if target is None or not flows_from(target):
        return None
    node.set("sourceRef", flows_from(target)[0].get("targetRef", ""))
    return me(node)


@fault("an association to nothing", "association", level="warning")
def _(node: Node) -> set[str] | None:
    node.set("targetRef", "Bestaat_Niet")
    return me(node)


@fault("a data object that is not there", "process", level="warning")
def _(node: Node) -> set[str] | None:
    add(node, "dataObjectReference", id="Data_Geplant", dataObjectRef="Bestaat_Niet")
    return {"Data_Geplant"}


@fault("an incoming flow that goes elsewhere", "task", "userTask", level="warning")
def _(node: Node) -> set[str] | None:
    out = flows_from(node)
    if not out:
        return None
    incoming = etree.Element(b("incoming"))
    incoming.text = out[0].get("id", "")
    node.insert(0, incoming)
    return me(node)


@fault("an outgoing flow that is not there", "task", "userTask", level="warning")
def _(node: Node) -> set[str] | None:
    outgoing = etree.Element(b("outgoing"))
    outgoing.text = "Flow_Bestaat_Niet"
    node.insert(0, outgoing)
    return me(node)


def _respelt(name: str, tag: str, right: str, wrong: str) -> None:
    @fault(name, tag)
    def _(node: Node) -> set[str] | None:
        value = node.attrib.pop(right, None)
        if value is None:
            return None
        node.set(wrong, str(value))
        return me(node)


_respelt("a misspelt cancelActivity", "boundaryEvent", "cancelActivity", "cancelactivity")
_respelt("a misspelt attachedToRef", "boundaryEvent", "attachedToRef", "attachedTo")
_respelt("a misspelt default", "exclusiveGateway", "default", "defualt")
_respelt("a misspelt triggeredByEvent", "subProcess", "triggeredByEvent", "triggerdByEvent")
_respelt("a misspelt isInterrupting", "startEvent", "isInterrupting", "isInterupting")
_respelt("a misspelt targetRef", "sequenceFlow", "targetRef", "targetref")


def _extension_respelt(
    name: str, tags: tuple[str, ...], element: str, right: str, wrong: str, level: str = "error"
) -> None:
    @fault(name, *tags, level=level)
    def _(node: Node) -> set[str] | None:
        found = extension(node, element)
        value = None if found is None else found.attrib.pop(right, None)
        if found is None or value is None:
            return None
        found.set(wrong, str(value))
        return me(node)


_extension_respelt("a misspelt form id", ("userTask",), "formDefinition", "formId", "fromId")
_extension_respelt(
    "a misspelt role",
    ("userTask",),
    "assignmentDefinition",
    "candidateGroups",
    "candidateGroup",
)
_extension_respelt(
    "a misspelt result", ("scriptTask",), "script", "resultVariable", "resultVarible"
)
_extension_respelt(
    "a misspelt process id", ("callActivity",), "calledElement", "processId", "procesId"
)
_extension_respelt(
    "a task definition with a misspelt attribute",
    ("serviceTask", "sendTask"),
    "taskDefinition",
    "type",
    "typ",
    level="warning",
)


@fault("a misspelt zeebe extension", "serviceTask", "sendTask")
def _(node: Node) -> set[str] | None:
    found = extension(node, "taskDefinition")
    if found is None:
        return None
    found.tag = z("taskDefinitoin")
    return me(node)


@fault("a misspelt event definition", "intermediateCatchEvent", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    found = node.find(b("timerEventDefinition"))
    if found is None:
        return None
    retag(found, "timerEventDefintion")
    return me(node)


@fault("a misspelt condition", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    found = node.find(b("conditionExpression"))
    if found is None:
        return None
    found.set("id", "Expression_1")
    retag(found, "conditionExpresion")
    return me(node)


@fault("an element that BPMN does not know", "task", "manualTask")
def _(node: Node) -> set[str] | None:
    retag(node, "robotTask")
    return me(node) | {f.get("id", "") for f in (*flows_to(node), *flows_from(node))}


# -- choices -------------------------------------------------------------------------------------


@fault("two ways with the same condition", "exclusiveGateway", level="warning")
def _(node: Node) -> set[str] | None:
    held = [f for f in flows_from(node) if f.find(b("conditionExpression")) is not None]
    if not held:
        return None
    add(scope_of(node), "endEvent", id="End_Geplant")
    twin = add(scope_of(node), "sequenceFlow", id="Flow_geplant", sourceRef=node.get("id", ""),
               targetRef="End_Geplant")  # fmt: skip
    condition = held[0].find(b("conditionExpression"))
    assert condition is not None
    add(twin, "conditionExpression").text = condition.text
    return me(twin) | me(held[0]) | me(node)


@fault("a condition that is never true", "sequenceFlow", level="warning")
def _(node: Node) -> set[str] | None:
    condition = node.find(b("conditionExpression"))
    if condition is None:
        return None
    condition.text = "=false"
    return me(node)


@fault("a choice with a gap", "exclusiveGateway", level="warning")
def _(node: Node) -> set[str] | None:
    out = flows_from(node)
    if len(out) != 2 or node.attrib.pop("default", None) is None:
        return None
    for flow, text in zip(out, ("=bedrag > 100", "=bedrag < 100"), strict=True):
        for old in flow.findall(b("conditionExpression")):
            flow.remove(old)
        add(flow, "conditionExpression").text = text
    return me(node)


@fault("a priority that is no number", "userTask")
def _(node: Node) -> set[str] | None:
    holder = node.find(b("extensionElements"))
    if holder is None:
        return None
    etree.SubElement(holder, z("priorityDefinition"), priority="hoog")
    return me(node)


@fault("a process id used twice", "process")
def _(node: Node) -> set[str] | None:
    twin = add(root_of(node), "process", id=node.get("id", ""), isExecutable="true")
    add(twin, "startEvent", id="Start_Geplant")
    return me(node)


@fault("a variable whose name is misspelt", "sequenceFlow", level="warning")
def _(node: Node) -> set[str] | None:
    condition = node.find(b("conditionExpression"))
    text = "" if condition is None else (condition.text or "")
    if condition is None or "bedrag" not in text:
        return None
    condition.text = text.replace("bedrag", "bedarg")
    return me(node)
