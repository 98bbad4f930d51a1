"""Function values: boxed functions, business knowledge models and boxed invocations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from engine.decisions.elements import Parameter, Place
from engine.decisions.feel_binding import (
    NO_REFERENCE,
    Function,
    FunctionParameter,
    FunctionReference,
    call_by_name,
)
from engine.decisions.run import MAX_CALLS, Evaluator, Run, Scope
from engine.decisions.types import Type, coerce
from engine.decisions.wording import type_in_words


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes and gives; ``reference`` says the same in FEEL's own types."""

    name: str
    parameters: tuple[tuple[Parameter, Type], ...]
    result: Type
    place: Place
    reference: FunctionReference = NO_REFERENCE


Body = Callable[[Scope], Any]
"""What a function does with its arguments by name."""


def make_function(signature: Signature, body: Body, run: Run) -> Function:
    """A function value that FEEL can call.

    An argument of the wrong type, too many or too few arguments and too deep a recursion make
    the answer null, with a reason.
    """

    def call(arguments: list[Any]) -> Any:
        scope = _bind(signature, arguments, run)
        if scope is None:
            return None
        if run.calls >= MAX_CALLS:
            run.null(
                f"'{signature.name}' roept zichzelf te vaak aan (meer dan {MAX_CALLS} niveaus).",
                signature.place,
            )
            return None
        run.calls += 1
        try:
            value, fits = coerce(body(scope), signature.result)
        finally:
            run.calls -= 1
        if not fits:
            kind = type_in_words(signature.result.name)
            run.null(f"De uitkomst van '{signature.name}' is geen {kind}.", signature.place)
        return value

    reference = signature.reference
    parameters = tuple(
        FunctionParameter(found.name, type_ref)
        for (found, _), type_ref in zip_longest(signature.parameters, reference.parameters)
    )
    return Function(signature.name, parameters, call, reference.result)


def _bind(signature: Signature, arguments: Sequence[Any], run: Run) -> Scope | None:
    if len(arguments) != len(signature.parameters):
        run.null(
            f"'{signature.name}' verwacht {len(signature.parameters)} waarden "
            f"en kreeg er {len(arguments)}.",
            signature.place,
        )
        return None
    scope: Scope = {}
    for (parameter, wanted), argument in zip(signature.parameters, arguments, strict=True):
        value, fits = coerce(argument, wanted)
        if not fits:
            kind = type_in_words(wanted.name)
            run.null(
                f"De waarde voor '{parameter.name}' van '{signature.name}' is geen {kind}.",
                parameter.place,
            )
            return None
        scope[parameter.name] = value
    return scope


def compiled_function(signature: Signature, body: Evaluator) -> Evaluator:
    """A boxed function: its value closes over the names around it."""

    def evaluate(scope: Scope, run: Run) -> Function:
        return make_function(signature, lambda local: body({**scope, **local}, run), run)

    return evaluate


def external_function(signature: Signature, kind: str) -> Evaluator:
    """A Java or PMML function: it is never run, every call is null with a reason."""

    def evaluate(scope: Scope, run: Run) -> Function:
        def refuse(local: Scope) -> None:
            run.null(
                f"'{signature.name}' is een {kind}-functie; die worden niet uitgevoerd.",
                signature.place,
            )

        return make_function(signature, refuse, run)

    return evaluate


def compiled_invocation(
    function: Evaluator, bindings: Sequence[tuple[str, Evaluator]], place: Place
) -> Evaluator:
    """A boxed invocation: the function called with arguments by name."""

    def evaluate(scope: Scope, run: Run) -> Any:
        called = function(scope, run)
        if not isinstance(called, Function):
            run.null("Wat hier wordt aangeroepen is geen functie.", place)
            return None
        arguments = {name: value(scope, run) for name, value in bindings}
        return call_by_name(called, arguments, run, place)

    return evaluate
