"""Where a person may move a token to, and the way there: beside it, out of sub-processes, or in.

Leaving a sub-process takes all of it away, so that nothing of it is left without an end. A
sub-process is entered only where it does not run yet and is not repeated. Refused is every way by
which another path would wait for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from engine.definitions.model import Element, Kind, Process, Trigger
from engine.definitions.soundness import counts, onward
from engine.execution.errors import MendRefused
from engine.execution.tokens import Token

_JOINING = frozenset({Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY})
_NEVER_A_TARGET = frozenset({Kind.START_EVENT, Kind.BOUNDARY_EVENT})
Stuck = dict[UUID, frozenset[str]]
"""By token, the joins that may wait for ever while it stays where it is."""
_BY_EVENT = "Wat hier loopt, begon door een gebeurtenis en kan niet ergens anders verder."


@dataclass(frozen=True, slots=True)
class Way:
    """How a token gets to a target.

    Attributes:
        scope: the token inside which the path goes on.
        leaves: what is taken away: the token itself, or the sub-process around it.
        enters: the elements that are entered, one inside the other; the last is the target.
        stops: what else stops by it, by its token.
    """

    scope: Token
    leaves: Token
    enters: Sequence[str]
    stops: Mapping[UUID, Token]


def may_move(token: Token) -> str | None:
    """Why a token cannot be moved; ``None`` when it can."""
    if "inner" in token.internal_data:
        return (
            "Dit is een van meer keren dezelfde stap. Sla deze ene over, of verplaats het geheel."
        )
    if token.element.triggered_by_event:
        return _BY_EVENT
    return why_not(token)


def why_not(token: Token) -> str | None:
    """Why nobody can do anything at a token; ``None`` when somebody may."""
    internal = token.internal_data
    if token.scope is None or token.is_subscription:
        return "Dit is geen plek waar het traject staat."
    if "awaits" in internal:
        return "Hier is het traject al verder; er komt alleen nog bij wat te laat is."
    if internal.keys() & {"compensates", "undo"}:
        return "Hier wordt iets ongedaan gemaakt; dat moet eerst af."
    if "thrown" in internal and "incident" not in internal:
        return "Hier wordt gewacht op wat een deel erboven doet."
    return None


def targets(token: Token) -> list[Element]:
    """Where a token may be moved, where no path is left hanging; what is beside it comes first."""
    if may_move(token) is not None:
        return []
    found = []
    known: Stuck = {}
    for element in token.workflow.definition.process.elements.values():
        if _is_target(element) and element.id != token.element.id:
            try:
                way_to(token, element.id, known)
            except MendRefused:
                continue
            found.append(element)
    return sorted(found, key=lambda one: one.parent != token.element.parent)


def way_to(token: Token, target_id: str, known: Stuck | None = None) -> Way:
    """The way to an element; ``known`` spares who asks for many of them.

    Raises:
        MendRefused: there is none, or another path would wait for ever.
    """
    if (reason := may_move(token)) is not None:
        raise MendRefused(reason, "Kies iets anders.", element_id=token.element.id)
    process = token.workflow.definition.process
    target = process.elements.get(target_id)
    if target is None or target_id == token.element.id or not _is_target(target):
        raise MendRefused(
            "Daar kan het traject niet heen vanaf deze plek.",
            "Kies een andere stap.",
            element_id=target_id,
        )
    around = [process.id, *reversed([one.id for one in _around(process, target)])]
    leaves, scope = _common(token, around)
    enters = (*around[around.index(scope.element.id) + 1 :], target_id)
    for reason in (
        _cannot_leave(token, leaves),
        _cannot_enter(token, leaves, scope, enters),
        _counted(process, (scope.element.id, *enters[:-1])),
    ):
        if reason is not None:
            raise MendRefused(reason, "Kies een andere stap.", element_id=target_id)
    known = {} if known is None else known
    if leaves.id not in known:
        known[leaves.id] = _stuck(leaves, None)
    hanging = _stuck(leaves, enters[0]) - known[leaves.id]
    for outer, inner in pairwise(enters):
        hanging |= frozenset(onward(process, outer, [inner], []).stuck)
    if hanging:
        names = ", ".join(sorted(_name(process, one) for one in hanging))
        raise MendRefused(
            f"Dan blijft een andere weg wachten op iets dat niet meer komt (bij: {names}).",
            "Kies een stap op dezelfde weg, of verplaats eerst de andere weg.",
            element_id=target_id,
        )
    return Way(scope, leaves, enters, _stops(token, leaves))


def _is_target(element: Element) -> bool:
    event = element.event
    linked = event is not None and event.trigger is Trigger.LINK
    joins = element.kind in _JOINING and len(element.incoming) > 1
    return element.kind not in _NEVER_A_TARGET and not (
        joins or linked or element.triggered_by_event or element.is_compensation
    )


def _around(process: Process, element: Element) -> Iterator[Element]:
    """The sub-processes around an element, the nearest first."""
    parent = process.elements.get(element.parent)
    while parent is not None:
        yield parent
        parent = process.elements.get(parent.parent)


def _common(token: Token, around: Sequence[str]) -> tuple[Token, Token]:
    """What is left and the scope where it goes on: the nearest that both have."""
    leaves, scope = token, token.scope
    while scope is not None and scope.scope is not None and scope.element.id not in around:
        leaves, scope = scope, scope.scope
    assert scope is not None  # may_move has said so; the process itself is around everything
    return leaves, scope


def _cannot_leave(token: Token, leaves: Token) -> str | None:
    """Why what is around the token cannot be left."""
    one = token
    while one is not leaves:
        assert one.scope is not None  # what is left is above it
        one = one.scope
        if one.element.triggered_by_event:
            return _BY_EVENT
        if (reason := why_not(one)) is not None:
            return reason
    return None


def _cannot_enter(token: Token, leaves: Token, scope: Token, enters: Sequence[str]) -> str | None:
    """Why one of the sub-processes around the target cannot be entered."""
    process = token.workflow.definition.process
    for element_id in enters[:-1]:
        element = process.elements[element_id]
        if element.triggered_by_event:
            return "Dat deel begint alleen door een gebeurtenis."
        if element.loop is not None:
            return "Dat deel wordt herhaald; het kan alleen als geheel beginnen."
        if element.is_compensation:
            return "Dat deel maakt iets ongedaan en begint niet uit zichzelf."
    running = (one.element.id for one in scope.live_children if one is not leaves)
    if len(enters) > 1 and enters[0] in running:
        return "Dat deel loopt al; er kan geen tweede weg in beginnen."
    return None


def _counted(process: Process, scopes: Iterable[str]) -> str | None:
    """Why nothing moves where it matters how many ways come: the others might wait for ever."""
    if any(counts(element) for scope in scopes for element in process.children(scope)):
        return "In dit deel telt mee hoeveel wegen er komen; dan blijft een andere weg wachten."
    return None


def _stops(token: Token, leaves: Token) -> dict[UUID, Token]:
    """What stops besides the token and what is around it."""
    spared = {token.id}
    found: dict[UUID, Token] = {}
    one: Token | None = token
    while one is not None and one is not leaves:
        one = one.scope
        spared.add(one.id if one is not None else token.id)

    def visit(above: Token) -> None:
        for below in above.live_children:
            if below.id not in spared and "loop" not in below.internal_data:
                found[below.id] = below
            if below is not token:
                visit(below)

    if leaves is not token:
        visit(leaves)
    return found


def _stuck(token: Token, target_id: str | None) -> frozenset[str]:
    """The joins that may wait for ever; with the token where it is, or moved to a target.

    Of several tokens that one flow brought to a join only the first is followed.
    """
    scope = token.scope
    assert scope is not None  # the process itself is never moved
    at: list[str] = []
    arrived: list[str] = []
    for one in scope.live_children:
        if one is token and target_id is not None:
            at.append(target_id)
        elif "awaits" in one.internal_data:
            continue  # what still comes there goes no further
        elif "arrived" in one.internal_data:
            arrived.append(one.internal_data["arrived"])
        else:
            at.append(one.element.id)
    process = token.workflow.definition.process
    return frozenset(onward(process, scope.element.id, at, arrived).stuck)


def _name(process: Process, element_id: str) -> str:
    element = process.elements.get(element_id)
    return (element.name if element else "") or element_id
