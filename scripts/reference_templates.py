"""The page of the reference on the building blocks that a modeller offers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from engine.definitions.model import Kind
from engine.definitions.neighbours import TREE
from engine.definitions.templates import FOLDER
from scripts.reference_pages import GENERATED, IN_THE_MODELLER, page, table

PLACE: Final = Path(__file__).resolve().parent.parent / TREE / FOLDER
_ORDER: Final = (
    "bpmn:CallActivity",
    "bpmn:IntermediateThrowEvent",
    "bpmn:EndEvent",
    "bpmn:ServiceTask",
    "bpmn:UserTask",
)


def element_templates() -> str:
    """The page on the building blocks that a modeller offers."""
    read = [json.loads(path.read_bytes()) for path in sorted(PLACE.glob("*.json"))]
    read.sort(key=lambda one: (_ORDER.index(one["elementType"]["value"]), one["name"]))
    return page(
        "# Bouwstenen: elementsjablonen",
        GENERATED.replace("uit de code", f"uit `processes/{FOLDER.as_posix()}`").replace(
            "de code, niet", "de sjablonen, niet"
        ),
        "Een bouwsteen kiest u in Camunda Modeler: teken een taak of een gebeurtenis, klik op "
        "*Select* bij *Template* (of zoek haar op naam bij *Append element*), en vul de velden in. "
        "De rest staat dan goed.",
        "In de werkbank onder **Pakketten** staan ze er vanzelf, ook bij de controle.",
        f"De sjablonen staan in `{FOLDER.as_posix()}`, in de map `processes`. Camunda Modeler "
        "vindt ze vanzelf als uw diagram in die map of in een map daaronder staat. Werkt u "
        "ergens anders, zet dan een kopie van de map `.camunda` naast of boven uw diagram. Het "
        "zijn JSON-bestanden volgens het schema van Camunda; u mag er eigen sjablonen naast "
        "zetten.",
        "`ketenspoor package check` kijkt of een element nog klopt met zijn sjabloon: of het "
        "sjabloon en de versie er zijn, of alles wat het vraagt is ingevuld en of wat vaststaat "
        "niet is veranderd. Het zijn waarschuwingen: een sjabloon helpt bij het tekenen en "
        "verandert niets aan hoe het loopt. Ook de sjablonen zelf worden nagekeken: wat een "
        "servicetaak of een gedeeld proces nodig heeft, vraagt zijn sjabloon.",
        "Verandert u een sjabloon zo dat getekende elementen niet meer kloppen, geef het dan een "
        "hoger getal bij `version`. De modelleeromgeving biedt daarna *Update* aan.",
        *(_template(one) for one in read),
    )


def _template(template: dict[str, Any]) -> str:
    fields = [one for one in template["properties"] if one["type"] != "Hidden"]
    rows = (
        (
            one["label"],
            "ja" if one.get("constraints", {}).get("notEmpty") else "nee",
            f"`{one['value']}`" if one.get("value") else "",
            one.get("description", ""),
        )
        for one in fields
    )
    kind = template["elementType"]["value"].removeprefix("bpmn:")
    head = f"## {template['name']}\n\n{template['description']}\n\n"
    what = f"`{template['id']}` · {IN_THE_MODELLER[Kind(kind[0].lower() + kind[1:])]}"
    if not fields:
        return head + what
    return f"{head}{what}\n\n{table(('Veld', 'Verplicht', 'Staat er al', 'Uitleg'), rows)}"
