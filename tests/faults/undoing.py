"""Faults of links and compensation: what jumps, and what undoes."""

from __future__ import annotations

from tests.faults.planting import Node, b, by_id, drop, event_with, fault, me, scope_of, twin_of


@fault("a link to nowhere", "intermediateThrowEvent")
def _(node: Node) -> set[str] | None:
    found = event_with(node, "link")
    if found is None:
        return None
    found.set("name", "nergens")
    return me(node)


@fault("a link without a name", "intermediateThrowEvent")
def _(node: Node) -> set[str] | None:
    found = event_with(node, "link")
    if found is None:
        return None
    return None if found.attrib.pop("name", None) is None else me(node)


@fault("a link that arrives at two places", "intermediateCatchEvent")
def _(node: Node) -> set[str] | None:
    if event_with(node, "link") is None:
        return None
    return me(node) | me(twin_of(node, "Catch_Geplant"))


@fault("a link that nothing jumps to", "intermediateThrowEvent")
def _(node: Node) -> set[str] | None:
    found = event_with(node, "link")
    if found is None:
        return None
    catches = {
        n.get("id", "")
        for n in scope_of(node).findall(b("intermediateCatchEvent"))
        if event_with(n, "link") is not None
    }
    node.remove(found)
    return catches


@fault("compensation without a step that undoes", "association")
def _(node: Node) -> set[str] | None:
    source = by_id(node, node.get("sourceRef"))
    target = by_id(node, node.get("targetRef"))
    if source is None or target is None or target.get("isForCompensation") != "true":
        return None
    drop(node)
    return me(source) | me(target)


@fault("compensation of a step that is not there", "intermediateThrowEvent", "endEvent")
def _(node: Node) -> set[str] | None:
    found = event_with(node, "compensate")
    if found is None:
        return None
    found.set("activityRef", "Bestaat_Niet")
    return me(node)


@fault("a step that undoes, drawn as a common one", "association")
def _(node: Node) -> set[str] | None:
    source = by_id(node, node.get("sourceRef"))
    target = by_id(node, node.get("targetRef"))
    if source is None or target is None or target.attrib.pop("isForCompensation", "") != "true":
        return None
    return me(source) | me(target)
