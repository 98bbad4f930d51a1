"""Undoing: what compensation and the cancelling of a transaction need to fit together."""

from __future__ import annotations

from engine.definitions.checks.context import Check, is_start, trigger_of
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import label


def check_undoing(check: Check) -> None:
    """Every rule about compensation and transactions."""
    for element in check.elements.values():
        trigger = trigger_of(element)
        if trigger is Trigger.COMPENSATION:
            _compensation(check, element)
        elif trigger is Trigger.CANCEL:
            _cancel(check, element)
        if element.kind is Kind.TRANSACTION:
            _transaction(check, element)
        _rounds(check, element)
    _undone_twice(check)


def _rounds(check: Check, element: Element) -> None:
    said = element.properties.get("ongedaan-per-ronde")
    if said not in (None, "ja", "nee"):
        check.report.error(
            "unknown-undone-rounds",
            element,
            f"{label(element)} heeft bij ‘ongedaan-per-ronde’ de waarde ‘{said}’, maar die is er "
            "niet.",
            "Vul ‘ja’ in als elke ronde apart ongedaan gemaakt wordt, en anders ‘nee’.",
        )


def _compensation(check: Check, element: Element) -> None:
    handler = check.elements.get(element.compensation_handler or "")
    if (
        handler is not None
        and element.kind is Kind.BOUNDARY_EVENT
        and handler.parent != element.parent
    ):
        check.report.error(
            "compensation-handler-elsewhere",
            element,
            f"{label(element)} laat het ongedaan maken door {label(handler)}, maar die staat in "
            "een ander (deel)proces.",
            "Teken de herstelstap naast de stap die zij ongedaan maakt.",
        )
    if element.kind is Kind.BOUNDARY_EVENT and element.compensation_handler is None:
        check.report.error(
            "compensation-without-handler",
            element,
            f"De compensatie-gebeurtenis {label(element)} hoort bij geen stap die iets ongedaan "
            "maakt.",
            "Trek een associatie naar een taak die als compensatie is aangemerkt.",
        )
    if is_start(element):
        _start(check, element)
    elif element.event is not None and element.event.activity_ref:
        _target(check, element, element.event.activity_ref)


def _start(check: Check, start: Element) -> None:
    inner = check.parent(start)
    if inner is not None and inner.triggered_by_event and not start.interrupting:
        check.report.error(
            "compensation-must-interrupt",
            start,
            f"{label(start)} maakt iets ongedaan dat al klaar is, zonder te onderbreken. Dat "
            "bestaat niet.",
            "Zet ‘Interrupting’ aan.",
        )
    if inner is not None and inner.triggered_by_event and check.parent(inner) is None:
        check.report.error(
            "compensation-of-process",
            start,
            f"Het gebeurtenis-deelproces van {label(start)} zou het hele proces ongedaan maken, "
            "maar een proces dat klaar is, loopt niet meer.",
            "Teken het gebeurtenis-deelproces binnen het deelproces dat ongedaan gemaakt moet "
            "kunnen worden.",
        )


def _target(check: Check, element: Element, wanted: str) -> None:
    target = check.elements.get(wanted)
    if target is None:
        check.report.error(
            "compensation-target",
            element,
            f"{label(element)} wil ‘{wanted}’ ongedaan maken, maar die stap is er niet.",
            "Kies een bestaande stap, of laat het veld leeg.",
        )
    elif target.parent not in _reached(check, element):
        check.report.error(
            "compensation-target",
            element,
            f"{label(element)} wil {label(target)} ongedaan maken, maar die stap staat in een "
            "ander (deel)proces.",
            "Werp de compensatie in het (deel)proces waarin de stap staat, of kies het hele "
            "deelproces.",
        )
    elif not _is_undone(check, target) and not check.scopes.get(target.id):
        check.report.error(
            "compensation-target",
            element,
            f"{label(element)} wil {label(target)} ongedaan maken, maar die stap heeft geen "
            "compensatie-gebeurtenis op de rand.",
            "Zet een compensatie-gebeurtenis op de rand en verbind haar met de herstelstap.",
        )


