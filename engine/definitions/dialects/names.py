"""Names of messages and signals that another engine puts together, and what a signal carries."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from lxml import etree

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import mapping, read_as
from engine.definitions.dialects.written_values import text_or_expression
from engine.definitions.expressions import problems
from engine.definitions.reading.xml import BPMN, Node, child, children
from engine.definitions.reporting import Reporter

_PART: Final = re.compile(r"([$#]\{[^{}]*\})")


def translate_names(root: Node, report: Reporter) -> None:
    """Names with expressions in them as FEEL."""
    for node in children(root, "message", "signal"):
        written = node.get("name") or ""
        if "${" not in written and "#{" not in written:
            continue
        made = _put_together(written)
        if made is None or problems(made):
            continue
        node.set("name", f"={made}")
        read_as(report, node, "de naam", f"={made}")


def _put_together(text: str) -> str | None:
    """FEEL of a text with expressions in it; None when one of them has no translation."""
    if reading.unwrapped(text) is not None:
        return reading.value(text)
    made: list[str] = []
    for part in filter(None, _PART.split(text)):
        feel = text_or_expression(part)
        if feel is None:
            return None
        made.append(f"string({feel})" if _PART.fullmatch(part) else feel)
    return " + ".join(made)


def translate_payload(process: Node, vendors: Collection[str], report: Reporter) -> None:
    """What a thrown signal carries is made local to the event that throws it."""
    for node in list(process.iter(f"{{{BPMN}}}signalEventDefinition")):
        event, holder = node.getparent(), child(node, "extensionElements")
        if event is None or holder is None:
            continue
        rows = [row for vendor in vendors for row in holder.iterchildren(f"{{{vendor}}}in")]
        if [dict(row.attrib) for row in rows] == [{"variables": "all", "local": "true"}]:
            holder.remove(rows[0])  # what is local to the event is what it throws here
            if not len(holder):
                node.remove(holder)
            continue
        made = [renamed(row) for row in rows]
        pairs = [pair for pair in made if pair is not None]
        if not rows or len(pairs) < len(made):
            continue
        for row in rows:
            holder.remove(row)
        if not len(holder):
            node.remove(holder)
        for source, target in pairs:
            mapping(event, "input", f"={source}", target)
        read_as(report, event, "wat het signaal meegeeft", ", ".join(t for _s, t in pairs))


def renamed(row: Node) -> tuple[str, str] | None:
    """Source in FEEL and target of one variable; None for all of them, or without translation."""
    name, written, target = row.get("source"), row.get("sourceExpression"), row.get("target")
    words = {etree.QName(str(key)).localname for key in row.attrib}
    if words - {"source", "sourceExpression", "target"}:
        return None
    made = name if name and name.isidentifier() else text_or_expression(written or "${}")
    return (made, target) if made and target and not problems(made) else None
