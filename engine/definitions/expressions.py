"""Expressions in a diagram: which texts are FEEL, and what is wrong with them.

Modellers' tools write FEEL with a leading ``=``. Where only FEEL makes sense (a condition, a
collection), a text without ``=`` that is FEEL is accepted with a warning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from engine import feel
from engine.definitions.mending import mend
from engine.definitions.reporting import Placed, Reporter, label

UNKNOWN: Final = object()
_SOME_MOMENT: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in an expression. ``column`` is 1-based; ``remedy`` may be empty."""

    message: str
    remedy: str
    line: int = 1
    column: int = 1


@lru_cache(maxsize=8192)
def problems(expression: str) -> tuple[Problem, ...]:
    """What is wrong in a FEEL expression, written without its leading ``=``."""
    try:
        feel.compile(expression)
    except feel.FeelError as error:
        return (_problem(expression, error),)
    return ()


@lru_cache(maxsize=8192)
def free_names(expression: str) -> frozenset[str]:
    """The variables that an expression needs for certain; none when it is wrong."""
    try:
        return feel.compile(expression).names
    except feel.FeelError:
        return frozenset()


def _problem(expression: str, error: feel.FeelError) -> Problem:
    mended = mend(expression, _parses)
    rest = expression[error.position :].strip()
    near = f" bij ‘{shorten(rest, 30)}’" if rest else " aan het einde"
    message = f"fout op regel {error.line}, teken {error.column}{near}"
    if isinstance(error, feel.FeelLimitError):
        message = "de uitdrukking is te lang of te diep genest"
    remedy = (
        f"Schrijf ‘={shorten(mended, 200)}’."
        if mended
        else "Schrijf een geldige FEEL-uitdrukking; kijk naar haken, aanhalingstekens en tekens "
        "zoals ‘=’, ‘and’ en ‘or’."
    )
    return Problem(message, remedy, error.line, error.column)


def _parses(expression: str) -> bool:
    try:
        feel.compile(expression)
    except feel.FeelError:
        return False
    return True


def fixed_value(expression: str) -> object:
    """The value of an expression that needs no variables; ``UNKNOWN`` for the others."""
    try:
        found = feel.compile(expression)
        if found.names or found.possible_names:
            return UNKNOWN
        return found.evaluate({}, now=_SOME_MOMENT)
    except feel.FeelError:
        return UNKNOWN


def is_feel(text: str | None) -> bool:
    """Whether a text is marked as FEEL by its leading ``=``."""
    return text is not None and text.lstrip().startswith("=")


def body(text: str) -> str:
    """A FEEL text without its leading ``=``."""
    return text.lstrip().removeprefix("=").strip()


def as_feel(text: str, what: str, place: Placed, report: Reporter) -> str | None:
    """A text that can only be FEEL, with its leading ``=``; None when there is no text.

    A text without ``=`` that parses is accepted with a warning. One that doesn't parse is given
    back as it is: the checks name what is wrong with it.
    """
    text = text.strip()
    if not text or is_feel(text):
        return text or None
    if problems(text):
        return text
    report.warning(
        "expression-without-equals",
        place,
        f"{label(place)}: {what} ‘{shorten(text)}’ begint niet met ‘=’. Het is als FEEL gelezen.",
        f"Begin met ‘=’: schrijf ‘={shorten(text)}’.",
    )
    return f"={text}"


def as_text(text: str) -> str:
    """A literal as FEEL."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'="{escaped}"'


def shorten(text: str, limit: int = 80) -> str:
    """A text on one line, cut to fit in a message."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
