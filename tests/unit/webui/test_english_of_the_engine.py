"""What the engine finds and refuses is told in English on English screens, whole."""

from __future__ import annotations

import pytest

from scripts import engine_texts
from webui.engine_texts import in_language


def test_every_text_of_the_engine_has_english_and_nothing_else_has() -> None:
    assert engine_texts.missing() == []
    assert engine_texts.left_over() == []


def test_english_fills_in_what_the_dutch_does() -> None:
    for dutch, english in engine_texts.english().items():
        for place in (f"{{{number}}}" for number in range(1, 10)):
            assert english is None or (place in dutch) == (place in english), dutch


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        (
            "‘Bel’ (bel) wordt nooit bereikt: geen enkel pad komt er.",
            "‘Bel’ (bel) is never reached: no path leads there.",
        ),
        (
            "‘Bel’ (bel) vraagt om ‘x’ met het versielabel ‘v1’, maar geen gepubliceerde versie "
            "heeft dat.",
            "‘Bel’ (bel) asks for ‘x’ with the version tag ‘v1’, but no published version has it.",
        ),
        (
            "De gebruikerstaak ‘Bel’ (bel) heeft geen FEEL-uitdrukking en doet dus niets.",
            "The user task ‘Bel’ (bel) has no FEEL expression and so does nothing.",
        ),
        (
            "‘Stop’ werpt een fout maar heeft geen foutcode.",
            "‘Stop’ throws an error but has no error code.",
        ),
        (
            "Veld ‘Naam’ heeft geen label; niemand weet wat er gevraagd wordt.",
            "Field ‘Naam’ has no label; nobody knows what is asked.",
        ),
        (
            "De timer ‘t’ heeft een duur en een datum tegelijk.",
            "The timer ‘t’ has a duration and a date at the same time.",
        ),
        (
            "‘a’: de voorwaarde op de pijl van ‘b’ naar ‘c’ ‘=x >’ is geen geldige FEEL (fout op "
            "regel 1, teken 3 aan het einde).",
            "‘a’: the condition on the arrow from ‘b’ to ‘c’ ‘=x >’ is not valid FEEL (fault on "
            "line 1, character 3 at the end).",
        ),
        (
            "Regel 1, kolom 'Binnen': 'duration(x' is geen FEEL: het gaat mis bij teken 17.",
            "Rule 1, column 'Binnen': 'duration(x' is not FEEL: it goes wrong at character 17.",
        ),
        (
            "Of deze tabel gaten of overlap heeft is niet volledig na te gaan, door regel 1 'x': "
            "die cellen hangen van meer af dan van hun eigen kolom.",
            "Whether this table has gaps or overlap cannot be told for certain, because of rule 1 "
            "'x': those cells depend on more than their own column.",
        ),
    ],
    ids=lambda text: text[:30],
)
def test_a_text_is_known_with_what_was_filled_in(dutch: str, english: str) -> None:
    assert in_language(dutch, "en") == english


def test_what_people_wrote_themselves_stays() -> None:
    assert in_language("Het gezin is verhuisd naar Breda.", "en") == (
        "Het gezin is verhuisd naar Breda."
    )
