"""Faults of what is done: expressions, tasks, mappings, repetition."""

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


@fault("a service task without a kind", "serviceTask", level="warning")
def _(node: Node) -> set[str] | None:
    definition = extension(node, "taskDefinition")
    if definition is None:
        return None
    drop(definition)
    return me(node)


@fault("a task definition with a misspelt attribute", "serviceTask", "sendTask", level="warning")
def _(node: Node) -> set[str] | None:
    definition = extension(node, "taskDefinition")
    if definition is None or "type" not in definition.attrib:
        return None
    definition.set("typ", definition.attrib.pop("type"))
    return me(node)


@fault("a kind of service that is not there", "serviceTask", level="warning")
def _(node: Node) -> set[str] | None:
    definition = extension(node, "taskDefinition")
    if definition is None:
        return None
    definition.set("type", "bestaat-niet")
    return me(node)


@fault("a script task without a script", "scriptTask", level="warning")
def _(node: Node) -> set[str] | None:
    script = extension(node, "script")
    if script is None:
        return None
    drop(script)
    return me(node)


@fault("a script in JavaScript", "scriptTask")
def _(node: Node) -> set[str] | None:
    script = extension(node, "script")
    if script is not None:
        drop(script)
    node.set("scriptFormat", "javascript")
    add(node, "script").text = "x = 1;"
    return me(node)


@fault("a script that is no FEEL", "scriptTask")
def _(node: Node) -> set[str] | None:
    script = extension(node, "script")
    if script is None:
        return None
    script.set("expression", "=a + * b")
    return me(node)


@fault("a script without result", "scriptTask", level="warning")
def _(node: Node) -> set[str] | None:
    script = extension(node, "script")
    if script is None or "resultVariable" not in script.attrib:
        return None
    del script.attrib["resultVariable"]
    return me(node)


@fault("a rule task without a decision", "businessRuleTask", level="warning")
def _(node: Node) -> set[str] | None:
    decision = extension(node, "calledDecision")
    if decision is None:
        return None
    drop(decision)
    return me(node)


@fault("a decision that is not there", "businessRuleTask", level="warning")
def _(node: Node) -> set[str] | None:
    decision = extension(node, "calledDecision")
    if decision is None:
        return None
    decision.set("decisionId", "bestaat-niet")
    return me(node)


@fault("a call without a process", "callActivity")
def _(node: Node) -> set[str] | None:
    called = extension(node, "calledElement")
    if called is None:
        return None
    drop(called)
    return me(node)


@fault("a call of a process that is not there", "callActivity", level="warning")
def _(node: Node) -> set[str] | None:
    called = extension(node, "calledElement")
    if called is None:
        return None
    called.set("processId", "Bestaat_Niet")
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


@fault("a send task that sends nothing", "sendTask", level="warning")
def _(node: Node) -> set[str] | None:
    definition = extension(node, "taskDefinition")
    if definition is None:
        return None
    drop(definition)
    return me(node)


@fault("a due date that is no time", "userTask")
def _(node: Node) -> set[str] | None:
    schedule = extension(node, "taskSchedule")
    if schedule is None:
        return None
    schedule.set("dueDate", "over drie dagen")
    return me(node)


@fault("a due date that is no FEEL", "userTask")
def _(node: Node) -> set[str] | None:
    schedule = extension(node, "taskSchedule")
    if schedule is None:
        return None
    schedule.set("dueDate", '=now( + duration("P3D")')
    return me(node)


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


# -- repetition ----------------------------------------------------------------------------------


@fault("each of nothing", "multiInstanceLoopCharacteristics")
def _(node: Node) -> set[str] | None:
    settings = extension(node, "loopCharacteristics")
    if settings is None or settings.attrib.pop("inputCollection", None) is None:
        return None
    return me(node.getparent())  # type: ignore[arg-type]


@fault("each of something that is no FEEL", "multiInstanceLoopCharacteristics")
def _(node: Node) -> set[str] | None:
    settings = extension(node, "loopCharacteristics")
    if settings is None:
        return None
    settings.set("inputCollection", "=[1, 2")
    return me(node.getparent())  # type: ignore[arg-type]


@fault("each of a number", "multiInstanceLoopCharacteristics")
def _(node: Node) -> set[str] | None:
    settings = extension(node, "loopCharacteristics")
    if settings is None:
        return None
    settings.set("inputCollection", "=5")
    return me(node.getparent())  # type: ignore[arg-type]


@fault("results collected from nothing", "multiInstanceLoopCharacteristics")
def _(node: Node) -> set[str] | None:
    settings = extension(node, "loopCharacteristics")
    if settings is None or "outputElement" not in settings.attrib:
        return None
    del settings.attrib["outputElement"]
    return me(node.getparent())  # type: ignore[arg-type]


@fault("a completion condition that is no FEEL", "multiInstanceLoopCharacteristics")
def _(node: Node) -> set[str] | None:
    condition = node.find(b("completionCondition"))
    if condition is None:
        return None
    condition.text = "=aantal >= "
    return me(node.getparent())  # type: ignore[arg-type]


@fault("a completion condition that is no condition", "multiInstanceLoopCharacteristics")
def _(node: Node) -> set[str] | None:
    condition = node.find(b("completionCondition"))
    if condition is None:
        return None
    condition.text = "=3"
    return me(node.getparent())  # type: ignore[arg-type]


@fault("a loop without an end", "manualTask", "task", "userTask")
def _(node: Node) -> set[str] | None:
    if node.find(b("multiInstanceLoopCharacteristics")) is not None:
        return None
    add(node, "standardLoopCharacteristics")
    return me(node)


@fault("a highest number that is no number", "manualTask", "task", "userTask")
def _(node: Node) -> set[str] | None:
    if node.find(b("multiInstanceLoopCharacteristics")) is not None:
        return None
    add(node, "standardLoopCharacteristics", loopMaximum="drie")
    return me(node)
