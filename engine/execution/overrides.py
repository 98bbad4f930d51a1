"""What a person does against the drawn course: skip a step, do it again, go on elsewhere.

The token that stood there is taken away and told of as ``cancelled``, with ``mend`` (``skipped``,
``repeated`` or ``moved``) and where it goes on: ``flows`` that are taken, or ``to`` an element and
from there ``into`` what is inside of it. ``unentered`` says that the element was never told of as
entered (a token that waits at a join). A move out of a sub-process takes all of that away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.definitions.model import Kind
from engine.execution import ad_hoc, destinations, loops, variables
from engine.execution.corrections import made_by_inputs
from engine.execution.destinations import may_move, targets, why_not
from engine.execution.errors import MendRefused, NotWaiting, StopsMore
from engine.execution.mapping import map_outputs
from engine.execution.suspension import stands_still
from engine.execution.tokens import Token

if TYPE_CHECKING:
    from engine.execution.tree import TokenTree

__all__ = ["may_move", "may_repeat", "may_skip", "move", "repeat", "skip", "step_at", "targets"]

_CHOOSING = frozenset(
    {Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.EVENT_BASED_GATEWAY, Kind.COMPLEX_GATEWAY}
)


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
    if token.internal_data.keys() & {"arrived", "awaits"}:
        return "Hier wacht het traject op een andere weg. Verplaats het, of ga verder op die weg."
    if token.element.kind in _CHOOSING:
        return "Hier kiest het traject een weg. Verplaats het naar de stap waar het verder moet."
    return why_not(token)


def may_repeat(token: Token) -> str | None:
    """Why the step where a token stands cannot be done again; ``None`` when it can."""
    if token.internal_data.keys() & {"arrived", "awaits"}:
        return "Hier wacht het traject op een andere weg; er is niets om opnieuw te doen."
    if token.element.triggered_by_event:
        return "Wat hier loopt, begon door een gebeurtenis en kan niet opnieuw beginnen."
    return why_not(token)


def move(token: Token, target_id: str, also: Collection[UUID] | None = None) -> None:
    """Take the token away and let the path go on at another element.

    Out of a sub-process all else that stands in it stops; those tokens have to be named by
    ``also``, unless it is left out. A sub-process that is entered begins as drawn, with its inputs
    and what listens, but at the target.

    Raises:
        MendRefused: the token or the element is not one for that, or a path would hang.
        StopsMore: something else stops by it than what is named.
    """
    way = destinations.way_to(token, target_id)
    if also is not None and way.stops.keys() != set(also):
        raise StopsMore(
            "Hierdoor stopt ook iets anders, of intussen iets anders dan u zag.",
            "Bekijk eerst wat er gebeurt.",
            element_id=target_id,
        )
    execution, scope = token.workflow, way.scope
    first, *inside = way.enters
    placed = execution.place(execution.definition.spec(first), scope)
    told: dict[str, Any] = {"mend": "moved", "to": first}
    if inside:
        placed.internal_data["into"] = told["into"] = inside
    _take_away(way.leaves, **told)


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
    if scope.element.ad_hoc is not None:
        ad_hoc.go_on(scope, enough=False)
    else:
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


def _require(token: Token, reason: str | None) -> None:
    if reason is not None:
        raise MendRefused(reason, "Kies iets anders.", element_id=token.element.id)
