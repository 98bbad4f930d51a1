"""What Camunda 8 demands of a file, though BPMN does not: work, keys, forms, expressions."""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.definitions.expressions import is_feel, shorten
from engine.definitions.reading.xml import (
    BPMN,
    ZEEBE,
    Extensions,
    Node,
    child,
    children,
    local_id,
    place_of,
    tag_of,
    text_of,
)
from engine.definitions.reporting import Place, Reporter, label

_MUST_CALCULATE: Final = (
    ("output", "source", "de uitvoer"),
    ("subscription", "correlationKey", "de correlatiesleutel"),
    ("loopCharacteristics", "inputCollection", "de lijst (input collection)"),
    ("loopCharacteristics", "outputElement", "het uitvoerelement (output element)"),
)
_WORK: Final = {
    "serviceTask": (),
    "scriptTask": ("script",),
    "businessRuleTask": ("calledDecision",),
    "sendTask": ("publishMessage",),
}
"""Camunda 8's tasks that somebody works, and what may stand there instead of a job."""
_CATCHING: Final = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
_PUBLISHING: Final = ("sendTask", "intermediateThrowEvent", "endEvent")


def report_camunda_8(root: Node, report: Reporter) -> None:
    """Name what Camunda 8 would refuse."""
    for process in children(root, "process"):
        for node in process.iter(f"{{{BPMN}}}*"):
            _step(node, root, report)
    for node in root.iter(f"{{{ZEEBE}}}*"):
        _must_calculate(node, report)
    for node in root.iter(f"{{{BPMN}}}conditionExpression"):
        _condition(node, report)


def _step(node: Node, root: Node, report: Reporter) -> None:
    tag = tag_of(node)
    extensions = Extensions(node)
    if tag in _WORK:
        _work(node, extensions, _WORK[tag], report)
    if tag in _PUBLISHING:
        _publishing(node, extensions, report)
    if tag in (*_CATCHING, "receiveTask"):
        _key(node, root, report)
    form = extensions.node("formDefinition")
    tag_asked = form is not None and form.get("bindingType") == "versionTag"
    bare = tag_asked and not extensions.get("formDefinition", "versionTag")
    own = extensions.node("versionTag")
    if bare or (own is not None and extensions.get("versionTag", "value") is None):
        place = place_of(node)
        report.error(
            "version-tag-missing",
            place,
            f"{label(place)} noemt een versielabel (version tag), maar het is leeg.",
            "Vul het label in, of haal het weg.",
        )
    for name in ("script", "calledDecision"):
        if extensions.node(name) is not None and extensions.get(name, "resultVariable") is None:
            place = place_of(node)
            report.error(
                "result-missing",
                place,
                f"De uitkomst van {label(place)} wordt nergens bewaard.",
                "Vul ‘Variabele voor de uitkomst (result variable)’ in.",
            )
    _form(node, extensions, report)
    _headers(node, extensions, report)
    retries = extensions.get("taskDefinition", "retries")
    if retries is not None and not (is_feel(retries) or retries.isdecimal()):
        place = place_of(node)
        report.error(
            "job-retries",
            place,
            f"{label(place)}: het aantal pogingen (retries) ‘{shorten(retries)}’ is geen getal.",
            "Vul een geheel getal in, bijvoorbeeld 3.",
        )


def _work(node: Node, extensions: Extensions, others: tuple[str, ...], report: Reporter) -> None:
    given = [name for name in ("taskDefinition", *others) if extensions.node(name) is not None]
    place = place_of(node)
    if len(given) > 1:
        report.error(
            "task-does-two-things",
            place,
            f"{label(place)} heeft twee opdrachten: {' en '.join(given)}.",
            "Houd er één over.",
        )
    says = {
        "taskDefinition": extensions.get("taskDefinition", "type"),
        "script": extensions.get("script", "expression"),
        "calledDecision": extensions.get("calledDecision", "decisionId"),
        "publishMessage": "ja" if node.get("messageRef") else None,
    }
    plain = node.get("messageRef") if tag_of(node) == "sendTask" else text_of(child(node, "script"))
    if not plain and not any(says[name] for name in given):
        report.error(
            "task-does-nothing",
            place,
            f"{label(place)} zegt niet welk werk er gedaan moet worden.",
            "Vul in wat er moet gebeuren, of maak er een gewone taak van.",
        )


