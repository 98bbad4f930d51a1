"""Variables in which other engines put the code of what was caught."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from lxml import etree

from engine.definitions.dialects.parts import extension, mapping, translated
from engine.definitions.reading.xml import (
    BPMN,
    ZEEBE,
    Node,
    child,
    children,
    local_id,
    tag_of,
)
from engine.definitions.reporting import Reporter

_CAUGHT: Final = {"errorEventDefinition": "error", "escalationEventDefinition": "escalation"}


def translate_codes(root: Node, process: Node, vendors: Collection[str], report: Reporter) -> None:
    """What catches one code knows beforehand what it will catch; what catches all keeps it."""
    for tag, kind in _CAUGHT.items():
        known = {one.get("id", ""): one for one in children(root, kind)}
        for node in list(process.iter(f"{{{BPMN}}}{tag}")):
            event = node.getparent()
            thrown = known.get(local_id(node.get(f"{kind}Ref")))
            if event is None or tag_of(event) in ("endEvent", "intermediateThrowEvent"):
                continue
            for vendor in vendors:
                if thrown is None:
                    if not node.get(f"{kind}Ref"):
                        _kept(event, node, vendor, kind, list(known.values()), report)
                    continue
                _constant(
                    event,
                    node,
                    f"{{{vendor}}}{kind}CodeVariable",
                    thrown.get(f"{kind}Code"),
                    report,
                )
                message, said = f"{{{vendor}}}{kind}MessageVariable", f"{{{vendor}}}{kind}Message"
                _constant(event, node, message, thrown.get(said), report)
                if not thrown.get(said):
                    _empty(event, node, message, report)


def _constant(event: Node, node: Node, name: str, text: str | None, report: Reporter) -> None:
    variable = node.get(name)
    if not variable or not variable.isidentifier() or not text or '"' in text or "$" in text:
        return
    del node.attrib[name]
    mapping(event, "output", f'="{text}"', variable)
    translated(
        report,
        event,
        f"‘{variable}’ krijgt als uitvoer wat hier gevangen wordt: ‘{text}’.",
        "Kijk bij ‘Wat eruit komt (output)’ of het klopt.",
    )


def _kept(
    event: Node, node: Node, vendor: str, kind: str, known: list[Node], report: Reporter
) -> None:
    """The code as a variable of what catches them all; a message that nothing has stays empty."""
    if not any(one.get(f"{{{vendor}}}{kind}Message") for one in known):
        _empty(event, node, f"{{{vendor}}}{kind}MessageVariable", report)
    code = f"{{{vendor}}}{kind}CodeVariable"
    variable = node.get(code)
    if not variable or not variable.isidentifier() or _has_outputs(event):
        return
    del node.attrib[code]
    made = etree.SubElement(extension(event, "properties"), f"{{{ZEEBE}}}property")
    made.set("name", "code-in")
    made.set("value", variable)
    translated(
        report,
        event,
        f"‘{variable}’ krijgt de code van wat hier gevangen wordt.",
        "Kijk bij de eigenschap ‘code-in’ of het klopt.",
    )


def _empty(event: Node, node: Node, name: str, report: Reporter) -> None:
    variable = node.attrib.pop(name, None)
    if variable is None:
        return
    translated(
        report,
        event,
        f"‘{variable}’ blijft leeg, want wat hier gevangen wordt heeft geen tekst.",
        "Haal de variabele weg.",
    )


def _has_outputs(event: Node) -> bool:
    holder = child(event, "extensionElements")
    if holder is None:
        return False
    return next(holder.iter("{*}outputParameter", "{*}output"), None) is not None
