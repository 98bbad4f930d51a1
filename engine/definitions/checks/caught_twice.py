"""Two events at one spot that wait for the same thing: which one fires can't be said."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.checks.context import Check, is_start
from engine.definitions.checks.support import TRIGGER_NAMES
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import label

_NAMED = frozenset({Trigger.MESSAGE, Trigger.SIGNAL, Trigger.ERROR, Trigger.ESCALATION})


def check_caught_twice(check: Check) -> None:
    """Report two events at one spot that wait for the same thing."""
    for host, events in check.boundaries.items():
        receives = [e for e in [check.elements.get(host)] if e and e.kind is Kind.RECEIVE_TASK]
        _one_each(check, [*receives, *events], f"Op de rand van ‘{host}’")
    for scope_id, inside in check.scopes.items():
        starts = [
            start
            for found in inside
            if found.triggered_by_event
            for start in check.scopes.get(found.id, ())
            if is_start(start)
        ]
        _one_each(check, starts, f"In de gebeurtenis-deelprocessen van ‘{scope_id}’")
        if scope_id == check.process.id:
            top = [start for start in inside if is_start(start)]
            _one_each(check, top, "Bij de start van het proces")
        for gateway in inside:
            if gateway.kind is Kind.EVENT_BASED_GATEWAY:
                targets = [check.elements[flow.target] for flow in check.outgoing(gateway)]
                _one_each(check, targets, f"Achter {label(gateway)}")


def _one_each(check: Check, events: Sequence[Element], where: str) -> None:
    seen: dict[tuple[Trigger, str | None], Element] = {}
    for found in (one for element in events for one in element.by_trigger):
        event = found.event
        if event is None or event.trigger not in _NAMED:
            continue
        first = seen.setdefault((event.trigger, event.name), found)
        if first is not found:
            check.report.error(
                "caught-twice",
                found,
                f"{where} wachten {label(first)} en {label(found)} op hetzelfde "
                f"({TRIGGER_NAMES[event.trigger]} ‘{event.name or 'elke'}’).",
                "Houd er één over, of geef ze een verschillende naam of code.",
            )
