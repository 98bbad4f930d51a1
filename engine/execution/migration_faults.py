"""What of a running instance has no place in another definition, token by token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.soundness.onward import onward
from engine.execution.definition import Definition
from engine.execution.migration_plan import Plan
from engine.execution.tokens import Token
from engine.execution.tree import TokenTree

NOTES = ("compensable", "undo", "undoable")
"""Where a token keeps what can be undone."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an instance cannot move: the element (old id) where it stands, and what is wrong."""

    element_id: str
    reason: str


def _element(token: Token, target: Definition, plan: Plan) -> Element | None:
    return target.process.elements.get(plan.new_id(token.element.id))


def is_dropped(token: Token, target: Definition, plan: Plan) -> bool:
    """A subscription whose event is gone or hangs elsewhere now is not taken along."""
    element, owner = _element(token, target, plan), token.scope
    assert owner is not None  # a subscription always has an owner
    owner_id = target.process.id if owner.scope is None else plan.new_id(owner.element.id)
    return element is None or owner_id not in _owners(element, target)


def _owners(element: Element, target: Definition) -> set[str]:
    """The elements for which an event can be a subscription."""
    if element.attached_to is not None:
        return {element.attached_to}
    parent = target.process.elements.get(element.parent)
    if element.kind is Kind.START_EVENT and parent is not None:
        return {parent.parent} if parent.triggered_by_event else set()
    return {element.id} | {target.flow(flow_id).source for flow_id in element.incoming}


def faults(token: Token, target: Definition, plan: Plan) -> Iterable[str]:
    """Why a token cannot stand in the new version."""
    element, old = _element(token, target, plan), token.element
    if element is None:
        yield "Dit element bestaat niet in de nieuwe versie."
        return
    if element.kind is not old.kind or element.triggered_by_event != old.triggered_by_event:
        yield "Dit element is in de nieuwe versie van een ander soort."
        return
    if _triggers(element) != _triggers(old):
        yield "De gebeurtenis heeft in de nieuwe versie een andere aanleiding."
    if not token.is_subscription and not _stands_in_place(token, element, target, plan):
        yield "Dit element staat in de nieuwe versie in een ander (deel)proces."
    before, after = old.loop, element.loop
    if (before is None) is not (after is None) or (
        before and after and before.standard is not after.standard
    ):
        yield "Dit element wordt in de nieuwe versie anders herhaald."
    internal = token.internal_data
    ways = [internal["arrived"]] if "arrived" in internal else internal.get("awaits", [])
    if any(new_flow(token, flow, target, plan) is None for flow in ways):
        yield "De pijl waarlangs gewacht wordt, bestaat niet in de nieuwe versie."
    later = (*token.internal_data.get("into", ()), *token.internal_data.get("to_do", ()))
    inside = (plan.new_id(one) for one in later)
    if any(one not in target.process.elements for one in inside):
        yield "De stap waar dit deel moet beginnen, bestaat niet in de nieuwe versie."


def _triggers(element: Element) -> list[Trigger]:
    event = element.event
    return [] if event is None else [event.trigger, *(part.trigger for part in event.parts)]


def _stands_in_place(token: Token, element: Element, target: Definition, plan: Plan) -> bool:
    scope = token.scope
    if scope is not None and "inner" in token.internal_data:
        scope = scope.scope
    assert scope is not None  # only the process itself has no scope
    if "compensates" in token.internal_data:
        return True
    expected = target.process.id if scope.scope is None else plan.new_id(scope.element.id)
    return element.parent == expected


def new_flow(token: Token, flow_id: str, target: Definition, plan: Plan) -> str | None:
    """The flow by which a token came to a join: of the same id, or between the same elements."""
    element = _element(token, target, plan)
    assert element is not None  # checked before
    if flow_id in element.incoming:
        return flow_id
    source = plan.new_id(token.workflow.definition.flow(flow_id).source)
    found = [f for f in element.incoming if target.flow(f).source == source]
    return found[0] if len(found) == 1 else None


def hanging(execution: TokenTree, target: Definition, plan: Plan) -> list[Reason]:
    """Joins of the new version that would wait for a way that nothing goes by in this instance.

    Tokens stand where the version of before put them: where it parted two ways, the new one may
    bring three together. What may wait for ever as it is drawn is for the check to tell.
    """
    found: list[Reason] = []
    for scope in execution.walk():
        live = [one for one in scope.live_children if "awaits" not in one.internal_data]
        if "loop" in scope.internal_data or not live:
            continue
        arrived = [one for one in live if "arrived" in one.internal_data]
        ways = [new_flow(one, one.internal_data["arrived"], target, plan) for one in arrived]
        at = [plan.new_id(one.element.id) for one in live if one not in arrived]
        place = target.root if scope.scope is None else target.spec(plan.new_id(scope.element.id))
        process, scope_id = target.process, place.element.id
        stuck = {*onward(process, scope_id, at, [way for way in ways if way]).stuck}
        if not stuck:
            continue
        starts = [one.id for one in target.plain_starts(scope_id)]
        stuck -= {*onward(process, scope_id, starts, []).stuck}
        flows = [one.internal_data["arrived"] for one in arrived]
        was, here = execution.definition.process, [o.element.id for o in live if o not in arrived]
        before = onward(was, scope.element.id, here, flows).stuck
        found += [
            Reason(live[0].element.id, _HANGING.format(process.elements[join].name or join))
            for join in sorted(stuck - {plan.new_id(one) for one in before})
        ]
    return found


_HANGING = "Dan blijft het bij ‘{}’ wachten op een weg die er in dit traject niet is."


def unknown_handlers(token: Token, target: Definition, plan: Plan) -> list[Reason]:
    """What would undo something that a token noted, and is not in the new version."""
    notes = [token.internal_data.get(key) for key in NOTES]
    return [
        Reason(handler, "Deze herstelstap bestaat niet in de nieuwe versie.")
        for handler in _handlers(notes)
        if plan.new_id(handler) not in target.process.elements
    ]


def _handlers(notes: Any) -> list[str]:
    if isinstance(notes, str):
        return [notes]
    if isinstance(notes, list):
        return [handler for note in notes for handler in _handlers(note)]
    if isinstance(notes, dict):
        named = [notes[key] for key in ("handler", "start") if key in notes]
        return named + _handlers(notes.get("inside"))
    return []
