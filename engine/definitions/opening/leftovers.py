"""What is left of other tools' words: taken out where nothing hangs on it, else kept as a decision.

A decision stays at its element as the property ``te-beslissen``. The check refuses publishing as
long as one is there, so nothing that another engine did is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.definitions.dialects.parts import extension
from engine.definitions.drafts.left_to_decide import OPEN_DECISION
from engine.definitions.expressions import shorten
from engine.definitions.model import Kind
from engine.definitions.opening.notes import Notes
from engine.definitions.opening.vendors import OWN, drop, name_of
from engine.definitions.reading.foreign import DIALECTS, HARMLESS
from engine.definitions.reading.xml import BPMN, ZEEBE, Node, place_of, tag_of
from engine.definitions.reporting import label

_PASSED_BY: Final = HARMLESS | frozenset(
    {
        "adHoc", "businessCalendarName", "category", "diagramRelationId", "dtype", "elementname",
        "failedJobRetryTimeCycle", "formFieldValidation", "formHandlerClass", "global", "import",
        "independent", "jobTopic", "metaData", "owner", "packageName", "potentialStarter",
        "priority", "retryTimeCycle", "selectable", "taskName", "taskPriority", "topic", "version",
    }
)  # fmt: skip
"""Words that change nothing about what happens to a token."""
_TELLS: Final = {
    "executionListener": "code die draait als de stap begint of eindigt",
    "taskListener": "code die draait als de taak verandert",
    "formData": "velden van een formulier",
    "formProperty": "een veld van een formulier",
    "field": "een instelling voor programmacode",
    "inputOutput": "invoer en uitvoer die niet te vertalen zijn",
    "in": "variabelen die naar het aangeroepen proces gaan",
    "out": "variabelen die terugkomen van het aangeroepen proces",
    "errorEventDefinition": "een fout die uit programmacode komt",
    "onEntry-script": "een script bij het begin",
    "onExit-script": "een script bij het einde",
    "ruleFlowGroup": "regels uit jBPM",
    "skipExpression": "een voorwaarde om de stap over te slaan",
    "collection": "een lijst waarvoor herhaald wordt",
    "elementVariable": "de naam van één stuk van de lijst",
}
_SAYS_WHAT: Final = ("taskDefinition", "script", "calledDecision", "calledElement", "userTask")
_MOST_AT_ONE: Final = 60
_HOLDS: Final = frozenset(map(str, Kind)) | {"process"}


def said_in_zeebe(root: Node) -> frozenset[str]:
    """The ids of elements that say in zeebe's words what they do, before anything is translated."""
    return frozenset(
        place_of(node).id for node in root.iter(*(f"{{{ZEEBE}}}{word}" for word in _SAYS_WHAT))
    )


def clear_leftovers(process: Node, said: frozenset[str], notes: Notes) -> None:
    """Deal with every word of another engine that no translation took.

    ``said`` are the elements that say the same in zeebe's words too.
    """
    passed: dict[str, tuple[Node, int]] = {}
    for node in list(process.iter(etree.Element)):
        if etree.QName(node).namespace not in DIALECTS:
            for name, namespace, value in _attributes(node):
                del node.attrib[f"{{{namespace}}}{name}"]
                if name in _PASSED_BY:
                    _count(passed, f"{name_of(namespace)} ‘{name}’", node)
                else:
                    _open(node, name, namespace, value, said, notes)
    for node in list(_outermost(process)):
        name, namespace = etree.QName(node).localname, etree.QName(node).namespace or ""
        if name in _PASSED_BY or _says_nothing(node):
            _count(passed, f"{name_of(namespace)} ‘{name}’", node)
        else:
            _open(node, name, namespace, " ".join(_words(node)), said, notes)
        drop(node)
    for what, (node, count) in passed.items():
        notes.changed(
            "left-out",
            node,
            f"{what} is weggelaten ({count} keer, hier het eerst). Het deed niets met de loop.",
            "U hoeft niets te doen.",
        )


