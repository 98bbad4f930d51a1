"""Faults of what is done: conditions, tasks, calls, mappings."""

from __future__ import annotations

from tests.faults.planting import (
    Node,
    add,
    b,
    by_id,
    drop,
    etree,
    extension,
    fault,
    me,
    z,
)

WITH_MAPPING = ("serviceTask", "userTask", "callActivity", "sendTask")


def _condition(name: str, text: str) -> None:
    @fault(name, "sequenceFlow")
    def _(node: Node) -> set[str] | None:
        condition = node.find(b("conditionExpression"))
        source = by_id(node, node.get("sourceRef"))
        if condition is None or source is None:
            return None
        condition.text = text
        return me(node)


_condition("a condition with an open bracket", '=(besluit = "ja"')
_condition("a condition that ends too early", "=bedrag >")
_condition("a condition with two equals signs", '=besluit == "ja"')
_condition("a condition in another language", '${besluit == "ja"}')
_condition("a condition with && in it", "=a > 1 && b > 2")
_condition("a condition that is a number", "=1 + 1")
_condition("a condition that is a text", '="ja"')
_condition("a condition with an unknown function", "=bestaatNiet(besluit)")
_condition("a condition with a wrong comparison of types", '="tekst" > 3')
_condition("a condition with Python's True", "=klaar = True")


@fault("a condition in a script language", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    condition = node.find(b("conditionExpression"))
    if condition is None:
        return None
    condition.set("language", "http://www.java.com/java")
    return me(node)


# -- tasks ---------------------------------------------------------------------------------------


def _without(name: str, tag: str, held: str, level: str = "warning") -> None:
    """The extension that says what is done is not there."""

    @fault(name, tag, level=level)
    def _(node: Node) -> set[str] | None:
        found = extension(node, held)
        if found is None:
            return None
        drop(found)
        return me(node)


_without("a service task without a kind", "serviceTask", "taskDefinition")
_without("a send task that sends nothing", "sendTask", "taskDefinition")
_without("a script task without a script", "scriptTask", "script")
_without("a rule task without a decision", "businessRuleTask", "calledDecision")
_without("a call without a process", "callActivity", "calledElement", "error")


def _with(name: str, tag: str, held: str, attribute: str, wrong: str, level: str = "error") -> None:
    """The extension says something that cannot be done."""

    @fault(name, tag, level=level)
    def _(node: Node) -> set[str] | None:
        found = extension(node, held)
        if found is None:
            return None
        found.set(attribute, wrong)
        return me(node)


_with("a script that is no FEEL", "scriptTask", "script", "expression", "=a + * b")
_with("a due date that is no time", "userTask", "taskSchedule", "dueDate", "over drie dagen")
_with(
    "a due date that is no FEEL", "userTask", "taskSchedule", "dueDate", '=now( + duration("P3D")'
)
_with(
    "a kind of service that is not there",
    "serviceTask",
    "taskDefinition",
    "type",
    "bestaat-niet",
    "warning",
)
_with(
    "a decision that is not there",
    "businessRuleTask",
    "calledDecision",
    "decisionId",
    "bestaat-niet",
    "warning",
)
_with(
    "a call of a process that is not there",
    "callActivity",
    "calledElement",
    "processId",
    "Bestaat_Niet",
    "warning",
)


@fault("a script without result", "scriptTask", level="warning")
def _(node: Node) -> set[str] | None:
    script = extension(node, "script")
    if script is None or script.attrib.pop("resultVariable", None) is None:
        return None
    return me(node)


@fault("a script in JavaScript", "scriptTask")
def _(node: Node) -> set[str] | None:
    script = extension(node, "script")
    if script is not None:
        drop(script)
    node.set("scriptFormat", "javascript")
    add(node, "script").text = "x = 1;"
    return me(node)


@fault("a call of a process that does not run", "callActivity")
def _(node: Node) -> set[str] | None:
    called = extension(node, "calledElement")
    process = None if called is None else by_id(node, called.get("processId"))
    if process is None:
        return None
    process.set("isExecutable", "false")
    return me(node) | me(process)


@fault("a call of a process that only a message starts", "callActivity")
def _(node: Node) -> set[str] | None:
    called = extension(node, "calledElement")
    process = None if called is None else by_id(node, called.get("processId"))
    if process is None:
        return None
    start = process.find(b("startEvent"))
    assert start is not None
    add(start, "messageEventDefinition", messageRef="Message_Verzoek")
    return me(node)


@fault("a receive task without a message", "receiveTask")
def _(node: Node) -> set[str] | None:
    return None if node.attrib.pop("messageRef", None) is None else me(node)


# -- mappings ------------------------------------------------------------------------------------


def _mapping(node: Node, source: str, target: str, kind: str = "input") -> set[str]:
    holder = node.find(b("extensionElements"))
    if holder is None:
        holder = etree.Element(b("extensionElements"))
        node.insert(0, holder)
    mapping = holder.find(z("ioMapping"))
    if mapping is None:
        mapping = etree.SubElement(holder, z("ioMapping"))
    etree.SubElement(mapping, z(kind), source=source, target=target)
    return me(node)


@fault("an input that is no FEEL", *WITH_MAPPING)
def _(node: Node) -> set[str] | None:
    return _mapping(node, "=bedrag *", "waarde")


@fault("an output that is no FEEL", *WITH_MAPPING)
def _(node: Node) -> set[str] | None:
    return _mapping(node, "=if klaar then 1", "waarde", "output")


@fault("an input into something that is no name", *WITH_MAPPING)
def _(node: Node) -> set[str] | None:
    return _mapping(node, "=1", "1e bedrag!")


@fault("an input without a name", *WITH_MAPPING)
def _(node: Node) -> set[str] | None:
    return _mapping(node, "=1", "")


@fault("an output without a source", *WITH_MAPPING)
def _(node: Node) -> set[str] | None:
    return _mapping(node, "", "waarde", "output")
