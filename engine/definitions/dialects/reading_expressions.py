"""Small expressions of JUEL, JavaScript, Groovy, Java and Python, read into FEEL.

The grammar is what these languages share: comparisons, and, or, not, arithmetic, choices, literals,
names with dots and indexes, and a few calls. What is outside it has no translation.
"""

from __future__ import annotations

import re
from typing import Final

from engine.definitions.dialects.grammar import Outside, Parser, Part
from engine.definitions.dialects.tokens import tokens

LONGEST: Final = 2_000
_LOOSE: Final = re.compile(r"(?<![\w.])environment\.(?:variables|output)\.|(?<!\w)next\(null,")
"""What only an engine in JavaScript says."""
_WRAPPED: Final = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)


def unwrapped(text: str) -> str | None:
    """What stands between ``${`` and ``}``; None when the text is not one whole expression."""
    found = _WRAPPED.fullmatch(text)
    return None if found is None or re.search(r"[$#{}]", found[1]) else found[1]


def condition(text: str) -> str | None:
    """A condition in FEEL, without ``=``; None when there is no exact translation."""
    part = _read(text)
    return None if part is None or part.plain else part.as_truth


def value(text: str) -> str | None:
    """An expression in FEEL, without ``=``; None when there is no exact translation."""
    part = _read(text)
    return None if part is None else part.feel


def kept_value(text: str) -> str | None:
    """As ``value``, of what a script keeps: there ``a or b`` may be a, which FEEL does not give."""
    part = _read(text)
    return None if part is None or part.picked else part.feel


def _read(text: str) -> Part | None:
    inner = unwrapped(text)
    source = (text if inner is None else inner).strip().removesuffix(";")
    if len(source) > LONGEST:
        return None
    found = tokens(source, wrapped=inner is not None)
    if found is None:
        return None
    try:
        return Parser(found, loose=_LOOSE.search(source) is not None).whole()
    except Outside:
        return None
