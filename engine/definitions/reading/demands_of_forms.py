"""What Camunda 7 demands of forms, work outside, scripts in mappings, and what catches all."""

from __future__ import annotations

from typing import Final

from engine.definitions.expressions import shorten
from engine.definitions.reading.foreign import CAMUNDA_7
from engine.definitions.reading.xml import BPMN, Node, is_true, local_id, place_of, tag_of
from engine.definitions.reporting import Reporter, label

_TYPES: Final = frozenset({"string", "long", "boolean", "date", "enum"})


def report_camunda_7(process: Node, report: Reporter) -> None:
    """Name what Camunda 7 would refuse in a process."""
    for node in process.iter(f"{{{BPMN}}}*"):
        _form(node, report)
        if _says(node, "type") == "external" and not _says(node, "topic"):
            place = place_of(node)
            report.error(
                "task-does-nothing",
                place,
                f"{label(place)} zegt niet welk werk er gedaan moet worden.",
                "Vul in wat er moet gebeuren, of maak er een gewone taak van.",
            )
        if tag_of(node) == "eventBasedGateway" and is_true(_says(node, "asyncAfter")):
            place = place_of(node)
            report.error(
                "async-after-event-gateway",
                place,
                f"{label(place)} wacht op gebeurtenissen; daarna valt er niets apart te doen "
                "(asyncAfter).",
                "Haal asyncAfter weg.",
            )
    if CAMUNDA_7.keys() & set(process.nsmap.values()):
        _all_beside_one(process, report)
    for node in process.iter(*(f"{{{space}}}formField" for space in CAMUNDA_7)):
        _field(node, report)
    for node in process.iter(*(f"{{{space}}}script" for space in CAMUNDA_7)):
        if not (node.get("scriptFormat") or "").strip():
            place = place_of(node)
            report.error(
                "script-language-missing",
                place,
                f"{label(place)} heeft een script zonder taal (scriptFormat).",
                "Vul de taal van het script in.",
            )


def _all_beside_one(process: Node, report: Reporter) -> None:
    """What catches every escalation stands beside what catches one: Camunda 7 allows no such pair.

    They stand on one border, or begin event sub-processes of one scope.
    """
    codes = {
        one.get("id"): one.get("escalationCode")
        for one in process.getroottree().getroot().iterchildren(f"{{{BPMN}}}escalation")
    }
    seen: dict[tuple[str, str], bool] = {}
    for definition in process.iter(f"{{{BPMN}}}escalationEventDefinition"):
        event = definition.getparent()
        if event is None or (spot := _spot(event)) is None:
            continue
        catches_all = not codes.get(local_id(definition.get("escalationRef")))
        if seen.setdefault(spot, catches_all) == catches_all:
            continue
        place = place_of(event)
        report.error(
            "caught-twice",
            place,
            f"{label(place)} staat op een plek waar het ene elke escalatie opvangt en het andere "
            "een bepaalde. Camunda 7 voert dat niet uit.",
            "Houd er één over, of geef ze elk een code.",
        )


def _spot(event: Node) -> tuple[str, str] | None:
    """Where an event catches: on which border, or in the event sub-processes of which scope."""
    host, scope = event.get("attachedToRef"), event.getparent()
    if host:
        return "border", local_id(host)
    if scope is None or not is_true(scope.get("triggeredByEvent")):
        return None
    if tag_of(event) != "startEvent":
        return None
    around = scope.getparent()
    return None if around is None else ("scope", around.get("id", ""))


def _form(node: Node, report: Reporter) -> None:
    key, reference, binding = (
        _says(node, name) for name in ("formKey", "formRef", "formRefBinding")
    )
    place = place_of(node)
    if key and reference:
        report.error(
            "form-reference",
            place,
            f"{label(place)} kiest geen formulier, of meer dan één.",
            "Kies één formulier: formKey of formRef.",
        )
    elif reference and not binding:
        report.error(
            "form-reference",
            place,
            f"{label(place)} kiest een formulier (formRef), maar niet welke versie ervan.",
            "Vul formRefBinding in, bijvoorbeeld ‘latest’.",
        )


def _field(node: Node, report: Reporter) -> None:
    place = place_of(node)
    kind = (node.get("type") or "").strip()
    if not (node.get("id") or "").strip():
        report.error(
            "form-field",
            place,
            f"Een veld in het formulier van {label(place)} heeft geen id.",
            "Geef het veld een id.",
        )
    elif kind not in _TYPES:
        report.error(
            "form-field",
            place,
            f"Een veld in het formulier van {label(place)} is van de soort ‘{shorten(kind)}’, maar "
            "die is er niet.",
            f"Kies uit: {', '.join(sorted(_TYPES))}.",
        )


def _says(node: Node, name: str) -> str | None:
    """What an element says by a word of Camunda 7; None when it does not."""
    said = (node.get(f"{{{space}}}{name}") for space in CAMUNDA_7)
    return next((text for text in said if text is not None), None)
