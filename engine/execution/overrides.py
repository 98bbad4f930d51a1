"""What a person does against the drawn course: skip a step, do it again, go on elsewhere.

The token that stood there is taken away and told of as ``cancelled``, with ``mend`` (``skipped``,
``repeated`` or ``moved``) and where it goes on: ``flows`` that are taken, or ``to`` an element.
``unentered`` says that the element was never told of as entered (a token that waits at a join).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.soundness import onward
from engine.execution import loops, variables
from engine.execution.corrections import made_by_inputs
from engine.execution.errors import MendRefused, NotWaiting
from engine.execution.mapping import map_outputs
from engine.execution.suspension import stands_still
from engine.execution.tokens import Token

if TYPE_CHECKING:
    from engine.execution.tree import TokenTree

_CHOOSING = frozenset(
    {Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.EVENT_BASED_GATEWAY, Kind.COMPLEX_GATEWAY}
)
_JOINING = frozenset({Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY})
_NEVER_A_TARGET = frozenset({Kind.START_EVENT, Kind.BOUNDARY_EVENT})


def step_at(execution: TokenTree, token_id: UUID, now: datetime) -> Token:
    """The token that a person points at, on an instance whose command begins now.

    Raises:
        NotWaiting: the instance does not stand there (any more).
        Suspended: it was put aside.
    """
    token = execution.tasks.get(token_id)
    if token is None or execution.status != "active":
        raise NotWaiting("Hier staat het traject niet meer.", "Kijk hoe het er nu bij staat.")
    if execution.suspended:
        raise stands_still(token_id)
    execution.now = now
    return token


def may_skip(token: Token) -> str | None:
    """Why the step where a token stands cannot be skipped; ``None`` when it can."""
    if "arrived" in token.internal_data:
        return "Hier wacht het traject op een andere weg. Verplaats het, of ga verder op die weg."
    if token.element.kind in _CHOOSING:
        return "Hier kiest het traject een weg. Verplaats het naar de stap waar het verder moet."
    return _why_not(token)


def may_repeat(token: Token) -> str | None:
    """Why the step where a token stands cannot be done again; ``None`` when it can."""
    if "arrived" in token.internal_data:
        return "Hier wacht het traject op een andere weg; er is niets om opnieuw te doen."
    if token.element.triggered_by_event:
        return "Wat hier loopt, begon door een gebeurtenis en kan niet opnieuw beginnen."
    return _why_not(token)


def may_move(token: Token) -> str | None:
    """Why a token cannot be moved; ``None`` when it can."""
    if "inner" in token.internal_data:
        return (
            "Dit is een van meer keren dezelfde stap. Sla deze ene over, of verplaats het geheel."
        )
    if token.element.triggered_by_event:
        return "Wat hier loopt, begon door een gebeurtenis en kan niet ergens anders verder."
    return _why_not(token)


def _why_not(token: Token) -> str | None:
    internal = token.internal_data
    if token.scope is None or token.is_subscription:
        return "Dit is geen plek waar het traject staat."
    if internal.keys() & {"compensates", "undo"}:
        return "Hier wordt iets ongedaan gemaakt; dat moet eerst af."
    if "thrown" in internal and "incident" not in internal:
        return "Hier wordt gewacht op wat een deel erboven doet."
    return None


def targets(token: Token) -> list[Element]:
    """Where a token may be moved: what stands beside it, where no path is left hanging."""
    if may_move(token) is not None:
        return []
    before = _stuck(token, None)
    return [one for one in _beside(token) if not _stuck(token, one.id) - before]


def _beside(token: Token) -> Iterator[Element]:
    process = token.workflow.definition.process
    for element in process.children(token.element.parent):
        event = element.event
        linked = event is not None and event.trigger is Trigger.LINK
        joins = element.kind in _JOINING and len(element.incoming) > 1
        if (
            element.id != token.element.id
            and element.kind not in _NEVER_A_TARGET
            and not (joins or linked or element.triggered_by_event or element.is_compensation)
        ):
            yield element


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
        elif "arrived" in one.internal_data:
            arrived.append(one.internal_data["arrived"])
        else:
            at.append(one.element.id)
    process = token.workflow.definition.process
    return frozenset(onward(process, token.element.parent, at, arrived).stuck)


def move(token: Token, target_id: str) -> None:
    """Take the token away and let the path go on at another element of the same scope.

    Raises:
        MendRefused: the token or the element is not one for that, or a path would hang.
    """
    _require(token, may_move(token))
    execution, scope = token.workflow, token.scope
    assert scope is not None  # may_move has said so
    if not any(one.id == target_id for one in _beside(token)):
        raise MendRefused(
            "Daar kan het traject niet heen vanaf deze plek.",
            "Kies een stap in hetzelfde deel.",
            element_id=target_id,
        )
    hanging = _stuck(token, target_id) - _stuck(token, None)
    if hanging:
        names = ", ".join(sorted(_name(execution, one) for one in hanging))
        raise MendRefused(
            f"Dan blijft een andere weg wachten op iets dat niet meer komt (bij: {names}).",
            "Kies een stap op dezelfde weg, of verplaats eerst de andere weg.",
            element_id=target_id,
        )
    execution.place(execution.definition.spec(target_id), scope)
    _take_away(token, mend="moved", to=target_id)


def repeat(token: Token) -> None:
    """Begin the step where the token stands anew: a new task, a new part, new deadlines.

    Raises:
        MendRefused: the token is not one for that.
    """
    _require(token, may_repeat(token))
    execution, scope = token.workflow, token.scope
    assert scope is not None  # may_repeat has said so
    fresh = execution.place(token.spec, scope)
    if "inner" in token.internal_data:
        fresh.internal_data["inner"] = token.internal_data["inner"]
        remade = made_by_inputs(token)
        fresh.data = {name: value for name, value in token.data.items() if name not in remade}
    _take_away(token, mend="repeated", to=token.element.id)


def skip(token: Token, values: Mapping[str, Any]) -> None:
    """Let the path go on behind the step, without its work; ``values`` as if the work gave them.

    Raises:
        MendRefused: the token is not one for that.
        engine.execution.errors.ExecutionError: what is behind the step cannot be chosen yet.
    """
    _require(token, may_skip(token))
    execution, scope = token.workflow, token.scope
    assert scope is not None  # may_skip has said so
    if values:
        token.internal_data["result"] = variables.own(values)
        if "child" in token.internal_data or "loop" in token.internal_data:
            variables.propagate(scope, token.internal_data.pop("result"))
        else:
            map_outputs(token, scope)
    if "inner" in token.internal_data:
        _take_away(token, mend="skipped")
        _account_for_round(scope)
        return
    flows = token.spec.outgoing(token)
    _take_away(token, mend="skipped", flows=[flow.id for flow in flows])
    for flow in flows:
        execution.definition.spec(flow.target).arrive(execution, scope, flow)
    execution.finish_if_empty(scope)


def _account_for_round(body: Token) -> None:
    progress, loop = body.internal_data["loop"], body.spec.loop
    progress["active"] -= 1
    progress["completed"] += 1
    if loops.needs_advance(body, loop):
        body.workflow.queue.append((body.id, "advance"))


def _take_away(token: Token, **told: Any) -> None:
    """As ``TokenTree.terminate``, with what became of it."""
    execution = token.workflow
    execution.clear(token)
    token.spec.stop(token)
    if not token.internal_data.get("entered"):
        told["unentered"] = True
    execution.report(token, "cancelled", **told)
    token.cancel()
    execution.remove(token)


def _require(token: Token, why_not: str | None) -> None:
    if why_not is not None:
        raise MendRefused(why_not, "Kies iets anders.", element_id=token.element.id)


def _name(execution: TokenTree, element_id: str) -> str:
    element = execution.definition.process.elements.get(element_id)
    return (element.name if element else "") or element_id