def _reached(check: Check, thrower: Element) -> tuple[str, ...]:
    """The scopes whose steps can be undone: its own, and from an event sub-process that around."""
    parent = check.parent(thrower)
    around = (parent.parent,) if parent is not None and parent.triggered_by_event else ()
    return (thrower.parent, *around)


def _is_undone(check: Check, target: Element) -> bool:
    borders = check.boundaries.get(target.id, ())
    return any(trigger_of(border) is Trigger.COMPENSATION for border in borders)


def _undone_twice(check: Check) -> None:
    """Two handlers for one activity: which one undoes it can't be said."""
    first: dict[str, Element] = {}
    for element in check.elements.values():
        if trigger_of(element) is not Trigger.COMPENSATION:
            continue
        undone = _undone_by(check, element)
        if undone is not None and first.setdefault(undone.id, element) is not element:
            check.report.error(
                "caught-twice",
                element,
                f"{label(undone)} wordt op twee manieren ongedaan gemaakt: door "
                f"{label(first[undone.id])} en door {label(element)}.",
                "Houd er één over.",
            )


def _undone_by(check: Check, element: Element) -> Element | None:
    if element.kind is Kind.BOUNDARY_EVENT:
        return check.elements.get(element.attached_to or "")
    inner = check.parent(element) if is_start(element) else None
    return None if inner is None else check.parent(inner)


def _cancel(check: Check, element: Element) -> None:
    if element.kind is Kind.END_EVENT:
        around = check.parent(element)
        if around is None or around.kind is not Kind.TRANSACTION:
            check.report.error(
                "cancel-outside-transaction",
                element,
                f"{label(element)} annuleert, maar staat niet rechtstreeks in een transactie.",
                "Teken de eind-gebeurtenis in de transactie zelf, of gebruik een fout.",
            )
        return
    host = check.elements.get(element.attached_to or "")
    if element.kind is not Kind.BOUNDARY_EVENT or host is None:
        return
    if host.kind is not Kind.TRANSACTION:
        check.report.error(
            "cancel-outside-transaction",
            element,
            f"{label(element)} vangt een annulering op, maar zit niet op een transactie.",
            "Zet de gebeurtenis op de rand van een transactie, of gebruik een fout.",
        )
    elif not element.interrupting:
        check.report.error(
            "cancel-must-interrupt",
            element,
            f"{label(element)} vangt een annulering op zonder te onderbreken. Een annulering "
            "beëindigt altijd de hele transactie.",
            "Maak de rand-gebeurtenis onderbrekend.",
        )


def _transaction(check: Check, transaction: Element) -> None:
    inside = check.scopes.get(transaction.id, ())
    ends = [
        end for end in inside if end.kind is Kind.END_EVENT and trigger_of(end) is Trigger.CANCEL
    ]
    caught = [
        border
        for border in check.boundaries.get(transaction.id, ())
        if trigger_of(border) is Trigger.CANCEL
    ]
    for end in ends if not caught else ():
        check.report.error(
            "cancel-uncaught",
            end,
            f"{label(end)} annuleert {label(transaction)}, maar op de rand daarvan gaat het dan "
            "nergens verder.",
            "Zet een annuleringsgebeurtenis op de rand van de transactie en verbind haar.",
        )
    for extra in caught[1:]:
        check.report.error(
            "caught-twice",
            extra,
            f"Op de rand van {label(transaction)} vangen {label(caught[0])} en {label(extra)} "
            "dezelfde annulering op.",
            "Houd er één over.",
        )
    if ends and transaction.loop is not None:
        check.report.warning(
            "cancel-of-rounds",
            transaction,
            f"{label(transaction)} wordt herhaald. Wie één keer annuleert, stopt ze allemaal; "
            "alleen wat in die ene keer gedaan is, wordt ongedaan gemaakt.",
            "Moet elke keer op zichzelf geannuleerd kunnen worden? Zet de transactie dan in een "
            "herhaald deelproces.",
        )
