"""A small shared package that people start beside a trajectory, for tests."""

from __future__ import annotations

from engine.definitions.packages import Package
from tests.practice_diagrams import END, diagram, event, field_of, message, task
from tests.unit.definitions.diagrams import definitions, form, package

KEY, START = "zorg", "zorg-gezien"

MANIFEST = """
sleutel = "zorg"
gedeeld = true
[naam]
nl = "Zorgpakket"
en = "Safety package"
[rollen.vertrouwenspersoon]
naam = {nl = "Vertrouwenspersoon", en = "Trusted worker"}
functie = "worker"
"""
BESIDE = """
[naast.zorg-gezien]
bericht = "zorg-gezien"
naam = {nl = "Zorg gezien", en = "Worry seen"}
door = ["worker", "project_leader"]
nadruk = true
"""
FORM = 'formulier = "zorg-gezien"\n'


def safety(
    *, form_id: str | None = "zorg-gezien", beside: str = BESIDE, remark: str = "", key: str = KEY
) -> Package:
    """A process that is started by the message ``zorg-gezien`` and asks for one task."""
    drawn = diagram(
        f"gedeeld-{key}",
        event("startEvent", "gezien", message("M_gezien")),
        task("wegen"),
        END,
        flows="gezien>wegen wegen>einde",
    )
    roots = '<bpmn:message id="M_gezien" name="zorg-gezien" />'
    offered = beside + (FORM if form_id else "") if beside else ""
    files: dict[str, bytes | str] = {
        "zorg.bpmn": definitions(roots + drawn),
        "formulieren/keuze.form": form("keuze", field_of("keuze", "ja nee")),
        "README.md": remark,
    }
    if form_id:
        fields = [field_of("ernst", "acuut anders"), _story()]
        files[f"formulieren/{form_id}.form"] = form(form_id, *fields, name="Zorg gezien")
    return package(files, MANIFEST.replace('"zorg"', f'"{key}"') + offered)


def _story() -> dict[str, object]:
    return {"type": "textarea", "id": "veld-verhaal", "key": "verhaal", "label": "Wat zag u?"}
