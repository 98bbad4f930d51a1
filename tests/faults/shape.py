"""Faults of shape: flows, starts, ends, reachability, loops."""

from __future__ import annotations

from tests.faults.planting import (
    CAMUNDA,
    ZEEBE,
    Node,
    add,
    b,
    by_id,
    connect,
    definition_of,
    drop,
    etree,
    event_with,
    fault,
    flows_from,
    flows_to,
    me,
    named,
    retag,
    root_of,
    scope_of,
)

TASKS = ("task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask")
INNER = "subProcess"


def _flow_end(reference: str, nowhere: str, without: str, inside: str) -> None:
    """The faults that either end of a flow can have."""

    @fault(nowhere, "sequenceFlow")
    def _(node: Node) -> set[str] | None:
        node.set(reference, "Bestaat_Niet")
        return me(node)

    @fault(without, "sequenceFlow")
    def _(node: Node) -> set[str] | None:
        return None if node.attrib.pop(reference, None) is None else me(node)

    @fault(inside, "sequenceFlow")
    def _(node: Node) -> set[str] | None:
        scope = by_id(node, node.get(reference))
        if scope is None or etree.QName(scope).localname != INNER:
            return None
        return _led_to(node, reference, scope)


def _led_to(flow: Node, reference: str, scope: Node) -> set[str] | None:
    """Let an end of a flow be the first task of a scope that it does not stand in."""
    tasks = named(scope, *TASKS)
    if not tasks:
        return None
    flow.set(reference, tasks[0].get("id", ""))
    return me(flow)


_flow_end("sourceRef", "flow from nothing", "flow without source", "flow out of a sub-process")
_flow_end("targetRef", "flow to nothing", "flow without target", "flow into a sub-process")


