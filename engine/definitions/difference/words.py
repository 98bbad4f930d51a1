"""The Dutch words of differences, and whole sentences made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from engine.definitions.checks.support import KIND_NAMES
from engine.definitions.difference.model import Change, Detail, Difference, Sort

KINDS: Final[Mapping[str, str]] = {
    **{str(kind): name for kind, name in KIND_NAMES.items()},
    "userTask": "taak",
    "flow": "pijl",
    "process": "proces",
    "participant": "deelnemer",
    "lane": "baan",
    "textAnnotation": "toelichting in het diagram",
    "dataObjectReference": "gegevens",
    "dataStoreReference": "gegevensbron",
    "group": "kader",
    "messageFlow": "berichtpijl",
    "association": "verwijzing",
    "drawing": "onderdeel van de tekening",
    "writing": "schrijfwijze van het bestand",
    "decision": "beslissing",
    "inputData": "invoergegeven",
    "knowledge": "rekenregel",
    "service": "beslisdienst",
    "table": "tabel",
    "column": "kolom",
    "rule": "regel",
    "order": "volgorde van de regels",
    "field": "veld",
    "form": "formulier",
    "package": "pakket",
    "role": "rol",
    "entry": "ingang",
    "beside": "start naast een traject",
    "setting": "instelling",
}
"""What can be different. In singular, without an article."""

SETTINGS: Final[Mapping[str, str]] = {
    "name": "naam",
    "kind": "soort",
    "documentation": "uitleg",
    "lane": "baan",
    "parent": "staat in",
    "attached_to": "hoort bij",
    "default_flow": "standaardpad",
    "interrupting": "onderbreekt het werk",
    "triggered_by_event": "begint door een gebeurtenis",
    "source": "van",
    "target": "naar",
    "condition": "voorwaarde",
    "trigger": "aanleiding",
    "event_name": "bericht of code",
    "correlation_key": "sleutel van het bericht",
    "duration": "wachttijd",
    "date": "moment",
    "cycle": "herhaling",
    "activity_ref": "maakt ongedaan",
    "form_id": "formulier",
    "candidate_groups": "rol",
    "candidate_users": "mogelijke personen",
    "assignee": "persoon",
    "due_date": "klaar op",
    "follow_up_date": "opvolgen op",
    "priority": "voorrang",
    "job_type": "koppeling",
    "job_retries": "aantal pogingen",
    "header": "gegeven voor de koppeling",
    "script": "berekening",
    "result_variable": "resultaat in",
    "decision_id": "beslissing",
    "called_process": "aangeroepen proces",
    "binding": "welke versie",
    "version_tag": "versielabel",
    "activation": "activeringsvoorwaarde",
    "start_quantity": "begint met zoveel tokens",
    "completion_quantity": "laat zoveel tokens achter",
    "propagate_all_child": "neemt alle uitkomsten over",
    "propagate_all_parent": "geeft alle gegevens mee",
    "is_compensation": "is een herstelstap",
    "compensation_handler": "herstelstap",
    "property": "eigenschap",
    "input": "invoer",
    "output": "uitvoer",
    "sequence": "volgorde",
    "data_objects": "gegevens in het diagram",
    "template_id": "bouwsteen",
    "template_version": "versie van de bouwsteen",
    "loop": "herhaling per onderdeel",
    "standard": "herhaalt zolang",
    "sequential": "na elkaar",
    "input_collection": "lijst waarover",
    "input_element": "elk onderdeel heet",
    "output_collection": "uitkomsten in",
    "output_element": "uitkomst van elk onderdeel",
    "completion_condition": "eerder klaar als",
    "cardinality": "aantal keren",
    "test_before": "kijkt vooraf",
    "maximum": "hoogstens",
    "active": "begint met",
    "cancel_remaining": "breekt af wat nog loopt",
    "executable": "wordt uitgevoerd",
    "id": "technische naam",
    "text": "tekst",
    "other": "overige instellingen",
    "expression": "uitdrukking",
    "type": "soort waarde",
    "cell": "kolom",
    "allowed": "toegestane waarden",
    "default": "standaardwaarde",
    "hit_policy": "welke regels tellen",
    "aggregation": "samengevoegd tot",
    "requires": "gebruikt",
    "label": "vraag",
    "key": "technische naam van het antwoord",
    "field_type": "soort veld",
    "description": "toelichting",
    "required": "verplicht",
    "rule": "eis aan het antwoord",
    "option": "keuze",
    "hide": "verborgen als",
    "readonly": "alleen lezen",
    "disabled": "uitgezet",
    "dossier": "plaats in het dossier",
    "procesvariabele": "gaat mee in het proces",
    "waarom": "waarom wordt dit gevraagd",
    "rapport": "kopje in het verslag",
    "order": "plaats in het formulier",
    "order_of_rules": "nummer van de regel",
    "group": "staat in groep",
    "title": "titel",
    "setting": "instelling",
    "function": "functie in het systeem",
    "main_process": "hoofdproces",
    "shared": "gedeeld pakket",
    "message": "bericht",
    "by": "te gebruiken door",
    "urgent": "met nadruk",
}
"""What about it can be different, as it stands before a colon."""

VALUES: Final[Mapping[str, str]] = {"true": "ja", "false": "nee"}

DONE: Final[Mapping[Sort, str]] = {
    Sort.SAME: "is hetzelfde",
    Sort.ADDED: "is nieuw",
    Sort.REMOVED: "is weg",
    Sort.CHANGED: "is anders",
    Sort.MOVED: "staat op een andere plaats",
}


def in_words(difference: Difference) -> Iterator[str]:
    """Everything that is different, line by line: each file, and what changed in it."""
    if difference.is_empty:
        yield "Niets is anders."
    for file in difference.files:
        was = f" (heette {file.before_path})" if file.before_path else ""
        yield f"{file.path}{was} {DONE[file.sort]}."
        if file.sort is Sort.REMOVED:
            continue
        for change in file.main_changes:
            yield f"  {told(change)}"
        for line in file.lines:
            if line.sort in (Sort.ADDED, Sort.REMOVED):
                yield f"  {'+' if line.sort is Sort.ADDED else '-'} {line.text}"
        if file.minor_changes:
            yield f"  En {len(file.minor_changes)} kleine, die eruit volgen of niets veranderen."


def told(change: Change) -> str:
    """A change in a sentence: ``Taak ‘Bel’ is anders; klaar op: was ‘=a’, is ‘=b’.``"""
    kind = KINDS.get(change.kind, change.kind)
    named = f" ‘{change.name}’" if change.name else ""
    sentence = f"{kind[:1].upper()}{kind[1:]}{named} {DONE[change.sort]}"
    return "; ".join([sentence, *map(detail_told, change.details)]) + "."


def detail_told(detail: Detail) -> str:
    """A setting in words: ``formulier: was ‘a’, is ‘b’``."""
    what = SETTINGS.get(detail.what, detail.what)
    about = f" ‘{detail.about}’" if detail.about else ""
    before, after = (VALUES.get(value, value) for value in (detail.before, detail.after))
    if before and after:
        return f"{what}{about}: was ‘{before}’, is ‘{after}’"
    if after:
        return f"{what}{about}: nieuw, ‘{after}’"
    return f"{what}{about}: weg, was ‘{before}’" if before else f"{what}{about}"
