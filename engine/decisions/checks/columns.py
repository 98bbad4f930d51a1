"""Checks of the columns of a table: outputs need names of their own, types must exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.decisions.elements import InputClause, OutputClause, TableBox
from engine.decisions.findings import Finding, finding
from engine.decisions.type_table import TypeTable

_OF_CAMUNDA_7: Final = frozenset({"double", "integer", "long"})
"""Types of numbers that Camunda 7 has besides those of FEEL."""


def column_findings(table: TableBox, types: TypeTable, owner: str) -> Iterator[Finding]:
    """The findings about the columns of one table; ``owner`` is the decision's name."""
    seen: set[str] = set()
    for clause in table.outputs:
        if not clause.name and len(table.outputs) > 1:
            yield finding(
                "error",
                "output-without-name",
                clause.place,
                f"De tabel van '{owner}' heeft meer uitkomsten, maar kolom '{clause.label}' heeft "
                "geen naam.",
                "Geef elke uitkomst een naam (output name).",
                name=owner,
            )
        elif clause.name in seen:
            yield finding(
                "error",
                "output-twice",
                clause.place,
                f"De tabel van '{owner}' heeft twee uitkomsten met de naam '{clause.name}'.",
                "Geef een van de twee een andere naam.",
                name=owner,
            )
        seen.add(clause.name)
    columns: list[InputClause | OutputClause] = [*table.inputs, *table.outputs]
    for column in columns:
        if column.type_ref and column.type_ref not in _OF_CAMUNDA_7:
            yield from _type(column, types, owner)


def _type(column: InputClause | OutputClause, types: TypeTable, owner: str) -> Iterator[Finding]:
    if types.find(column.type_ref) is None:
        yield finding(
            "error",
            "type-unknown",
            column.place,
            f"Het type '{column.type_ref}' van '{column.label}' bestaat niet.",
            "Kies een bestaand type, of maak het aan.",
            name=owner,
        )
