"""The places of the family file that a form field may be written to (``dossier``)."""

from __future__ import annotations

from typing import Final

from engine.definitions.forms.instruments import MOMENTS, SCORE_PATHS

LIFE_DOMAINS: Final = {
    "huishouding": ("huisvesting", "financien"),
    "maatschappelijk": ("dagbesteding", "praktisch", "netwerk"),
    "opvoeding": ("competenties", "verzorging", "veiligheid"),
    "welzijn": ("psychisch", "lichamelijk", "zingeving"),
    "partnerrelatie": ("relaties",),
}
"""The five life domains of the method and the parts of each."""

ROWS: Final = {
    "gezinsleden": ("naam", "rol", "geboortedatum", "gezag"),
    "netwerk": ("naam", "relatie", "telefoon", "steun", "soortSteun", "invloed", "wederkerig"),
    "doelen": (
        "leefgebied",
        "doel",
        "actie",
        "wie",
        "visieGezin",
        "visieWerker",
        "visieVerwijzer",
    ),
    "doelstanden": ("doel", "stand"),
    "afspraken": ("wat", "wie", "datum"),
    "overleg.deelnemers": ("persoon", "naam", "organisatie", "onderwerpen"),
    "overleg.agenda": ("onderwerp", "punt"),
    "overleg.verslag": ("onderwerp", "tekst"),
    "overleg.afspraken": ("wat", "wie", "datum"),
    "toeleidingen": ("organisatie", "leefgebied", "reden"),
}
"""Paths that take a dynamic list, and the keys of its rows."""

CHOICES: Final = {
    "contact.soort": ("huisbezoek", "telefoon", "kantoor", "beeldbellen", "meegaan"),
    "toestemming.vorm": ("mondeling", "schriftelijk"),
    "toestemming.besluit": ("ja", "nee"),
    "overdracht.status": (
        "besproken",
        "akkoord",
        "aangemeld",
        "wachtlijst",
        "indicatie",
        "intake",
        "overgedragen",
        "gestart",
        "gestopt",
    ),
    **{
        f"zorg.{domain}.{part}": ("ernstig", "licht", "geen", "onbekend")
        for domain, parts in LIFE_DOMAINS.items()
        for part in parts
    },
    **{f"fase.{domain}": ("1", "2", "3", "4") for domain in LIFE_DOMAINS},
    **{f"doelscore.{domain}": ("behaald", "deels", "niet") for domain in LIFE_DOMAINS},
    "overleg.besluit": ("alles", "deels", "niets"),
    "overleg.antwoord": ("komt", "komt-niet"),
    "overleg.uitkomst": ("gehouden", "niet-gehouden", "verzet"),
    "overleg.gezinErbij": ("ja", "nee"),
    "overleg.vorm": ("mondeling", "schriftelijk"),
    "afspraak.stand": ("gedaan", "vervallen", "lukt-niet", "nieuwe-datum"),
    "regie.toestemming": ("ja", "nee"),
    "regie.antwoord": ("ja", "nee"),
    "regie.vorm": ("mondeling", "schriftelijk"),
    "kader.soort": ("vrijwillig", "drang", "gedwongen"),
    "kader.rechten": ("ja", "nee"),
    "meting.moment": MOMENTS,
    "ondersteuning.soort": (
        "basis-op-orde",
        "vinger-aan-de-pols",
        "stut-en-steun",
        "nazorg",
        "opschaling",
    ),
}
"""Paths that take one of a fixed set of values."""

HAPPENED: Final = frozenset({"contact.datum"})
"""Paths that take the date of something that has been: never a day to come."""

PATHS: Final = frozenset(
    {
        "gezin.naam",
        "gezin.taal",
        "gezin.tolk",
        "gezin.adres",
        "gezin.telefoon",
        "gezin.adresGeheim",
        "contact.datum",
        "contact.met",
        "contact.samenvatting",
        "contact.actie",
        "contact.gemist",
        "toestemming.gever",
        "toestemming.doel",
        "toestemming.ontvanger",
        "toestemming.wat",
        "overdracht.datum",
        "overdracht.reden",
        "ondersteuning.reden",
        "overleg.aanwezig",
        "overleg.gever",
        "overleg.gezinsreactie",
        "overleg.plaats",
        "overleg.reden",
        "overleg.toestemming",
        "overleg.volgende",
        "overleg.voorzitter",
        "overleg.wanneer",
        "overleg.woordvoerder",
        "afspraak.datum",
        "afspraak.reden",
        "kader.uitleg",
        "kader.vanaf",
        "regie.gever",
        "regie.naam",
        "regie.organisatie",
        "regie.persoon",
        "regie.reden",
        *SCORE_PATHS,
        *ROWS,
        *CHOICES,
    }
)
