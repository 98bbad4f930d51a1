"""Tasks and what they refer to: roles, forms, connectors, decisions, other processes."""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.definitions.checks.context import Check, is_start, trigger_of
from engine.definitions.checks.support import KIND_NAMES
from engine.definitions.expressions import body, is_feel
from engine.definitions.model import Element, Kind, Trigger
from engine.definitions.reporting import label
from engine.definitions.suggestions import did_you_mean

_STATUSES = ("running", "aftercare", "closed")
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
            _called_process(check, element)
        if element.job_type is not None:
            _connector(check, element)
        if element.decision_id is not None:
            _decision(check, element)
        _properties(check, element)


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
            "Kies een rol bij ‘Candidate groups’.",
        )
    if check.around.alone:
        return
    if groups is None and (user is None or user.assignee is None):
        check.report.error(
            "task-without-role",
            element,
            f"{label(element)} heeft geen rol; niemand krijgt deze taak te zien.",
            "Vul bij ‘Assignment’ de ‘Candidate groups’ in met een rol uit pakket.toml.",
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
            "Schrijf bij ‘Documentation’ in gewone taal wat er gedaan moet worden.",
        )
    if user is None or user.due_date is None:
        check.report.warning(
            "task-without-due-date",
            element,
            f"{label(element)} heeft geen streefdatum.",
            'Vul bij ‘Due date’ bijvoorbeeld =now() + duration("P3D") in.',
        )


def _roles(check: Check, element: Element, groups: str) -> None:
    for name in _static_names(groups):
        if name not in check.around.roles:
            check.report.error(
                "unknown-role",
                element,
                f"{label(element)} is voor de rol ‘{name}’, maar die staat niet in pakket.toml.",
                did_you_mean(name, check.around.roles, "Voeg de rol toe aan pakket.toml."),
            )


def _static_names(text: str) -> Iterator[str]:
    """The names in a text like ``a, b``, ``="a"`` or ``=["a", "b"]``; none when it depends."""
    if not is_feel(text):
        if "${" in text or "#{" in text:
            return
        yield from filter(None, (part.strip() for part in text.split(",")))
        return
    try:
        expression = feel.compile(body(text))
        if expression.names or expression.possible_names:
            return
        value = expression.evaluate({})
    except feel.FeelError:
        return
    for found in value if isinstance(value, list) else [value]:
        if isinstance(found, str):
            yield found


def _form(check: Check, element: Element, text: str) -> None:
    for name in _static_names(text):
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
    message = element.event is not None and element.kind is Kind.SEND_TASK
    if element.script or element.decision_id or element.job_type or message:
        if (element.script or element.decision_id) and element.result_variable is None:
            check.report.warning(
                "result-unused",
                element,
                f"De uitkomst van {label(element)} wordt nergens bewaard.",
                "Vul ‘Result variable’ in.",
            )
        return
    if check.report.has("unsupported-script", element.id):
        return
    report = check.report.warning if check.around.alone else check.report.error
    report(
        "task-does-nothing",
        element,
        f"De {KIND_NAMES[element.kind]} {label(element)} heeft geen {_NEEDS[element.kind]} en doet "
        "dus niets.",
        "Vul in wat er moet gebeuren, of maak er een gewone taak van.",
    )


def _receives_nothing(check: Check, element: Element) -> None:
    if not check.report.has("unknown-message", element.id):
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
        check.report.error(
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
                f"Voeg bij ‘Inputs’ een koppeling toe met de naam ‘{name}’.",
            )
    allowed = [value.name for value in connector.inputs]
    for name in sorted(given - set(allowed)):
        check.report.warning(
            "connector-input-unknown",
            element,
            f"{label(element)} ({job_type}) kent de invoer ‘{name}’ niet.",
            did_you_mean(name, allowed, "Verwijder de koppeling."),
        )


def _decision(check: Check, element: Element) -> None:
    for name in _static_names(element.decision_id or ""):
        if name not in check.around.decisions:
            check.report.error(
                "unknown-decision",
                element,
                f"{label(element)} vraagt om de beslissing ‘{name}’, maar die staat in geen "
                ".dmn-bestand van het pakket.",
                did_you_mean(
                    name, check.around.decisions, "Maak de beslistabel of kies een bestaande."
                ),
            )


def _called_process(check: Check, element: Element) -> None:
    if not element.called_process:
        check.report.error(
            "called-process-missing",
            element,
            f"{label(element)} roept een proces aan, maar er is niet gekozen welk.",
            "Vul bij ‘Called element’ de id van het proces in.",
        )
        return
    if element.binding not in ("latest", "deployment"):
        check.report.error(
            "binding-unsupported",
            element,
            f"{label(element)} kiest de versie op ‘{element.binding}’. Dat wordt niet uitgevoerd.",
            "Kies bij ‘Binding’ voor ‘latest’ of ‘deployment’.",
        )
    for name in _static_names(element.called_process):
        called = check.around.processes.get(name)
        if called is None:
            known = [key for key in check.around.processes if key != check.process.id]
            check.report.error(
                "unknown-process",
                element,
                f"{label(element)} roept het proces ‘{name}’ aan, maar dat is er niet.",
                did_you_mean(name, known, "Voeg het proces toe aan het pakket."),
            )
        elif _leads_back(check, name):
            check.report.warning(
                "calls-itself",
                element,
                f"{label(element)} roept ‘{name}’ aan, en dat roept (via via) dit proces weer aan.",
                "Zorg dat er altijd een weg is zonder deze aanroep, anders houdt het nooit op.",
            )
        elif not called.executable:
            check.report.error(
                "called-process-not-executable",
                element,
                f"{label(element)} roept het proces ‘{name}’ aan, maar dat is niet uitvoerbaar.",
                "Zet ‘Executable’ aan bij dat proces.",
            )
        else:
            top = [e for e in called.elements.values() if is_start(e) and e.parent == called.id]
            if top and all(trigger_of(start) is not Trigger.NONE for start in top):
                check.report.error(
                    "called-process-without-start",
                    element,
                    f"{label(element)} roept het proces ‘{name}’ aan, maar dat heeft geen gewone "
                    "start.",
                    "Geef dat proces een start-gebeurtenis zonder aanleiding.",
                )


def _leads_back(check: Check, name: str) -> bool:
    """Whether a process called from here calls this process again, however far down."""
    pending, seen = [name], set[str]()
    while pending:
        key = pending.pop()
        if key == check.process.id:
            return True
        process = check.around.processes.get(key)
        if process is None or key in seen:
            continue
        seen.add(key)
        pending.extend(e.called_process for e in process.elements.values() if e.called_process)
    return False


def _properties(check: Check, element: Element) -> None:
    status = element.properties.get("status")
    if status is not None and status not in _STATUSES:
        check.report.error(
            "unknown-status",
            element,
            f"{label(element)} zet het traject op status ‘{status}’, maar die is er niet.",
            did_you_mean(status, _STATUSES, "Kies een bestaande status."),
        )
    if "uitkomst" in element.properties and element.kind is not Kind.END_EVENT:
        check.report.warning(
            "outcome-misplaced",
            element,
            f"{label(element)} heeft een uitkomst, maar alleen een eind-gebeurtenis van het "
            "hoofdproces kan die geven.",
            "Zet de eigenschap ‘uitkomst’ op de eind-gebeurtenis.",
        )
