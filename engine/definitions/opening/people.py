"""Who does a task, by when and with which form, in the words of Camunda 8."""

from __future__ import annotations

import re
from typing import Final

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import extension
from engine.definitions.expressions import problems, shorten
from engine.definitions.opening.notes import Notes
from engine.definitions.opening.vendors import DROOLS, taken
from engine.definitions.reading.xml import (
    BPMN,
    Node,
    child,
    children,
    place_of,
    tag_of,
    text_of,
)
from engine.definitions.reporting import label

_LOOK: Final = "Kijk of het klopt bij ‘Wie doet het’ in de eigenschappen."
_WHO: Final = {"assignee": "assignee", "candidateGroups": "candidateGroups"}
_WHEN: Final = {"dueDate": "dueDate", "followUpDate": "followUpDate"}
_ISO: Final = re.compile(r"P(?=[\dT])[\dYMWDTHS.]+|\d{4}-\d\d-\d\d.*")
_OF_JBPM: Final = frozenset(
    {"GroupId", "TaskName", "Skippable", "Priority", "NodeName", "Comment", "Locale"}
)
_FORM_FILE: Final = re.compile(r"camunda-forms:[\w-]+:(?:.*/)?([\w.-]+?)(?:\.form)?")


def translate_people(process: Node, notes: Notes) -> None:
    """Everything about people in a process."""
    for node in list(process.iter(f"{{{BPMN}}}*")):
        tag = tag_of(node)
        if tag == "userTask":
            _who(node, notes)
            _when(node, notes)
            _form(node, notes)
            _owners(node, notes)
            _drools_groups(node, notes)
        elif tag == "manualTask":
            _owners(node, notes)
        elif tag == "startEvent":
            _start_form(node, notes)


def feel_or_text(written: str) -> str | None:
    """A text or one expression of JUEL as zeebe writes it; None when it has no translation."""
    if "${" not in written and "#{" not in written:
        return written
    made = reading.value(written) if reading.unwrapped(written) is not None else None
    return None if made is None or problems(made) else f"={made}"


def _who(node: Node, notes: Notes) -> None:
    for name, target in _WHO.items():
        written = taken(node, name)
        if written is None:
            continue
        made = feel_or_text(written)
        if made is None:
            notes.decide(
                "assignment",
                node,
                f"{_named(node)}: wie de taak doet, stond als ‘{shorten(written)}’. Dat is hier "
                "niet te vertalen.",
                "Kies bij ‘Wie doet het’ de rol die deze taak doet.",
            )
            continue
        extension(node, "assignmentDefinition").set(target, made)
        notes.changed(
            "assignment",
            node,
            f"{_named(node)}: {name} ‘{shorten(written)}’ staat nu bij ‘Wie doet het’.",
            _LOOK,
        )
    users = taken(node, "candidateUsers")
    if users is not None:
        notes.decide(
            "candidate-users",
            node,
            f"{_named(node)} was voor deze personen: {shorten(users)}. Hier is een taak voor een "
            "rol.",
            "Kies bij ‘Wie doet het’ de rol die deze taak doet.",
        )


def _when(node: Node, notes: Notes) -> None:
    for name, target in _WHEN.items():
        written = taken(node, name)
        if written is None:
            continue
        made = feel_or_text(written)
        if made is not None and (made.startswith("=") or _ISO.fullmatch(made)):
            if made.startswith("P"):
                made = f'=now() + duration("{made}")'
            extension(node, "taskSchedule").set(target, made)
            notes.changed(
                "schedule",
                node,
                f"{_named(node)}: {name} ‘{shorten(written)}’ is nu ‘{shorten(made)}’.",
                "Kijk of de datum klopt.",
            )
            continue
        notes.decide(
            "schedule",
            node,
            f"{_named(node)}: {name} stond als ‘{shorten(written)}’. Dat is hier niet te vertalen.",
            'Vul bij ‘Uiterlijk op (due date)’ bijvoorbeeld =now() + duration("P3D") in.',
        )
    priority = taken(node, "priority")
    if priority is None:
        return
    made = feel_or_text(priority)
    if made is not None:
        extension(node, "priorityDefinition").set("priority", made)
        notes.changed(
            "priority", node, f"{_named(node)}: de prioriteit is overgenomen.", "Kijk of ze klopt."
        )


def _form(node: Node, notes: Notes) -> None:
    reference, key = taken(node, "formRef"), taken(node, "formKey")
    for name in ("formRefBinding", "formRefVersion"):
        taken(node, name)
    written = reference or key
    if written is None:
        return
    found = _FORM_FILE.fullmatch(written)
    form = found[1] if found else written if re.fullmatch(r"[\w.-]{1,80}", written) else None
    if form is None:
        notes.decide(
            "form",
            node,
            f"{_named(node)} gebruikte het formulier ‘{shorten(written)}’, dat in een ander "
            "programma staat.",
            "Maak het formulier hier na en kies het bij de taak.",
        )
        return
    extension(node, "formDefinition").set("formId", form)
    notes.changed(
        "form",
        node,
        f"{_named(node)} gebruikt het formulier ‘{form}’ (stond als ‘{shorten(written)}’).",
        "Zorg dat dit formulier in het pakket staat.",
    )


def _start_form(node: Node, notes: Notes) -> None:
    written = taken(node, "formKey") or taken(node, "formRef")
    if written is not None:
        notes.decide(
            "start-form",
            node,
            f"{_named(node)} begon met het formulier ‘{shorten(written)}’.",
            "Noem het formulier bij de ingang in pakket.toml.",
        )


def _owners(node: Node, notes: Notes) -> None:
    """BPMN's own performers, where they name somebody in an expression."""
    for tag in ("potentialOwner", "humanPerformer", "performer"):
        for holder in list(children(node, tag)):
            written = " ".join(
                text_of(found) for found in holder.iter(f"{{{BPMN}}}formalExpression")
            ).strip()
            target = "candidateGroups" if tag == "potentialOwner" else "assignee"
            wanted = re.sub(r"\b(?:group|user)\(([^()]*)\)", r"\1", written)
            made = feel_or_text(wanted) if wanted else None
            is_task = tag_of(node) == "userTask"
            if made is None or not is_task:
                continue
            settings = extension(node, "assignmentDefinition")
            if not settings.get(target):
                settings.set(target, made)
            node.remove(holder)
            notes.changed(
                "assignment",
                node,
                f"{_named(node)}: <{tag}> ‘{shorten(written)}’ staat nu bij ‘Wie doet het’.",
                _LOOK,
            )


def _drools_groups(node: Node, notes: Notes) -> None:
    """JBPM gives role and form of a task as data that flows into it."""
    inputs = {
        found.get("id", ""): found.get("name", "") for found in node.iter(f"{{{BPMN}}}dataInput")
    }
    is_drools = any(
        str(name).startswith(f"{{{DROOLS}}}") for one in node.iter() for name in one.attrib
    )
    if not is_drools:
        return
    for link in list(children(node, "dataInputAssociation")):
        name = inputs.get(text_of(child(link, "targetRef")), "")
        given = child(link, "assignment")
        written = "" if given is None else text_of(child(given, "from"))
        if name == "GroupId" and written:
            extension(node, "assignmentDefinition").set("candidateGroups", written)
            notes.changed(
                "assignment",
                node,
                f"{_named(node)}: groep ‘{shorten(written)}’ is overgenomen.",
                _LOOK,
            )
        if name in _OF_JBPM:
            node.remove(link)


def _named(node: Node) -> str:
    return label(place_of(node))
