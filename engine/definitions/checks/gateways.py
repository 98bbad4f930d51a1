"""Branching: conditions, default flows, events behind a gateway."""

from __future__ import annotations

from engine.definitions.checks.context import Check, trigger_of
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import label

_CHOOSING = frozenset({Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY})
_EVENT_TARGETS = frozenset({Trigger.MESSAGE, Trigger.TIMER, Trigger.SIGNAL, Trigger.CONDITIONAL})


def check_gateways(check: Check) -> None:
    """Every rule about how paths split and join."""
    for element in check.elements.values():
        _default(check, element)
        _same_way_twice(check, element)
        if element.kind in _CHOOSING:
            _choosing(check, element)
        elif element.kind is Kind.COMPLEX_GATEWAY:
            _complex(check, element)
        elif element.kind is Kind.PARALLEL_GATEWAY:
            _parallel(check, element)
        elif element.kind is Kind.EVENT_BASED_GATEWAY:
            _event_based(check, element)
        elif element.is_activity:
            _after_activity(check, element)
        else:
            _conditions_elsewhere(check, element)


def _default(check: Check, element: Element) -> None:
    if element.default_flow is None:
        return
    if element.default_flow not in element.outgoing:
        check.report.error(
            "default-flow-unknown",
            element,
            f"De standaardpijl ‘{element.default_flow}’ van {label(element)} gaat niet van dat "
            "element weg.",
            "Kies opnieuw welke pijl de standaard is.",
        )
        return
    flow = check.process.flows[element.default_flow]
    if flow.condition is not None:
        check.report.error(
            "default-flow-with-condition",
            flow,
            f"De standaardpijl {label(flow)} van {label(element)} heeft een voorwaarde. "
            "De standaard wordt juist gekozen als geen enkele voorwaarde waar is.",
            "Haal de voorwaarde weg, of maak een andere pijl de standaard.",
        )
    if element.kind in (Kind.PARALLEL_GATEWAY, Kind.EVENT_BASED_GATEWAY):
        check.report.error(
            "default-flow-not-allowed",
            element,
            f"{label(element)} kiest niet en kan dus geen standaardpijl hebben.",
            "Haal de standaard weg, of gebruik een keuze-gateway.",
        )
    elif element.is_activity and not any(found.condition for found in check.outgoing(element)):
        check.report.warning(
            "default-flow-without-choice",
            element,
            f"{label(element)} heeft een standaardpijl, maar geen pijl met een voorwaarde.",
            "Geef de andere pijl een voorwaarde, of haal de standaard weg.",
        )


def _choosing(check: Check, element: Element) -> None:
    flows = check.outgoing(element)
    if not flows:
        check.report.error(
            "gateway-dead-end",
            element,
            f"Uit {label(element)} gaat geen pijl; er valt niets te kiezen.",
            "Teken de wegen erachter, of vervang de gateway door een eind-gebeurtenis.",
        )
    if len(flows) < 2:
        if check.report.has("single-flow-with-condition", flows[0].id if flows else ""):
            return
        if flows and flows[0].condition is not None and element.default_flow is None:
            check.report.warning(
                "single-flow-with-condition",
                flows[0],
                f"{label(element)} heeft maar één pijl en die heeft een voorwaarde. Is die niet "
                "waar, dan loopt het vast.",
                "Haal de voorwaarde weg of teken ook de andere weg.",
            )
        return
    for flow in flows:
        if flow.condition is None and flow.id != element.default_flow:
            check.report.error(
                "flow-without-condition",
                flow,
                f"De pijl {label(flow)} van {label(element)} naar "
                f"{label(check.elements[flow.target])} heeft geen voorwaarde en is niet de "
                "standaard.",
                "Geef de pijl een voorwaarde, of maak hem de standaard (default flow).",
            )
    if element.default_flow is None and not check.report.has("choice-gap", element.id):
        check.report.warning(
            "no-default-flow",
            element,
            f"{label(element)} heeft geen standaardpijl. Is geen enkele voorwaarde waar, dan loopt "
            "het hier vast.",
            "Maak één pijl de standaard (default flow).",
        )


def _complex(check: Check, element: Element) -> None:
    """It joins on a condition, or divides as an inclusive gateway does, but not both."""
    if len(element.incoming) < 2:
        _choosing(check, element)
        return
    if element.activation is None:
        check.report.error(
            "activation-missing",
            element,
            f"Bij de complexe gateway {label(element)} staat niet wanneer hij verder gaat.",
            "Vul de activeringsvoorwaarde (activationCondition) in, bijvoorbeeld "
            "‘=activationCount >= 2’, of gebruik een andere gateway.",
        )
    for flow in check.outgoing(element):
        if flow.condition is not None:
            check.report.error(
                "complex-join-with-condition",
                flow,
                f"De pijl {label(flow)} uit de complexe gateway {label(element)} heeft een "
                "voorwaarde, terwijl hij ook wegen samenvoegt.",
                "Zet er een inclusieve gateway achter die de weg kiest.",
            )


