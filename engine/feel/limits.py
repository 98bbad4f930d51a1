"""Bounds of time and memory, and the state of one evaluation that keeps count of them.

Every step stands for about a microsecond of work, so that the largest evaluation ends well
within 50 ms. Steps are counted, not timed: the same expression over the same data always has the
same outcome.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from .errors import FeelLimitError

MAX_TEXT = 10_000
"""Characters in one expression."""
MAX_NESTING = 50
"""Depth of brackets, operators and forms in one expression."""
MAX_BRANCHES = 100
"""Branches of one chain of if ... else if."""
MAX_STEPS = 20_000
"""Steps of one evaluation."""
MAX_RESULT = 200_000
"""Parts of a result, counted as often as they occur in it."""
MAX_LIST = 10_000
"""Items in one list that an expression builds."""
MAX_STRING = 100_000
"""Characters in one string that an expression builds."""
MAX_CALLS = 60
"""Function calls inside one another."""
MAX_PATTERN = 1_000
"""Characters in a regular expression."""
MAX_DEPTH = 100
"""Depth of nested lists and contexts in a value from outside."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part of an expression became null.

    ``position`` is the 0-based offset of that part in the text; ``code`` is stable.
    """

    message: str
    position: int
    code: str = "feel.null"


class Run:
    """One evaluation: its clock, its budget and, when asked for, its reasons."""

    __slots__ = ("calls", "moment", "now", "reasons", "roots", "steps", "years")

    def __init__(self, now: dt.datetime | None = None, reasons: list[Reason] | None = None) -> None:
        self.steps = MAX_STEPS
        self.calls = 0
        self.now = now
        self.reasons = reasons
        self.moment: dt.datetime | None = None
        self.roots: dict[str, Any] | None = None
        self.years: set[int] | None = None

    def spend(self, steps: int = 1) -> None:
        """Take steps from the budget; raises `FeelLimitError` when it is used up."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimitError(
                f"De berekening kost meer dan {MAX_STEPS} stappen.",
                code="feel.limit.steps",
                remedy="Gebruik een kortere lijst, of verdeel het over enkele beslissingen.",
            )

    def null(self, message: str, position: int, code: str = "feel.null") -> None:
        """Note why something became null; costs nothing when nobody asked."""
        if self.reasons is not None and len(self.reasons) < 50:
            self.reasons.append(Reason(message, position, code))


def check_list(size: int) -> None:
    """Raise `FeelLimitError` if a list of this size is too long to build."""
    if size > MAX_LIST:
        raise FeelLimitError(
            f"Een lijst van {size} waarden is te lang; {MAX_LIST} mag.",
            code="feel.limit.list",
        )


def check_string(size: int) -> None:
    """Raise `FeelLimitError` if a string of this many characters is too long to build."""
    if size > MAX_STRING:
        raise FeelLimitError(
            f"Een tekst van {size} tekens is te lang; {MAX_STRING} mag.",
            code="feel.limit.string",
        )
