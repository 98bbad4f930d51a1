"""The words of differences for the screens, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from engine.definitions.difference import Change, Detail, FileKind, Sort

KINDS: Mapping[str, LazyString] = {
    "task": lazy_gettext("taak"),
    "userTask": lazy_gettext("taak"),
    "manualTask": lazy_gettext("handmatige taak"),
    "serviceTask": lazy_gettext("servicetaak"),
    "scriptTask": lazy_gettext("scripttaak"),
    "businessRuleTask": lazy_gettext("beslisregeltaak"),
    "sendTask": lazy_gettext("verzendtaak"),
    "receiveTask": lazy_gettext("ontvangsttaak"),
    "subProcess": lazy_gettext("deelproces"),
    "callActivity": lazy_gettext("aanroep van een proces"),
    "startEvent": lazy_gettext("start-gebeurtenis"),
    "endEvent": lazy_gettext("eind-gebeurtenis"),
    "intermediateCatchEvent": lazy_gettext("wacht-gebeurtenis"),
    "intermediateThrowEvent": lazy_gettext("werp-gebeurtenis"),
    "boundaryEvent": lazy_gettext("rand-gebeurtenis"),
    "exclusiveGateway": lazy_gettext("keuze-gateway (XOR)"),
    "parallelGateway": lazy_gettext("parallelle gateway (AND)"),
    "inclusiveGateway": lazy_gettext("inclusieve gateway (OR)"),
    "eventBasedGateway": lazy_gettext("gebeurtenis-gateway"),
    "complexGateway": lazy_gettext("complexe gateway"),
    "transaction": lazy_gettext("transactie"),
    "adHocSubProcess": lazy_gettext("ad-hoc-deelproces"),
    "flow": lazy_gettext("pijl"),
    "process": lazy_gettext("proces"),
    "participant": lazy_gettext("deelnemer"),
    "lane": lazy_gettext("baan"),
    "textAnnotation": lazy_gettext("toelichting in het diagram"),
    "dataObjectReference": lazy_gettext("gegevens"),
    "dataStoreReference": lazy_gettext("gegevensbron"),
    "group": lazy_gettext("kader"),
    "messageFlow": lazy_gettext("berichtpijl"),
    "association": lazy_gettext("verwijzing"),
    "drawing": lazy_gettext("onderdeel van de tekening"),
    "writing": lazy_gettext("schrijfwijze van het bestand"),
    "decision": lazy_gettext("beslissing"),
    "inputData": lazy_gettext("invoergegeven"),
    "knowledge": lazy_gettext("rekenregel"),
    "service": lazy_gettext("beslisdienst"),
    "table": lazy_gettext("tabel"),
    "column": lazy_gettext("kolom"),
    "rule": lazy_gettext("regel"),
    "order": lazy_gettext("volgorde van de regels"),
    "field": lazy_gettext("veld"),
    "form": lazy_gettext("formulier"),
    "package": lazy_gettext("pakket"),
    "role": lazy_gettext("rol"),
    "entry": lazy_gettext("ingang"),
    "beside": lazy_gettext("start naast een traject"),
    "setting": lazy_gettext("instelling"),
}

SETTINGS: Mapping[str, LazyString] = {
    "name": lazy_gettext("naam"),
    "kind": lazy_gettext("soort"),
    "documentation": lazy_gettext("uitleg"),
    "lane": lazy_gettext("baan"),
    "parent": lazy_gettext("staat in"),
    "attached_to": lazy_gettext("hoort bij"),
    "default_flow": lazy_gettext("standaardpad"),
    "interrupting": lazy_gettext("onderbreekt het werk"),
    "triggered_by_event": lazy_gettext("begint door een gebeurtenis"),
    "source": lazy_gettext("van"),
    "target": lazy_gettext("naar"),
    "condition": lazy_gettext("voorwaarde"),
    "trigger": lazy_gettext("aanleiding"),
    "event_name": lazy_gettext("bericht of code"),
    "correlation_key": lazy_gettext("sleutel van het bericht"),
    "duration": lazy_gettext("wachttijd"),
    "date": lazy_gettext("moment"),
    "cycle": lazy_gettext("herhaling"),
    "activity_ref": lazy_gettext("maakt ongedaan"),
    "form_id": lazy_gettext("formulier"),
    "candidate_groups": lazy_gettext("rol"),
    "candidate_users": lazy_gettext("mogelijke personen"),
    "assignee": lazy_gettext("persoon"),
    "due_date": lazy_gettext("klaar op"),
    "follow_up_date": lazy_gettext("opvolgen op"),
    "priority": lazy_gettext("voorrang"),
    "job_type": lazy_gettext("koppeling"),
    "job_retries": lazy_gettext("aantal pogingen"),
    "header": lazy_gettext("gegeven voor de koppeling"),
    "script": lazy_gettext("berekening"),
    "result_variable": lazy_gettext("resultaat in"),
    "decision_id": lazy_gettext("beslissing"),
    "called_process": lazy_gettext("aangeroepen proces"),
    "binding": lazy_gettext("welke versie"),
    "version_tag": lazy_gettext("versielabel"),
    "activation": lazy_gettext("activeringsvoorwaarde"),
    "start_quantity": lazy_gettext("begint met zoveel tokens"),
    "completion_quantity": lazy_gettext("laat zoveel tokens achter"),
    "propagate_all_child": lazy_gettext("neemt alle uitkomsten over"),
    "propagate_all_parent": lazy_gettext("geeft alle gegevens mee"),
    "is_compensation": lazy_gettext("is een herstelstap"),
    "compensation_handler": lazy_gettext("herstelstap"),
    "property": lazy_gettext("eigenschap"),
    "input": lazy_gettext("invoer"),
    "output": lazy_gettext("uitvoer"),
    "sequence": lazy_gettext("volgorde"),
    "data_objects": lazy_gettext("gegevens in het diagram"),
    "template_id": lazy_gettext("bouwsteen"),
    "template_version": lazy_gettext("versie van de bouwsteen"),
    "loop": lazy_gettext("herhaling per onderdeel"),
    "standard": lazy_gettext("herhaalt zolang"),
    "sequential": lazy_gettext("na elkaar"),
    "input_collection": lazy_gettext("lijst waarover"),
    "input_element": lazy_gettext("elk onderdeel heet"),
    "output_collection": lazy_gettext("uitkomsten in"),
    "output_element": lazy_gettext("uitkomst van elk onderdeel"),
    "completion_condition": lazy_gettext("eerder klaar als"),
    "cardinality": lazy_gettext("aantal keren"),
    "test_before": lazy_gettext("kijkt vooraf"),
    "maximum": lazy_gettext("hoogstens"),
    "active": lazy_gettext("begint met"),
    "cancel_remaining": lazy_gettext("breekt af wat nog loopt"),
    "executable": lazy_gettext("wordt uitgevoerd"),
    "id": lazy_gettext("technische naam"),
    "text": lazy_gettext("tekst"),
    "other": lazy_gettext("overige instellingen"),
    "expression": lazy_gettext("uitdrukking"),
    "type": lazy_gettext("soort waarde"),
    "cell": lazy_gettext("kolom"),
    "allowed": lazy_gettext("toegestane waarden"),
    "default": lazy_gettext("standaardwaarde"),
    "hit_policy": lazy_gettext("welke regels tellen"),
    "aggregation": lazy_gettext("samengevoegd tot"),
    "requires": lazy_gettext("gebruikt"),
    "label": lazy_gettext("vraag"),
    "key": lazy_gettext("technische naam van het antwoord"),
    "field_type": lazy_gettext("soort veld"),
    "description": lazy_gettext("toelichting"),
    "required": lazy_gettext("verplicht"),
    "rule": lazy_gettext("eis aan het antwoord"),
    "option": lazy_gettext("keuze"),
    "hide": lazy_gettext("verborgen als"),
    "readonly": lazy_gettext("alleen lezen"),
    "disabled": lazy_gettext("uitgezet"),
    "dossier": lazy_gettext("plaats in het dossier"),
    "procesvariabele": lazy_gettext("gaat mee in het proces"),
    "waarom": lazy_gettext("waarom wordt dit gevraagd"),
    "rapport": lazy_gettext("kopje in het verslag"),
    "order": lazy_gettext("plaats in het formulier"),
    "order_of_rules": lazy_gettext("nummer van de regel"),
    "group": lazy_gettext("staat in groep"),
    "title": lazy_gettext("titel"),
    "setting": lazy_gettext("instelling"),
    "function": lazy_gettext("functie in het systeem"),
    "main_process": lazy_gettext("hoofdproces"),
    "shared": lazy_gettext("gedeeld pakket"),
    "message": lazy_gettext("bericht"),
    "by": lazy_gettext("te gebruiken door"),
    "urgent": lazy_gettext("met nadruk"),
}

VALUES: Mapping[str, LazyString] = {"true": lazy_gettext("ja"), "false": lazy_gettext("nee")}

SORTS: Mapping[str, LazyString] = {
    Sort.SAME: lazy_gettext("hetzelfde"),
    Sort.ADDED: lazy_gettext("nieuw"),
    Sort.REMOVED: lazy_gettext("weg"),
    Sort.CHANGED: lazy_gettext("anders"),
    Sort.MOVED: lazy_gettext("verplaatst"),
}
SIGNS: Mapping[str, str] = {
    Sort.SAME: "",
    Sort.ADDED: "+",
    Sort.REMOVED: "−",
    Sort.CHANGED: "≠",
    Sort.MOVED: "↕",
}
FILES: Mapping[str, LazyString] = {
    FileKind.DIAGRAM: lazy_gettext("Diagram"),
    FileKind.TABLE: lazy_gettext("Tabel"),
    FileKind.FORM: lazy_gettext("Formulier"),
    FileKind.SCENARIO: lazy_gettext("Scenario"),
    FileKind.MANIFEST: lazy_gettext("Rollen en ingangen"),
    FileKind.TEXT: lazy_gettext("Tekst"),
}


def show_kind(change: Change) -> str:
    """What a change is about, as the start of a sentence."""
    word = str(KINDS.get(change.kind, change.kind))
    return word[:1].upper() + word[1:]


def show_setting(detail: Detail) -> str:
    """The name of a setting: ``kolom ‘Contacten’``."""
    word = str(SETTINGS.get(detail.what, detail.what))
    return f"{word} ‘{detail.about}’" if detail.about else word


def show_value(value: str) -> str:
    """A value as people say it."""
    return str(VALUES.get(value, value))