@fault("flow to another process", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    processes = root_of(node).findall(b("process"))
    if len(processes) < 2 or scope_of(node) is not processes[0]:
        return None
    return _led_to(node, "targetRef", processes[1])


@fault("a start taken away", "startEvent")
def _(node: Node) -> set[str] | None:
    scope = scope_of(node)
    if len(scope.findall(b("startEvent"))) > 1:
        return None
    for flow in flows_from(node):
        drop(flow)
    drop(node)
    return me(scope)


@fault("a second plain start", "startEvent")
def _(node: Node) -> set[str] | None:
    if definition_of(node) is not None:
        return None
    add(scope_of(node), "startEvent", id="Start_Geplant")
    connect(node, "Start_Geplant", flows_from(node)[0].get("targetRef", ""))
    return {"Start_Geplant"}


def _flow_at_border(name: str, tag: str, *, out: bool = False) -> None:
    @fault(name, tag)
    def _(node: Node) -> set[str] | None:
        tasks = named(scope_of(node), *TASKS)
        if not tasks:
            return None
        ends = (tasks[0].get("id", ""), node.get("id", ""))
        connect(node, *(reversed(ends) if out else ends))
        return me(node) | {"Flow_geplant"}


_flow_at_border("a flow into a start", "startEvent")
_flow_at_border("a flow into a boundary event", "boundaryEvent")
_flow_at_border("a flow out of an end", "endEvent", out=True)


@fault("an island", *TASKS)
def _(node: Node) -> set[str] | None:
    if not flows_to(node):
        return None
    for flow in flows_to(node):
        drop(flow)
    return me(node)


@fault("a loose task added", "process")
def _(node: Node) -> set[str] | None:
    add(node, "task", id="Task_Los", name="Los")
    return {"Task_Los"}


@fault("a dead end", *TASKS, level="warning")
def _(node: Node) -> set[str] | None:
    out = flows_from(node)
    if not out or node.get("isForCompensation") == "true":
        return None
    for flow in out:
        drop(flow)
    return me(node)


@fault("an id used twice", *TASKS, "endEvent", "exclusiveGateway")
def _(node: Node) -> set[str] | None:
    first = named(scope_of(node), "startEvent")[0]
    node.set("id", first.get("id", ""))
    return me(node)


@fault("a process that is not executable", "process")
def _(node: Node) -> set[str] | None:
    processes = root_of(node).findall(b("process"))
    if all(process.get("isExecutable") != "true" for process in processes):
        return None
    for process in processes:
        process.set("isExecutable", "false")
    return me(node)


@fault("a complex gateway", "inclusiveGateway", "parallelGateway")
def _(node: Node) -> set[str] | None:
    retag(node, "complexGateway")
    return me(node)


@fault("a transaction whose cancelling nothing catches", "subProcess")
def _(node: Node) -> set[str] | None:
    ends = [end for end in node.findall(b("endEvent")) if definition_of(end) is None]
    if node.get("triggeredByEvent") == "true" or not ends:
        return None
    retag(node, "transaction")
    add(ends[0], "cancelEventDefinition")
    return me(ends[0])


@fault("an ad-hoc sub-process", "subProcess")
def _(node: Node) -> set[str] | None:
    if node.get("triggeredByEvent") == "true":
        return None
    retag(node, "adHocSubProcess")
    return me(node)


@fault("an event sub-process with two starts", "subProcess")
def _(node: Node) -> set[str] | None:
    if node.get("triggeredByEvent") != "true":
        return None
    start = add(node, "startEvent", id="Start_Geplant")
    timer = add(start, "timerEventDefinition")
    add(timer, "timeDuration").text = "P1D"
    inside = named(node, *TASKS)[0]
    connect(inside, "Start_Geplant", inside.get("id", ""))
    return me(node) | {"Start_Geplant"}


@fault("an event sub-process with a flow into it", "subProcess")
def _(node: Node) -> set[str] | None:
    if node.get("triggeredByEvent") != "true":
        return None
    tasks = named(scope_of(node), *TASKS)
    connect(node, tasks[0].get("id", ""), node.get("id", ""))
    return me(node) | {"Flow_geplant"}


@fault("an event sub-process whose start waits for nothing", "subProcess")
def _(node: Node) -> set[str] | None:
    start = node.find(b("startEvent"))
    if node.get("triggeredByEvent") != "true" or start is None:
        return None
    for found in list(start):
        start.remove(found)
    return me(node) | me(start)


@fault("a sub-process whose start waits", "subProcess")
def _(node: Node) -> set[str] | None:
    start = node.find(b("startEvent"))
    if node.get("triggeredByEvent") == "true" or start is None:
        return None
    add(add(start, "timerEventDefinition"), "timeDuration").text = "P1D"
    return me(start)


# -- going round ---------------------------------------------------------------------------------


@fault("a loop that nothing stops or waits in", "endEvent")
def _(node: Node) -> set[str] | None:
    into = flows_to(node)
    if len(into) != 1:
        return None
    scope = scope_of(node)
    add(scope, "task", id="Task_Rond")
    add(scope, "exclusiveGateway", id="Xor_Geplant")
    into[0].set("targetRef", "Xor_Geplant")
    connect(node, "Xor_Geplant", "Task_Rond", "Flow_rond1")
    connect(node, "Task_Rond", "Xor_Geplant", "Flow_rond2")
    drop(node)
    return {"Task_Rond", "Xor_Geplant"}


@fault("a loop of work without a way out", "endEvent")
def _(node: Node) -> set[str] | None:
    into = flows_to(node)
    scope = scope_of(node)
    around = by_id(node, scope.get("id"))
    if len(into) != 1 or around is None or etree.QName(around).localname != "process":
        return None
    add(scope, "userTask", id="Task_Rond")
    into[0].set("targetRef", "Task_Rond")
    connect(node, "Task_Rond", "Task_Rond", "Flow_rond1")
    drop(node)
    return {"Task_Rond"}


@fault("a token quantity", *TASKS)
def _(node: Node) -> set[str] | None:
    node.set("startQuantity", "2")
    return me(node)


@fault("an attribute of another engine", "task", "manualTask")
def _(node: Node) -> set[str] | None:
    node.set(f"{{{CAMUNDA}}}class", "org.example.Werk")
    return me(node)


@fault("an execution listener", *TASKS)
def _(node: Node) -> set[str] | None:
    holder = node.find(b("extensionElements"))
    if holder is None:
        holder = etree.Element(b("extensionElements"))
        node.insert(0, holder)
    listeners = etree.SubElement(holder, f"{{{ZEEBE}}}executionListeners")
    etree.SubElement(listeners, f"{{{ZEEBE}}}executionListener", eventType="start", type="x")
    return me(node)


@fault("a link beside another cause of one event", "intermediateCatchEvent", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    if definition_of(node) is None or event_with(node, "link") is not None:
        return None
    add(node, "linkEventDefinition").set("name", "verder")
    return me(node)
