"""Events of a drawing that say only in their name what they wait for or throw.

A drawing tool lets people draw a message event without any message. Here it gets one with the name
of the event, which is what its reader sees. What has no name stays so, and the check asks for it.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from engine.definitions.opening.notes import Notes
from engine.definitions.reading.xml import BPMN, Node, child, children, local_id, place_of, tag_of
from engine.definitions.reporting import label

_THROWS: Final = frozenset({"endEvent", "intermediateThrowEvent"})
_NEEDS: Final = (
    ("messageEventDefinition", "messageRef", "message", "het bericht"),
    ("signalEventDefinition", "signalRef", "signal", "het signaal"),
    ("errorEventDefinition", "errorRef", "error", "de foutcode"),
    ("escalationEventDefinition", "escalationRef", "escalation", "de escalatiecode"),
)
_CODED: Final = {"error": "errorCode", "escalation": "escalationCode"}


def name_events(root: Node, notes: Notes) -> None:
    """Make the messages, signals, errors and escalations that events are named after."""
    ids = {node.get("id", "") for node in root.iter(etree.Element)}
    known = {
        (need[2], one.get("name", "")): one for need in _NEEDS for one in children(root, need[2])
    }
    for process in children(root, "process"):
        for node in list(process.iter(f"{{{BPMN}}}*")):
            name = " ".join((node.get("name") or "").split())
            if not name:
                continue
            if tag_of(node) == "receiveTask":
                _give(node, node, _NEEDS[0], name, known, ids, notes)
            for need in _NEEDS:
                definition = child(node, need[0])
                caught = tag_of(node) not in _THROWS
                if definition is None or (caught and need[2] in _CODED):
                    continue  # an error that is caught without a code is any error
                _give(node, definition, need, name, known, ids, notes)


def _give(
    node: Node,
    holder: Node,
    need: tuple[str, str, str, str],
    name: str,
    known: dict[tuple[str, str], Node],
    ids: set[str],
    notes: Notes,
) -> None:
    _definition, reference, tag, what = need
    if local_id(holder.get(reference)):
        return
    found = known.get((tag, name))
    if found is None:
        found = etree.Element(f"{{{BPMN}}}{tag}")
        word = re.sub(r"\W+", "-", name).strip("-")[:40]
        found.set("id", _free(f"{tag}-{word}", ids))
        found.set("name", name)
        if tag in _CODED:
            found.set(_CODED[tag], name)
        known[tag, name] = found
        _process_of(node).addprevious(found)
    holder.set(reference, found.get("id", ""))
    notes.changed(
        "named-after-event",
        node,
        f"{label(place_of(node))} had geen eigen naam voor {what}. Die heet nu zoals de "
        f"gebeurtenis: ‘{name}’.",
        "Geef wat elkaar moet bereiken dezelfde naam.",
    )


def _process_of(node: Node) -> Node:
    while tag_of(node) != "process":
        above = node.getparent()
        assert above is not None  # events were found inside a process
        node = above
    return node


def _free(wanted: str, taken: set[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name
