"""Calling functions: matching arguments with parameters, and DMN's implicit conversions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import NullReason
from .far import FarDate, join
from .kinds import KIND_LABELS, Function, Parameter, Value, kind_of, label_of
from .limits import Run


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a built-in function. ``kinds`` of a parameter are FEEL kinds separated by
    ``|``, or ``any``.
    """

    parameters: tuple[Parameter, ...]
    body: Callable[..., Value]
    wants_run: bool


@dataclass(frozen=True, eq=False)
class Builtin(Function):
    """A built-in function with all the ways to call it."""

    ways: tuple[Overload, ...] = ()
    cost: int = 4


def signature(text: str) -> tuple[str, tuple[Parameter, ...]]:
    """Read ``substring(string: string, start position: number, length?: number)``.

    ``?`` marks a parameter that may be left out or null, ``...`` one that takes all the rest.
    """
    name, _, inner = text.partition("(")
    parameters = []
    for part in filter(None, inner.rstrip(")").split(", ")):
        label, _, kinds = part.partition(": ")
        variadic, optional = label.endswith("..."), label.endswith("?")
        parameters.append(
            Parameter(label.rstrip(".?"), frozenset(kinds.split("|")), optional, variadic)
        )
    return name, tuple(parameters)


def call_builtin(
    function: Builtin, arguments: list[Value], names: Sequence[str] | None, run: Run
) -> Value:
    """Call the first way that takes these arguments. Raises `NullReason` if none does."""
    why: NullReason | None = None
    for way in function.ways:
        try:
            values = _bind(function.name, way.parameters, arguments, names)
        except NullReason as reason:
            why = why or reason
            continue
        return way.body(run, *values) if way.wants_run else way.body(*values)
    raise why or NullReason(f"{function.name} kan niet worden aangeroepen.")


def takes(function: Builtin, count: int, names: Sequence[str] | None) -> None:
    """Whether a function may be called with so many arguments. Raises `NullReason` if not."""
    why: NullReason | None = None
    for way in function.ways:
        try:
            _in_order(function.name, way.parameters, [None] * count, names)
        except NullReason as reason:
            why = why or reason
            continue
        return
    if why is not None:
        raise why


def _bind(
    name: str,
    parameters: tuple[Parameter, ...],
    arguments: list[Value],
    names: Sequence[str] | None,
) -> list[Value]:
    given = _in_order(name, parameters, arguments, names)
    if parameters and parameters[-1].variadic and names is None:
        fixed = len(parameters) - 1
        rest = given[fixed:]
        values = [_fit(p, v) for p, v in zip(parameters, given[:fixed], strict=False)]
        return [*values, [_fit(parameters[-1], value) for value in rest]]
    return [_fit(p, v) for p, v in zip(parameters, given, strict=True)]


_ABSENT: Any = object()


def _in_order(
    name: str,
    parameters: tuple[Parameter, ...],
    arguments: list[Value],
    names: Sequence[str] | None,
) -> list[Value]:
    """The arguments by position, `_ABSENT` where none was given. Raises `NullReason`."""
    if names is not None:
        known = [parameter.name for parameter in parameters]
        for label in names:
            if label not in known:
                raise NullReason(
                    f"{name} heeft geen argument {label!r}, wel: {', '.join(known) or 'geen'}.",
                    "feel.null.argument",
                )
        by_name = dict(zip(names, arguments, strict=True))
        given = [by_name.get(label, _ABSENT) for label in known]
    else:
        variadic = bool(parameters) and parameters[-1].variadic
        if len(arguments) > len(parameters) and not variadic:
            raise NullReason(
                f"{name} heeft {len(parameters)} argumenten; gegeven: {len(arguments)}.",
                "feel.null.argument",
            )
        missing = len(parameters) - len(arguments)
        given = [*arguments, *([_ABSENT] * missing)]
    for parameter, value in zip(parameters, given, strict=False):
        if value is _ABSENT and not parameter.optional:
            raise NullReason(f"{name} mist het argument {parameter.name!r}.", "feel.null.argument")
    return given


def _fit(parameter: Parameter, value: Value) -> Value:
    """The argument in a kind that the parameter takes. Raises `NullReason`."""
    kinds = parameter.type
    if value is _ABSENT:
        return None
    kind = kind_of(value)
    if kind in kinds or "any" in kinds or (value is None and parameter.optional):
        return value
    if value is not None:
        if kind == "list" and len(value) == 1 and kind_of(value[0]) in kinds:
            return value[0]
        if kind == "date" and "date and time" in kinds:
            return midnight(value)
        if "list" in kinds:
            return [value]
    wanted = " of ".join(KIND_LABELS[wanted_kind] for wanted_kind in sorted(kinds))
    raise NullReason(
        f"{parameter.name!r} is {label_of(value)}, niet {wanted}.", "feel.null.argument"
    )


def midnight(day: dt.date | FarDate) -> Value:
    """A date as date and time: its midnight in UTC, as DMN converts."""
    return join(day, dt.time(tzinfo=dt.UTC))


def convert(value: Value, test: Callable[[Value], bool], name: str) -> Value:
    """A value as a type asks for it, by DMN's implicit conversions: a singleton list to its item,
    a value to a singleton list, a date to its midnight. Raises `NullReason` if it does not fit.
    """
    if value is None or test(value):
        return value
    if isinstance(value, list) and len(value) == 1 and (value[0] is None or test(value[0])):
        return value[0]
    if test([value]):
        return [value]
    if kind_of(value) == "date" and test(midnight(value)):
        return midnight(value)
    raise NullReason(f"{name!r} kan niet {label_of(value)} zijn.", "feel.null.type")


def call_function(function: Function, arguments: list[Value], names: Sequence[str] | None) -> Value:
    """Call a function value. Raises `NullReason` if the arguments do not match."""
    parameters = function.parameters
    if names is None and any(parameter.variadic for parameter in parameters):
        return function.call(arguments)
    given = _in_order(function.name or "De functie", parameters, arguments, names)
    return function.call([None if value is _ABSENT else value for value in given])
