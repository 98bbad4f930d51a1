"""Work in a run by itself that waits, so that what an answer names may happen to it first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Final

from engine.definitions.dialects.thrown import THROWS
from engine.definitions.expressions import is_feel
from engine.definitions.model import Element, Kind, Process, Trigger

HELD: Final = "wacht-op-antwoord:"
"""How the job type of work begins that is done when nothing that an answer names comes first."""

_WORK: Final = frozenset(
    {
        Kind.SERVICE_TASK,
        Kind.SEND_TASK,
        Kind.BUSINESS_RULE_TASK,
        Kind.SCRIPT_TASK,
        Kind.THROW_EVENT,
        Kind.END_EVENT,
    }
)
_THROWN: Final = frozenset({Trigger.ERROR, Trigger.ESCALATION})


def hold(process: Process, answered: Collection[str], *, called: bool = False) -> Process:
    """The process, in which work waits that an answered event may happen to.

    With ``called`` that is all of it: such an event may happen to who calls the process.
    """
    if not called and not any(one.event is not None for one in process.elements.values()):
        return process
    reached = {
        element.id
        for element in process.elements.values()
        if element.kind in _WORK
        and _has_job(element)
        and (called or any(reaching(process, element, answered)))
    }
    if not reached:
        return process
    held = {
        id_: replace(element, job_type=f"{HELD}{id_}") if id_ in reached else element
        for id_, element in process.elements.items()
    }
    return replace(process, elements=held)


def called_within(processes: Mapping[str, Process], answered: Collection[str]) -> frozenset[str]:
    """The processes that are called where an event in ``answered`` may happen, also by others."""
    calls = [
        (process, element)
        for process in processes.values()
        for element in process.elements.values()
        if element.kind is Kind.CALL_ACTIVITY and element.called_process is not None
    ]
    found: set[str] = set()
    before = -1
    while answered and before < len(found):
        before = len(found)
        for process, element in calls:
            if process.id in found or any(reaching(process, element, answered)):
                name = element.called_process or ""
                found.update(processes if is_feel(name) else {name})
    return frozenset(found)


def reaching(process: Process, element: Element, named: Collection[str]) -> Iterator[Element]:
    """The events among those ``named`` that may happen to a step, the nearest first.

    They stand on its border or in an event sub-process beside it, or on that of what it is in.
    """
    at: Element | None = element
    while at is not None:
        for event in process.elements.values():
            if event.id not in named or event.event is None:
                continue
            if event.attached_to == at.id and event.event.trigger is not Trigger.COMPENSATION:
                yield event
        for event in process.elements.values():
            scope = process.elements.get(event.parent)
            beside = (
                scope is not None
                and scope.triggered_by_event
                and scope.parent == at.parent
                and scope.id != at.id
            )
            if beside and event.kind is Kind.START_EVENT and event.id in named:
                yield event
        at = process.elements.get(at.parent)


def thrown_by(process: Process, element: Element, named: Collection[str]) -> Element | None:
    """The nearest of the events ``named`` that an error or escalation of a step makes happen."""
    return next((e for e in reaching(process, element, named) if _can_be_thrown(e)), None)


def _can_be_thrown(element: Element) -> bool:
    event = element.event
    return event is not None and event.trigger in _THROWN and not is_feel(event.name or "")


def _has_job(element: Element) -> bool:
    job = element.job_type
    return job is not None and not job.startswith(THROWS) and element.script is None
