"""Writes the pages of docs/naslag/ that say what the code says: the code is their only source.

python -m scripts.reference            write them
python -m scripts.reference --check    say which are out of date; exit status 1 if any is
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from engine.definitions.checks.support import (
    CONSTRUCTS,
    KIND_NAMES,
    TRIGGER_NAMES,
    Construct,
    Position,
)
from engine.definitions.connectors import (
    KNOWN_CONNECTORS,
    KNOWN_MESSAGES,
    TRAJECTORY_VARIABLES,
    Connector,
    Value,
)
from engine.definitions.forms.family_paths import CHOICES, LIFE_DOMAINS, PATHS, ROWS
from engine.definitions.forms.instruments import SCORE_PATHS
from engine.definitions.model import Kind, Trigger
from engine.definitions.neighbours import TREE as TREE_NAME
from engine.definitions.templates import FOLDER as TEMPLATES

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "naslag"
TREE = ROOT / TREE_NAME
_ORDER: Final = (
    "bpmn:CallActivity",
    "bpmn:IntermediateThrowEvent",
    "bpmn:EndEvent",
    "bpmn:ServiceTask",
    "bpmn:UserTask",
)
GENERATED: Final = (
    "<!-- Gemaakt door `python -m scripts.reference` uit de code. Verander de code, niet dit. -->"
)

IN_THE_MODELLER: Final[Mapping[Kind, str]] = {
    Kind.TASK: "Task",
    Kind.USER_TASK: "User task",
    Kind.MANUAL_TASK: "Manual task",
    Kind.SERVICE_TASK: "Service task",
    Kind.SCRIPT_TASK: "Script task",
    Kind.BUSINESS_RULE_TASK: "Business rule task",
    Kind.SEND_TASK: "Send task",
    Kind.RECEIVE_TASK: "Receive task",
    Kind.SUB_PROCESS: "Sub-process, event sub-process",
    Kind.CALL_ACTIVITY: "Call activity",
    Kind.START_EVENT: "Start event",
    Kind.END_EVENT: "End event",
    Kind.CATCH_EVENT: "Intermediate catch event",
    Kind.THROW_EVENT: "Intermediate throw event",
    Kind.BOUNDARY_EVENT: "Boundary event",
    Kind.EXCLUSIVE_GATEWAY: "Exclusive gateway",
    Kind.PARALLEL_GATEWAY: "Parallel gateway",
    Kind.INCLUSIVE_GATEWAY: "Inclusive gateway",
    Kind.EVENT_BASED_GATEWAY: "Event-based gateway",
    Kind.COMPLEX_GATEWAY: "Complex gateway",
    Kind.TRANSACTION: "Transaction",
    Kind.AD_HOC_SUB_PROCESS: "Ad-hoc sub-process",
}
"""How Camunda Modeler names what a process owner picks there."""


def supported_bpmn() -> str:
    """The page on which BPMN runs and what to draw instead of the rest."""
    plain = [row for row in CONSTRUCTS if row.trigger is None]
    events = [row for row in CONSTRUCTS if row.trigger is not None]
    return _page(
        "# Welke BPMN wordt uitgevoerd",
        GENERATED,
        "Wat hier onder ‘wordt geweigerd’ staat, houdt het publiceren tegen. `ketenspoor package "
        "check` noemt dan het element, de regel in het bestand en wat u in de plaats kunt tekenen.",
        "## Activiteiten en gateways",
        _table(
            ("Element", "In de modelleeromgeving"),
            ((KIND_NAMES[r.kind], IN_THE_MODELLER[r.kind]) for r in plain if r.supported),
        ),
        "Wordt geweigerd:",
        _table(
            ("Element", "In de modelleeromgeving", "In de plaats daarvan"),
            (
                (KIND_NAMES[r.kind], IN_THE_MODELLER[r.kind], r.remedy)
                for r in plain
                if not r.supported
            ),
        ),
        "## Gebeurtenissen",
        "Een kruisje betekent: wordt uitgevoerd.",
        _event_table(events),
        "Wat geen kruisje heeft, wordt geweigerd:",
        _table(("Aanleiding", "Gebeurtenis", "In de plaats daarvan"), _remedies(events)),
    )


def _event_table(rows: Iterable[Construct]) -> str:
    found: dict[tuple[Kind, Position], set[Trigger]] = {}
    for row in rows:
        triggers = found.setdefault((row.kind, row.position), set())
        if row.supported and row.trigger is not None:
            triggers.add(row.trigger)
    shown = [trigger for trigger in Trigger if any(trigger in runs for runs in found.values())]
    return _table(
        ("Aanleiding", *(_place(kind, position) for kind, position in found)),
        (
            (TRIGGER_NAMES[trigger], *("×" if trigger in runs else "" for runs in found.values()))
            for trigger in shown
        ),
    )


def _remedies(rows: Iterable[Construct]) -> Iterator[tuple[str, str, str]]:
    """Refused events, those with the same mend on one line."""
    by_place: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if not row.supported and row.trigger is not None:
            key = (_place(row.kind, row.position), row.remedy)
            by_place.setdefault(key, []).append(TRIGGER_NAMES[row.trigger])
    by_mend: dict[tuple[str, str], list[str]] = {}
    for (place, remedy), triggers in by_place.items():
        by_mend.setdefault((", ".join(triggers), remedy), []).append(place)
    for (triggers_named, remedy), places in by_mend.items():
        yield triggers_named, ", ".join(places), remedy


def _place(kind: Kind, position: Position) -> str:
    name = KIND_NAMES[kind]
    return name if position is Position.ANYWHERE else f"{name} {position.value}"


def connectors() -> str:
    """The page on service task types, messages and variables that the product gives."""
    return _page(
        "# Koppelingen, berichten en vaste variabelen",
        GENERATED,
        "Een servicetaak noemt bij ‘Type’ een van deze koppelingen. De invoer geeft u met ‘Input "
        "mapping’. Wat eruit komt, is een variabele van de taak; met ‘Output mapping’ zet u haar "
        "onder een eigen naam in het proces. Een koppeling werkt in het dossier en stuurt niets "
        "naar buiten, behalve waar dat erbij staat. Zo’n taak wacht tot het versturen gelukt is; "
        "lukt het niet, dan wordt het na een aantal pogingen een incident. Vaste teksten geeft u "
        "met ‘Headers’: in zo’n tekst staat nooit iets over een gezin.",
        *(_connector(connector) for connector in KNOWN_CONNECTORS.values()),
        "## Berichten die het product zelf stuurt",
        "Een diagram kan erop wachten met de correlatiesleutel `=trajectId`.",
        _table(
            ("Bericht", "Variabelen"),
            (
                (f"`{name}`", ", ".join(f"`{v}`" for v in variables) or "–")
                for name, variables in KNOWN_MESSAGES.items()
            ),
        ),
        "## Variabelen waarmee elk traject begint",
        ", ".join(f"`{name}`" for name in TRAJECTORY_VARIABLES) + ".",
    )


def _connector(connector: Connector) -> str:
    rows = [_value("in", value) for value in connector.inputs]
    rows += [_value("vaste tekst", value) for value in connector.headers]
    rows += [_value("uit", value) for value in connector.outputs]
    parts = [f"## `{connector.type}`", connector.description]
    if connector.outward:
        parts.append("**Stuurt iets naar buiten.**")
    if rows:
        parts.append(_table(("", "Naam", "Soort", "Wat"), rows))
    return "\n\n".join(parts)


def _value(way: str, value: Value) -> tuple[str, str, str, str]:
    optional = "" if value.required else " Mag ontbreken."
    return way, f"`{value.name}`", value.type_name, value.description + optional


def family_paths() -> str:
    """The page on the places of the family file that a form field may write to."""
    plain = sorted(PATHS - set(ROWS) - set(CHOICES) - set(SCORE_PATHS))
    fixed = {
        path: values
        for path, values in CHOICES.items()
        if not path.startswith(("zorg.", "fase.", "doelscore."))
    }
    domain, parts = next(iter(LIFE_DOMAINS.items()))
    return _page(
        "# Plaatsen in het gezinsdossier",
        GENERATED,
        "Een veld van een formulier schrijft naar het dossier met de eigenschap `dossier`. Dit "
        "zijn de plaatsen. Elk ander woord is een fout bij de controle.",
        "## Eén waarde",
        "\n".join(f"- `{path}`" for path in plain),
        "## Eén waarde uit een vaste reeks",
        _table(
            ("Plaats", "Waarden"),
            ((f"`{path}`", ", ".join(f"`{v}`" for v in values)) for path, values in fixed.items()),
        ),
        "## Leefgebieden",
        _table(
            ("Leefgebied", "Onderdelen"),
            (
                (f"`{name}`", ", ".join(f"`{part}`" for part in items))
                for name, items in LIFE_DOMAINS.items()
            ),
        ),
        "\n".join(
            (
                f"- `zorg.<leefgebied>.<onderdeel>`, bijvoorbeeld `zorg.{domain}.{parts[0]}`: "
                + _values(f"zorg.{domain}.{parts[0]}"),
                f"- `fase.<leefgebied>`: {_values(f'fase.{domain}')}",
                f"- `doelscore.<leefgebied>`: {_values(f'doelscore.{domain}')}",
            )
        ),
        "## Metingen",
        "Een cijfer op een schaal. Wie het gaf, staat in de plaats zelf: het cijfer van het gezin "
        "komt nooit bij dat van een ander. Met `meting.moment` zegt u wanneer het was. Een cijfer "
        "naast de schaal wordt bij de controle van een keuzelijst gemeld en komt niet in het "
        "dossier.",
        _table(
            ("Plaats", "Schaal", "Stap", "Versie", "Bron"),
            (
                (
                    f"`{path}`",
                    f"{one.lowest} tot en met {one.highest}",
                    str(one.step).replace(".", ","),
                    str(one.version),
                    one.source,
                )
                for path, one in SCORE_PATHS.items()
            ),
        ),
        "## Lijsten",
        "Voor een lijst van regels (dynamic list). De sleutels van de velden in een regel:",
        _table(
            ("Plaats", "Velden van een regel"),
            ((f"`{path}`", ", ".join(f"`{k}`" for k in keys)) for path, keys in ROWS.items()),
        ),
    )


def element_templates() -> str:
    """The page on the building blocks that a modeller offers."""
    read = [json.loads(path.read_bytes()) for path in sorted((TREE / TEMPLATES).glob("*.json"))]
    read.sort(key=lambda one: (_ORDER.index(one["elementType"]["value"]), one["name"]))
    return _page(
        "# Bouwstenen: elementsjablonen",
        GENERATED.replace("uit de code", f"uit `processes/{TEMPLATES.as_posix()}`").replace(
            "de code, niet", "de sjablonen, niet"
        ),
        "Een bouwsteen kiest u in Camunda Modeler: teken een taak of een gebeurtenis, klik op "
        "*Select* bij *Template* (of zoek haar op naam bij *Append element*), en vul de velden in. "
        "De rest staat dan goed.",
        f"De sjablonen staan in `{TEMPLATES.as_posix()}`, in de map `processes`. Camunda Modeler "
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
    return f"{head}{what}\n\n{_table(('Veld', 'Verplicht', 'Staat er al', 'Uitleg'), rows)}"


def _values(path: str) -> str:
    return ", ".join(f"`{value}`" for value in CHOICES[path])


def _page(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "ondersteunde-bpmn.md": supported_bpmn,
    "koppelingen.md": connectors,
    "dossierplaatsen.md": family_paths,
    "elementsjablonen.md": element_templates,
}


def outdated() -> list[str]:
    """The pages that do not say what the code says now."""
    return [
        name
        for name, make in PAGES.items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text("utf-8") != make()
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or only look at them with ``--check``."""
    if arguments not in ([], ["--check"]):
        print("Usage: python -m scripts.reference [--check]", file=sys.stderr)
        return 2
    if arguments:
        for name in outdated():
            print(f"docs/naslag/{name} is out of date: python -m scripts.reference")
        return 1 if outdated() else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in outdated():
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"docs/naslag/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
