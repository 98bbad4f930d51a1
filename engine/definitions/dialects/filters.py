"""Which changes of variables wake a condition, as Camunda 7 filters them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from engine.definitions.dialects.parts import read_as, translated
from engine.definitions.expressions import body, free_names
from engine.definitions.reading.xml import BPMN, Node, child, tag_of, text_of
from engine.definitions.reporting import Reporter

_BOTH: Final = frozenset({"create", "update"})


def translate_filters(process: Node, vendors: Collection[str], report: Reporter) -> None:
    """Take out a filter that leaves out no change of what the condition reads. The rest stays."""
    for node in process.iter(f"{{{BPMN}}}conditionalEventDefinition"):
        condition = text_of(child(node, "condition"))
        if not condition.startswith("="):
            continue
        read = {name.partition(".")[0] for name in free_names(body(condition))}
        for vendor in vendors:
            name, events = f"{{{vendor}}}variableName", f"{{{vendor}}}variableEvents"
            if read and read <= {node.get(name, "").strip()}:
                _taken_out(node, name, report)
            elif _begins(node) and (given := node.get(name, "").strip()).isidentifier():
                _given_too(node, name, given, condition, report)
            if {event.strip() for event in node.get(events, "").split(",")} >= _BOTH:
                _taken_out(node, events, report)


def _begins(node: Node) -> bool:
    """Whether it is the condition of a start event of the process itself."""
    event = node.getparent()
    scope = None if event is None else event.getparent()
    if event is None or scope is None:
        return False
    return tag_of(event) == "startEvent" and tag_of(scope) == "process"


def _given_too(node: Node, name: str, given: str, condition: str, report: Reporter) -> None:
    """A start that looks at one variable begins only with what brings that variable."""
    made, written = f"={given} != null and ({body(condition)})", child(node, "condition")
    if written is None or node.get(name.replace("variableName", "variableEvents")):
        return
    written.text = made
    del node.attrib[name]
    read_as(report, node, "de voorwaarde", made)


def _taken_out(node: Node, name: str, report: Reporter) -> None:
    del node.attrib[name]
    short = name.rpartition("}")[2]
    translated(
        report,
        node,
        f"‘{short}’ is niet overgenomen; de voorwaarde leest niets anders.",
        "Haal het kenmerk weg.",
    )
