"""Errors and escalations that are thrown and that nothing catches."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definitions.checks.context import Check, is_start
from engine.definitions.model import Element, Kind, Process, Trigger
from engine.definitions.reporting import label

_THROWS = {
    Trigger.ERROR: (Kind.END_EVENT,),
    Trigger.ESCALATION: (Kind.END_EVENT, Kind.THROW_EVENT),
}


def check_uncaught(check: Check) -> None:
    """Warn of errors that stop the trajectory as an incident, and of escalations to nobody."""
    if check.around.shared:  # its callers are told, each at its own call
        return
    for element in check.by_trigger:
        event = element.event
        if event is None or not event.name or event.name.startswith("="):
            continue
        if element.kind not in _THROWS.get(event.trigger, ()):
            continue
        if caught_inside(check, element, event.name, event.trigger):
            continue
        if _caught_by_callers(check, event.name, event.trigger):
            continue
        if event.trigger is Trigger.ERROR:
            check.report.warning(
                "error-not-caught",
                element,
                f"De fout ‘{event.name}’ van {label(element)} wordt nergens opgevangen en legt het "
                "traject stil.",
                "Teken een foutgebeurtenis met deze code op de rand van het deelproces of de "
                "aanroep, of gebruik een gewoon einde.",
            )
        else:
            check.report.warning(
                "escalation-not-caught",
                element,
                f"De escalatie ‘{event.name}’ van {label(element)} wordt nergens opgevangen; er "
                "gebeurt dan niets.",
                "Teken een escalatiegebeurtenis met deze code op de rand van het deelproces of de "
                "aanroep, of haal de escalatie weg.",
            )


def caught_inside(
    check: Check, element: Element, code: str, trigger: Trigger = Trigger.ERROR
) -> bool:
    """Whether the process itself catches an error or escalation that an element of it throws."""
    scope_id = element.parent
    inside_handler = False
    while True:
        scope = check.elements.get(scope_id)
        if not inside_handler and _any_catches(_handlers(check, scope_id), code, trigger):
            return True
        if scope is None:
            return False
        on_border = check.boundaries.get(scope.id, ())
        if not scope.triggered_by_event and _any_catches(on_border, code, trigger):
            return True
        inside_handler = scope.triggered_by_event
        scope_id = scope.parent


def _handlers(check: Check, scope_id: str) -> list[Element]:
    return [
        start
        for found in check.scopes.get(scope_id, ())
        if found.triggered_by_event
        for start in check.scopes.get(found.id, ())
        if is_start(start)
    ]


def _caught_by_callers(check: Check, code: str, trigger: Trigger) -> bool:
    """Whether any process that calls this one catches it around the call; roughly."""
    return any(
        _calls(caller, check.process.id) and catches(caller, code, trigger)
        for caller in check.around.processes.values()
    )


def _calls(caller: Process, process_id: str) -> bool:
    return any(
        element.kind is Kind.CALL_ACTIVITY
        and (element.called_process == process_id or (element.called_process or "").startswith("="))
        for element in caller.elements.values()
    )


def catches(process: Process, code: str, trigger: Trigger = Trigger.ERROR) -> bool:
    """Whether a process catches an error or escalation anywhere; roughly."""
    return _any_catches(
        (e for e in process.elements.values() if e.kind in (Kind.BOUNDARY_EVENT, Kind.START_EVENT)),
        code,
        trigger,
    )


def _any_catches(events: Iterable[Element], code: str, trigger: Trigger) -> bool:
    return any(
        event.trigger is trigger and event.name in (None, code)
        for found in events
        if found.event is not None
        for event in found.event.each
    )
