"""In which language an expression was written, as far as languages differ in what one means."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final


class Language(Enum):
    """What counts as true, what ``%`` and ``+`` give, and what may be asked differs by these."""

    JUEL = "juel"
    JAVASCRIPT = "javascript"
    PYTHON = "python"
    GROOVY = "groovy"
    JAVA = "java"
    PHP = "php"
    OTHER = "other"


_NAMED: Final = (
    (Language.JUEL, re.compile(r"(?:^|[/.:])j?uel\b", re.IGNORECASE)),
    (Language.JAVASCRIPT, re.compile(r"(?:^|[/.:])(?:javascript|ecmascript|js)\b", re.IGNORECASE)),
    (Language.PYTHON, re.compile(r"(?:^|[/.:])python", re.IGNORECASE)),
    (Language.JAVA, re.compile(r"(?:^|[/.:])(?:java|mvel)\b", re.IGNORECASE)),
    (Language.GROOVY, re.compile(r"(?:^|[/.:])groovy\b", re.IGNORECASE)),
    (Language.PHP, re.compile(r"(?:^|[/.:])php", re.IGNORECASE)),
)
_PHP: Final = re.compile(r"(?<![\w$])\$data\[(['\"])([^\W\d]\w*)\1\]|(?<![\w$])\$([^\W\d]\w*)")
"""A variable in PHP, by its name or in what ProcessMaker calls the data."""
_JAVASCRIPT: Final = re.compile(
    r"(?<![\w.])environment\.(?:variables|output)\.|(?<!\w)next\(null,|[!=]==|&&|\|\|"
)
"""What Python does not say."""
_ENGINE: Final = re.compile(r"(?<![\w.])environment\.(?:variables|output)\.|(?<!\w)next\(null,")
"""What only an engine in JavaScript says."""


def language_of(text: str, named: str, *, wrapped: bool) -> Language:
    """The language of an expression: as it is named, else as it looks.

    What stands in ``${…}`` is JUEL, in ``#{…}`` it may be another; what is not named and stands in
    nothing is Python, unless it says what Python does not.
    """
    if _ENGINE.search(text):
        return Language.JAVASCRIPT
    alone = "$data[" in text or _PHP.fullmatch(text.strip())  # elsewhere a sign may be of a name
    if not named and not wrapped and alone and _PHP.search(text):
        return Language.PHP
    for language, pattern in _NAMED:
        if named and pattern.search(named):
            return language
    if wrapped:
        return Language.OTHER if text.lstrip().startswith("#") else Language.JUEL
    return Language.OTHER if named or _JAVASCRIPT.search(text) else Language.PYTHON


def without_signs(text: str) -> str:
    """The text with variables as they are named, where PHP writes them with a sign before it."""
    return _PHP.sub(lambda found: found[2] or found[3], text)


def truth(path: str, language: Language) -> str:
    """FEEL for whether a value counts as true; what is neither true nor false is a fault in JUEL.

    Nothing at all is false, but in Python a name that nothing has is a fault.
    """
    if language in (Language.JUEL, Language.JAVA, Language.OTHER):
        return f"({path} = true)"
    nothing = "null" if language is Language.PYTHON else "false"
    filled = "true"
    empty = f'{path} != ""'
    if language is Language.PHP:
        empty += f' and {path} != "0"'
    if language is not Language.JAVASCRIPT:
        filled = f"if {path} instance of list<Any> then count({path}) > 0 else {path} != {{}}"
    return (
        f"(if {path} = null then {nothing} else if {path} instance of boolean then {path} "
        f"else if {path} instance of number then {path} != 0 "
        f"else if {path} instance of string then {empty} else {filled})"
    )


def remainder(one: str, other: str) -> str:
    """What a division leaves, with the sign of what is divided; Python and FEEL take the other."""
    return f"(if {one} < 0 then -modulo(-{one}, abs({other})) else modulo({one}, abs({other})))"
