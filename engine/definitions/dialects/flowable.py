"""What Flowable alone says: what comes with an event, and what many rounds bring together."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from lxml import etree

from engine.definitions.dialects.names import renamed
from engine.definitions.dialects.parts import extension, mapping, read_as
from engine.definitions.reading.foreign import ACTIVITI_AND_FLOWABLE
from engine.definitions.reading.xml import BPMN, ZEEBE, Node, child, children, local_id, tag_of
from engine.definitions.reporting import Reporter

_CATCHING: Final = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
_WITH_VARIABLES: Final = (
    "signalEventDefinition", "messageEventDefinition", "errorEventDefinition",
    "escalationEventDefinition",
)  # fmt: skip
_THROWING: Final = frozenset({"intermediateThrowEvent", "endEvent"})
ONLY_NAMED: Final = "brengt-alleen-genoemd"
"""The property of an event of which only its outputs go on, and not what comes with it."""
_CODE, _MESSAGE = re.compile(r"\berrorCode\b"), re.compile(r"\berrorMessage\b")
_GATHERING: Final = frozenset({"userTask", "serviceTask", "scriptTask", "task", "manualTask"})
"""Steps of which what one round makes is known: no other steps run inside."""


def translate_flowable(process: Node, vendors: Collection[str], report: Reporter) -> None:
    """Read what an event brings as its output, and a gathering of variables as a list."""
    for node in list(process.iter(f"{{{BPMN}}}*")):
        if tag_of(node) in _CATCHING | _THROWING:
            _brought(node, vendors, report)
        elif tag_of(node) == "multiInstanceLoopCharacteristics":
            _gathered(node, report)


def _brought(event: Node, vendors: Collection[str], report: Reporter) -> None:
    """Rows of an event: of what comes with it (``in``), or with what it throws (``out``)."""
    holder, throws = child(event, "extensionElements"), tag_of(event) in _THROWING
    if holder is None or all(child(event, tag) is None for tag in _WITH_VARIABLES):
        return
    word = "out" if throws else "in"
    rows = [row for vendor in vendors for row in holder.iterchildren(f"{{{vendor}}}{word}")]
    pairs = [pair for pair in map(renamed, rows) if pair is not None]
    caught = child(event, "errorEventDefinition")
    if caught is not None and not throws:
        pairs = _of_error(event, local_id(caught.get("errorRef")), pairs)
    if not rows or len(pairs) < len(rows):
        return
    for row in rows:
        holder.remove(row)
    for source, target in pairs:
        mapping(event, "input" if throws else "output", f"={source}", target)
    if not throws:
        only = etree.SubElement(extension(event, "properties"), f"{{{ZEEBE}}}property")
        only.set("name", ONLY_NAMED)
        only.set("value", "ja")
    read_as(report, event, "wat ermee meekomt", ", ".join(target for _source, target in pairs))


def _of_error(event: Node, reference: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is asked of an error, as far as known: its code by what catches it, and no message.

    A message is what an event threw under that name; who throws in code gives one we do not read.
    """
    root = event.getroottree().getroot()
    errors = {one.get("id"): one.get("errorCode") or "" for one in children(root, "error")}
    code = errors.get(reference, "")
    in_code = "BpmnError" in "".join(root.itertext()) or _has_code(root)
    known = [
        (_CODE.sub(f'"{code}"', source), target)
        for source, target in pairs
        if (code and '"' not in code) or not _CODE.search(source)
    ]
    return [pair for pair in known if not (in_code and _MESSAGE.search(pair[0]))]


def _has_code(root: Node) -> bool:
    return any(
        etree.QName(str(name)).localname in ("class", "delegateExpression")
        for node in root.iter(f"{{{BPMN}}}*")
        for name in node.attrib
    )


def _gathered(repeated: Node, report: Reporter) -> None:
    """Variables of each round, put together in a list of what every round made of them."""
    holder, step = child(repeated, "extensionElements"), repeated.getparent()
    if holder is None or step is None or tag_of(step) not in _GATHERING:
        return
    found = [row for row in holder if etree.QName(row).localname == "variableAggregation"]
    if len(found) != 1 or etree.QName(found[0]).namespace not in ACTIVITI_AND_FLOWABLE:
        return
    into, rows = found[0].get("target") or "", list(found[0].iterchildren(etree.Element))
    pairs = [(row.get("source") or "", row.get("target") or row.get("source")) for row in rows]
    plain = set(found[0].attrib) == {"target"} and all(
        etree.QName(row).localname == "variable" and set(row.attrib) <= {"source", "target"}
        for row in rows
    )
    names = [into, *(name or "" for pair in pairs for name in pair)]
    if not pairs or not plain or not all(name.isidentifier() for name in names):
        return
    holder.remove(found[0])
    for source in dict.fromkeys(source for source, _target in pairs):
        mapping(step, "input", f"={source}", source)  # each round has its own
    settings = extension(repeated, "loopCharacteristics")
    settings.set("outputCollection", into)
    made = ", ".join(f"{target}: {source}" for source, target in pairs)
    settings.set("outputElement", f"={{{made}}}")
    read_as(report, step, "wat alle keren samen opleveren", f"{into} = [{{{made}}}]")