def _publishing(node: Node, extensions: Extensions, report: Reporter) -> None:
    place = place_of(node)
    publishes = extensions.node("publishMessage") is not None
    if publishes and extensions.get("publishMessage", "correlationKey") is None:
        report.error(
            "correlation-missing",
            place,
            f"{label(place)} stuurt een bericht zonder correlatiesleutel.",
            "Vul de correlatiesleutel in.",
        )
    if tag_of(node) == "sendTask" or extensions.node("taskDefinition") is None:
        return
    if publishes:
        report.error(
            "task-does-two-things",
            place,
            f"{label(place)} heeft twee opdrachten: taskDefinition en publishMessage.",
            "Houd er één over.",
        )
    if extensions.get("taskDefinition", "type") is None:
        report.error(
            "task-does-nothing",
            place,
            f"{label(place)} zegt niet welk werk er gedaan moet worden.",
            "Vul de soort (task definition type) in.",
        )


def _key(node: Node, root: Node, report: Reporter) -> None:
    """A message that must find one instance needs a key; one that starts a process does not."""
    holder = node.getparent()
    if tag_of(node) == "startEvent" and holder is not None and tag_of(holder) == "process":
        return
    definition = child(node, "messageEventDefinition")
    reference = local_id((node if definition is None else definition).get("messageRef"))
    if tag_of(node) == "receiveTask" and not reference:
        place = place_of(node)
        report.error(
            "message-missing",
            place,
            f"De ontvangsttaak {label(place)} heeft geen bericht en zou eeuwig wachten.",
            "Kies een bericht of maak er een aan.",
        )
    message = next((m for m in children(root, "message") if m.get("id") == reference), None)
    if message is None or Extensions(message).get("subscription", "correlationKey"):
        return
    place = place_of(node)
    report.error(
        "correlation-missing",
        place,
        f"{label(place)} wacht op een bericht zonder correlatiesleutel. Het bericht wordt dan niet "
        "aan één traject gekoppeld.",
        "Vul bij het bericht de correlatiesleutel in, meestal ‘=trajectId’.",
    )


def _form(node: Node, extensions: Extensions, report: Reporter) -> None:
    form = extensions.node("formDefinition")
    if form is None:
        return
    names = ("formId", "formKey", "externalReference")
    if sum(1 for name in names if (form.get(name) or "").strip()) == 1:
        return
    place = place_of(node)
    report.error(
        "form-reference",
        place,
        f"{label(place)} kiest geen formulier, of meer dan één.",
        "Kies één formulier, of haal de koppeling (formDefinition) weg.",
    )


def _headers(node: Node, extensions: Extensions, report: Reporter) -> None:
    keys = [found.get("key", "") for found in extensions.inside("taskHeaders", "header")]
    twice = next((key for key in keys if key and keys.count(key) > 1), None)
    if twice is not None:
        place = place_of(node)
        report.error(
            "header-twice",
            place,
            f"{label(place)} heeft de kop (header) ‘{shorten(twice)}’ twee keer.",
            "Houd er één over.",
        )


def _must_calculate(node: Node, report: Reporter) -> None:
    tag = etree.QName(node).localname
    for name, attribute, what in _MUST_CALCULATE:
        text = (node.get(attribute) or "").strip()
        if tag != name or not text or is_feel(text):
            continue
        place = place_of(node)
        if not place.id and (message := node.getparent()) is not None:
            place = _around(message, place.line)
        report.error(
            "expression-without-equals",
            place,
            f"{label(place)}: {what} ‘{shorten(text)}’ begint niet met ‘=’.",
            f"Begin met ‘=’: schrijf ‘={shorten(text)}’.",
        )


def _condition(node: Node, report: Reporter) -> None:
    text = text_of(node)
    if not text or is_feel(text) or node.get("language"):
        return
    place = place_of(node)
    report.error(
        "expression-without-equals",
        place,
        f"{label(place)}: de voorwaarde ‘{shorten(text)}’ begint niet met ‘=’.",
        f"Begin met ‘=’: schrijf ‘={shorten(text)}’.",
    )


def _around(node: Node, line: int) -> Place:
    """The message around a subscription."""
    holder: Node | None = node
    while holder is not None and not holder.get("id"):
        holder = holder.getparent()
    if holder is None:
        return Place(line=line)
    return Place(holder.get("id", ""), holder.get("name", ""), line)
