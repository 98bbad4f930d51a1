"""What is wrong with an answer: a stable code with parameters, and the text people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "required": "Vul dit in.",
        "required-choice": "Maak een keuze.",
        "required-check": "Vink dit aan.",
        "required-row": "Voeg minstens één regel toe.",
        "wrong-type": "Dit antwoord kan niet gelezen worden.",
        "too-long": "Gebruik hoogstens {limit} tekens; het zijn er nu {actual}.",
        "too-short": "Gebruik minstens {limit} tekens.",
        "pattern": "Dit heeft niet de gevraagde vorm.",
        "email": "Vul een e-mailadres in, zoals naam@voorbeeld.nl.",
        "phone": "Vul een telefoonnummer in, zoals 06 12345678.",
        "not-a-number": "Vul een getal in.",
        "number-too-big": "Dit getal is te groot.",
        "too-many-decimals": "Gebruik hoogstens {limit} cijfers achter de komma.",
        "below-minimum": "Vul {limit} of hoger in.",
        "above-maximum": "Vul {limit} of lager in.",
        "unknown-option": "Kies een van de mogelijkheden.",
        "too-many-choices": "Kies er hoogstens {limit}.",
        "too-many-rows": "Voeg hoogstens {limit} regels toe.",
        "not-a-date": "Vul een datum in, zoals 31-12-2026.",
        "not-a-time": "Vul een tijd in, zoals 14:30.",
        "not-a-date-time": "Vul een datum en een tijd in.",
        "date-passed": "Kies een datum vanaf vandaag.",
        "date-to-come": "Deze dag moet nog komen. Kies een datum tot en met vandaag.",
    },
    "en": {
        "required": "Fill this in.",
        "required-choice": "Choose one.",
        "required-check": "Tick this box.",
        "required-row": "Add at least one row.",
        "wrong-type": "This answer cannot be read.",
        "too-long": "Use at most {limit} characters; there are {actual} now.",
        "too-short": "Use at least {limit} characters.",
        "pattern": "This does not have the form that is asked for.",
        "email": "Fill in an e-mail address, such as name@example.org.",
        "phone": "Fill in a phone number, such as 06 12345678.",
        "not-a-number": "Fill in a number.",
        "number-too-big": "This number is too large.",
        "too-many-decimals": "Use at most {limit} digits after the point.",
        "below-minimum": "Fill in {limit} or more.",
        "above-maximum": "Fill in {limit} or less.",
        "unknown-option": "Choose one of the options.",
        "too-many-choices": "Choose at most {limit}.",
        "too-many-rows": "Add at most {limit} rows.",
        "not-a-date": "Fill in a date, such as 31-12-2026.",
        "not-a-time": "Fill in a time, such as 14:30.",
        "not-a-date-time": "Fill in a date and a time.",
        "date-passed": "Choose a date from today on.",
        "date-to-come": "This day is still to come. Choose a date up to today.",
    },
}


@dataclass(frozen=True, slots=True)
class ValidationError:
    """What is wrong at one field.

    Attributes:
        code: stable, never translated.
        params: numbers that belong in the text, and under ``known`` the values that the form
            itself offers; never what the person wrote.
        field_id: the component's id, for a viewer that shows errors itself.
        label: the field's label as people read it.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    field_id: str = ""
    label: str = ""

    def text(self, language: str = "nl") -> str:
        """The message in Dutch (``nl``) or English (``en``)."""
        texts = TEXTS.get(language, TEXTS["nl"])
        return texts[self.code].format_map({"limit": "", "actual": "", **self.params})


class Invalid(Exception):
    """A value does not fit its field; a signal inside the room, never seen outside."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
