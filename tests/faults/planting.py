"""Planting one fault into a sound model, and knowing which element must be named for it.

A fault finds its sites in a model and changes one of them. What it gives back are the ids that may
be named: the element itself, or the one beside it where both are a fair answer.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"

Node = etree._Element
Change = Callable[[Node], "set[str] | None"]
"""Changes a node of a copy of the model; the ids to be named, or None when it doesn't fit here."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault.

    Attributes:
        tags: the elements that it can be planted at.
        level: "error" when it would run wrongly or never end, else "warning".
    """

    name: str
    tags: tuple[str, ...]
    change: Change
    level: str


@dataclass(frozen=True, slots=True)
class Planted:
    """A model with one fault."""

    fault: Fault
    site: str
    xml: bytes
    named: frozenset[str]


FAULTS: list[Fault] = []


def fault(name: str, *tags: str, level: str = "error") -> Callable[[Change], Change]:
    """Register a kind of fault."""

    def register(change: Change) -> Change:
        FAULTS.append(Fault(name, tags, change, level))
        return change

    return register


def planted(xml: bytes, kind: Fault, most: int = 3) -> Iterator[Planted]:
    """The model with this fault, at each of its first few sites."""
    whole = etree.fromstring(xml)
    count = 0
    for index, node in enumerate(_sites(whole, kind)):
        tree = copy.deepcopy(whole)
        site = list(_sites(tree, kind))[index]
        try:
            named = kind.change(site)
        except (StopIteration, IndexError):  # what it needs beside it is not there
            continue
        if named is None:
            continue
        named.discard("")
        yield Planted(
            kind, node.get("id") or node.getparent().get("id", ""), etree.tostring(tree),
            frozenset(named),
        )  # fmt: skip
        count += 1
        if count == most:
            return


def _sites(root: Node, kind: Fault) -> Iterator[Node]:
    return root.iter(*(f"{{{BPMN}}}{tag}" for tag in kind.tags))


# -- looking around ------------------------------------------------------------------------------


def b(tag: str) -> str:
    """A BPMN tag."""
    return f"{{{BPMN}}}{tag}"


def z(tag: str) -> str:
    """A zeebe tag."""
    return f"{{{ZEEBE}}}{tag}"


def me(node: Node) -> set[str]:
    """The node's own id."""
    return {node.get("id", "")}


def root_of(node: Node) -> Node:
    """The definitions."""
    return node.getroottree().getroot()


def scope_of(node: Node) -> Node:
    """The process or sub-process around a node."""
    holder = node.getparent()
    assert holder is not None
    return holder


def by_id(node: Node, element_id: str | None) -> Node | None:
    """The element with an id, in the whole file."""
    if element_id is None:
        return None
    return next((n for n in root_of(node).iter() if n.get("id") == element_id), None)


def flows_from(node: Node) -> list[Node]:
    """The sequence flows that leave a node."""
    return [f for f in scope_of(node).findall(b("sequenceFlow"))
            if f.get("sourceRef") == node.get("id")]  # fmt: skip


def flows_to(node: Node) -> list[Node]:
    """The sequence flows that come into a node."""
    return [f for f in scope_of(node).findall(b("sequenceFlow"))
            if f.get("targetRef") == node.get("id")]  # fmt: skip


def named(scope: Node, *tags: str) -> list[Node]:
    """The elements directly in a scope that have one of these tags."""
    return list(scope.iterchildren(*map(b, tags)))


def definition_of(event: Node) -> Node | None:
    """The event definition of an event."""
    return next((n for n in event if etree.QName(n).localname.endswith("EventDefinition")), None)


def event_with(node: Node, kind: str) -> Node | None:
    """The event definition if it is of a kind (``timer``, ``message``, …)."""
    found = definition_of(node)
    if found is None or etree.QName(found).localname != f"{kind}EventDefinition":
        return None
    return found


def emptied(node: Node, kind: str) -> Node | None:
    """The event definition of a kind, without what stood in it."""
    found = event_with(node, kind)
    if found is not None:
        found[:] = []
    return found


def extension(node: Node, tag: str) -> Node | None:
    """A zeebe extension of an element."""
    return node.find(f"{b('extensionElements')}/{z(tag)}")


def add(parent: Node, tag: str, **attributes: str) -> Node:
    """A new BPMN child at the end."""
    return etree.SubElement(parent, b(tag), attributes)


def retag(node: Node, tag: str) -> None:
    """Make another element of it."""
    node.tag = b(tag)


def drop(node: Node) -> None:
    """Take a node away."""
    scope_of(node).remove(node)


def connect(node: Node, source: str, target: str, flow_id: str = "Flow_geplant") -> Node:
    """A new sequence flow beside a node."""
    return add(scope_of(node), "sequenceFlow", id=flow_id, sourceRef=source, targetRef=target)


def twin_of(node: Node, twin_id: str) -> Node:
    """A copy of an event beside it, with a way to an end of its own."""
    twin = copy.deepcopy(node)
    twin.set("id", twin_id)
    scope_of(node).append(twin)
    add(scope_of(node), "endEvent", id="End_Geplant")
    connect(node, twin_id, "End_Geplant")
    return twin
