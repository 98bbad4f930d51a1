"""What stands where BPMN has no place for it, and settings that have no such value.

A modeller does not draw these; files that were edited or made by a program have them. What is not
read would silently do nothing, and a setting that is no setting would be taken for its default.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from engine.definitions.expressions import shorten
from engine.definitions.model import Kind
from engine.definitions.reading.foreign import of_jbpm
from engine.definitions.reading.xml import (
    BPMN,
    Node,
    child,
    children,
    is_false,
    is_true,
    local_id,
    nearest_named,
    tag_of,
)
from engine.definitions.reporting import Reporter, label

_STEPS: Final = frozenset(map(str, Kind))
_EVENTS: Final = frozenset(step for step in _STEPS if step.endswith("Event"))
_GATEWAYS: Final = frozenset(step for step in _STEPS if step.endswith("Gateway"))
_HOLD_STEPS: Final = frozenset(
    {"adHocSubProcess", "choreography", "process", "subChoreography", "subProcess", "transaction"}
)
_LOOPS: Final = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_OF_TIMERS: Final = frozenset({"timerEventDefinition"})
_DEFINED_IN: Final = _EVENTS | {"definitions", "event", "implicitThrowEvent"}
_ROOTS: Final = frozenset(
    {"collaboration", "error", "escalation", "message", "process", "signal"}
)  # fmt: skip
_ONLY_IN: Final[Mapping[str, frozenset[str]]] = {
    "childLaneSet": frozenset({"lane"}),
    "completionCondition": frozenset({"adHocSubProcess", "multiInstanceLoopCharacteristics"}),
    "condition": frozenset({"complexBehaviorDefinition", "conditionalEventDefinition"}),
    "conditionExpression": frozenset({"sequenceFlow"}),
    "flowNodeRef": frozenset({"lane"}),
    "lane": frozenset({"childLaneSet", "laneSet"}),
    "loopCardinality": frozenset({"multiInstanceLoopCharacteristics"}),
    "loopCondition": frozenset({"standardLoopCharacteristics"}),
    "script": frozenset({"globalScriptTask", "scriptTask"}),
    "timeCycle": _OF_TIMERS,
    "timeDate": _OF_TIMERS,
    "timeDuration": _OF_TIMERS,
    **dict.fromkeys(_STEPS | {"sequenceFlow"}, _HOLD_STEPS),
    **dict.fromkeys(_ROOTS, frozenset({"definitions"})),
}
"""Where BPMN has a place for it; anywhere else nothing reads it."""
_YES_OR_NO: Final = frozenset(
    {
        "cancelActivity", "cancelRemainingInstances", "instantiate", "isExecutable",
        "isForCompensation", "isInterrupting", "isSequential", "parallelMultiple", "testBefore",
        "triggeredByEvent", "waitForCompletion",
    }
)  # fmt: skip
_ONE_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "gatewayDirection": ("Unspecified", "Converging", "Diverging", "Mixed"),
    "eventGatewayType": ("Exclusive", "Parallel"),
    "ordering": ("Parallel", "Sequential"),
    "behavior": ("None", "One", "All", "Complex"),
}


def report_misplaced(root: Node, report: Reporter) -> None:
    """Name what has no place or no meaning where it stands."""
    for node in root.iter(f"{{{BPMN}}}*"):
        _place(node, report)
    for process in children(root, "process"):
        for node in process.iter(f"{{{BPMN}}}*"):
            _settings(node, report)
            if tag_of(node) in _GATEWAYS:
                _direction(node, report)
            if tag_of(node) == "process":
                _public(node, report)
    for participant in root.iter(f"{{{BPMN}}}participant"):
        _multiplicity(participant, report)


def _place(node: Node, report: Reporter) -> None:
    tag, parent = tag_of(node), node.getparent()
    holder = "" if parent is None else tag_of(parent)
    if not holder:
        return
    if holder not in _ONLY_IN.get(tag, {holder}):
        _misplaced(node, f"Een <{tag}> kan niet in een <{holder}> staan.", report)
    elif tag.endswith("EventDefinition") and holder not in _DEFINED_IN:
        _misplaced(node, f"Alleen een gebeurtenis heeft een <{tag}>.", report)
    elif tag in _LOOPS and holder in _EVENTS | _GATEWAYS:
        _misplaced(node, "Een gebeurtenis of gateway kan niet herhaald worden.", report)
    if tag in _STEPS and sum(1 for _loop in children(node, *_LOOPS)) > 1:
        _misplaced(node, "Er staan twee herhalingen bij.", report)
    if tag == "sequenceFlow" and sum(1 for _one in children(node, "conditionExpression")) > 1:
        _misplaced(node, "Er staan twee voorwaarden bij.", report)


def _misplaced(node: Node, what: str, report: Reporter) -> None:
    place = nearest_named(node)
    report.error(
        "misplaced-element",
        place,
        f"{what} Dat staat bij {label(place)} en wordt niet gelezen.",
        "Haal het weg, en teken in de modelleeromgeving wat u bedoelt.",
    )


def _settings(node: Node, report: Reporter) -> None:
    for name, value in _wrong_values(node):
        place = nearest_named(node)
        allowed = _ONE_OF.get(name, ("true", "false"))
        report.error(
            "value-not-allowed",
            place,
            f"{label(place)}: {name} is ‘{shorten(value)}’, maar dat kan niet.",
            f"Kies uit: {', '.join(allowed)}.",
        )
    if tag_of(node) == "sequenceFlow" and is_false(node.get("isImmediate")):
        place = nearest_named(node)
        report.warning(
            "flow-not-immediate",
            place,
            f"Bij de pijl {label(place)} staat dat er iets tussen kan komen (isImmediate=false). "
            "Bij het uitvoeren komt er niets tussen.",
            "Haal isImmediate weg, of teken wat er tussen komt.",
        )
    if any(character.isspace() for character in (node.get("id") or "").strip()):
        place = nearest_named(node)
        report.error(
            "id-with-space",
            place,
            f"In de id van {label(place)} staat een spatie. Niets kan ernaar verwijzen.",
            "Kies een id van letters, cijfers, ‘-’ en ‘_’.",
        )


def _wrong_values(node: Node) -> Iterator[tuple[str, str]]:
    for key, value in node.attrib.items():
        name, text = str(key), str(value)
        no_answer = name in _YES_OR_NO and not (is_true(text) or is_false(text))
        if no_answer or (name in _ONE_OF and text.strip() not in _ONE_OF[name]):
            yield name, text


def _direction(node: Node, report: Reporter) -> None:
    """A gateway that says that it only splits, or only joins, and does the other as well."""
    holder, direction = node.getparent(), (node.get("gatewayDirection") or "").strip()
    if holder is None or direction in ("", "Unspecified"):
        return
    ends: Counter[str] = Counter()
    for flow in children(holder, "sequenceFlow"):
        ends["in"] += local_id(flow.get("targetRef")) == node.get("id")
        ends["out"] += local_id(flow.get("sourceRef")) == node.get("id")
    mixed = ends["in"] > 1 and ends["out"] > 1
    wrong = {
        "Converging": ends["out"] > 1,
        "Diverging": ends["in"] > 1,
        "Mixed": not mixed,
    }
    if not wrong.get(direction, False):
        return
    place = nearest_named(node)
    report.error(
        "gateway-direction",
        place,
        f"{label(place)} zegt gatewayDirection={direction}, maar heeft {ends['in']} pijl(en) erin "
        f"en {ends['out']} eruit.",
        "Sluit de pijlen anders aan, of haal gatewayDirection weg.",
    )


def _public(node: Node, report: Reporter) -> None:
    if node.get("processType") != "Public" or not is_true(node.get("isExecutable")):
        return
    if of_jbpm(node):
        return  # its modeller writes so of every process that others may begin
    place = nearest_named(node)
    report.error(
        "public-process-executable",
        place,
        f"Het proces {label(place)} is openbaar (processType=Public): het toont alleen wat anderen "
        "zien. Zo’n proces kan niet uitgevoerd worden.",
        "Zet processType op ‘Private’ of ‘None’, of haal isExecutable weg.",
    )


def _multiplicity(participant: Node, report: Reporter) -> None:
    said = child(participant, "participantMultiplicity")
    if said is None:
        return
    lowest = said.get("minimum") or "0"
    texts = (lowest, said.get("maximum") or said.get("minimum") or "1")
    try:
        least, most = (int(text) for text in texts)
    except ValueError:
        least, most = 0, -1
    if 0 <= least <= most:
        return
    place = nearest_named(participant)
    report.error(
        "participant-multiplicity",
        place,
        f"{label(place)} doet minstens {shorten(texts[0])} en hoogstens {shorten(texts[1])} keer "
        "mee; dat kan niet.",
        "Vul hele getallen in, het eerste niet groter dan het tweede.",
    )


def report_same_ids(root: Node, compared: tuple[frozenset[str], ...], report: Reporter) -> None:
    """Name ids that two things have; ``compared`` are groups of tags that are compared later."""
    first: dict[str, Node] = {}
    for node in root.iter(f"{{{BPMN}}}*"):
        id_ = (node.get("id") or "").strip()
        if not id_ or node is root:
            continue
        known = first.setdefault(id_, node)
        both = {etree.QName(known).localname, etree.QName(node).localname}
        if known is node or any(both <= group for group in compared):
            continue
        place = nearest_named(node)
        report.error(
            "duplicate-id",
            place._replace(id=id_),
            f"De id ‘{id_}’ komt twee keer voor; eerst op regel {known.sourceline or 0}.",
            "Geef een van de twee elementen een andere id.",
        )
