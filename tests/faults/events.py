"""Faults of events: what they name, and where they hang."""

from __future__ import annotations

from tests.faults.planting import (
    Node,
    add,
    b,
    by_id,
    definition_of,
    emptied,
    etree,
    event_with,
    fault,
    me,
    root_of,
    scope_of,
    twin_of,
    z,
)

EVENTS = ("startEvent", "intermediateCatchEvent", "boundaryEvent", "intermediateThrowEvent",
          "endEvent")  # fmt: skip


def _dangling(kind: str) -> None:
    @fault(f"a {kind} that is not there", *EVENTS)
    def _(node: Node) -> set[str] | None:
        found = event_with(node, kind)
        if found is None:
            return None
        found.set(f"{kind}Ref", "Bestaat_Niet")
        return me(node)


for _kind in ("message", "signal", "error", "escalation"):
    _dangling(_kind)


def _unnamed(kind: str, *tags: str) -> None:
    @fault(f"an event without its {kind}", *tags)
    def _(node: Node) -> set[str] | None:
        found = event_with(node, kind)
        if found is None or found.attrib.pop(f"{kind}Ref", None) is None:
            return None
        return me(node)


_unnamed("message", *EVENTS)
_unnamed("signal", *EVENTS)
_unnamed("error", "endEvent")
_unnamed("escalation", "endEvent", "intermediateThrowEvent")


def _users(message: Node) -> set[str]:
    """Who sends or waits for a message: the elements, or the events around their definition."""
    holders = [n for n in root_of(message).iter() if n.get("messageRef") == message.get("id")]
    return {found.get("id", "") for n in holders for found in (n, scope_of(n))}


@fault("a message without a name", "message", level="warning")
def _(node: Node) -> set[str] | None:
    return None if node.attrib.pop("name", None) is None else me(node) | _users(node)


@fault("a message without correlation", "intermediateCatchEvent", "boundaryEvent",
       "receiveTask", level="warning")  # fmt: skip
def _(node: Node) -> set[str] | None:
    found = event_with(node, "message")
    reference = node.get("messageRef") or (found is not None and found.get("messageRef"))
    message = by_id(node, reference or None) if reference else None
    if message is None:
        return None
    for part in list(message):
        message.remove(part)
    return me(node) | me(message)


@fault("a correlation that is no FEEL", "message")
def _(node: Node) -> set[str] | None:
    subscription = node.find(f"{b('extensionElements')}/{z('subscription')}")
    if subscription is None:
        return None
    subscription.set("correlationKey", "=verzoek.(id")
    return me(node) | _users(node)


# -- where events hang --------------------------------------------------------------------------


@fault("a boundary event on nothing", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    return None if node.attrib.pop("attachedToRef", None) is None else me(node)


@fault("a boundary event on something that is not there", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    node.set("attachedToRef", "Bestaat_Niet")
    return me(node)


@fault("a boundary event on a gateway or event", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    tags = ("exclusiveGateway", "parallelGateway", "endEvent", "startEvent")
    other = next((n for n in scope_of(node) if etree.QName(n).localname in tags), None)
    if other is None:
        return None
    node.set("attachedToRef", other.get("id", ""))
    return me(node)


@fault("a boundary event on a step elsewhere", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    inner = next((n for n in root_of(node).iter(b("task"), b("userTask"))
                  if scope_of(n) is not scope_of(node)), None)  # fmt: skip
    if inner is None:
        return None
    node.set("attachedToRef", inner.get("id", ""))
    return me(node)


@fault("an error that does not interrupt", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    if event_with(node, "error") is None:
        return None
    node.set("cancelActivity", "false")
    return me(node)


@fault("the same error caught twice", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    if event_with(node, "error") is None:
        return None
    return me(node) | me(twin_of(node, "Boundary_Geplant"))


@fault("an error that nothing catches", "boundaryEvent", level="warning")
def _(node: Node) -> set[str] | None:
    found = event_with(node, "error")
    host = by_id(node, node.get("attachedToRef"))
    if found is None or host is None or etree.QName(host).localname != "subProcess":
        return None
    add(root_of(node), "error", id="Error_Geplant", errorCode="ANDERS")
    found.set("errorRef", "Error_Geplant")
    throws = [n for n in host.iter(b("endEvent")) if event_with(n, "error") is not None]
    return {n.get("id", "") for n in throws} or None


@fault("an escalation that nothing catches", "boundaryEvent", level="warning")
def _(node: Node) -> set[str] | None:
    found = event_with(node, "escalation")
    if found is None:
        return None
    add(root_of(node), "escalation", id="Escalation_Geplant", escalationCode="ANDERS")
    code = found.get("escalationRef")
    found.set("escalationRef", "Escalation_Geplant")
    throws = root_of(node).iter(b("intermediateThrowEvent"), b("endEvent"))
    return {
        n.get("id", "")
        for n in throws
        if (thrown := event_with(n, "escalation")) is not None
        and thrown.get("escalationRef") == code
    }


@fault("an event that waits for nothing", "intermediateCatchEvent", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    found = definition_of(node)
    if found is None:
        return None
    node.remove(found)
    return me(node)


@fault("a condition event without condition", "intermediateCatchEvent", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    return None if emptied(node, "conditional") is None else me(node)


@fault("a condition event that is no FEEL", "intermediateCatchEvent", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    found = event_with(node, "conditional")
    condition = None if found is None else found.find(b("condition"))
    if condition is None:
        return None
    condition.text = "=gereed ="
    return me(node)


@fault("an end that cancels", "endEvent")
def _(node: Node) -> set[str] | None:
    if definition_of(node) is not None:
        return None
    add(node, "cancelEventDefinition")
    return me(node)


@fault("a terminate in the middle", "intermediateThrowEvent")
def _(node: Node) -> set[str] | None:
    found = definition_of(node)
    if found is None or event_with(node, "link") is not None:
        return None
    node.remove(found)
    add(node, "terminateEventDefinition")
    return me(node)


@fault("an error thrown in the middle", "intermediateThrowEvent")
def _(node: Node) -> set[str] | None:
    found = definition_of(node)
    if found is None or event_with(node, "link") is not None:
        return None
    node.remove(found)
    add(root_of(node), "error", id="Error_Geplant", errorCode="ANDERS")
    add(node, "errorEventDefinition", errorRef="Error_Geplant")
    return me(node)
