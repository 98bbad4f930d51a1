"""What is wrong with a text that is not FEEL, and its likely mend, in Dutch."""

from __future__ import annotations

import re
from typing import Final

from engine.decisions.feel_binding import FeelError

_HABITS: Final[tuple[tuple[str, str], ...]] = (
    (r"'", 'Zet teksten tussen dubbele aanhalingstekens: "...".'),
    (r"[“”„‘’]", 'Gebruik rechte aanhalingstekens: "...".'),
    (r"[–—]", "Schrijf een gewoon streepje: -."),
    (r"==", "Schrijf = om te vergelijken."),
    (r"&&", "Schrijf and in plaats van &&."),
    (r"\|\|", "Schrijf or in plaats van ||."),
    (r"[$#]\{", "Laat ${ en } weg: FEEL gebruikt een naam zoals hij is."),
    (r"<>", "Schrijf != voor ongelijk."),
    (r"!(?!=)", "Schrijf not(...) in plaats van !."),
    (r"=<", "Schrijf <= voor ten hoogste."),
    (r"=>", "Schrijf >= voor ten minste."),
    (r"^\s*=", "Laat het = aan het begin weg."),
    (r"\d,\d", "Schrijf een decimaal getal met een punt: 1.5."),
    (r"%", "Schrijf een percentage als getal gedeeld door 100, bijvoorbeeld 0.15."),
    (r"€", "Laat het valutateken weg."),
    (r"\b\d{1,2}-\d{1,2}-\d{4}\b", 'Schrijf een datum als date("2026-01-31").'),
    (r"(?i)\b(en|of|niet)\b", "Schrijf and, or en not(...) in het Engels."),
    (r";", "Scheid waarden met een komma."),
)
_LONGEST_QUOTE: Final = 60


def feel_message(text: str, error: FeelError) -> str:
    """What is wrong, with the text and the place in it."""
    shown = " ".join(text.split())
    if len(shown) > _LONGEST_QUOTE:
        shown = shown[:_LONGEST_QUOTE] + "…"
    if error.code.startswith("feel.limit"):
        return f"'{shown}' is te lang of te diep genest"
    if error.position >= len(text.rstrip()):
        return f"'{shown}' is geen FEEL: de tekst is niet af"
    return f"'{shown}' is geen FEEL: het gaat mis bij teken {error.position + 1}"


def feel_remedy(text: str) -> str:
    """The most likely mend."""
    for pattern, remedy in _HABITS:
        if re.search(pattern, text):
            return remedy
    return 'Schrijf een FEEL-expressie, bijvoorbeeld < 18, [18..65], "hoog" of -.'
