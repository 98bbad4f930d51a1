"""Writes the pages of docs/naslag/ that say what the code says: the code is their only source.

python -m scripts.reference            write them
python -m scripts.reference --check    say which are out of date; exit status 1 if any is
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

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
from scripts.reference_pages import GENERATED, IN_THE_MODELLER, page, table
from scripts.reference_templates import element_templates

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "naslag"


def supported_bpmn() -> str:
    """The page on which BPMN runs and what to draw instead of the rest."""
    plain = [row for row in CONSTRUCTS if row.trigger is None]
    events = [row for row in CONSTRUCTS if row.trigger is not None]
    return page(
        "# Welke BPMN wordt uitgevoerd",
        GENERATED,
        "Wat hier onder ‘wordt geweigerd’ staat, houdt het publiceren tegen. `ketenspoor package "
        "check` noemt dan het element, de regel in het bestand en wat u in de plaats kunt tekenen.",
        "## Activiteiten en gateways",
        table(
            ("Element", "In de modelleeromgeving"),
            ((KIND_NAMES[r.kind], IN_THE_MODELLER[r.kind]) for r in plain if r.supported),
        ),
        "Een ad-hoc-deelproces begint met de elementen in zijn lijst (‘Lijst van elementen die "
        "beginnen’), tegelijk of met ordering=Sequential na elkaar. Het is klaar als er niets meer "
        "loopt, of eerder als zijn stopvoorwaarde waar is waar een pad erin ophoudt.",
        "Wordt geweigerd:",
        table(
            ("Element", "In de modelleeromgeving", "In de plaats daarvan"),
            (
                (KIND_NAMES[r.kind], IN_THE_MODELLER[r.kind], r.remedy)
                for r in plain
                if not r.supported
            ),
        ),
        "Wie één model probeert (`ketenspoor model run`) dat voor geen bepaalde engine is "
        "gemaakt, ziet ook complexe gateways lopen, en activiteiten met startQuantity of "
        "completionQuantity. "
        "Een complexe gateway waar meer wegen samenkomen, gaat verder zodra zijn "
        "activeringsvoorwaarde waar is; daarin is `activationCount` hoeveel wegen er zijn gekomen. "
        "Wat daarna nog van dezelfde ronde komt, gaat niet verder. Waar één weg binnenkomt, "
        "verdeelt hij zoals een inclusieve gateway. Camunda voert deze niet uit, en een pakket dus "
        "ook niet.",
        "## Gebeurtenissen",
        "Een kruisje betekent: wordt uitgevoerd.",
        _eventtable(events),
        "Een timer aan het begin van een proces gaat af als één model wordt geprobeerd "
        "(`ketenspoor model run`). In een pakket wordt hij geweigerd: elk proces hoort daar bij "
        "het traject van een gezin, en een klok kan geen gezin kiezen. Wat binnen een traject "
        "steeds terugkomt, is een gebeurtenis-deelproces met een timer die niet onderbreekt "
        "(bijvoorbeeld R/P1M). Zo gaat het ook met een voorwaarde aan het begin: een model "
        "dat wordt geprobeerd begint als zij geldt voor wat erin gaat.",
        "Wat geen kruisje heeft, wordt geweigerd:",
        table(("Aanleiding", "Gebeurtenis", "In de plaats daarvan"), _remedies(events)),
    )


def _eventtable(rows: Iterable[Construct]) -> str:
    found: dict[tuple[Kind, Position], set[Trigger]] = {}
    for row in rows:
        triggers = found.setdefault((row.kind, row.position), set())
        if row.supported and row.trigger is not None:
            triggers.add(row.trigger)
    shown = [trigger for trigger in Trigger if any(trigger in runs for runs in found.values())]
    return table(
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
    return page(
        "# Koppelingen, berichten en vaste variabelen",
        GENERATED,
        "Een servicetaak noemt bij ‘Soort koppeling (job type)’ een van deze koppelingen. De "
        "invoer geeft u met ‘Wat erin gaat (input)’. Wat eruit komt, is een variabele van de "
        "taak; met ‘Wat eruit komt (output)’ zet u haar onder een eigen naam in het proces. Een "
        "koppeling werkt in het dossier en stuurt niets naar buiten, behalve waar dat erbij "
        "staat. Zo’n taak wacht tot het versturen gelukt is; lukt het niet, dan wordt het na "
        "een aantal pogingen een incident. Vaste teksten geeft u met ‘Vaste gegevens’: in zo’n "
        "tekst staat nooit iets over een gezin.",
        *(_connector(connector) for connector in KNOWN_CONNECTORS.values()),
        "## Berichten die het product zelf stuurt",
        "Een diagram kan erop wachten met de correlatiesleutel `=trajectId`. Op `toestemming-weg` "
        'wacht een deel dat op één doel rust, met `=trajectId + ":duo-coaching"` (het doel van de '
        "toestemming). Op `deelname-vervallen` en `toeleiding-zonder-toestemming` wacht wie erom "
        "gevraagd is, met het nummer van de deelnemer, de afspraak of de toeleiding.",
        table(
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
        parts.append(table(("", "Naam", "Soort", "Wat"), rows))
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
    return page(
        "# Plaatsen in het gezinsdossier",
        GENERATED,
        "Een veld van een formulier schrijft naar het dossier met de eigenschap `dossier`. Dit "
        "zijn de plaatsen. Elk ander woord is een fout bij de controle.",
        "## Eén waarde",
        "\n".join(f"- `{path}`" for path in plain),
        "## Eén waarde uit een vaste reeks",
        table(
            ("Plaats", "Waarden"),
            ((f"`{path}`", ", ".join(f"`{v}`" for v in values)) for path, values in fixed.items()),
        ),
        "## Leefgebieden",
        table(
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
        table(
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
        table(
            ("Plaats", "Velden van een regel"),
            ((f"`{path}`", ", ".join(f"`{k}`" for k in keys)) for path, keys in ROWS.items()),
        ),
    )


def _values(path: str) -> str:
    return ", ".join(f"`{value}`" for value in CHOICES[path])


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
