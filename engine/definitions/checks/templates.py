"""Element templates: whether an element still is what the template that it names makes of it.

Only warnings: a template helps to draw, and changes nothing about how a diagram runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.checks.context import Check
from engine.definitions.checks.names import declared_inputs
from engine.definitions.model import Element, Finding
from engine.definitions.neighbours import Neighbours
from engine.definitions.reporting import Place, Reporter, label
from engine.definitions.suggestions import did_you_mean
from engine.definitions.template_reading import Template
from engine.definitions.templates import FOLDER, Templates


def check_templates(check: Check) -> None:
    """Every element that names a template fits it. Nothing is said where no templates are known."""
    templates = check.around.neighbours.templates
    if templates is None:
        return
    for element in check.elements.values():
        if element.template_id is not None:
            template = _named(check, element, templates)
            if template is not None:
                _fits(check, element, template)


def templates_that_misfit(templates: Templates, neighbours: Neighbours) -> Iterator[Finding]:
    """What is wrong in the files of templates, and where a template misses what a process asks."""
    yield from templates.findings
    for template in templates.all:
        process_id = template.fixed("zeebe:calledElement", "processId")
        if process_id is None:
            continue
        report = Reporter(template.file)
        place = Place(template.id, template.name)
        process = neighbours.process(process_id)
        if process is None:
            known = [name for package in neighbours.packages for name in package.processes]
            report.error(
                "template-call",
                place,
                f"Het sjabloon roept het proces ‘{process_id}’ aan, maar dat is er niet.",
                did_you_mean(process_id, known, "Kies een proces van een gedeeld pakket."),
            )
            yield from report.findings
            continue
        asked = dict(declared_inputs(process))
        given = {name for kind, name in _bindings(template) if kind == "zeebe:input"}
        for name, needed in asked.items():
            if needed and name not in given:
                report.error(
                    "template-call",
                    place,
                    f"Het proces ‘{process_id}’ heeft ‘{name}’ nodig; het sjabloon vraagt er niet "
                    "om.",
                    "Voeg een veld toe met een binding van soort zeebe:input.",
                )
        yield from report.findings


def _bindings(template: Template) -> Iterator[tuple[str, str]]:
    return (one.bound_to for one in template.fields)


def _named(check: Check, element: Element, templates: Templates) -> Template | None:
    versions = templates.by_id.get(element.template_id or "")
    if versions is None:
        check.report.warning(
            "template-unknown",
            element,
            f"{label(element)} gebruikt het sjabloon ‘{element.template_id}’, maar dat staat niet "
            f"in {FOLDER.as_posix()}.",
            did_you_mean(
                element.template_id or "",
                templates.by_id,
                "Zet het sjabloon erbij, of kies bij het element ‘Losmaken (unlink)’.",
            ),
        )
        return None
    newest = max(versions, key=lambda version: version or 0)
    if element.template_version != newest:
        check.report.warning(
            "template-version",
            element,
            f"{label(element)} gebruikt versie {element.template_version or '–'} van het sjabloon "
            f"‘{versions[newest].name}’; de nieuwste is {newest or '–'}.",
            "Open het element in de modelleeromgeving en kies ‘Bijwerken (update)’.",
        )
    return versions.get(element.template_version)


def _fits(check: Check, element: Element, template: Template) -> None:
    kind = f"bpmn:{element.kind.value[0].upper()}{element.kind.value[1:]}"
    if kind not in template.elements:
        check.report.warning(
            "template-misfit",
            element,
            f"{label(element)} gebruikt het sjabloon ‘{template.name}’, maar dat is voor "
            f"{', '.join(sorted(template.elements))}.",
            "Maak er zo'n element van, of kies ‘Losmaken (unlink)’.",
        )
        return
    for one in template.fields:
        where, name = one.bound_to
        values = dict(_values(element, where))
        written = values.get(name)
        what = one.label or name or where
        if one.fixed is not None and written != one.fixed:
            check.report.warning(
                "template-changed",
                element,
                f"{label(element)} wijkt af van het sjabloon ‘{template.name}’: bij ‘{what}’ hoort "
                f"‘{one.fixed}’, er staat ‘{written or 'niets'}’.",
                "Zet terug wat het sjabloon zegt, of kies ‘Losmaken (unlink)’.",
            )
        elif one.required and not (written or "").strip():
            check.report.warning(
                "template-value-missing",
                element,
                f"{label(element)} mist ‘{what}’, dat het sjabloon ‘{template.name}’ vraagt.",
                f"Vul ‘{what}’ in.",
            )


def _values(element: Element, where: str) -> Iterator[tuple[str, str | None]]:
    """The values of an element at one kind of binding, by the name in the binding."""
    user, event = element.user, element.event
    match where:
        case "property":
            yield "name", element.name
        case "zeebe:input":
            yield from ((mapping.target, mapping.source) for mapping in element.inputs)
        case "zeebe:output":
            yield from ((mapping.source, mapping.target) for mapping in element.outputs)
        case "zeebe:property":
            yield from element.properties.items()
        case "zeebe:taskHeader":
            yield from element.headers.items()
        case "zeebe:taskDefinition" | "zeebe:taskDefinition:type":
            yield "type", element.job_type
            yield "retries", element.job_retries
            yield "", element.job_type
        case "zeebe:calledElement":
            yield "processId", element.called_process
            yield "bindingType", element.binding
            yield "versionTag", element.version_tag
        case "zeebe:calledDecision":
            yield "decisionId", element.decision_id
            yield "resultVariable", element.result_variable
            yield "bindingType", element.binding
            yield "versionTag", element.version_tag
        case "zeebe:script":
            yield "expression", element.script
            yield "resultVariable", element.result_variable
        case "zeebe:formDefinition" if user is not None:
            yield "formId", user.form_id
            yield "bindingType", element.binding
        case "zeebe:assignmentDefinition" if user is not None:
            yield "candidateGroups", user.candidate_groups
            yield "candidateUsers", user.candidate_users
            yield "assignee", user.assignee
        case "zeebe:taskSchedule" if user is not None:
            yield "dueDate", user.due_date
            yield "followUpDate", user.follow_up_date
        case "zeebe:priorityDefinition" if user is not None:
            yield "priority", user.priority
        case "zeebe:userTask" if user is not None:
            yield "", "true"
        case "bpmn:Message#property" if event is not None:
            yield "name", event.name
        case "bpmn:Message#zeebe:subscription#property" if event is not None:
            yield "correlationKey", event.correlation_key
