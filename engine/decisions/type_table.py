"""From item definitions and type references to types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.decisions.elements import ItemDefinition, Text
from engine.decisions.feel_binding import FeelError, Tests, compile_tests
from engine.decisions.types import (
    ANY,
    BUILT_IN_TYPES,
    ContextType,
    FunctionType,
    LimitedType,
    ListType,
    ReferenceType,
    Type,
)


class TypeTable:
    """The types of one model by name; imported models' types are under ``prefix.name``."""

    def __init__(
        self,
        definitions: Iterable[ItemDefinition],
        imported: Mapping[str, TypeTable] | None = None,
    ) -> None:
        self._definitions = {found.name: found for found in definitions}
        self._imported = dict(imported or {})
        self._types: dict[str, Type] = {}

    def names(self) -> frozenset[str]:
        """The names of all item definitions, imported ones with their prefix."""
        names = set(self._definitions)
        for prefix, table in self._imported.items():
            names |= {f"{prefix}.{name}" if prefix else name for name in table.names()}
        return frozenset(names)

    def find(self, type_ref: str) -> Type | None:
        """The type of that name; Any for an empty name; None if there is no such type."""
        name = _local(type_ref)
        if not name:
            return ANY
        if name in self._types:
            return self._types[name]
        if name in self._definitions:
            self._types[name] = self._build(self._definitions[name])
            return self._types[name]
        if name in BUILT_IN_TYPES:
            return BUILT_IN_TYPES[name]
        for table, rest in self._elsewhere(type_ref):
            other = table.find(rest)
            if other is not None:
                return other
        return None

    def get(self, type_ref: str) -> Type:
        """The type of that name; an unknown name (a finding elsewhere) counts as Any."""
        return self.find(type_ref) or ANY

    def definition(self, type_ref: str) -> ItemDefinition | None:
        """The item definition of that name, if it has one."""
        found = self._definitions.get(_local(type_ref))
        if found is not None:
            return found
        for table, rest in self._elsewhere(type_ref):
            other = table.definition(rest)
            if other is not None:
                return other
        return None

    def allowed_values(self, type_ref: str) -> Text | None:
        """The allowed values that the type or the type it is based on lists."""
        seen: set[str] = set()
        found = self.definition(type_ref)
        while found is not None and found.name not in seen:
            if found.allowed is not None:
                return found.allowed
            seen.add(found.name)
            found = self.definition(found.type_ref)
        return None

    def base_name(self, type_ref: str) -> str:
        """The name of FEEL's own type under a chain of simple item definitions.

        Empty for Any and unknown names, ``list`` for collections, ``context`` for structures.
        """
        seen: set[str] = set()
        name = type_ref
        while (found := self.definition(name)) is not None and found.name not in seen:
            if found.is_collection:
                return "list"
            if found.components:
                return "context"
            if found.is_function:
                return "function"
            seen.add(found.name)
            name = found.type_ref
        known = BUILT_IN_TYPES.get(_local(name))
        return "" if known is None or known is ANY else known.name

    def _elsewhere(self, type_ref: str) -> Iterator[tuple[TypeTable, str]]:
        """The imported tables that may know the type, and its name there."""
        for prefix, table in self._imported.items():
            if not prefix:
                yield table, type_ref
            elif type_ref.startswith(prefix + "."):
                yield table, type_ref[len(prefix) + 1 :]

    def _reference(self, type_ref: str) -> Type:
        name = _local(type_ref)
        if not name:
            return ANY
        if name not in self._definitions and name in BUILT_IN_TYPES:
            return BUILT_IN_TYPES[name]
        return ReferenceType(type_ref, self.get)

    def _build(self, definition: ItemDefinition) -> Type:
        if definition.is_function:
            item: Type = FunctionType(definition.name)
        elif definition.components:
            parts = {part.name: self._build(part) for part in definition.components}
            item = ContextType(definition.name, parts)
        elif _local(definition.type_ref) == definition.name:
            item = BUILT_IN_TYPES.get(definition.name, ANY)
        else:
            item = self._reference(definition.type_ref)
        item = _limited(item, definition.allowed, definition.name)
        if definition.is_collection:
            item = ListType(item, definition.name)
        return _limited(item, definition.type_constraint, definition.name)


def _limited(base: Type, limits: Text | None, name: str) -> Type:
    if limits is None:
        return base
    try:
        tests: Tests = compile_tests(limits.text)
    except FeelError:
        return base  # a finding of the checks; the limit cannot be kept

    def allows(value: Any) -> bool:
        try:
            return tests.test(value, {}) is True
        except FeelError:
            return False

    return LimitedType(name, base, allows)


def _local(type_ref: str) -> str:
    """The name without the ``feel:`` prefix of older files."""
    name = type_ref.strip()
    return name[5:] if name.startswith("feel:") else name
