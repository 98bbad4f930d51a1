"""Events: what they name, where they hang, and links that must fit together."""

from __future__ import annotations

from collections import Counter

from engine.definitions.checks.caught_twice import check_caught_twice
from engine.definitions.checks.context import Check, is_start, trigger_of
from engine.definitions.checks.several import SEVERAL, several_triggers
from engine.definitions.connectors import PUBLISH_MESSAGE
from engine.definitions.expressions import UNKNOWN, body, fixed_value, free_names, is_feel
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import label
from engine.definitions.suggestions import did_you_mean

_CATCHING = frozenset({Kind.START_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT, Kind.RECEIVE_TASK})
_ESCALATE = frozenset(
    {
        Kind.SUB_PROCESS,
        Kind.TRANSACTION,
        Kind.AD_HOC_SUB_PROCESS,
        Kind.CALL_ACTIVITY,
        Kind.USER_TASK,
    }
)
"""Where an escalation can come from; a person may give one too."""
_NOT_FOUND = {
    Trigger.MESSAGE: "unknown-message",
    Trigger.SIGNAL: "unknown-signal",
    Trigger.ERROR: "unknown-error",
    Trigger.ESCALATION: "unknown-escalation",
}


def check_events(check: Check) -> None:
    """Every rule about events."""
    for element in check.by_trigger:
        if element.event is not None:
            _named(check, element)
            _fixed_names(check, element)
            _start_in_package(check, element)
        if element.kind is Kind.BOUNDARY_EVENT:
            _border(check, element)
    for element in check.elements.values():
        if element.kind is Kind.BOUNDARY_EVENT:
            _boundary(check, element)
        if trigger_of(element) in SEVERAL:
            several_triggers(check, element)
        _what_ends(check, element)
    _links(check)
    check_caught_twice(check)


def _named(check: Check, element: Element) -> None:
    event = element.event
    if event is None or event.name:
        if event is not None and event.trigger is Trigger.MESSAGE:
            _correlation(check, element)
        return
    catching = element.kind in _CATCHING
    if check.report.has(_NOT_FOUND.get(event.trigger, ""), element.id):
        return
    match event.trigger:
        case Trigger.MESSAGE:
            if element.job_type in (None, PUBLISH_MESSAGE):
                _missing(check, element, "message-missing", "bericht", "heeft")
        case Trigger.SIGNAL:
            _missing(check, element, "signal-missing", "signaal", "heeft")
        case Trigger.LINK:
            _missing(check, element, "link-missing", "naam voor de koppeling (link)", "heeft")
        case Trigger.ERROR if not catching:
            _missing(check, element, "error-missing", "foutcode", "werpt een fout maar heeft")
        case Trigger.ESCALATION if not catching:
            _missing(
                check,
                element,
                "escalation-missing",
                "escalatiecode",
                "werpt een escalatie maar heeft",
            )
        case Trigger.CONDITIONAL if not event.condition:
            _missing(check, element, "condition-missing", "voorwaarde", "heeft")


def _missing(check: Check, element: Element, rule: str, what: str, verb: str) -> None:
    check.report.error(
        rule,
        element,
        f"{label(element)} {verb} geen {what}.",
        f"Vul de {what} in." if what != "bericht" else "Kies een bericht of maak er een aan.",
    )


def _correlation(check: Check, element: Element) -> None:
    """A message that must find one instance needs a key; one that starts an instance does not."""
    if element.kind not in _CATCHING or (element.event and element.event.correlation_key):
        return
    if is_start(element) and check.parent(element) is None:
        return
    if check.report.has("correlation-missing", element.id):
        return
    check.outside(
        "correlation-missing",
        element,
        f"{label(element)} wacht op een bericht zonder correlatiesleutel. Het bericht wordt dan "
        "niet aan één traject gekoppeld.",
        "Vul bij het bericht de correlatiesleutel in, meestal ‘=trajectId’.",
    )


def _start_in_package(check: Check, element: Element) -> None:
    """What a published process does is work for a family, and a clock knows none."""
    if check.around.alone or not is_start(element) or check.parent(element) is not None:
        return
    if trigger_of(element) is Trigger.CONDITIONAL:
        check.report.error(
            "condition-start-in-package",
            element,
            f"{label(element)} start met een voorwaarde. In een gepubliceerd pakket gaat die niet "
            "af: elk proces hoort bij het traject van een gezin, en een voorwaarde zonder traject "
            "heeft geen gegevens.",
            "Begin met een bericht en zet de voorwaarde erachter, of teken binnen het traject een "
            "gebeurtenis-deelproces met deze voorwaarde.",
        )
    if trigger_of(element) is Trigger.TIMER:
        check.report.error(
            "timer-start-in-package",
            element,
            f"{label(element)} start met een timer. In een gepubliceerd pakket gaat die niet af: "
            "elk proces hoort bij het traject van een gezin, en een klok kan geen gezin kiezen.",
            "Begin met een bericht en zet de timer erachter. Wat binnen een traject steeds "
            "terugkomt, tekent u als gebeurtenis-deelproces met een timer die niet onderbreekt "
            "(bijvoorbeeld R/P1M).",
        )