def name_strangers(root: Node, notes: Notes) -> None:
    """Tell once of each tool whose own data stays in the file without meaning here."""
    seen: dict[str, tuple[Node, int]] = {}
    for node in root.iter(etree.Element):
        spaces = {etree.QName(node).namespace or ""}
        spaces.update(etree.QName(str(name)).namespace or "" for name in node.attrib)
        for namespace in spaces - {""}:
            if namespace not in OWN and namespace not in DIALECTS:
                _count(seen, name_of(namespace), node)
    for name, (node, count) in seen.items():
        notes.kept(
            "own-data",
            node,
            f"Eigen gegevens van {name} ({count} keer, hier het eerst) blijven in het bestand. "
            "Ze doen hier niets.",
            "U hoeft niets te doen.",
        )


def mark(node: Node, text: str) -> None:
    """Keep an open decision at the nearest element that can hold a property."""
    holder: Node | None = node
    while holder is not None and tag_of(holder) not in _HOLDS:
        holder = _source(holder) if tag_of(holder) == "sequenceFlow" else holder.getparent()
    if holder is None:
        return
    properties = extension(holder, "properties")
    if len(properties) >= _MOST_AT_ONE:
        return  # those that stand there hold up publishing; the notes tell all
    taken = {found.get("name") for found in properties}
    number, name = 1, OPEN_DECISION
    while name in taken:
        number += 1
        name = f"{OPEN_DECISION}-{number}"
    made = etree.SubElement(properties, f"{{{ZEEBE}}}property")
    made.set("name", name)
    made.set("value", shorten(text, 1_000))


def _source(flow: Node) -> Node | None:
    scope = flow.getparent()
    if scope is None:
        return None
    wanted = (flow.get("sourceRef") or "").rpartition(":")[2]
    return next((n for n in scope.iterchildren(f"{{{BPMN}}}*") if n.get("id") == wanted), scope)


def _open(
    node: Node, name: str, namespace: str, text: str, said: frozenset[str], notes: Notes
) -> None:
    place = place_of(node)
    what = _TELLS.get(name)
    dialect = name_of(namespace)
    told = f"‘{name}’ van {dialect}" + (f" ({what})" if what else "")
    if place.id in said and not name.endswith("istener"):
        notes.changed(
            "left-out",
            node,
            f"{label(place)}: {told} is weggelaten; wat er gebeurt staat er ook in de woorden van "
            "Camunda 8.",
            "U hoeft niets te doen.",
        )
        return
    notes.decide(
        "foreign-dialect",
        node,
        f"{label(place)}: {told} wordt hier niet uitgevoerd: {shorten(text, 300)}",
        f"Teken wat er moet gebeuren, of laat het vervallen. Haal daarna de eigenschap "
        f"‘{OPEN_DECISION}’ bij het element weg.",
    )
    mark(node, f"{told}: {text}")


def _says_nothing(node: Node) -> bool:
    """Whether nothing was filled in: a listener without code, a form without fields."""
    given = any(value for key, value in node.attrib.items() if key != "event")
    return not given and not len(node) and not (node.text or "").strip()


def _words(node: Node) -> Iterator[str]:
    """What an extension says, without the signs of XML."""
    for key, value in node.attrib.items():
        yield f"{etree.QName(str(key)).localname}={value}"
    if node.text and node.text.strip():
        yield node.text.strip()
    for inner in node.iterchildren(etree.Element):
        yield f"{etree.QName(inner).localname}: {' '.join(_words(inner))};"


def _attributes(node: Node) -> Iterator[tuple[str, str, str]]:
    for key, value in list(node.attrib.items()):
        found = etree.QName(str(key))
        if found.namespace in DIALECTS:
            yield found.localname, found.namespace or "", str(value)


def _outermost(process: Node) -> Iterator[Node]:
    """Extension elements of other engines that stand in none of their own."""
    for node in process.iter(etree.Element):
        parent = node.getparent()
        inside = parent is not None and etree.QName(parent).namespace in DIALECTS
        if etree.QName(node).namespace in DIALECTS and not inside:
            yield node


def _count(found: dict[str, tuple[Node, int]], key: str, node: Node) -> None:
    first, count = found.get(key, (node, 0))
    found[key] = (first, count + 1)
