"""What a translation left behind, where the element now seems to say all in zeebe's words."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from lxml import etree

from engine.definitions.reading.foreign import DIALECTS, HARMLESS, SAYS_WHAT
from engine.definitions.reading.xml import BPMN, ZEEBE, Node, child, is_true, place_of
from engine.definitions.reporting import Reporter, label

_REPEATED: Final = f"{{{BPMN}}}multiInstanceLoopCharacteristics"
_COUNTS: Final = re.compile(r"\bn(?:r|umber)Of(?:Active|Completed|Terminated)?Instances\b")
_COUNTED: Final = "(loopCounter - 1)"
"""How a round is counted by engines that begin at 0."""


def speaking(process: Node) -> frozenset[Node]:
    """The elements that say in zeebe's words what they do, before anything is translated."""
    return frozenset(node for node in process.iter(f"{{{BPMN}}}*") if _speaks(node))


def has_leftovers(node: Node) -> bool:
    """Whether an element still has words of another engine that mean something."""
    holder = child(node, "extensionElements")
    inside = () if holder is None else holder.iterchildren(etree.Element)
    return any(_means(etree.QName(str(name))) for name in node.attrib) or any(
        _means(etree.QName(one)) for one in inside
    )


def report_untranslated(
    process: Node, spoke: frozenset[Node], answered: Collection[str], report: Reporter
) -> None:
    """Refuse what stayed at an element of which only a part was translated.

    Beside zeebe's own words such a remnant would be passed over; here it means something, unless
    an answer stands for all that the element does.
    """
    for node in list(process.iter(f"{{{BPMN}}}*")):
        if node in spoke or node.get("id") in answered or not _speaks(node):
            continue
        for name in [str(one) for one in node.attrib if _means(etree.QName(str(one)))]:
            del node.attrib[name]
            _refuse(node, etree.QName(name), report)
        holder = child(node, "extensionElements")
        if holder is None:
            continue
        for left in list(holder.iterchildren(etree.Element)):
            if _means(etree.QName(left)):
                _refuse(node, etree.QName(left), report)
                holder.remove(left)


def report_counts(process: Node, report: Reporter) -> None:
    """Refuse the counts of a repetition where they are not known: outside its stop condition.

    Engines that grew from Activiti have them as variables for all that happens in a round.
    """
    for node in process.iter(etree.Element):
        if etree.QName(node).localname == "completionCondition":
            continue
        found = next(
            filter(None, map(_COUNTS.search, (node.text or "", *node.attrib.values()))), None
        )
        if found is not None:
            place = place_of(node)
            report.error(
                "foreign-dialect",
                place,
                f"{label(place)} gebruikt ‘{found[0]}’. Dat is alleen in de stopvoorwaarde van "
                "een herhaling bekend.",
                "Tel zelf mee in een variabele.",
            )


def counts_ahead(condition: Node) -> bool:
    """Whether a stop condition counts rounds to come, which Camunda 8 does not know one by one."""
    repeated = condition.getparent()
    one_by_one = repeated is not None and is_true(repeated.get("isSequential"))
    return one_by_one and "nrOfInstances" in (condition.text or "")


def own_counter(root: Node) -> None:
    """Where nothing is repeated over a list, ``loopCounter`` is a variable like any other."""
    if next(root.iter(_REPEATED), None) is not None:
        return
    for node in root.iter(etree.Element):
        if node.text and _COUNTED in node.text:
            node.text = node.text.replace(_COUNTED, "loopCounter")
        for name, value in node.attrib.items():
            if _COUNTED in value:
                node.set(name, value.replace(_COUNTED, "loopCounter"))


def _speaks(node: Node) -> bool:
    holder = child(node, "extensionElements")
    return holder is not None and any(
        etree.QName(found).localname in SAYS_WHAT for found in holder.iterchildren(f"{{{ZEEBE}}}*")
    )


def _means(name: etree.QName) -> bool:
    return name.namespace in DIALECTS and name.localname not in HARMLESS


def _refuse(node: Node, name: etree.QName, report: Reporter) -> None:
    place = place_of(node)
    report.error(
        "foreign-dialect",
        place,
        f"{label(place)} gebruikt ‘{name.localname}’ van {DIALECTS[name.namespace or '']}. "
        "Dat wordt hier niet uitgevoerd.",
        "Haal het weg, of zeg het in de woorden van Camunda 8.",
    )
