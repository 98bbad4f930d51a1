"""What SpiffWorkflow lets an error, signal, escalation or message carry, as inputs of who throws.

There the thing that is thrown says which expression goes along, and under which name it arrives.
"""

from __future__ import annotations

from typing import Final

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import mapping, translated
from engine.definitions.expressions import problems
from engine.definitions.reading.xml import BPMN, Node, child, children, local_id, tag_of
from engine.definitions.reporting import Reporter

SPIFF: Final = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_WORDS: Final = (("payloadExpression", "variableName"), ("messagePayload", "messageVariable"))
THROWING: Final = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})


def translate_carried(root: Node, report: Reporter) -> None:
    """Give each event that throws what its definition says goes along."""
    for kind in ("error", "signal", "escalation", "message"):
        for carried in list(children(root, kind)):
            holder = child(carried, "extensionElements")
            if holder is None:
                continue
            for words in _WORDS:
                expression, name = (_word(holder, word) for word in words)
                if expression is None and name is not None:
                    holder.remove(name)  # nothing goes along
                made = None if expression is None else reading.value(_text(expression))
                if expression is None or name is None or made is None or problems(made):
                    continue
                for thrower in _throwers(root, kind, carried.get("id", "")):
                    mapping(thrower, "input", f"={made}", _text(name))
                    _told(thrower, _text(name), made, report)
                for word in (expression, name):
                    holder.remove(word)


def _word(holder: Node, name: str) -> Node | None:
    found: Node | None = holder.find(f"{{{SPIFF}}}{name}")
    return found


def _text(node: Node) -> str:
    return "".join(node.itertext()).strip()


def _throwers(root: Node, kind: str, carried_id: str) -> list[Node]:
    """The events and tasks that throw it."""
    found = []
    for node in root.iter(f"{{{BPMN}}}{kind}EventDefinition", f"{{{BPMN}}}sendTask"):
        if local_id(node.get(f"{kind}Ref")) == carried_id:
            holder = node if tag_of(node) == "sendTask" else node.getparent()
            if holder is not None and tag_of(holder) in THROWING:
                found.append(holder)
    return found


def _told(thrower: Node, name: str, made: str, report: Reporter) -> None:
    translated(
        report,
        thrower,
        f"wat meegaat is gelezen als invoer: {name} = {made}.",
        "Schrijf het bij ‘Wat erin gaat (input)’, dan kan het ook gepubliceerd worden.",
    )
