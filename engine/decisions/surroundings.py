"""What FEEL texts are compiled in: the names, types and language around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.decisions.elements import Place, Text
from engine.decisions.feel_binding import FeelError, TypeTests, compile_expression, is_feel
from engine.decisions.run import Evaluator, Run, Scope
from engine.decisions.type_table import TypeTable
from engine.decisions.types import ANY, coerce
from engine.decisions.wording import type_in_words


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression is compiled in.

    Attributes:
        types: the types of the model.
        instances: the same for ``instance of``.
        names: names of more than one word that a FEEL text may contain.
        language: the model's own expression language; empty means FEEL.
        result_type: type reference of what holds the expression (a decision's variable).
    """

    types: TypeTable
    instances: TypeTests
    names: frozenset[str]
    language: str = ""
    result_type: str = ""

    def knowing(self, *names: str) -> Surroundings:
        """The same with more names."""
        return replace(self, names=self.names | set(names), result_type="")

    def inside(self) -> Surroundings:
        """The same for a part of the expression, which has another result."""
        return replace(self, result_type="")


def typed(evaluator: Evaluator, type_ref: str, types: TypeTable, place: Place) -> Evaluator:
    """An evaluator whose value is coerced to a type; a value that does not fit becomes null."""
    wanted = types.get(type_ref)
    if wanted is ANY:
        return evaluator

    def evaluate(scope: Scope, run: Run) -> Any:
        value, fits = coerce(evaluator(scope, run), wanted)
        if not fits:
            run.null(f"De waarde is geen {type_in_words(wanted.name)}.", place)
        return value

    return evaluate


def compile_text(text: Text, around: Surroundings) -> Evaluator:
    """The evaluator of one FEEL text; an empty text is null."""
    if not text.text.strip():
        return lambda scope, run: None
    if not is_feel(text.language or around.language):
        return always_null(
            f"De expressietaal '{text.language or around.language}' wordt niet uitgevoerd.",
            text.place,
        )
    try:
        return compile_expression(text.text, around.names, text.place, around.instances)
    except FeelError as error:
        return always_null(error.message, text.place)


def always_null(message: str, place: Place) -> Evaluator:
    """An expression that cannot be run: null, with the reason."""

    def evaluate(scope: Scope, run: Run) -> None:
        run.null(message, place)

    return evaluate
