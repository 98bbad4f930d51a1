"""What SpiffWorkflow does just before and after a step, as inputs and outputs of that step.

Its scripts work on the data that goes on with the token, so what is set before stays after. Work
that has an answer needs no operator: the answer is what comes of it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from engine.definitions.dialects.carried import SPIFF, THROWING
from engine.definitions.dialects.parts import mapping, translated
from engine.definitions.dialects.scripts import assignments
from engine.definitions.reading.xml import (
    BPMN,
    Node,
    child,
    children,
    local_id,
    tag_of,
    text_of,
)
from engine.definitions.reporting import Reporter

_STEPS: Final = (
    "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "callActivity",
    "subProcess", "transaction",
)  # fmt: skip
_MESSAGING: Final = tuple(
    f"{{{BPMN}}}{tag}" for tag in ("messageEventDefinition", "sendTask", "receiveTask")
)
_REPEATS: Final = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")


def translate_messages(root: Node) -> None:
    """What goes along to nobody in the file, or comes from outside of it: an answer says that."""
    named = {one.get("id", ""): one.get("name") or "" for one in children(root, "message")}
    thrown, caught = (_names(root, named, throwing) for throwing in (True, False))
    for message in children(root, "message"):
        _to_or_from_outside(message, message.get("name") or "", thrown, caught)
    for node in root.iter(*_MESSAGING):  # or it is said where it is thrown and caught
        name = named.get(local_id(node.get("messageRef")), "")
        _to_or_from_outside(node, name, thrown, caught)


def _to_or_from_outside(node: Node, name: str, thrown: set[str], caught: set[str]) -> None:
    holder = child(node, "extensionElements")
    for word, others in (("messagePayload", caught), ("messageVariable", thrown)):
        found = None if holder is None else holder.find(f"{{{SPIFF}}}{word}")
        if holder is not None and found is not None and name not in others:
            holder.remove(found)


def _names(root: Node, named: dict[str, str], throwing: bool) -> set[str]:
    """The names of the messages that something in a file throws, or catches."""
    found = set()
    for node in root.iter(*_MESSAGING):
        holder = node.getparent() if tag_of(node) == "messageEventDefinition" else node
        throws = holder is not None and tag_of(holder) in THROWING
        if throws is throwing:
            found.add(named.get(local_id(node.get("messageRef")), ""))
    return found


def translate_spiff(process: Node, answered: Collection[str], report: Reporter) -> None:
    """Scripts around steps, and the operators of work that has an answer."""
    for node in process.iter(*(f"{{{BPMN}}}{tag}" for tag in _STEPS)):
        holder = child(node, "extensionElements")
        if holder is None:
            continue
        operator = holder.find(f"{{{SPIFF}}}serviceTaskOperator")
        if operator is not None and node.get("id") in answered:
            holder.remove(operator)
        repeated = any(child(node, tag) is not None for tag in _REPEATS)
        if not repeated:  # each round would do it again
            _around(node, holder, report)


def _around(node: Node, holder: Node, report: Reporter) -> None:
    before, after = (holder.find(f"{{{SPIFF}}}{name}Script") for name in ("pre", "post"))
    first, last = (assignments(text_of(script), "python") for script in (before, after))
    if first is None or last is None or (before is None and after is None):
        return
    for target, source in first:
        mapping(node, "input", f"={source}", target)
    for target in dict.fromkeys(target for target, _ in first):
        mapping(node, "output", f"={target}", target)
    for target, source in last:
        mapping(node, "output", f"={source}", target)
    for script in (before, after):
        if script is not None:
            holder.remove(script)
    translated(
        report,
        node,
        "wat ervoor en erna gezet wordt is gelezen als invoer en uitvoer.",
        "Schrijf het bij ‘Wat erin gaat (input)’ en ‘Wat eruit komt (output)’, dan kan het ook "
        "gepubliceerd worden.",
    )
