"""The verdict on each scope of a process: what gets stuck, goes on for ever, or is done twice.

Scopes are judged one by one, inner ones first: a sub-process counts outside as a task that comes to
an end, and that may be left by its boundary events. An event sub-process stands on its own: no flow
joins it with what is around it.
"""

from __future__ import annotations

from engine.definitions.model import Element, Event, Kind, Process, Trigger
from engine.definitions.soundness.judgement import Judgement
from engine.definitions.soundness.net import net_of
from engine.definitions.soundness.reduction import reduce_net
from engine.definitions.soundness.search import MAX_STATES, MAX_STEPS, explore
from engine.definitions.soundness.verdicts import ScopeVerdict

_SCOPES = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION})
_THROWS_ANYTHING = frozenset(
    {
        Kind.SERVICE_TASK,
        Kind.SEND_TASK,
        Kind.SCRIPT_TASK,
        Kind.BUSINESS_RULE_TASK,
        Kind.USER_TASK,
        Kind.CALL_ACTIVITY,
    }
)


def judge(process: Process, max_states: int = MAX_STATES) -> tuple[ScopeVerdict, ...]:
    """The verdict on the process and on each sub-process, inner ones first."""
    scopes = [e.id for e in process.elements.values() if e.kind in _SCOPES]
    found: dict[str, ScopeVerdict] = {}

    def completes(element: Element) -> bool:
        verdict = found.get(element.id)
        if verdict is None or verdict.completes:
            return True
        inside = process.children(element.id)
        return any(_takes_over(process, inner) and completes(inner) for inner in inside)

    def catches(host: Element, boundary: Element) -> bool:
        return may_catch(process, host, boundary)

    steps = MAX_STEPS
    for scope_id in (*reversed(_outer_first(process, scopes)), process.id):
        if any(map(counts, process.children(scope_id))):
            continue  # how many tokens come is what it turns on, and nets have one for each flow
        net = net_of(process, scope_id, completes, catches)
        if net.starts:
            reduce_net(net)
            space = explore(net, max_states, steps)
            steps -= space.steps
            found[scope_id] = Judgement(process, scope_id, net, space).verdict()
    return tuple(found.values())


def counts(element: Element) -> bool:
    """Whether an element goes on by the number of tokens, or makes more of one."""
    if element.kind is Kind.COMPLEX_GATEWAY:
        return len(element.incoming) > 1
    return element.start_quantity > 1 or element.completion_quantity > 1


def _takes_over(process: Process, element: Element) -> bool:
    """Whether it is an event sub-process that ends what is around it, and then completes that."""
    return element.triggered_by_event and any(
        start.kind is Kind.START_EVENT
        and (start.interrupting or _is_by(start, Trigger.ERROR))
        and not _is_by(start, Trigger.COMPENSATION)
        for start in process.children(element.id)
    )


def _is_by(element: Element, trigger: Trigger) -> bool:
    event = element.event
    return event is not None and any(one.trigger is trigger for one in event.each)


def _outer_first(process: Process, scopes: list[str]) -> list[str]:
    def depth(scope_id: str) -> int:
        element = process.elements.get(scope_id)
        return 0 if element is None else 1 + depth(element.parent)

    return sorted(scopes, key=depth)


def may_catch(process: Process, host: Element, boundary: Element) -> bool:
    """Whether what a boundary event waits for can come out of its host: what is thrown there."""
    if boundary.event is None or host.kind not in _SCOPES:
        return True
    return any(_may_come_out(process, host, event) for event in boundary.event.each)


def _may_come_out(process: Process, host: Element, event: Event) -> bool:
    if event.trigger is Trigger.CANCEL:
        return any(
            inside.kind is Kind.END_EVENT and _is_by(inside, Trigger.CANCEL)
            for inside in process.children(host.id)
        )
    if event.trigger not in (Trigger.ERROR, Trigger.ESCALATION):
        return True
    for element in process.elements.values():
        if not _is_inside(process, element, host.id):
            continue
        if element.kind in _THROWS_ANYTHING:
            return True
        throws = element.event is not None and element.kind in (Kind.END_EVENT, Kind.THROW_EVENT)
        for thrown in element.event.each if throws and element.event is not None else ():
            code = thrown.name or ""
            if thrown.trigger is event.trigger and (
                event.name is None or code.startswith("=") or code == event.name
            ):
                return True
    return False


def _is_inside(process: Process, element: Element, scope_id: str) -> bool:
    parent = process.elements.get(element.parent)
    while parent is not None:
        if parent.id == scope_id:
            return True
        parent = process.elements.get(parent.parent)
    return False
