"""Regular expressions of XPath 2.0, as DMN prescribes for matches, replace and split.

A machine of our own runs them, since it must be bounded: it counts its steps and remembers where
it has been, so that a pattern such as ``(a+)+$`` costs no more than any other.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..errors import NullReason
from ..limits import Run, check_list, check_string
from .machine import Program, search
from .syntax import compile_pattern

_REFERENCE = re.compile(r"\\(.)|\$([0-9]+)|([\\$])", re.DOTALL)


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Program:
    return compile_pattern(pattern, flags)


def matches(run: Run, text: str, pattern: str, flags: str) -> bool:
    """Whether the pattern occurs in the text. Raises `NullReason` for a wrong pattern."""
    return search(_compiled(pattern, flags), text, 0, run) is not None


def _consuming(run: Run, pattern: str, flags: str) -> Program:
    """A pattern that cannot match an empty text. Raises `NullReason` if it can."""
    program = _compiled(pattern, flags)
    if search(program, "", 0, run) is not None:
        raise NullReason(f"Het patroon {pattern!r} past ook op niets.", "feel.null.pattern")
    return program


def replace(run: Run, text: str, pattern: str, replacement: str, flags: str) -> str:
    """The text with every occurrence replaced; ``$1`` stands for a group, ``$0`` for all."""
    program = _consuming(run, pattern, flags)
    parts = _replacement(replacement, program.groups)
    result: list[str] = []
    size = last = 0
    while (found := search(program, text, last, run)) is not None:
        pieces = [text[last : found[0]]]
        pieces += [part if isinstance(part, str) else _group(text, found, part) for part in parts]
        size += sum(map(len, pieces))
        check_string(size)
        result += pieces
        last = found[1]
    return "".join([*result, text[last:]])


def _group(text: str, found: tuple[int, ...], number: int) -> str:
    start, end = found[2 * number], found[2 * number + 1]
    return text[start:end] if end >= 0 else ""


def _replacement(text: str, groups: int) -> list[str | int]:
    """Plain pieces and group numbers. Raises `NullReason` for a stray ``$`` or backslash."""
    parts: list[str | int] = []
    last = 0
    for found in _REFERENCE.finditer(text):
        parts.append(text[last : found.start()])
        last = found.end()
        escaped, digits, stray = found.groups()
        if stray or (escaped and escaped not in "\\$"):
            raise NullReason(
                "In een vervanging staat $ voor een cijfer en \\ voor $ of \\.",
                "feel.null.pattern",
            )
        if escaped:
            parts.append(escaped)
            continue
        number, rest = int(digits[0]), digits[1:]
        while rest and number * 10 + int(rest[0]) <= groups:
            number, rest = number * 10 + int(rest[0]), rest[1:]
        parts += [number if number <= groups else "", rest]
    return [*parts, text[last:]]


def split(run: Run, text: str, delimiter: str) -> list[str]:
    """The pieces of a text between occurrences of a pattern."""
    program = _consuming(run, delimiter, "")
    pieces: list[str] = []
    last = 0
    while (found := search(program, text, last, run)) is not None:
        pieces.append(text[last : found[0]])
        check_list(len(pieces))
        last = found[1]
    return [*pieces, text[last:]]
