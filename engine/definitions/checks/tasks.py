"""Tasks and what they refer to: roles, forms, connectors, decisions, other processes."""

from __future__ import annotations

from engine.definitions.checks.calls import check_binding, check_call
from engine.definitions.checks.context import Check
from engine.definitions.checks.outward import check_headers, check_recipients
from engine.definitions.checks.support import KIND_NAMES
from engine.definitions.checks.texts import static_names
from engine.definitions.connectors import PUBLISH_MESSAGE, TRAJECTORY_STATUSES
from engine.definitions.expressions import is_feel, shorten
from engine.definitions.model import Element, Kind
from engine.definitions.reporting import label
from engine.definitions.suggestions import did_you_mean

_CATCH_UPS = ("elk", "eens", "overslaan")
_KEPT = ("ja", "nee")
_NEEDS = {
    Kind.SERVICE_TASK: "soort servicetaak (task definition type)",
    Kind.SCRIPT_TASK: "FEEL-uitdrukking",
    Kind.BUSINESS_RULE_TASK: "beslissing (called decision)",
    Kind.SEND_TASK: "bericht of soort servicetaak",
}


def check_tasks(check: Check) -> None:
    """Every rule about tasks."""
    for element in check.elements.values():
        if element.kind is Kind.USER_TASK:
            _user_task(check, element)
        elif element.kind in _NEEDS:
            _does_something(check, element)
        elif element.kind is Kind.RECEIVE_TASK and element.event is None:
            _receives_nothing(check, element)
        elif element.kind is Kind.CALL_ACTIVITY:
            check_call(check, element)
        if element.job_type is not None and not _publishes(element):
            _connector(check, element)
        if element.decision_id is not None:
            _decision(check, element)
        _properties(check, element)


def _publishes(element: Element) -> bool:
    """Whether its job type only says that its message leaves, as it does without one."""
    throws = element.kind in (Kind.SEND_TASK, Kind.THROW_EVENT, Kind.END_EVENT)
    return throws and (element.job_type or "").strip() == PUBLISH_MESSAGE


def _user_task(check: Check, element: Element) -> None:
    user = element.user
    form_id = user.form_id if user else None
    groups = user.candidate_groups if user else None
    if form_id is not None and not check.around.alone:
        _form(check, element, form_id)
    if user is not None and user.candidate_users is not None:
        check.report.warning(
            "candidate-users-ignored",
            element,
            f"{label(element)} noemt personen (candidate users). Daar wordt niet naar gekeken.",
            "Kies een rol bij ‘Rol (candidate groups)’.",
        )
    _priority(check, element, user.priority if user else None)
    for text in (groups, user.candidate_users if user else None):
        _no_gap(check, element, text)
    if check.around.alone:
        return
    if groups is None and (user is None or user.assignee is None):
        check.report.error(
            "task-without-role",
            element,
            f"{label(element)} heeft geen rol; niemand krijgt deze taak te zien.",
            "Vul bij ‘Wie doet het’ de ‘Rol (candidate groups)’ in met een rol uit pakket.toml.",
        )
    elif groups is not None:
        _roles(check, element, groups)
    if form_id is None:
        check.report.warning(
            "task-without-form",
            element,
            f"{label(element)} heeft geen formulier.",
            "Kies een formulier, of laat het zo als afvinken genoeg is.",
        )
    if not element.documentation:
        check.report.warning(
            "task-without-guidance",
            element,
            f"{label(element)} zegt niet wat iemand moet doen.",
            "Schrijf bij ‘Uitleg (documentation)’ in gewone taal wat er gedaan moet worden.",
        )
    if user is None or user.due_date is None:
        check.report.warning(
            "task-without-due-date",
            element,
            f"{label(element)} heeft geen streefdatum.",
            'Vul bij ‘Uiterlijk op (due date)’ bijvoorbeeld =now() + duration("P3D") in.',
        )


def _priority(check: Check, element: Element, text: str | None) -> None:
    if text is None or is_feel(text) or (text.isascii() and text.isdigit() and int(text) <= 100):
        return
    check.report.error(
        "task-priority",
        element,
        f"{label(element)} heeft als prioriteit ‘{shorten(text)}’. Dat is geen getal van 0 tot en "
        "met 100.",
        "Vul een getal in; 50 is gewoon, hoger is dringender.",
    )


def _no_gap(check: Check, element: Element, text: str | None) -> None:
    if text is None or is_feel(text) or all(part.strip() for part in text.split(",")):
        return
    check.report.error(
        "list-with-gap",
        element,
        f"{label(element)}: in de lijst ‘{shorten(text)}’ staat een komma zonder naam erbij.",
        "Schrijf de namen met één komma ertussen.",
    )


def _roles(check: Check, element: Element, groups: str) -> None:
    names = list(static_names(groups))
    if len(names) > 1:
        check.report.error(
            "several-roles",
            element,
            f"{label(element)} is voor meer dan één rol: {', '.join(names)}. Een taak hoort bij "
            "één rol.",
            f"Kies één rol, bijvoorbeeld ‘{names[0]}’.",
        )
    for name in names:
        if name not in check.around.roles:
            check.report.error(
                "unknown-role",
                element,
                f"{label(element)} is voor de rol ‘{name}’, maar die staat niet in pakket.toml.",
                did_you_mean(name, check.around.roles, "Voeg de rol toe aan pakket.toml."),
            )


