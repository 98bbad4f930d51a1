"""Small expressions of JUEL, JavaScript, Groovy, Java, PHP and Python, read into FEEL.

The grammar is what these languages share: comparisons, and, or, not, arithmetic, choices, literals,
names with dots and indexes, and a few calls. What is outside it has no translation.
"""

from __future__ import annotations

import re
from typing import Final

from engine.definitions.dialects.grammar import Parser
from engine.definitions.dialects.languages import Language, language_of, without_signs
from engine.definitions.dialects.pieces import Outside, Part
from engine.definitions.dialects.tokens import tokens

LONGEST: Final = 2_000
_QUOTED: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)
_WRAPPED: Final = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)


def unwrapped(text: str) -> str | None:
    """What stands between ``${`` and ``}``; None when the text is not one whole expression."""
    found = _WRAPPED.fullmatch(text)
    return None if found is None or re.search(r"[$#{}]", found[1]) else found[1]


def condition(text: str, language: str = "") -> str | None:
    """A condition in FEEL, without ``=``; None when there is no exact translation.

    ``language`` is what the file calls the language; without it the text tells.
    """
    part = _read(text, language)
    return None if part is None or part.plain else part.as_truth


def value(text: str, language: str = "") -> str | None:
    """An expression in FEEL, without ``=``; None when there is no exact translation."""
    part = _read(text, language)
    return None if part is None else part.feel


def kept_value(text: str, language: str = "") -> str | None:
    """As ``value``, of what a script keeps: there ``a or b`` may be a, which FEEL does not give."""
    part = _read(text, language)
    return None if part is None or part.picked else part.feel


def _read(text: str, language: str) -> Part | None:
    inner = unwrapped(text)
    source = (text if inner is None else inner).strip().removesuffix(";")
    if len(source) > LONGEST:
        return None
    spoken = language_of(text, language, wrapped=inner is not None)
    if _fills_in(source, spoken):
        return None
    if spoken is Language.PHP:
        source = without_signs(source)
    found = tokens(source, wrapped=inner is not None)
    if found is None:
        return None
    try:
        return Parser(found, spoken).whole().settled
    except Outside:
        return None


def _fills_in(source: str, spoken: Language) -> bool:
    """Whether a text has places for values, as ``"to ${name}"`` of Groovy, or may be read so."""
    signs = {Language.GROOVY: '"', Language.PHP: "\"'"}.get(spoken, "")
    return any(text[0] in signs and "$" in text for text in _QUOTED.findall(source))