def _parallel(check: Check, element: Element) -> None:
    for flow in check.outgoing(element):
        if flow.condition is not None:
            check.report.error(
                "parallel-with-condition",
                flow,
                f"De pijl {label(flow)} heeft een voorwaarde, maar {label(element)} neemt altijd "
                "alle wegen.",
                "Haal de voorwaarde weg, of gebruik een inclusieve gateway.",
            )


def _same_way_twice(check: Check, element: Element) -> None:
    seen: set[str] = set()
    for flow in check.outgoing(element):
        if flow.target in seen and flow.condition is None and flow.id != element.default_flow:
            check.report.warning(
                "flow-twice",
                flow,
                f"Er gaan twee pijlen van {label(element)} naar "
                f"{label(check.elements[flow.target])}; die stap gebeurt dan twee keer.",
                "Verwijder een van de pijlen.",
            )
        seen.add(flow.target)


def _event_based(check: Check, element: Element) -> None:
    flows = check.outgoing(element)
    if len(flows) < 2:
        check.report.error(
            "event-gateway-too-few",
            element,
            f"{label(element)} moet kunnen kiezen uit minstens twee gebeurtenissen.",
            "Teken er minstens twee wacht-gebeurtenissen achter.",
        )
    _one_way_to_receive(check, element)
    for flow in flows:
        target = check.elements[flow.target]
        if flow.condition is not None:
            check.report.error(
                "event-gateway-with-condition",
                flow,
                f"De pijl {label(flow)} achter {label(element)} heeft een voorwaarde.",
                "Haal de voorwaarde weg: de eerste gebeurtenis bepaalt de weg.",
            )
        if not _can_be_awaited(target):
            check.report.error(
                "event-gateway-target",
                target,
                f"{label(target)} staat achter de gebeurtenis-gateway {label(element)}, maar is "
                "geen wacht-gebeurtenis met een bericht, timer, signaal of voorwaarde.",
                "Zet hier een wacht-gebeurtenis neer, of gebruik een keuze-gateway.",
            )
        elif len(target.incoming) > 1:
            check.report.error(
                "event-gateway-target-shared",
                target,
                f"{label(target)} staat achter de gebeurtenis-gateway {label(element)} en heeft "
                "nog een andere pijl erin.",
                "Geef elke gateway zijn eigen wacht-gebeurtenissen.",
            )
        elif check.boundaries.get(target.id) or target.loop is not None:
            check.report.error(
                "event-gateway-target",
                target,
                f"De ontvangsttaak {label(target)} achter {label(element)} heeft een "
                "rand-gebeurtenis of herhaling. Dat gaat niet samen.",
                "Gebruik een wacht-gebeurtenis met een bericht.",
            )


def _one_way_to_receive(check: Check, element: Element) -> None:
    """BPMN lets messages be received by tasks or by events here, not by both."""
    targets = [check.elements[flow.target] for flow in check.outgoing(element)]
    task = next((one for one in targets if one.kind is Kind.RECEIVE_TASK), None)
    messages = any(
        trigger_of(part) is Trigger.MESSAGE
        for one in targets
        if one.kind is Kind.CATCH_EVENT
        for part in one.by_trigger
    )
    if task is not None and messages:
        check.report.error(
            "event-gateway-target",
            task,
            f"Achter {label(element)} staan een ontvangsttaak ({label(task)}) en een "
            "wacht-gebeurtenis met een bericht. Dat gaat niet samen.",
            "Maak van de ontvangsttaak een wacht-gebeurtenis met een bericht.",
        )


def _can_be_awaited(element: Element) -> bool:
    if element.kind is Kind.RECEIVE_TASK:
        return True
    return element.kind is Kind.CATCH_EVENT and all(
        trigger_of(one) in _EVENT_TARGETS for one in element.by_trigger
    )


def _conditions_elsewhere(check: Check, element: Element) -> None:
    """A condition on a flow out of an event: BPMN allows it on activities and gateways only."""
    flows = [flow for flow in check.outgoing(element) if flow.condition is not None]
    for flow in flows:
        check.report.error(
            "condition-after-event",
            flow,
            f"De pijl {label(flow)} na de gebeurtenis {label(element)} heeft een voorwaarde. "
            "Dat mag alleen na een taak of een gateway.",
            "Zet er een keuze-gateway tussen.",
        )


def _after_activity(check: Check, element: Element) -> None:
    flows = check.outgoing(element)
    if len(flows) == 1 and flows[0].condition is not None:
        check.report.error(
            "condition-on-only-way",
            flows[0],
            f"Na {label(element)} is er maar één pijl, en die heeft een voorwaarde. Is die niet "
            "waar, dan loopt het hier vast.",
            "Haal de voorwaarde weg, of teken ook de andere weg.",
        )
    elif element.default_flow is None and flows and all(flow.condition for flow in flows):
        check.report.warning(
            "no-default-flow",
            element,
            f"Na {label(element)} heeft elke pijl een voorwaarde. Is er geen waar, dan loopt het "
            "hier vast.",
            "Maak één pijl de standaard (default flow).",
        )