def _form(check: Check, element: Element, text: str) -> None:
    for name in static_names(text):
        if name not in check.around.forms:
            check.report.error(
                "unknown-form",
                element,
                f"{label(element)} gebruikt het formulier ‘{name}’, maar dat is er niet.",
                did_you_mean(
                    name, check.around.forms, f"Maak het bestand formulieren/{name}.form."
                ),
            )


def _does_something(check: Check, element: Element) -> None:
    if check.report.has("task-does-nothing", element.id):
        return
    message = element.event is not None and element.kind is Kind.SEND_TASK
    job = element.job_type and not _publishes(element)
    if element.script or element.decision_id or job or message:
        unused = (element.script or element.decision_id) and element.result_variable is None
        if unused and not check.report.has("result-missing", element.id):
            check.report.warning(
                "result-unused",
                element,
                f"De uitkomst van {label(element)} wordt nergens bewaard.",
                "Vul ‘Variabele voor de uitkomst (result variable)’ in.",
            )
        return
    if any(check.report.has(rule, element.id) for rule in ("unsupported-script", "script-missing")):
        return
    check.outside(
        "task-does-nothing",
        element,
        f"De {KIND_NAMES[element.kind]} {label(element)} heeft geen {_NEEDS[element.kind]} en doet "
        "dus niets.",
        "Vul in wat er moet gebeuren, of maak er een gewone taak van.",
    )


def _receives_nothing(check: Check, element: Element) -> None:
    found = any(check.report.has(r, element.id) for r in ("unknown-message", "message-missing"))
    if not found:
        check.report.error(
            "message-missing",
            element,
            f"De ontvangsttaak {label(element)} heeft geen bericht en zou eeuwig wachten.",
            "Kies een bericht of maak er een aan.",
        )


def _connector(check: Check, element: Element) -> None:
    job_type = element.job_type or ""
    if is_feel(job_type):
        return
    known = check.around.connectors
    connector = known.get(job_type)
    if connector is None:
        check.outside(
            "unknown-connector",
            element,
            f"{label(element)} vraagt om ‘{job_type}’, maar dat soort servicetaak is er niet.",
            did_you_mean(job_type, known, "Kies een bestaand soort servicetaak."),
        )
        return
    given = {mapping.target for mapping in element.inputs}
    for name in connector.required_inputs:
        if name not in given:
            check.report.error(
                "connector-input-missing",
                element,
                f"{label(element)} ({job_type}) mist de invoer ‘{name}’.",
                f"Voeg bij ‘Wat erin gaat (input)’ een koppeling toe met de naam ‘{name}’.",
            )
    allowed = [value.name for value in connector.inputs]
    for name in sorted(given - set(allowed)):
        check.report.warning(
            "connector-input-unknown",
            element,
            f"{label(element)} ({job_type}) kent de invoer ‘{name}’ niet.",
            did_you_mean(name, allowed, "Verwijder de koppeling."),
        )
    check_headers(check, element, connector)
    check_recipients(check, element, connector)


def _decision(check: Check, element: Element) -> None:
    check_binding(check, element)
    for name in static_names(element.decision_id or ""):
        if name in check.around.decisions or check.around.neighbours.with_decision(name):
            continue
        check.outside(
            "unknown-decision",
            element,
            f"{label(element)} vraagt om de beslissing ‘{name}’, maar die staat in geen "
            ".dmn-bestand van het pakket of van een gedeeld pakket.",
            did_you_mean(
                name, check.around.decisions, "Maak de beslistabel of kies een bestaande."
            ),
        )


def _properties(check: Check, element: Element) -> None:
    status = element.properties.get("status")
    if status is not None and status not in TRAJECTORY_STATUSES:
        check.report.error(
            "unknown-status",
            element,
            f"{label(element)} zet het traject op status ‘{status}’, maar die is er niet.",
            did_you_mean(status, TRAJECTORY_STATUSES, "Kies een bestaande status."),
        )
    catch_up = element.properties.get("inhalen")
    if catch_up is not None and catch_up not in _CATCH_UPS:
        check.report.error(
            "unknown-catch-up",
            element,
            f"{label(element)} haalt gemiste keren in volgens ‘{catch_up}’, maar dat bestaat niet.",
            did_you_mean(catch_up, _CATCH_UPS, "Kies een bestaande manier."),
        )
    kept = element.properties.get("bewaren")
    if kept is not None and kept not in _KEPT:
        check.report.error(
            "unknown-kept",
            element,
            f"{label(element)} zegt bij ‘bewaren’: {kept}, maar dat bestaat niet.",
            did_you_mean(kept, _KEPT, "Kies ja of nee."),
        )
    if "uitkomst" in element.properties and element.kind is not Kind.END_EVENT:
        check.report.warning(
            "outcome-misplaced",
            element,
            f"{label(element)} heeft een uitkomst, maar alleen een eind-gebeurtenis van het "
            "hoofdproces kan die geven.",
            "Zet de eigenschap ‘uitkomst’ op de eind-gebeurtenis.",
        )
