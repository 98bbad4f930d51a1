"""Shape: what is supported, where things start and end, and what can be reached."""

from __future__ import annotations

from engine.definitions.checks.context import Check, is_start, trigger_of
from engine.definitions.checks.support import KIND_NAMES, Position, construct_of, name_of
from engine.definitions.expressions import is_feel
from engine.definitions.model import Element, Kind, Process, Trigger
from engine.definitions.reporting import label

LONGEST_ID, LONGEST_NAME = 300, 250
_SCOPES = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.AD_HOC_SUB_PROCESS})


def check_structure(check: Check) -> None:
    """Every rule about the shape of the diagram."""
    _short_enough(check, check.process)
    for element in check.elements.values():
        _short_enough(check, element)
        _supported(check, element)
        _gathers(check, element)
        _ends(check, element)
    _starts_of_scope(check, check.process.id, None)
    for element in check.elements.values():
        if element.kind in _SCOPES:
            _starts_of_scope(check, element.id, element)
            if element.triggered_by_event:
                _event_sub_process(check, element)
    _flows(check)
    _reachable(check)


def position_of(check: Check, element: Element) -> Position:
    """Where an element stands, for the table of support."""
    parent = check.parent(element)
    if parent is None:
        return Position.PROCESS
    return Position.EVENT_SUB_PROCESS if parent.triggered_by_event else Position.SUB_PROCESS


def _short_enough(check: Check, place: Element | Process) -> None:
    """A database finds places by their ids, and messages and signals by their names."""
    if len(place.id) > LONGEST_ID:
        check.report.error(
            "id-too-long",
            place,
            f"Een id van {len(place.id)} tekens is te lang; hoogstens {LONGEST_ID} kan.",
            "Geef dit element in het eigenschappenpaneel een korter id.",
        )
    for event in place.event.each if isinstance(place, Element) and place.event else ():
        name = event.name or ""
        if len(name) > LONGEST_NAME and not is_feel(name):
            check.report.error(
                "name-too-long",
                place,
                f"{label(place)} gebruikt een naam van {len(name)} tekens; "
                f"hoogstens {LONGEST_NAME} kan.",
                "Geef het bericht, het signaal of de fout een kortere naam.",
            )


def _gathers(check: Check, element: Element) -> None:
    """More tokens than one, which Camunda does not count; a run by itself does."""
    for name, many in (
        ("startQuantity", element.start_quantity),
        ("completionQuantity", element.completion_quantity),
    ):
        if many != 1:
            check.report.error(
                "token-quantity",
                element,
                f"{label(element)} heeft {name}={many}. In een pakket wordt alleen 1 uitgevoerd.",
                f"Haal {name} weg.",
            )
    if element.start_quantity > 1 and not element.incoming:
        check.report.error(
            "token-quantity-unreachable",
            element,
            f"{label(element)} begint met {element.start_quantity} tokens (startQuantity), maar "
            "er gaat geen pijl heen.",
            "Haal startQuantity weg, of teken de pijlen.",
        )


def _supported(check: Check, element: Element) -> None:
    event_trigger = None if element.is_activity else trigger_of(element)
    row = construct_of(element.kind, event_trigger, position_of(check, element))
    if element.kind is Kind.COMPLEX_GATEWAY:
        check.report.error(
            "unsupported-gateway",
            element,
            f"{label(element)} is een complexe gateway. Die wordt in een pakket niet uitgevoerd.",
            row.remedy,
        )
    elif not row.supported:
        where = "" if row.position is Position.ANYWHERE else f" {row.position.value}"
        check.report.error(
            "unsupported-element",
            element,
            f"{label(element)} is een {name_of(row)}{where}. Dat wordt niet uitgevoerd.",
            row.remedy,
        )


def _starts_of_scope(check: Check, scope_id: str, scope: Element | None) -> None:
    place = scope or check.process
    inside = check.scopes.get(scope_id, [])
    starts = [element for element in inside if is_start(element)]
    what = "Het proces" if scope is None else f"Het {KIND_NAMES[scope.kind]}"
    if scope is not None and scope.kind is Kind.AD_HOC_SUB_PROCESS:
        return
    if not starts:
        check.report.error(
            "no-start",
            place,
            f"{what} {label(place)} heeft geen start-gebeurtenis.",
            "Teken een start-gebeurtenis en verbind hem met de eerste stap.",
        )
    if scope is not None and scope.triggered_by_event:
        return
    plain = [start for start in starts if trigger_of(start) is Trigger.NONE]
    for extra in plain[1:]:
        check.report.error(
            "several-none-starts",
            extra,
            f"{what} {label(place)} heeft meer dan één start zonder aanleiding; "
            f"{label(extra)} is er een te veel.",
            "Houd één gewone start over, of geef de andere een bericht, timer of signaal.",
        )


