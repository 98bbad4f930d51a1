"""What a drawing leaves open and only its owner can say: when, which way, for whom, what exactly.

The check names the same as errors once the file is a draft. Here they stand in one list with what
else is to be decided, so that somebody who opens a drawing sees how much there is to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from engine.definitions.opening.notes import Notes
from engine.definitions.reading.xml import (
    BPMN,
    ZEEBE,
    Node,
    child,
    children,
    local_id,
    place_of,
    tag_of,
    text_of,
)
from engine.definitions.reporting import label

_CHOOSES: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
_INSIDE: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
_TIMES: Final = ("timeDate", "timeDuration", "timeCycle")
_MOST_NAMED: Final = 3

Tell = Callable[[Node, Notes], None]


def tell_undecided(process: Node, notes: Notes) -> None:
    """Everything that a process needs before it can run, element by element."""
    for node in process.iter(f"{{{BPMN}}}*"):
        tell = _TELLS.get(tag_of(node))
        if tell is not None:
            tell(node, notes)


def _plain_task(node: Node, notes: Notes) -> None:
    notes.decide(
        "plain-task",
        node,
        f"{_named(node)} is een taak zonder soort. Bij het uitvoeren gaat het traject er meteen "
        "langs.",
        "Maak er een gebruikerstaak van als iemand dit doet.",
    )


def _choice(node: Node, notes: Notes) -> None:
    scope = node.getparent()
    if scope is None or node.get("default"):
        return
    leaving = [
        flow
        for flow in children(scope, "sequenceFlow")
        if local_id(flow.get("sourceRef")) == node.get("id")
    ]
    if len(leaving) < 2 or any(text_of(child(flow, "conditionExpression")) for flow in leaving):
        return
    ways = list(_ways(scope, leaving))
    more = f" en {len(ways) - _MOST_NAMED} andere" if len(ways) > _MOST_NAMED else ""
    notes.decide(
        "choice",
        node,
        f"{_named(node)} kiest tussen {', '.join(ways[:_MOST_NAMED])}{more}, maar er staat niet "
        "wanneer welke weg geldt.",
        "Zet bij elke pijl een voorwaarde, en maak er één de standaard.",
    )


def _ways(scope: Node, leaving: list[Node]) -> Iterator[str]:
    """What each flow says, or where it goes."""
    targets = {one.get("id"): one for one in scope.iterchildren(f"{{{BPMN}}}*")}
    for flow in leaving:
        target = targets.get(local_id(flow.get("targetRef")))
        said = " ".join((flow.get("name") or "").split())
        yield f"‘{said}’" if said else _named(flow if target is None else target)


def _timer(node: Node, notes: Notes) -> None:
    event = node.getparent()
    if event is None or any(text_of(child(node, tag)) for tag in _TIMES):
        return
    notes.decide(
        "time",
        event,
        f"{_named(event)} is een timer, maar er staat niet wanneer die afgaat.",
        "Vul een duur in (bijvoorbeeld P3D: drie dagen), een datum of een herhaling.",
    )


def _condition_event(node: Node, notes: Notes) -> None:
    event = node.getparent()
    if event is None or text_of(child(node, "condition")):
        return
    notes.decide(
        "condition",
        event,
        f"{_named(event)} wacht tot iets waar is, maar er staat niet wat.",
        "Vul de voorwaarde in, bijvoorbeeld =saldo < 0.",
    )


def _each(node: Node, notes: Notes) -> None:
    activity = node.getparent()
    given = ("loopCardinality", "loopDataInputRef")
    if activity is None or any(text_of(child(node, tag)) for tag in given):
        return
    if next(node.iter(f"{{{ZEEBE}}}loopCharacteristics"), None) is not None:
        return
    notes.decide(
        "each",
        activity,
        f"{_named(activity)} gebeurt meer dan eens, maar er staat niet voor wat.",
        "Kies waarvoor het herhaald wordt bij ‘Lijst (input collection)’, of haal de herhaling "
        "weg.",
    )


def _round(node: Node, notes: Notes) -> None:
    activity = node.getparent()
    if activity is None or node.get("loopMaximum") or text_of(child(node, "loopCondition")):
        return
    notes.decide(
        "round",
        activity,
        f"{_named(activity)} herhaalt zich, maar er staat niet tot wanneer.",
        "Vul een voorwaarde of een hoogste aantal in, of teken de herhaling als een pijl terug.",
    )


def _inside(node: Node, notes: Notes) -> None:
    if any(tag_of(one) in _STEPS for one in node.iterchildren(f"{{{BPMN}}}*")):
        return
    notes.decide(
        "empty",
        node,
        f"{_named(node)} is een deelproces waar niets in getekend is.",
        "Teken wat er gebeurt, of maak er een taak of een aanroep van een ander proces van.",
    )


def _service(node: Node, notes: Notes) -> None:
    if text_of(child(node, "script")) or next(node.iter(f"{{{ZEEBE}}}*"), None) is not None:
        return
    notes.decide(
        "service",
        node,
        f"{_named(node)} doet een systeem zelf, maar er staat niet wat.",
        "Kies wat er moet gebeuren, of maak er een taak voor een mens van.",
    )


def _call(node: Node, notes: Notes) -> None:
    called = node.get("calledElement") or any(
        one.get("processId") for one in node.iter(f"{{{ZEEBE}}}calledElement")
    )
    if not called:
        notes.decide(
            "call",
            node,
            f"{_named(node)} roept een proces aan, maar er staat niet welk.",
            "Kies het proces bij ‘Aangeroepen proces (called element)’.",
        )


def _named(node: Node) -> str:
    return label(place_of(node))


_STEPS: Final = frozenset(
    {
        "task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask",
        "sendTask", "receiveTask", "callActivity", *_INSIDE, "startEvent", "endEvent",
        "intermediateCatchEvent", "intermediateThrowEvent",
    }
)  # fmt: skip
_TELLS: Final[dict[str, Tell]] = {
    "task": _plain_task,
    "timerEventDefinition": _timer,
    "conditionalEventDefinition": _condition_event,
    "multiInstanceLoopCharacteristics": _each,
    "standardLoopCharacteristics": _round,
    "callActivity": _call,
    **dict.fromkeys(_CHOOSES, _choice),
    **dict.fromkeys(_INSIDE, _inside),
    **dict.fromkeys(("serviceTask", "scriptTask", "businessRuleTask"), _service),
}
