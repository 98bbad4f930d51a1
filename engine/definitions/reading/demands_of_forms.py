"""What Camunda 7 demands of forms, work outside, scripts in mappings, a wait that is no job."""

from __future__ import annotations

from typing import Final

from engine.definitions.expressions import shorten
from engine.definitions.reading.xml import BPMN, Node, is_true, place_of, tag_of
from engine.definitions.reporting import Reporter, label

CAMUNDA_7: Final = "http://camunda.org/schema/1.0/bpmn"
_TYPES: Final = frozenset({"string", "long", "boolean", "date", "enum"})


def report_camunda_7(process: Node, report: Reporter) -> None:
    """Name what Camunda 7 would refuse in a process."""
    for node in process.iter(f"{{{BPMN}}}*"):
        _form(node, report)
        if node.get(f"{{{CAMUNDA_7}}}type") == "external" and not node.get(f"{{{CAMUNDA_7}}}topic"):
            place = place_of(node)
            report.error(
                "task-does-nothing",
                place,
                f"{label(place)} zegt niet welk werk er gedaan moet worden.",
                "Vul in wat er moet gebeuren, of maak er een gewone taak van.",
            )
        if tag_of(node) == "eventBasedGateway" and is_true(node.get(f"{{{CAMUNDA_7}}}asyncAfter")):
            place = place_of(node)
            report.error(
                "async-after-event-gateway",
                place,
                f"{label(place)} wacht op gebeurtenissen; daarna valt er niets apart te doen "
                "(asyncAfter).",
                "Haal asyncAfter weg.",
            )
    for node in process.iter(f"{{{CAMUNDA_7}}}formField"):
        _field(node, report)
    for node in process.iter(f"{{{CAMUNDA_7}}}script"):
        if not (node.get("scriptFormat") or "").strip():
            place = place_of(node)
            report.error(
                "script-language-missing",
                place,
                f"{label(place)} heeft een script zonder taal (scriptFormat).",
                "Vul de taal van het script in.",
            )


def _form(node: Node, report: Reporter) -> None:
    key, reference, binding = (
        node.get(f"{{{CAMUNDA_7}}}{name}") for name in ("formKey", "formRef", "formRefBinding")
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