def _event_sub_process(check: Check, element: Element) -> None:
    if element.incoming or element.outgoing:
        check.report.error(
            "event-sub-process-connected",
            element,
            f"Het gebeurtenis-deelproces {label(element)} heeft een pijl erin of eruit.",
            "Verwijder de pijlen: het begint vanzelf bij zijn start-gebeurtenis.",
        )
    if element.loop is not None:
        check.report.error(
            "event-sub-process-loop",
            element,
            f"Het gebeurtenis-deelproces {label(element)} kan niet herhaald worden.",
            "Haal de herhaling weg.",
        )
    starts = [found for found in check.scopes.get(element.id, []) if is_start(found)]
    for extra in starts[1:]:
        check.report.error(
            "event-sub-process-starts",
            extra,
            f"Het gebeurtenis-deelproces {label(element)} heeft meer dan één start-gebeurtenis.",
            "Maak voor elke gebeurtenis een eigen gebeurtenis-deelproces.",
        )
    for start in starts:
        if trigger_of(start) is Trigger.ERROR and not start.interrupting:
            check.report.error(
                "error-must-interrupt",
                start,
                f"{label(start)} vangt een fout op zonder te onderbreken. Een fout onderbreekt "
                "altijd.",
                "Zet ‘Interrupting’ aan.",
            )


def _ends(check: Check, element: Element) -> None:
    """Flows into what begins and out of what ends."""
    link = trigger_of(element) is Trigger.LINK
    begins = (
        element.kind in (Kind.START_EVENT, Kind.BOUNDARY_EVENT)
        or element.is_compensation
        or (link and element.kind is Kind.CATCH_EVENT)
    )
    if begins and element.incoming:
        check.report.error(
            "flow-into-start",
            element,
            f"Er gaat een pijl naar {label(element)}, maar daar kan niets binnenkomen.",
            "Verwijder de pijl of sluit hem aan op een andere stap.",
        )
    ends = (
        element.kind is Kind.END_EVENT
        or element.is_compensation
        or (link and element.kind is Kind.THROW_EVENT)
        or (element.kind is Kind.BOUNDARY_EVENT and trigger_of(element) is Trigger.COMPENSATION)
    )
    if ends and element.outgoing:
        check.report.error(
            "flow-out-of-end",
            element,
            f"Er gaat een pijl weg van {label(element)}, maar daar houdt het pad op.",
            "Verwijder de pijl.",
        )
    if not ends and not element.outgoing and not element.triggered_by_event:
        check.report.warning(
            "implicit-end",
            element,
            f"Na {label(element)} gaat het pad niet verder en er is geen eind-gebeurtenis.",
            "Teken een eind-gebeurtenis, of verbind met de volgende stap.",
        )


def _flows(check: Check) -> None:
    for flow in check.process.flows.values():
        source, target = check.elements[flow.source], check.elements[flow.target]
        if source.parent != target.parent:
            check.report.error(
                "flow-crosses-sub-process",
                flow,
                f"De pijl {label(flow)} van {label(source)} naar {label(target)} gaat over de rand "
                "van een deelproces.",
                "Verbind met het deelproces zelf, of verplaats de stap.",
            )


def _reachable(check: Check) -> None:
    reached = _reached(check)
    for element in check.elements.values():
        if element.id in reached:
            continue
        parent = check.parent(element)
        if parent is not None and parent.id not in reached:
            continue
        if element.is_compensation:
            check.report.error(
                "compensation-handler-unlinked",
                element,
                f"{label(element)} is bedoeld om iets ongedaan te maken, maar hoort bij geen "
                "compensatie-gebeurtenis.",
                "Trek een associatie van de compensatie-gebeurtenis op de rand naar deze stap.",
            )
        elif element.kind is not Kind.BOUNDARY_EVENT or element.attached_to in reached:
            check.report.error(
                "unreachable",
                element,
                f"{label(element)} wordt nooit bereikt: geen enkel pad komt er.",
                "Verbind de stap met een pijl, of verwijder hem.",
            )


def _reached(check: Check) -> set[str]:
    reached: set[str] = set()
    pending = _entrances(check, check.process.id)
    while pending:
        element = pending.pop()
        if element.id in reached:
            continue
        reached.add(element.id)
        pending.extend(check.elements[flow.target] for flow in check.outgoing(element))
        pending.extend(check.boundaries.get(element.id, ()))
        if element.kind in _SCOPES:
            pending.extend(_entrances(check, element.id))
        if element.kind is Kind.THROW_EVENT and trigger_of(element) is Trigger.LINK:
            pending.extend(_link_targets(check, element))
        handler = check.elements.get(element.compensation_handler or "")
        if handler is not None:
            pending.append(handler)
    return reached


def _entrances(check: Check, scope_id: str) -> list[Element]:
    inside = check.scopes.get(scope_id, [])
    starts = [found for found in inside if is_start(found) or found.triggered_by_event]
    if any(is_start(found) for found in inside):
        return starts
    # without a start event (an error by itself) everything that nothing enters counts
    return starts + [
        found
        for found in inside
        if not found.incoming and not found.is_compensation and not found.attached_to
    ]


def _link_targets(check: Check, thrower: Element) -> list[Element]:
    name = thrower.event.name if thrower.event else None
    return [
        found
        for found in check.scopes.get(thrower.parent, [])
        if found.kind is Kind.CATCH_EVENT
        and found.event is not None
        and found.event.trigger is Trigger.LINK
        and found.event.name == name
    ]
