"""Variables in which other engines put the code of what was caught."""

from __future__ import annotations

from typing import Final

from engine.definitions.dialects.parts import mapping
from engine.definitions.reading.xml import BPMN, Node, children, local_id, place_of, tag_of
from engine.definitions.reporting import Reporter, label

_CAUGHT: Final = {"errorEventDefinition": "error", "escalationEventDefinition": "escalation"}


def translate_codes(root: Node, process: Node, vendors: frozenset[str], report: Reporter) -> None:
    """What catches one code knows beforehand what it will catch."""
    for tag, kind in _CAUGHT.items():
        known = {one.get("id", ""): one for one in children(root, kind)}
        for node in list(process.iter(f"{{{BPMN}}}{tag}")):
            event = node.getparent()
            thrown = known.get(local_id(node.get(f"{kind}Ref")))
            if event is None or thrown is None or tag_of(event) == "endEvent":
                continue
            for vendor in vendors:
                written = {
                    f"{kind}CodeVariable": thrown.get(f"{kind}Code"),
                    f"{kind}MessageVariable": thrown.get(f"{{{vendor}}}{kind}Message"),
                }
                for name, text in written.items():
                    _constant(event, node, f"{{{vendor}}}{name}", text, report)


def _constant(event: Node, node: Node, name: str, text: str | None, report: Reporter) -> None:
    variable = node.get(name)
    if not variable or not variable.isidentifier() or not text or '"' in text or "$" in text:
        return
    del node.attrib[name]
    mapping(event, "output", f'="{text}"', variable)
    place = place_of(event)
    report.warning(
        "translated",
        place,
        f"{label(place)}: ‘{variable}’ krijgt als uitvoer wat hier gevangen wordt: ‘{text}’.",
        "Kijk bij ‘Wat eruit komt (output)’ of het klopt.",
    )
