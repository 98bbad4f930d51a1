"""Faults of gateways: conditions, defaults, splits and joins that do not fit."""

from __future__ import annotations

from tests.faults.planting import (
    Node,
    add,
    b,
    by_id,
    connect,
    drop,
    etree,
    fault,
    flows_from,
    flows_to,
    me,
    retag,
    scope_of,
)


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
