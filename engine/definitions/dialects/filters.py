"""Which changes of variables wake a condition, as Camunda 7 filters them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from engine.definitions.dialects.parts import translated
from engine.definitions.expressions import body, free_names
from engine.definitions.reading.xml import BPMN, Node, child, text_of
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
            if {event.strip() for event in node.get(events, "").split(",")} >= _BOTH:
                _taken_out(node, events, report)


def _taken_out(node: Node, name: str, report: Reporter) -> None:
    del node.attrib[name]
    short = name.rpartition("}")[2]
    translated(
        report,
        node,
        f"‘{short}’ is niet overgenomen; de voorwaarde leest niets anders.",
        "Haal het kenmerk weg.",
    )
