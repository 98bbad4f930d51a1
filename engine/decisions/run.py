"""The state of one evaluation: its clock, its bounds and what it writes down on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from engine.decisions.elements import Place
from engine.decisions.errors import TooMuchWork
from engine.decisions.explanation import DecisionTrace, Problem, TableTrace

MAX_CALLS: Final = 40
"""Deepest nesting of calls of business knowledge models, services and boxed functions."""
MAX_EXPRESSIONS: Final = 20_000
"""Most FEEL texts that one evaluation of a model works out."""
MAX_PROBLEMS: Final = 50

Scope: TypeAlias = dict[str, Any]
"""The names that an expression sees, with their values."""


class Run:
    """One evaluation of one decision, with everything that it requires."""

    __slots__ = ("calls", "decisions", "left", "now", "problems", "tables")

    def __init__(self, now: datetime | None, explain: bool) -> None:
        self.now = now or datetime.now(UTC)  # one instant for the whole evaluation
        self.calls = 0
        self.left = MAX_EXPRESSIONS
        self.problems: list[Problem] | None = [] if explain else None
        self.tables: list[TableTrace] | None = [] if explain else None
        self.decisions: list[DecisionTrace] | None = [] if explain else None

    def spend(self) -> None:
        """Count one FEEL text. Raises TooMuchWork when an evaluation takes too many."""
        self.left -= 1
        if self.left < 0:
            raise TooMuchWork(
                f"De beslissing vraagt meer dan {MAX_EXPRESSIONS} berekeningen.",
                "Werk met een kortere lijst, of verwijder de herhaling zonder einde.",
            )

    def null(self, message: str, place: Place) -> None:
        """Note why a value became null; costs nothing when nobody asked."""
        if self.problems is not None and len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(message, place))


Evaluator: TypeAlias = Callable[[Scope, Run], Any]
"""A compiled expression."""
