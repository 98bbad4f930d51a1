"""The connectors that service tasks may name: what they ask, what they give, in Dutch.

Execution registers an implementation for each; the checks and the element templates read this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

TRAJECTORY_STATUSES: Final = {"aangemeld": "referred", "loopt": "running", "nazorg": "aftercare"}
"""Words of the property ``status`` in diagrams, with the status that they set."""


@dataclass(frozen=True, slots=True)
class Value:
    """One input or output of a connector. ``type_name`` is FEEL's."""

    name: str
    type_name: str
    description: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Connector:
    """A kind of service task.

    ``headers`` are fixed texts of the diagram. ``outward``: it leaves the database, so the task
    waits until a worker has done it.
    """

    type: str
    description: str
    inputs: tuple[Value, ...] = ()
    outputs: tuple[Value, ...] = ()
    headers: tuple[Value, ...] = ()
    outward: bool = False

    @property
    def required_inputs(self) -> tuple[str, ...]:
        """Names of the inputs that must be given."""
        return tuple(value.name for value in self.inputs if value.required)


_ALL: Final = (
    Connector(
        "gezin-betrek",
        "Betrekt een medewerker in een rol bij het gezin; een eerdere in die rol eindigt.",
        (
            Value("rol", "string", "De rol uit pakket.toml."),
            Value("persoon", "string", "De medewerker (gekozen in een formulier)."),
            Value("naast", "boolean", "Naast wie die rol al heeft.", required=False),
            Value(
                "inPlaatsVan",
                "list",
                "Rollen die daarmee eindigen, bijvoorbeeld die van de intake.",
                required=False,
            ),
        ),
    ),
    Connector(
        "gezin-toestemming",
        "Kijkt of er toestemming is voor een doel.",
        (
            Value("doel", "string", "Waarvoor de toestemming is."),
            Value("ontvanger", "string", "Met wie gedeeld wordt.", required=False),
        ),
        (Value("toestemming", "boolean", "Of er toestemming is."),),
    ),
    Connector(
        "gezin-contacten",
        "Telt de contacten sinds een moment.",
        (
            Value("sinds", "date and time", "Vanaf wanneer geteld wordt."),
            Value("soort", "string", "Alleen dit soort contact.", required=False),
        ),
        (
            Value("aantal", "number", "Hoeveel contacten er waren."),
            Value("laatste", "date and time", "Het laatste contact, of null."),
            Value(
                "gemistOpRij",
                "number",
                "Hoe vaak een afspraak niet doorging sinds het laatste contact dat er was.",
            ),
        ),
    ),
    Connector(
        "gezin-verjaardagen",
        "Zegt wanneer kinderen van het gezin een leeftijd bereiken. Namen geeft zij niet.",
        (Value("leeftijd", "number", "De leeftijd in jaren."),),
        (
            Value("dagen", "list", "De dagen vanaf vandaag, de eerste vooraan."),
            Value("onbekend", "number", "Kinderen van wie de geboortedatum niet bekend is."),
        ),
    ),
    Connector(
        "gezin-contactritme",
        "Legt vast hoeveel contacten per week gepland zijn.",
        (Value("perWeek", "number", "Contacten per week."),),
    ),
    Connector(
        "gezin-open-afspraken",
        "Telt de afspraken die nog open staan.",
        outputs=(Value("aantal", "number", "Hoeveel afspraken open staan."),),
    ),
    Connector(
        "gezin-zorgen",
        "Telt de zorgen van de laatste meting.",
        outputs=(
            Value("ernstig", "number", "Ernstige zorgen."),
            Value("licht", "number", "Lichte zorgen."),
            Value("geen", "number", "Geen zorgen."),
            Value("onbekend", "number", "Nog onbekend."),
        ),
    ),
    Connector(
        "gezin-doelen",
        "Telt de doelen van het plan.",
        outputs=(
            Value("totaal", "number", "Alle doelen."),
            Value("behaald", "number", "Behaalde doelen."),
            Value("open", "number", "Doelen die nog open staan."),
        ),
    ),
    Connector(
        "gezin-toeleidingen",
        "Geeft de toeleidingen naar instanties.",
        (Value("status", "string", "Alleen met deze status.", required=False),),
        (
            Value(
                "toeleidingen",
                "list",
                "Elke toeleiding met overdrachtId, organisatie, leefgebied en status.",
            ),
        ),
    ),
    Connector(
        "gezin-toeleiding",
        "Zegt hoe ver een toeleiding is. Was zij van een eerder traject van het gezin, dan hoort "
        "zij van nu af bij dit traject.",
        (Value("overdrachtId", "string", "Welke toeleiding."),),
        (
            Value("stand", "string", "De stand, of null als die toeleiding er niet is."),
            Value(
                "aantalOntvangers",
                "number",
                "Hoeveel mensen van de instantie een account hebben.",
            ),
        ),
    ),
    Connector(
        "gezin-overdracht",
        "Zet een toeleiding op een volgende status.",
        (
            Value("overdrachtId", "string", "Welke toeleiding."),
            Value("status", "string", "De nieuwe status."),
            Value("reden", "string", "Waarom.", required=False),
        ),
    ),
    Connector(
        "medewerker-gezinnen",
        "Telt hoeveel gezinnen een medewerker nu heeft in een rol. Gesloten trajecten tellen niet "
        "mee.",
        (
            Value("rol", "string", "De rol uit pakket.toml."),
            Value("persoon", "string", "De medewerker (gekozen in een formulier)."),
        ),
        (Value("aantal", "number", "Hoeveel gezinnen deze medewerker nu heeft."),),
    ),
    Connector(
        "gezin-vervolgtraject",
        "Begint voor hetzelfde gezin een traject van een andere methode, met de nieuwste versie "
        "die in gebruik is. De twee trajecten kennen elkaar; het gezin blijft één gezin. Volgt er "
        "al een traject van die methode op dit traject dat nog loopt, dan is dat het. Is het "
        "pakket of de ingang niet in gebruik, dan volgt de fout VERVOLG-ONBEKEND als het diagram "
        "die opvangt (met een foutgebeurtenis op de rand van de taak), en anders een incident.",
        (
            Value("pakket", "string", "De sleutel van het andere pakket."),
            Value("ingang", "string", "De ingang van dat pakket, uit zijn pakket.toml."),
            Value(
                "meenemen",
                "list",
                "Rollen waarvan de mensen in het nieuwe traject betrokken blijven.",
                required=False,
            ),
            Value(
                "gegevens",
                "context",
                "Procesvariabelen waarmee het nieuwe traject begint, zoals de ingang ze vraagt. "
                "Alleen keuzes, getallen en datums.",
                required=False,
            ),
        ),
        (Value("vervolgTrajectId", "string", "Het nieuwe traject."),),
    ),
    Connector(
        "traject-notitie",
        "Zet een vaste regel zonder persoonlijke inhoud in de tijdlijn.",
        (Value("tekst", "string", "De regel, geschreven in het diagram."),),
    ),
    Connector(
        "traject-taak",
        "Kijkt of een taak van dit traject nog wacht, of een aangeroepen proces nog loopt.",
        (
            Value("taak", "string", "De id van de taak of de aanroep in het diagram."),
            Value(
                "voor",
                "date and time",
                "Alleen taken die er toen al waren. Zonder telt elke taak mee.",
                required=False,
            ),
        ),
        (
            Value("bekend", "boolean", "Of zo’n taak er ooit was."),
            Value("open", "boolean", "Of er zo’n taak openstaat."),
        ),
    ),
    Connector(
        "overleg-beginnen",
        "Begint een overleg over het gezin, dat daarna wordt voorbereid.",
        (
            Value(
                "doel",
                "string",
                "Een van: ruimte-maken, gezamenlijk-plan, stagnatie, veiligheid, afsluiten.",
            ),
            Value("gezinErbij", "boolean", "Of het gezin erbij is.", required=False),
        ),
        (Value("overlegId", "string", "Het overleg; taken met deze variabele gaan erover."),),
    ),
    Connector(
        "overleg-deelnemers",
        "Geeft de deelnemers van een overleg met wie het gezin het eens is.",
        (Value("overlegId", "string", "Welk overleg."),),
        (
            Value(
                "deelnemers",
                "list",
                "Elke deelnemer met deelnemerId, persoonId (null zonder account) en stand.",
            ),
            Value("aantal", "number", "Hoeveel dat er zijn."),
            Value("zonderToestemming", "number", "Hoeveel deelnemers het gezin niet wil."),
        ),
    ),
    Connector(
        "overleg-uitnodigen",
        "Nodigt een deelnemer uit, als het gezin dat op dit moment goed vindt.",
        (Value("deelnemerId", "string", "Welke deelnemer."),),
        (Value("uitgenodigd", "boolean", "Of het gezin het goed vindt."),),
    ),
    Connector(
        "overleg-stand",
        "Geeft hoe ver een overleg is.",
        (Value("overlegId", "string", "Welk overleg."),),
        (
            Value("wanneer", "date and time", "Wanneer het is, of null."),
            Value("komen", "number", "Hoeveel deelnemers komen."),
            Value("afgezegd", "number", "Hoeveel niet komen."),
            Value("stil", "number", "Hoeveel nog niet antwoordden."),
            Value("metToestemming", "number", "Met hoeveel deelnemers gedeeld mag worden."),
            Value("gezinErbij", "boolean", "Of het gezin erbij is."),
            Value("volgendOverleg", "date", "Wanneer een volgend overleg moet zijn, of null."),
        ),
    ),
    Connector(
        "overleg-verslag-delen",
        "Laat deelnemers het verslag lezen, ieder over de onderwerpen waarvoor toestemming is.",
        (Value("overlegId", "string", "Welk overleg."),),
        (
            Value("lezers", "list", "Elke lezer met deelnemerId, persoonId en stand."),
            Value("zonderAccount", "number", "Hoeveel deelnemers geen account hebben."),
        ),
    ),
    Connector(
        "overleg-afspraken",
        "Geeft de open afspraken van een overleg.",
        (Value("overlegId", "string", "Welk overleg."),),
        (
            Value(
                "afspraken",
                "list",
                "Elke afspraak met afspraakId, persoonId (null zonder account) en datum.",
            ),
        ),
    ),
    Connector(
        "regie-stand",
        "Geeft of er een casusregisseur is, en wie daar het laatst voor is gevraagd.",
        outputs=(
            Value("heeftRegisseur", "boolean", "Of iemand de regie heeft."),
            Value("regieId", "string", "De laatste vraag, of null."),
            Value("persoonId", "string", "Het account van wie gevraagd is, of null."),
            Value("antwoord", "string", "gevraagd, aangenomen, geweigerd, vervallen, of null."),
            Value("toestemming", "boolean", "Of het gezin het goed vindt."),
        ),
    ),
    Connector(
        "regie-overdragen",
        "Geeft de regie aan wie haar aannam; wie de regie had, heeft haar tot dat moment.",
        (Value("regieId", "string", "De vraag die is aangenomen."),),
        (Value("overgedragen", "boolean", "Onwaar als de vraag niet is aangenomen."),),
    ),
    Connector(
        "melding-mailen",
        "Mailt wie een rol heeft dat er iets te doen is, met een koppeling naar de takenlijst. "
        "In de mail staat niets van het gezin. Lukt het na alle pogingen niet, dan volgt de fout "
        "NIET-VERSTUURD als het diagram die opvangt (met een foutgebeurtenis op de rand van de "
        "taak), en anders een incident.",
        (
            Value(
                "aan",
                "string",
                "Een rol uit pakket.toml, of een functie (worker, project_leader, coordinator, "
                "process_owner, administrator). Heeft niemand de rol bij dit gezin, dan gaat de "
                "mail naar wie de functie ervan heeft. Mag ontbreken als er een persoon is.",
                required=False,
            ),
            Value(
                "aanPersoon",
                "string",
                "Eén persoon met een account in de keten; dan telt ‘aan’ niet.",
                required=False,
            ),
        ),
        (Value("aantal", "number", "Hoeveel mensen de mail kregen."),),
        headers=(
            Value("onderwerp", "string", "Het onderwerp, in het Nederlands.", required=False),
            Value("tekst", "string", "De tekst, in het Nederlands.", required=False),
            Value("onderwerp-en", "string", "Het onderwerp, in het Engels.", required=False),
            Value("tekst-en", "string", "De tekst, in het Engels.", required=False),
        ),
        outward=True,
    ),
)

KNOWN_CONNECTORS: Final[Mapping[str, Connector]] = MappingProxyType(
    {connector.type: connector for connector in _ALL}
)

OUTWARD: Final = frozenset(connector.type for connector in _ALL if connector.outward)
"""Types whose work leaves the database: a worker does it after the step."""

PUBLISH_MESSAGE: Final = "bericht-versturen"
"""Type of a throwing message event or send task whose message stays inside the region.

It works as without a type; Camunda Modeler asks for one.
"""

KNOWN_MESSAGES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "contact-vastgelegd": ("soort", "datum", "gemist"),
        "toestemming-ingetrokken": ("doel", "toeleidingVraagt"),
        "deelname-vervallen": (),
        "toeleiding-zonder-toestemming": (),
        "toestemming-weg": (),
        "terugvalsignaal": (),
    }
)
"""Messages that the product itself publishes, with the variables that they bring."""

TRAJECTORY_VARIABLES: Final = ("trajectId", "gezinId", "kanaal", "aangemeldOp")
"""Variables that every trajectory starts with."""
