"""Which names of more than one word FEEL texts of a model may contain."""

from __future__ import annotations

from collections.abc import Iterator

from engine.decisions import elements as el
from engine.decisions.requirements import Unit


def names_in(unit: Unit) -> frozenset[str]:
    """Every name that the model and its imports declare: variables, parameters, components."""
    return frozenset(name for name in _names(unit) if name)


def _names(unit: Unit) -> Iterator[str]:
    definitions = unit.definitions
    for item in definitions.item_definitions:
        yield from _item_names(item)
    for element in definitions.valued:
        yield element.variable.name
    for function in definitions.callable:
        yield function.variable.name
    for decision in definitions.decisions:
        yield from _expression_names(decision.expression)
    for model in definitions.knowledge:
        yield from _expression_names(model.function)
    for prefix, imported in unit.imported.items():
        yield prefix
        yield from _names(imported)


def _item_names(item: el.ItemDefinition) -> Iterator[str]:
    yield item.name
    for part in item.components:
        yield from _item_names(part)


def _expression_names(expression: el.Expression | None) -> Iterator[str]:
    """Names that an expression's value may carry and other texts may ask for."""
    match expression:
        case el.ContextBox():
            for entry in expression.entries:
                if entry.variable is not None:
                    yield entry.variable.name
                yield from _expression_names(entry.expression)
        case el.RelationBox():
            yield from (column.name for column in expression.columns)
        case el.TableBox():
            yield from (clause.name for clause in expression.outputs)
        case el.FunctionBox():
            yield from (parameter.name for parameter in expression.parameters)
            yield from _expression_names(expression.body)
        case el.ListBox():
            for item in expression.items:
                yield from _expression_names(item)
