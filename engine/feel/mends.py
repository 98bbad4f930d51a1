"""Likely mends: habits from Python, JUEL, JavaScript, spreadsheets and Dutch, in FEEL.

The sentences are Dutch: process owners read them.
"""

from __future__ import annotations

import re

_QUOTES = 'Zet teksten tussen rechte dubbele aanhalingstekens: "...".'
_LEADING_SIGN = "Laat de = aan het begin weg; die hoort bij het bestand, niet bij de expressie."
_AND_OR = "Schrijf and of or: de woorden van FEEL zijn Engels."
_IF_THEN = "Schrijf if, then, else of not(...) in het Engels."
_NEAR: tuple[tuple[str, str], ...] = (
    (r"==", "Schrijf één = om te vergelijken."),
    (r"&&", "Schrijf and in plaats van &&."),
    (r"\|\|", "Schrijf or in plaats van ||."),
    (r"[$#]\{", "Laat ${ of #{ en } weg: FEEL gebruikt een naam zoals hij is."),
    (r"<>", "Schrijf != voor ongelijk."),
    (r"!(?!=)", "Schrijf not(...) in plaats van !."),
    (r"['`‘’“”„]", _QUOTES),
    (r"[–—−]", "Schrijf een gewoon streepje: -."),
    (r"%", "Schrijf modulo(a, b) voor een rest, of / 100 voor een percentage."),
    (r"\^", "Schrijf ** voor een macht."),
    (r"\?\s*[^:]+:", "Schrijf if ... then ... else ... in plaats van ? en :."),
    (r";", "Scheid met een komma; FEEL kent geen ;."),
    (r":=", "Schrijf = om te vergelijken; FEEL wijst niets toe."),
    (r"=>", "Schrijf >= voor ten minste, of function(x) ... voor een functie."),
    (r"=<", "Schrijf <= voor ten hoogste."),
    (r"€", "Laat het valutateken weg."),
)
_HABITS: tuple[tuple[str, str], ...] = (
    (r".*\belif\b", "Schrijf else if in plaats van elif."),
    (r".*\blambda\b", "Schrijf function(x) ... in plaats van lambda."),
    (r".*\bis\s+not\s+(None|null)\b", "Schrijf != null."),
    (r".*\bnot\s+in\b", "Schrijf not(x in ...) in plaats van not in."),
    (r".*\bnot\s+(?!\()[\w\"]", "Schrijf not(...) met haakjes."),
    (r".*\b(eq|ne|lt|gt|le|ge)\b", "Schrijf = != < > <= >= in plaats van eq ne lt gt le ge."),
    (r".*\bif\b(?!.*\belse\b)", "Bij if horen then en else: if ... then ... else ..."),
    (r".*\bfor\b(?!.*\breturn\b)", "Bij for hoort return: for x in list return ..."),
    (r".*\b(some|every|any|all)\b.*\bin\b(?!.*\bsatisfies\b)", "Voeg satisfies en een eis toe."),
    (r"[^\[]*\bfor\b", "Schrijf for x in list return ..."),
    (r".*(?<![\w\"-])\d{1,2}-\d{1,2}-\d{4}\b", 'Schrijf een datum als @"2026-01-31".'),
    (r".*\w\s+(en|of)\s+\w", _AND_OR),
    (r".*\b(als|dan|anders|niet)\b", _IF_THEN),
    (r"(?!.*\bthen\b).*\bif\b.*\belse\b", "Schrijf if ... then ... else ..."),
)
_DUTCH_WORDS = {
    "en": _AND_OR,
    "of": _AND_OR,
    "als": _IF_THEN,
    "dan": _IF_THEN,
    "anders": _IF_THEN,
    "niet": _IF_THEN,
}
_FOREIGN_NAMES: dict[str, str] = {
    "None": "null",
    "True": "true",
    "False": "false",
    "NULL": "null",
    "TRUE": "true",
    "FALSE": "false",
    "Null": "null",
    "undefined": "null",
    "empty": "= null, of count(...) = 0 voor een lijst",
    "len": "count voor een lijst, string length voor een tekst",
    "str": "string",
    "int": "number",
    "float": "number",
    "elif": "else if",
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "toUpperCase": "upper case",
    "toLowerCase": "lower case",
    "startswith": "starts with",
    "endswith": "ends with",
}


def propose(text: str, position: int) -> str:
    """The FEEL form of what was probably meant at this offset, or an empty text."""
    lead = len(text) - len(text.lstrip())
    if position <= lead and text[lead : lead + 1] == "=" and text[lead + 1 : lead + 2] != "=":
        return _LEADING_SIGN
    # The sign itself may begin one character before the place where parsing stopped.
    for start in (position - 1, position):
        if start >= 0:
            for pattern, remedy in _NEAR:
                found = re.compile(pattern).match(text, start)
                if found and found.end() > position:
                    return remedy
    for pattern, remedy in _HABITS:
        if re.compile(pattern, re.DOTALL).match(text):
            return remedy
    for word in re.findall(r"\w+", text):
        if word in _FOREIGN_NAMES:
            return mend_of_name(word)
    return ""


def mend_of_name(name: str) -> str:
    """What to write instead of a name that FEEL spells differently, or an empty text.

    A name of several words may be a sentence in another language, such as ``x en y``.
    """
    words = name.split()
    for part in (name, *words):
        meant = _FOREIGN_NAMES.get(part)
        if meant:
            return f"Schrijf {meant} in plaats van {part}."
    for word, remedy in _DUTCH_WORDS.items():
        if word in words and len(words) > 1:
            return remedy
    return ""
