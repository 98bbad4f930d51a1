"""What the model declares about the values of an input column.

A column says its own type and allowed values; where it says nothing, the input data or decision
that its expression names does, also for a part of it (``gezin.status``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.decisions.elements import InputClause, ItemDefinition, Text
from engine.decisions.type_table import TypeTable


@dataclass(frozen=True, slots=True)
class Declared:
    """FEEL's name of a type (empty if any) and the allowed values, if there are."""

    kind: str = ""
    allowed: Text | None = None


@dataclass(frozen=True, slots=True)
class Declarations:
    """The types of a model, and the type references of what one decision requires, by name."""

    types: TypeTable
    given: Mapping[str, str]

    def of_column(self, clause: InputClause) -> Declared:
        """The type and limits of a column's values."""
        own = self._of_type(clause.type_ref)
        named = self.of_text(clause.expression.text)
        return Declared(own.kind or named.kind, clause.allowed or own.allowed or named.allowed)

    def of_text(self, text: str) -> Declared:
        """What is declared about the value of a name, or of a path from a name."""
        words = " ".join(text.split())
        for name, type_ref in self.given.items():
            if words == name:
                return self._of_type(type_ref)
            if words.startswith(name + "."):
                return self._of_part(type_ref, words[len(name) + 1 :])
        return Declared()

    def _of_type(self, type_ref: str) -> Declared:
        return Declared(self.types.base_name(type_ref), self.types.allowed_values(type_ref))

    def _of_part(self, type_ref: str, path: str) -> Declared:
        definition = self.types.definition(type_ref)
        if definition is None or definition.is_collection:
            return Declared()
        for part in definition.components:
            if path == part.name:
                return self._of_component(part)
            if path.startswith(part.name + "."):
                return self._of_part(part.type_ref, path[len(part.name) + 1 :])
        return Declared()

    def _of_component(self, part: ItemDefinition) -> Declared:
        if part.is_collection:
            return Declared("list")
        if part.components:
            return Declared("context")
        found = self._of_type(part.type_ref)
        return Declared(found.kind, part.allowed or found.allowed)
