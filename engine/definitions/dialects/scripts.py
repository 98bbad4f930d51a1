"""Scripts of other languages that only set variables, read into output mappings in FEEL."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from engine.definitions.dialects.python_choices import chosen
from engine.definitions.dialects.reading_expressions import LONGEST, kept_value, unwrapped, value
from engine.definitions.dialects.statements import statements

_SET: Final = re.compile(
    r"""(?:execution|kcontext)\.setVariable\(\s*["']([^\W\d]\w*)["']\s*,\s*(.+)\)""", re.DOTALL
)
_KEPT: Final = (
    r"(?:(?:(?:this\.)?(?:environment\.(?:variables|output)|item\.(?:token\.)?data)"
    r"|this\.(?:context|variables))\.)?"
)
"""Where engines in JavaScript keep their variables."""
_ASSIGN: Final = re.compile(
    rf"(?:(?:var|let|const|def)\s+|{_KEPT})([^\W\d]\w*)\s*=(?!=)\s*(.+)", re.DOTALL
)
_SEVERAL: Final = re.compile(r"([^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)+)\s*=(?!=)\s*(.+)")
_STEP: Final = re.compile(_KEPT + r"([^\W\d]\w*)\s*(?:(\+=|-=)\s*(.+)|(\+\+|--))", re.DOTALL)
_GONE: Final = re.compile(r"del\s+([^\W\d]\w*)")
_WORDS: Final = re.compile(r"(?!(?:return|throw|exit|break|continue)\b)\w+(?:\s*,\s*\w+)*|next\(\)")


def assignments(script: str, language: str = "") -> list[tuple[str, str]] | None:
    """Variable and FEEL of each assignment, in order; None when the script does anything else.

    ``language`` is what the file calls its language.

    Printing, a script that is only words, and one expression of which nothing is kept, set
    nothing.
    """
    if len(script) > LONGEST:
        return None
    found = _plainly(script, language)
    if found is None and language.casefold() in ("", "python") and "if " in script:
        found = chosen(script, language, _plainly)
    return found


def _plainly(script: str, language: str) -> list[tuple[str, str]] | None:
    """As ``assignments``, of a script that does the same whatever the variables are."""
    found: list[tuple[str, str]] = []
    for text in _one_by_one(statements(script, language), language):
        if _WORDS.fullmatch(text) or (unwrapped(text) is not None and value(text) is not None):
            continue
        made = assignment(text, language)
        if made is None:
            return None
        found.append(made)
    return found


def sets(script: str) -> bool:
    """Whether a script keeps all that it assigns by telling the engine so."""
    made = [text for text in statements(script) if assignment(text) is not None]
    return all(_SET.fullmatch(text) is not None for text in made)


def result(script: str, into: str, language: str = "") -> list[tuple[str, str]] | None:
    """As ``assignments``, of a script whose last expression is its result."""
    *before, last = statements(script, language) or [""]
    made = kept_value(last.removeprefix("return "), language)
    if made is not None:
        earlier = assignments("\n".join(before), language)
        return None if earlier is None else [*earlier, (into, made)]
    found = assignments(script, language)  # what an assignment assigns is its result
    return None if not found or into in dict(found) else [*found, (into, found[-1][0])]


def _one_by_one(found: list[str], language: str) -> Iterator[str]:
    """The statements; in Python, several plain values that are set at once are each set."""
    for text in found:
        if language.casefold() in ("", "python") and (several := _SEVERAL.fullmatch(text)):
            names = [name.strip() for name in several[1].split(",")]
            if (values := _plain(several[2])) is not None and len(values) == len(names):
                yield from (f"{name} = {one}" for name, one in zip(names, values, strict=True))
                continue
        yield text


def _plain(text: str) -> list[str] | None:
    """Several values in Python that read no variable, each as it is written."""
    if "\\" in text:
        return None
    try:
        made = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(made, ast.Tuple):
        return None
    if not all(isinstance(one, ast.Constant) for one in made.elts):
        return None
    return [ast.get_source_segment(text, one) or "" for one in made.elts]


def assignment(text: str, language: str = "") -> tuple[str, str] | None:
    """The variable and the FEEL of one assignment; None when the text is anything else."""
    if language.casefold() in ("", "python") and (gone := _GONE.fullmatch(text)):
        return gone[1], "null"
    if step := _STEP.fullmatch(text):
        name, sign, amount, one = step.groups()
        by = "1" if one else value(amount, language)
        return None if by is None else (name, f"{name} {(sign or one)[0]} {by}")
    for pattern in (_SET, _ASSIGN):
        if found := pattern.fullmatch(text):
            made = kept_value(found[2], language)
            return None if made is None else (found[1], made)
    return None