def _boundary(check: Check, element: Element) -> None:
    host = check.elements.get(element.attached_to or "")
    if host is None or not host.is_activity or host.parent != element.parent:
        check.report.error(
            "boundary-host",
            element,
            f"De rand-gebeurtenis {label(element)} zit niet op een taak of deelproces"
            + (f" (‘{element.attached_to}’)." if element.attached_to else "."),
            "Sleep de gebeurtenis op de rand van een taak of deelproces.",
        )
        return
    if host.triggered_by_event or host.is_compensation:
        check.report.error(
            "boundary-on-event-sub-process" if host.triggered_by_event else "boundary-host",
            element,
            f"De rand-gebeurtenis {label(element)} zit op {label(host)}. Op een "
            "gebeurtenis-deelproces of een compensatiestap kan dat niet.",
            "Teken binnen het deelproces wat er moet gebeuren.",
        )


def _border(check: Check, element: Element) -> None:
    """What one trigger asks of a boundary event."""
    trigger = trigger_of(element)
    if trigger is Trigger.ERROR and not element.interrupting:
        check.report.error(
            "error-must-interrupt",
            element,
            f"{label(element)} vangt een fout op zonder te onderbreken. Een fout onderbreekt "
            "altijd.",
            "Maak de rand-gebeurtenis onderbrekend.",
        )
    host = check.elements.get(element.attached_to or "")
    if trigger is Trigger.ESCALATION and host is not None and host.kind not in _ESCALATE:
        check.report.error(
            "escalation-host",
            element,
            f"{label(element)} vangt een escalatie op de rand van {label(host)}, maar daar kan er "
            "geen ontstaan.",
            "Zet haar op de rand van een deelproces, een aanroep of een gebruikerstaak.",
        )


def _links(check: Check) -> None:
    for scope_id, inside in check.scopes.items():
        linked = [element for element in inside if trigger_of(element) is Trigger.LINK]
        catches = Counter(
            element.event.name
            for element in linked
            if element.kind is Kind.CATCH_EVENT and element.event
        )
        throws = {
            element.event.name
            for element in linked
            if element.kind is Kind.THROW_EVENT and element.event
        }
        for element in linked:
            name = element.event.name if element.event else None
            if not name:
                continue
            if element.kind is Kind.THROW_EVENT and not catches[name]:
                check.report.error(
                    "link-without-target",
                    element,
                    f"De koppeling {label(element)} springt naar ‘{name}’, maar zo’n punt is er "
                    "niet in hetzelfde (deel)proces.",
                    did_you_mean(
                        name,
                        [found for found in catches if found],
                        "Teken een wacht-gebeurtenis met deze koppelingsnaam.",
                    ),
                )
            elif element.kind is Kind.CATCH_EVENT and catches[name] > 1:
                check.report.error(
                    "link-target-twice",
                    element,
                    f"De koppeling ‘{name}’ heeft meer dan één punt van aankomst in "
                    f"‘{scope_id}’: {label(element)}.",
                    "Geef elk punt een eigen naam.",
                )
            elif element.kind is Kind.CATCH_EVENT and name not in throws:
                check.report.warning(
                    "link-without-source",
                    element,
                    f"Naar de koppeling {label(element)} (‘{name}’) springt niets.",
                    "Teken een werp-gebeurtenis met deze naam, of verwijder de koppeling.",
                )


def _what_ends(check: Check, element: Element) -> None:
    said = element.properties.get("beeindigt")
    if said not in (None, "alles", "deelproces", "herhaling"):
        check.report.error(
            "unknown-ending",
            element,
            f"{label(element)} heeft bij ‘beeindigt’ de waarde ‘{said}’, maar die is er niet.",
            "Vul ‘alles’ in als het hele proces hier eindigt, ‘herhaling’ als alle keren van de "
            "herhaling eromheen hier eindigen, en anders ‘deelproces’.",
        )
    around = check.parent(element)
    while around is not None and around.loop is None:
        around = check.parent(around)
    if said == "herhaling" and around is None:
        check.report.error(
            "ends-no-loop",
            element,
            f"{label(element)} beëindigt een herhaling, maar staat in geen enkele.",
            "Haal de eigenschap ‘beeindigt’ weg, of zet het in een deelproces dat herhaald wordt.",
        )


def _is_no_text(name: str) -> bool:
    value = fixed_value(body(name))
    return value is not UNKNOWN and not isinstance(value, str)


def _fixed_names(check: Check, element: Element) -> None:
    """Names that must be known before anything runs may not depend on variables."""
    event = element.event
    if event is None or event.name is None or not is_feel(event.name):
        return
    at_start = is_start(element) and check.parent(element) is None
    if at_start and _is_no_text(event.name):
        check.report.error(
            "name-must-be-text",
            element,
            f"{label(element)}: uit de naam ‘{event.name}’ komt geen tekst.",
            "Schrijf een vaste naam, zonder ‘=’.",
        )
    code = event.trigger in (Trigger.ERROR, Trigger.ESCALATION) and element.kind in _CATCHING
    if code or event.trigger is Trigger.LINK or (at_start and free_names(body(event.name))):
        check.report.error(
            "name-must-be-fixed",
            element,
            f"{label(element)}: de naam of code ‘{event.name}’ wordt berekend. Hier moet hij "
            "vaststaan.",
            "Schrijf een vaste naam, zonder ‘=’.",
        )
