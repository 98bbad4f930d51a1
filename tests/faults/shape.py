"""Faults of shape: flows, starts, ends, reachability, gateways, loops."""

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
    retag,
    root_of,
    scope_of,
)

TASKS = ("task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask")
INNER = "subProcess"


@fault("flow from nothing", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    node.set("sourceRef", "Bestaat_Niet")
    return me(node)


@fault("flow to nothing", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    node.set("targetRef", "Bestaat_Niet")
    return me(node)


@fault("flow without source", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    return None if node.attrib.pop("sourceRef", None) is None else me(node)


@fault("flow without target", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    return None if node.attrib.pop("targetRef", None) is None else me(node)


@fault("flow into a sub-process", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    target = by_id(node, node.get("targetRef"))
    if target is None or etree.QName(target).localname != INNER:
        return None
    inside = next((n for n in target if etree.QName(n).localname in TASKS), None)
    if inside is None:
        return None
    node.set("targetRef", inside.get("id", ""))
    return me(node)


@fault("flow out of a sub-process", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    source = by_id(node, node.get("sourceRef"))
    if source is None or etree.QName(source).localname != INNER:
        return None
    inside = next((n for n in source if etree.QName(n).localname in TASKS), None)
    if inside is None:
        return None
    node.set("sourceRef", inside.get("id", ""))
    return me(node)


@fault("flow to another process", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    processes = root_of(node).findall(b("process"))
    if len(processes) < 2 or scope_of(node) is not processes[0]:
        return None
    other = next((n for n in processes[1] if etree.QName(n).localname in TASKS), None)
    if other is None:
        return None
    node.set("targetRef", other.get("id", ""))
    return me(node)


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


@fault("a flow into a start", "startEvent")
def _(node: Node) -> set[str] | None:
    tasks = [n for n in scope_of(node) if etree.QName(n).localname in TASKS]
    if not tasks:
        return None
    connect(node, tasks[0].get("id", ""), node.get("id", ""))
    return me(node) | {"Flow_geplant"}


@fault("a flow out of an end", "endEvent")
def _(node: Node) -> set[str] | None:
    tasks = [n for n in scope_of(node) if etree.QName(n).localname in TASKS]
    if not tasks:
        return None
    connect(node, node.get("id", ""), tasks[0].get("id", ""))
    return me(node) | {"Flow_geplant"}


@fault("a flow into a boundary event", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    tasks = [n for n in scope_of(node) if etree.QName(n).localname in TASKS]
    if not tasks:
        return None
    connect(node, tasks[0].get("id", ""), node.get("id", ""))
    return me(node) | {"Flow_geplant"}


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
    first = next(n for n in scope_of(node) if etree.QName(n).localname == "startEvent")
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


@fault("a transaction", "subProcess")
def _(node: Node) -> set[str] | None:
    if node.get("triggeredByEvent") == "true":
        return None
    retag(node, "transaction")
    return me(node)


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
    inside = next(n for n in node if etree.QName(n).localname in TASKS)
    connect(inside, "Start_Geplant", inside.get("id", ""))
    return me(node) | {"Start_Geplant"}


@fault("an event sub-process with a flow into it", "subProcess")
def _(node: Node) -> set[str] | None:
    if node.get("triggeredByEvent") != "true":
        return None
    tasks = [n for n in scope_of(node) if etree.QName(n).localname in TASKS]
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


# -- gateways ------------------------------------------------------------------------------------


@fault("a choice without condition", "sequenceFlow")
def _(node: Node) -> set[str] | None:
    condition = node.find(b("conditionExpression"))
    source = by_id(node, node.get("sourceRef"))
    if condition is None or source is None or "Gateway" not in etree.QName(source).localname:
        return None
    node.remove(condition)
    return me(node) | me(source)


@fault("a gateway without its default", "exclusiveGateway", "inclusiveGateway")
def _(node: Node) -> set[str] | None:
    if node.get("default") is None:
        return None
    return me(node) | {node.attrib.pop("default")}


@fault("a default that does not leave the gateway", "exclusiveGateway", "inclusiveGateway")
def _(node: Node) -> set[str] | None:
    into = flows_to(node)
    if len(flows_from(node)) < 2 or not into:
        return None
    node.set("default", into[0].get("id", ""))
    return me(node)


@fault("a default that does not exist", "exclusiveGateway", "inclusiveGateway")
def _(node: Node) -> set[str] | None:
    if len(flows_from(node)) < 2:
        return None
    node.set("default", "Flow_Bestaat_Niet")
    return me(node)


@fault("a default with a condition", "exclusiveGateway", "inclusiveGateway")
def _(node: Node) -> set[str] | None:
    flow = by_id(node, node.get("default"))
    if flow is None:
        return None
    add(flow, "conditionExpression").text = "=1 = 1"
    return me(flow) | me(node)


@fault("a condition behind a parallel gateway", "parallelGateway")
def _(node: Node) -> set[str] | None:
    out = flows_from(node)
    if len(out) < 2:
        return None
    add(out[0], "conditionExpression").text = "=1 = 1"
    return me(node) | me(out[0])


@fault("a default behind a parallel gateway", "parallelGateway")
def _(node: Node) -> set[str] | None:
    out = flows_from(node)
    if len(out) < 2:
        return None
    node.set("default", out[0].get("id", ""))
    return me(node)


def _merges(node: Node) -> bool:
    return len(flows_to(node)) > 1 and len(flows_from(node)) == 1


@fault("a parallel join of exclusive ways", "exclusiveGateway")
def _(node: Node) -> set[str] | None:
    if not _merges(node):
        return None
    retag(node, "parallelGateway")
    return me(node)


@fault("an exclusive join of parallel ways", "parallelGateway", level="warning")
def _(node: Node) -> set[str] | None:
    if not _merges(node):
        return None
    retag(node, "exclusiveGateway")
    return me(node)


@fault("an exclusive split before a parallel join", "parallelGateway")
def _(node: Node) -> set[str] | None:
    out = flows_from(node)
    if len(out) < 2:
        return None
    retag(node, "exclusiveGateway")
    node.set("default", out[0].get("id", ""))
    for flow in out[1:]:
        add(flow, "conditionExpression").text = "=1 = 2"
    joins = scope_of(node).findall(b("parallelGateway"))
    return me(node) | {join.get("id", "") for join in joins if _merges(join)}


@fault("an inclusive split before a parallel join", "parallelGateway")
def _(node: Node) -> set[str] | None:
    out = flows_from(node)
    if len(out) < 2:
        return None
    retag(node, "inclusiveGateway")
    node.set("default", out[0].get("id", ""))
    for flow in out[1:]:
        add(flow, "conditionExpression").text = "=1 = 2"
    joins = scope_of(node).findall(b("parallelGateway"))
    return me(node) | {join.get("id", "") for join in joins if _merges(join)}


@fault("a parallel join of what an inclusive gateway splits", "inclusiveGateway")
def _(node: Node) -> set[str] | None:
    if not _merges(node):
        return None
    retag(node, "parallelGateway")
    return me(node)


@fault("a parallel branch that ends before the join", "parallelGateway")
def _(node: Node) -> set[str] | None:
    if not _merges(node):
        return None
    flow = flows_to(node)[0]
    add(scope_of(node), "endEvent", id="End_Geplant")
    add(scope_of(node), "exclusiveGateway", id="Xor_Geplant", default="Flow_geplant")
    source = flow.get("sourceRef", "")
    flow.set("sourceRef", "Xor_Geplant")
    add(flow, "conditionExpression").text = "=1 = 2"
    connect(node, source, "Xor_Geplant", "Flow_geplant2")
    connect(node, "Xor_Geplant", "End_Geplant")
    return me(node)


@fault("a task behind an event-based gateway", "eventBasedGateway")
def _(node: Node) -> set[str] | None:
    target = by_id(node, flows_from(node)[0].get("targetRef"))
    assert target is not None
    for found in list(target):
        target.remove(found)
    retag(target, "task")
    return me(node) | me(target)


@fault("an event-based gateway with one way", "eventBasedGateway")
def _(node: Node) -> set[str] | None:
    out = flows_from(node)
    for flow in out[1:]:
        drop(flow)
    return me(node)


@fault("a condition behind an event-based gateway", "eventBasedGateway")
def _(node: Node) -> set[str] | None:
    flow = flows_from(node)[0]
    add(flow, "conditionExpression").text = "=1 = 1"
    return me(node) | me(flow)


@fault("an event-based gateway that starts processes", "eventBasedGateway", "receiveTask")
def _(node: Node) -> set[str] | None:
    node.set("instantiate", "true")
    return me(node)


@fault("a condition after an event", "startEvent", "intermediateCatchEvent")
def _(node: Node) -> set[str] | None:
    out = flows_from(node)
    if not out:
        return None
    add(out[0], "conditionExpression").text = "=1 = 2"
    return me(node) | me(out[0])


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


@fault("more than one cause of one event", "intermediateCatchEvent", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    if definition_of(node) is None or event_with(node, "link") is not None:
        return None
    add(add(node, "timerEventDefinition"), "timeDuration").text = "P1D"
    return me(node)
