"""Likely mends: habits from Python, JUEL, JavaScript and spreadsheets, and their FEEL form."""

from __future__ import annotations

import re

_SQUARE = 'Write texts with double quotes: "...".'
_NEAR: tuple[tuple[str, str], ...] = (
    (r"==", "Write a single = to compare."),
    (r"&&", "Write and instead of &&."),
    (r"\|\|", "Write or instead of ||."),
    (r"[$#]\{", "Leave out ${ and }: FEEL uses a name as it is."),
    (r"<>", "Write != for unequal."),
    (r"!(?!=)", "Write not(...) instead of !."),
    (r"'", _SQUARE),
    (r"`", _SQUARE),
    (r"%", "Write modulo(a, b) for a remainder, or / 100 for a percentage."),
    (r"\^", "Write ** for a power."),
    (r"\?\s*[^:]+:", "Write if ... then ... else ... instead of ? and :."),
    (r";", "Separate with a comma; FEEL has no ;."),
    (r":=", "Write = to compare; FEEL has no assignment."),
    (r"=>", "Write >= for at least, or function(x) ... for a function."),
    (r"=<", "Write <= for at most."),
)
_HABITS: tuple[tuple[str, str], ...] = (
    (r"\s*=", "Leave out the = at the start; it belongs to the file, not to the expression."),
    (r".*\belif\b", "Write else if instead of elif."),
    (r".*\blambda\b", "Write function(x) ... instead of lambda."),
    (r".*\bis\s+not\s+(None|null)\b", "Write != null."),
    (r".*\bnot\s+in\b", "Write not(x in ...) instead of not in."),
    (r".*\bnot\s+(?!\()[\w\"]", "Write not(...) with brackets."),
    (r".*\b(eq|ne|lt|gt|le|ge)\b", "Write = != < > <= >= instead of eq ne lt gt le ge."),
    (r".*\bif\b(?!.*\belse\b)", "An if needs then and else: if ... then ... else ..."),
    (r".*\bfor\b(?!.*\breturn\b)", "A for needs return: for x in list return ..."),
    (r".*\b(some|every|any|all)\b.*\bin\b(?!.*\bsatisfies\b)", "Add satisfies and a condition."),
    (r"[^\[]*\bfor\b", "Write for x in list return ..."),
)
_FOREIGN_NAMES: dict[str, str] = {
    "None": "null",
    "True": "true",
    "False": "false",
    "NULL": "null",
    "TRUE": "true",
    "FALSE": "false",
    "Null": "null",
    "undefined": "null",
    "empty": "= null, or count(...) = 0 for a list",
    "is defined": "x != null",
    "is empty": "count(list) = 0",
    "is blank": 'string = ""',
    "get or else": "if x != null then x else ...",
    "len": "count for a list, string length for a text",
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
    if re.match(r"\s*=", text) and position <= len(text) - len(text.lstrip()):
        return _HABITS[0][1]
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
    """What to write instead of a name that FEEL spells differently, or an empty text."""
    meant = _FOREIGN_NAMES.get(name)
    return f"Write {meant} instead of {name}." if meant else ""
