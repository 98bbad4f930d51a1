"""Item definitions as types in FEEL's own notation, for ``instance of`` and typed parameters.

By the specification ``instance of`` looks at the structure only, not at allowed values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from engine.decisions.elements import ItemDefinition
from engine.decisions.feel_binding import (
    FeelError,
    FunctionReference,
    instance_test,
    syntax,
    type_reference,
)
from engine.decisions.type_table import TypeTable
from engine.decisions.types import ANY, BUILT_IN_TYPES, INTEGER

Test = Callable[[Any], bool]


class InstanceTypes(Mapping[str, Test]):
    """The tests of a model's types by name, made when they are first asked for."""

    def __init__(self, types: TypeTable) -> None:
        self._types = types
        self._tests: dict[str, Test] = {}

    def __getitem__(self, name: str) -> Test:
        if name not in self._tests:
            definition = self._types.definition(name)
            if definition is None:
                raise KeyError(name)
            self._tests[name] = _test(type_text(definition, self._types))
        return self._tests[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types.names())

    def __len__(self) -> int:
        return len(self._types.names())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._types.definition(name) is not None


def _test(text: str) -> Test:
    try:
        return instance_test(text)
    except FeelError:
        return lambda value: False


def type_text(
    definition: ItemDefinition, types: TypeTable, inside: frozenset[str] = frozenset()
) -> str:
    """A type in FEEL's notation; a type that contains itself is Any where it does."""
    inside = inside | {definition.name}
    if definition.is_function:
        parameters = (
            _reference(found.type_ref, types, inside) for found in definition.function_parameters
        )
        result = _reference(definition.function_output or "", types, inside)
        text = f"function<{', '.join(parameters)}> -> {result}"
    elif definition.components:
        members = (
            f"{part.name}: {type_text(part, types, inside)}" for part in definition.components
        )
        text = f"context<{', '.join(members)}>"
    else:
        text = _reference(definition.type_ref, types, inside)
    return f"list<{text}>" if definition.is_collection else text


def function_reference(
    parameters: Iterable[str], result: str, types: TypeTable
) -> FunctionReference:
    """A function's type references in FEEL's own types."""
    return FunctionReference(
        tuple(_tree(type_ref, types) for type_ref in parameters), _tree(result, types)
    )


def _tree(type_ref: str, types: TypeTable) -> syntax.TypeRef | None:
    try:
        return type_reference(_reference(type_ref, types, frozenset()))
    except FeelError:
        return None


def _reference(type_ref: str, types: TypeTable, inside: frozenset[str]) -> str:
    definition = types.definition(type_ref)
    if definition is not None and definition.name not in inside:
        return type_text(definition, types, inside)
    known = BUILT_IN_TYPES.get(type_ref.removeprefix("feel:"), ANY)
    return "number" if known is INTEGER else known.name
