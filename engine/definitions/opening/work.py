"""What tasks do by themselves, in the words of Camunda 8: services, decisions, calls."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from engine.definitions.dialects import reading_expressions as reading
from engine.definitions.dialects.parts import extension
from engine.definitions.expressions import problems, shorten
from engine.definitions.opening.notes import Notes
from engine.definitions.opening.people import feel_or_text
from engine.definitions.opening.vendors import drop, extensions_of, taken
from engine.definitions.reading.foreign import CAMUNDA_7, JUEL
from engine.definitions.reading.xml import (
    BPMN,
    ZEEBE,
    Node,
    child,
    local_id,
    place_of,
    tag_of,
    text_of,
)
from engine.definitions.reporting import label

_SERVICES: Final = frozenset({"serviceTask", "sendTask", "businessRuleTask", "endEvent"})
_CLASSES: Final = ("class", "delegateExpression", "expression")
_CHOOSE: Final = "Kies bij de taak wat er moet gebeuren, of maak er een taak voor een mens van."
_DECISION_FIELDS: Final = frozenset({"decisionTableReferenceKey", "decisionServiceReferenceKey"})


def translate_work(process: Node, notes: Notes) -> None:
    """Everything about work that no person does."""
    for node in list(process.iter(f"{{{BPMN}}}*")):
        tag = tag_of(node)
        if tag in ("serviceTask", "businessRuleTask"):
            _decision(node, notes)
        if tag in _SERVICES or tag in ("intermediateThrowEvent", "messageEventDefinition"):
            _service(node, notes)
        if tag == "callActivity":
            _call(node, notes)
        if child(node, "extensionElements") is not None:
            _fields(node, notes)
            _properties(node, notes)
    _version_tag(process, notes)


def _decision(node: Node, notes: Notes) -> None:
    named = taken(node, "decisionRef")
    if named is None:
        for field in extensions_of(node, *JUEL):
            if field.get("name") in _DECISION_FIELDS:
                named = field.get("stringValue") or text_of(field) or None
                drop(field)
                taken(node, "type")
    if named is None:
        return
    made = feel_or_text(named) or named
    result = taken(node, "resultVariable") or taken(node, "decisionResultVariable")
    kind = taken(node, "mapDecisionResult")
    for name in ("decisionRefBinding", "decisionRefVersion", "decisionRefTenantId"):
        taken(node, name)
    node.tag = f"{{{BPMN}}}businessRuleTask"
    settings = extension(node, "calledDecision")
    settings.set("decisionId", made)
    settings.set("resultVariable", result or "uitkomst")
    notes.changed(
        "decision",
        node,
        f"{_named(node)} vraagt de beslissing ‘{shorten(named)}’; de uitkomst komt in "
        f"‘{result or 'uitkomst'}’.",
        "Zorg dat deze beslistabel in het pakket staat.",
    )
    if kind in ("resultList", "collectEntries", None) and result:
        notes.decide(
            "decision-result",
            node,
            f"{_named(node)}: in Camunda 7 was ‘{result}’ een lijst met alle uitkomsten, hier is "
            "het de uitkomst zelf.",
            f"Kijk waar ‘{result}’ gebruikt wordt.",
        )


def _service(node: Node, notes: Notes) -> None:
    holder = node
    topic = taken(node, "topic")
    kind = taken(node, "type")
    if kind == "external" or topic is not None:
        _set_type(holder, topic or "extern", f"werk dat van buiten kwam (‘{topic}’)", notes)
        return
    for name in _CLASSES:
        written = taken(node, name)
        if written is None:
            continue
        result = taken(node, "resultVariable") or taken(node, "resultVariableName")
        if name == "expression" and _as_script(node, written, result, notes):
            return
        _set_type(holder, _short(written), f"programmacode (‘{shorten(written)}’)", notes)
    if kind is not None:
        _set_type(holder, kind, f"een ingebouwde ‘{kind}’-taak", notes)
    for connector in extensions_of(node, *CAMUNDA_7):
        if etree.QName(connector).localname == "connector":
            named = text_of(connector.find("{*}connectorId"))
            _set_type(holder, named or "connector", f"de connector ‘{named}’", notes)
            drop(connector)


def _as_script(node: Node, written: str, result: str | None, notes: Notes) -> bool:
    """An expression that only computes something is a script in FEEL."""
    made = reading.value(written)
    if result is None or made is None or problems(made) or tag_of(node) != "serviceTask":
        return False
    node.tag = f"{{{BPMN}}}scriptTask"
    settings = extension(node, "script")
    settings.set("expression", f"={made}")
    settings.set("resultVariable", result)
    notes.changed(
        "expression-task",
        node,
        f"{_named(node)} rekende ‘{shorten(written)}’ uit. Het is nu een scripttaak: "
        f"{result} = {shorten(made)}.",
        "Kijk of de berekening hetzelfde zegt.",
    )
    return True


def _set_type(node: Node, kind: str, what: str, notes: Notes) -> None:
    task = node.getparent() if tag_of(node) == "messageEventDefinition" else node
    if task is None:
        return
    settings = extension(task, "taskDefinition")
    if not settings.get("type"):
        settings.set("type", kind)
    notes.decide(
        "service",
        task,
        f"{_named(task)} was {what}. Hier is dat het soort servicetaak ‘{kind}’, dat u nog moet "
        "kiezen of laten maken.",
        _CHOOSE,
    )


def _short(written: str) -> str:
    """A name of code as a kind of service: the last part, in small letters with dashes."""
    inner = reading.unwrapped(written) or written
    last = re.split(r"[.(#]", inner.strip().split("(")[0])[-1] or inner
    word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", re.sub(r"[^\w]+", "-", last)).strip("-")
    return word.casefold()[:60] or "dienst"


def _call(node: Node, notes: Notes) -> None:
    for name in ("calledElementVersion", "calledElementBinding", "calledElementTenantId"):
        written = taken(node, name)
        if written is not None and written not in ("latest", "deployment"):
            notes.decide(
                "call-version",
                node,
                f"{_named(node)} riep een vaste versie aan ({name} = ‘{shorten(written)}’). Hier "
                "wordt de nieuwste aangeroepen.",
                "Kijk of de nieuwste versie goed is.",
            )
    called = local_id(node.get("calledElement"))
    if called and "${" not in called and "#{" not in called:
        extension(node, "calledElement").set("processId", called)
    inherited = taken(node, "inheritVariables")
    if inherited is not None:
        extension(node, "calledElement").set("propagateAllParentVariables", inherited)


def _fields(node: Node, notes: Notes) -> None:
    """Fixed settings of program code travel as headers of the service."""
    made = []
    for field in extensions_of(node, *JUEL):
        if etree.QName(field).localname != "field" or not field.get("name"):
            continue
        fixed = field.get("stringValue") or "".join(
            text_of(one) for one in field if etree.QName(one).localname == "string"
        )
        expression = field.get("expression") or text_of(field)
        value = fixed or expression
        if not value or (not fixed and ("${" in expression or "#{" in expression)):
            continue
        header = etree.SubElement(extension(node, "taskHeaders"), f"{{{ZEEBE}}}header")
        header.set("key", field.get("name", ""))
        header.set("value", value)
        made.append(field.get("name", ""))
        drop(field)
    if made:
        notes.changed(
            "fields",
            node,
            f"{_named(node)}: de instellingen {', '.join(made)} staan nu bij ‘Vaste gegevens’.",
            "Haal weg wat u niet gebruikt.",
        )


def _properties(node: Node, notes: Notes) -> None:
    for holder in extensions_of(node, *JUEL):
        if etree.QName(holder).localname != "properties":
            continue
        made = 0
        for found in holder.iterchildren(etree.Element):
            if found.get("name"):
                one = etree.SubElement(
                    extension(node, "properties"),
                    f"{{{ZEEBE}}}property",
                )
                one.set("name", found.get("name", ""))
                one.set("value", found.get("value", ""))
                made += 1
        drop(holder)
        notes.changed(
            "properties",
            node,
            f"{_named(node)}: {made} eigenschap(pen) zijn overgenomen.",
            "Haal weg wat u niet gebruikt.",
        )


def _version_tag(process: Node, notes: Notes) -> None:
    written = taken(process, "versionTag")
    if written:
        extension(process, "versionTag").set("value", written)
        notes.changed(
            "version-tag",
            process,
            f"Het versielabel ‘{shorten(written)}’ is overgenomen.",
            "U hoeft niets te doen.",
        )


def _named(node: Node) -> str:
    return label(place_of(node))
