"""The requirement graph: which element a reference names, across a model and its imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.decisions import elements as el
from engine.decisions.type_table import TypeTable

Required: TypeAlias = el.InputData | el.DecisionElement | el.KnowledgeModel | el.DecisionService


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One file: its elements by id, its types, and the units that it imports by prefix."""

    definitions: el.Definitions
    types: TypeTable
    imported: Mapping[str, Unit] = field(default_factory=dict)
    by_id: Mapping[str, Required] = field(default_factory=dict)

    def resolve(self, reference: str) -> Target | None:
        """The element that a reference (``#id`` or ``namespace#id``) names, None if it does not."""
        namespace, _, element_id = reference.rpartition("#")
        if not namespace or namespace == self.definitions.namespace:
            element = self.by_id.get(element_id)
            return None if element is None else Target(self, element, "")
        for prefix, unit in self.imported.items():
            if unit.definitions.namespace == namespace and element_id in unit.by_id:
                return Target(unit, unit.by_id[element_id], prefix)
        return None


@dataclass(frozen=True, slots=True)
class Target:
    """A required element, the unit it stands in, and the prefix under which it is known here."""

    unit: Unit
    element: Required
    prefix: str

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the element over all units."""
        return self.unit.definitions.namespace, self.element.place.element_id


def make_unit(definitions: el.Definitions, imported: Mapping[str, Unit]) -> Unit:
    """A unit whose elements can be found by id."""
    elements: tuple[Required, ...] = (*definitions.valued, *definitions.callable)
    return Unit(
        definitions=definitions,
        types=TypeTable(
            definitions.item_definitions, {name: unit.types for name, unit in imported.items()}
        ),
        imported=imported,
        by_id={found.place.element_id: found for found in elements},
    )


def references(element: Required) -> tuple[str, ...]:
    """Everything that an element refers to, in the order of the metamodel."""
    match element:
        case el.DecisionElement():
            return element.required_inputs + element.required_decisions + element.required_knowledge
        case el.KnowledgeModel():
            return element.required_knowledge
        case el.DecisionService():
            return element.input_data + element.input_decisions + element.output_decisions
        case _:
            return ()


def targets(unit: Unit, names: tuple[str, ...]) -> Iterator[Target]:
    """The elements that the references name; those that name nothing are left out."""
    for name in names:
        found = unit.resolve(name)
        if found is not None:
            yield found
