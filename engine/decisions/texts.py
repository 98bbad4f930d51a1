"""Every FEEL text of a boxed expression, with its place in words and the names bound around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from engine.decisions import elements as el

Role: TypeAlias = Literal["expression", "input", "test", "output", "limits"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One FEEL text.

    Attributes:
        text: the text and its place.
        role: ``input`` a table's input expression, ``test`` an input cell, ``output`` an output
            cell, ``limits`` allowed values, ``expression`` any other.
        bound: names that the boxed expression itself binds here.
        where: the place in Dutch words, such as ``regel 3, kolom 'leeftijd'``; may be empty.
    """

    text: el.Text
    role: Role
    bound: frozenset[str]
    where: str = ""

    @property
    def is_tests(self) -> bool:
        """Whether the text is a list of unary tests."""
        return self.role in ("test", "limits")


def texts_of(
    expression: el.Expression | None, bound: frozenset[str] = frozenset(), where: str = ""
) -> Iterator[Cell]:
    """The texts of an expression, from top to bottom."""
    match expression:
        case None:
            return
        case el.Literal():
            text = el.Text(expression.text, expression.place, expression.language)
            yield Cell(text, "expression", bound, where)
        case el.TableBox():
            yield from _table_texts(expression, bound)
        case el.ContextBox():
            yield from _context_texts(expression, bound)
        case el.ListBox():
            for number, item in enumerate(expression.items, start=1):
                yield from texts_of(item, bound, f"item {number}")
        case el.RelationBox():
            for number, row in enumerate(expression.rows, start=1):
                for column, cell in zip(expression.columns, row, strict=False):
                    yield from texts_of(cell, bound, f"rij {number}, kolom '{column.name}'")
        case el.FunctionBox():
            if expression.kind == "FEEL":
                names = {parameter.name for parameter in expression.parameters}
                yield from texts_of(expression.body, bound | names, where)
        case el.InvocationBox():
            yield from texts_of(expression.function, bound, "de aangeroepen functie")
            for binding in expression.bindings:
                name = f"parameter '{binding.parameter.name}'"
                yield from texts_of(binding.expression, bound, name)
        case el.ConditionalBox():
            yield from texts_of(expression.condition, bound, "als")
            yield from texts_of(expression.then, bound, "dan")
            yield from texts_of(expression.otherwise, bound, "anders")
        case el.FilterBox():
            yield from texts_of(expression.source, bound, where)
            # an item's own entries are names here, and they are not known beforehand
            yield from texts_of(expression.match, bound | {"item", ANY_NAME}, where)
        case el.IteratorBox():
            yield from texts_of(expression.source, bound, where)
            names = {expression.variable.name, "partial"}
            yield from texts_of(expression.body, bound | names, where)


ANY_NAME = "*"
"""In :attr:`Cell.bound`: names are bound here that nobody can list."""


def _context_texts(box: el.ContextBox, bound: frozenset[str]) -> Iterator[Cell]:
    for entry in box.entries:
        name = "" if entry.variable is None else entry.variable.name
        own = {name} if isinstance(entry.expression, el.FunctionBox) else set()
        where = f"onderdeel '{name}'" if name else "het resultaat"
        yield from texts_of(entry.expression, bound | own, where)
        bound = bound | {name}


def _table_texts(table: el.TableBox, bound: frozenset[str]) -> Iterator[Cell]:
    for clause in table.inputs:
        column = f"invoerkolom '{column_name(clause)}'"
        yield Cell(clause.expression, "input", bound, column)
        if clause.allowed is not None:
            yield Cell(clause.allowed, "limits", bound, f"toegestane waarden van {column}")
    for output in table.outputs:
        column = f"uitvoerkolom '{column_name(output)}'"
        if output.allowed is not None:
            yield Cell(output.allowed, "limits", bound, f"toegestane waarden van {column}")
        if output.default is not None:
            yield Cell(output.default, "output", bound, f"standaardwaarde van {column}")
    for rule in table.rules:
        for clause, cell in zip(table.inputs, rule.inputs, strict=True):
            where = f"regel {rule.number}, kolom '{column_name(clause)}'"
            yield Cell(cell, "test", bound | {"?"}, where)
        for output, cell in zip(table.outputs, rule.outputs, strict=True):
            yield Cell(cell, "output", bound, f"regel {rule.number}, kolom '{column_name(output)}'")


def column_name(clause: el.InputClause | el.OutputClause) -> str:
    """What a person calls a column: its label, else its name or expression."""
    if isinstance(clause, el.OutputClause):
        return clause.label or clause.name or "uitkomst"
    return clause.label or clause.expression.text.strip() or "invoer"


def tables_of(expression: el.Expression | None) -> Iterator[el.TableBox]:
    """Every decision table inside an expression."""
    match expression:
        case el.TableBox():
            yield expression
        case el.ContextBox():
            for entry in expression.entries:
                yield from tables_of(entry.expression)
        case el.ListBox():
            for item in expression.items:
                yield from tables_of(item)
        case el.RelationBox():
            for row in expression.rows:
                for cell in row:
                    yield from tables_of(cell)
        case el.FunctionBox():
            yield from tables_of(expression.body)
        case el.InvocationBox():
            for binding in expression.bindings:
                yield from tables_of(binding.expression)
        case el.ConditionalBox():
            for part in (expression.condition, expression.then, expression.otherwise):
                yield from tables_of(part)
        case el.FilterBox():
            yield from tables_of(expression.source)
            yield from tables_of(expression.match)
        case el.IteratorBox():
            yield from tables_of(expression.source)
            yield from tables_of(expression.body)
