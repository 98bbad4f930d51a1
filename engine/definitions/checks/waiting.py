"""Waits that nothing ends: messages that nobody sends, and no deadline or person beside them.

Only for a package: what is sent to a single file is not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.checks.context import Check, trigger_of
from engine.definitions.connectors import KNOWN_MESSAGES
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import label
from engine.definitions.suggestions import did_you_mean

_SENDS = frozenset({Kind.THROW_EVENT, Kind.END_EVENT, Kind.SEND_TASK})
_WAITS = frozenset({Trigger.MESSAGE, Trigger.SIGNAL, Trigger.CONDITIONAL})
_PEOPLE = frozenset({Kind.USER_TASK, Kind.CALL_ACTIVITY})


def check_waiting(check: Check) -> None:
    """Every rule about what may never come."""
    sent = set(_sent(check))
    for element in check.by_trigger:
        _sender(check, element, sent)
    for element in check.elements.values():
        if _only_waits(element) and not _has_company(check, element):
            check.report.warning(
                "wait-without-deadline",
                element,
                f"{label(element)} wacht op iets van buiten, en niets bewaakt hoe lang.",
                "Zet een timer op de rand, gebruik een gebeurtenis-gateway met een timer, of laat "
                "iemand ernaar kijken.",
            )


def _sent(check: Check) -> Iterator[str]:
    yield from KNOWN_MESSAGES
    yield from check.around.entries
    packages = (one.processes for one in check.around.neighbours.packages)
    for process in (
        found for some in (check.around.processes, *packages) for found in some.values()
    ):
        for element in process.elements.values():
            if element.kind in _SENDS and element.event is not None:
                yield from (event.name for event in element.event.each if event.name)


def _sender(check: Check, element: Element, sent: set[str]) -> None:
    event = element.event
    if event is None or event.trigger is not Trigger.MESSAGE or element.kind in _SENDS:
        return
    if not event.name or event.name.startswith("=") or event.name in sent:
        return
    if any(name.startswith("=") for name in sent):  # what is sent is only known when it runs
        return
    check.report.warning(
        "message-nobody-sends",
        element,
        f"{label(element)} wacht op het bericht ‘{event.name}’, maar niets in het pakket of op de "
        "schermen stuurt het.",
        did_you_mean(event.name, sent, "Teken wie het stuurt, of gebruik een bestaand bericht."),
    )


def _only_waits(element: Element) -> bool:
    if element.kind is Kind.RECEIVE_TASK:
        return True
    return element.kind is Kind.CATCH_EVENT and any(
        trigger_of(one) in _WAITS for one in element.by_trigger
    )


def _has_company(check: Check, element: Element) -> bool:
    """Whether a timer or a person is anywhere in the scopes around it; roughly."""
    scope_id = element.parent
    while True:
        inside = [found for found in check.elements.values() if found.parent == scope_id]
        if any(found.kind in _PEOPLE or _has_timer(found) for found in inside):
            return True
        if any(
            _has_timer(start)
            for found in inside
            if found.triggered_by_event
            for start in check.scopes.get(found.id, ())
        ):
            return True
        scope = check.elements.get(scope_id)
        if scope is None:
            return False
        scope_id = scope.parent


def _has_timer(element: Element) -> bool:
    return trigger_of(element) is not Trigger.PARALLEL and any(
        trigger_of(one) is Trigger.TIMER for one in element.by_trigger
    )
