"""A decision table as a space of columns and its rules as blocks in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.decisions.cell_tests import cell_test
from engine.decisions.checks.cells import NotSimple, bounds_of
from engine.decisions.checks.declared import Declarations
from engine.decisions.checks.regions import Block, Budget
from engine.decisions.checks.segments import NotOrdered, Segment, segments
from engine.decisions.elements import InputClause, TableBox, Text
from engine.decisions.feel_binding import compile_tests, kind_of, parse_tests
from engine.decisions.texts import column_name


@dataclass(frozen=True, slots=True)
class SpaceColumn:
    """One input expression of the table, its values cut into pieces.

    ``clauses`` are the columns of the table with that expression; ``judged`` is false when
    nothing can be said about the column's values (a structure, a list, values without order).
    """

    name: str
    clauses: tuple[int, ...]
    segments: tuple[Segment, ...]
    bounds: tuple[Any, ...]
    judged: bool = True

    @property
    def everything(self) -> int:
        """All pieces, as bits."""
        return (1 << len(self.segments)) - 1


@dataclass(frozen=True, slots=True)
class Space:
    """The columns; two table columns with the same input expression are one."""

    columns: tuple[SpaceColumn, ...]

    @property
    def whole(self) -> Block:
        """Every combination."""
        return tuple(column.everything for column in self.columns)


@dataclass(frozen=True, slots=True)
class TableBlocks:
    """The rules of a table as blocks, in their order.

    ``widest`` takes a cell that cannot be judged for always true, ``narrowest`` for never true;
    what holds for both is certain. ``unjudged`` names such cells by rule and column.
    """

    space: Space
    widest: tuple[Block, ...]
    narrowest: tuple[Block, ...]
    unjudged: tuple[tuple[int, str], ...]


def table_blocks(
    table: TableBox, declarations: Declarations, names: frozenset[str], budget: Budget
) -> TableBlocks:
    """The space and blocks of a table.

    Raises:
        TooLarge: the table is too large to be judged.
        FeelError: a cell or limit that does not compile.
    """
    space = Space(tuple(_columns(table, declarations, names)))
    budget.spend(20 * len(table.rules) * sum(len(each.segments) for each in space.columns))
    unjudged: list[tuple[int, str]] = []
    widest, narrowest = [], []
    for rule in table.rules:
        wide, narrow = [], []
        for column in space.columns:
            mask, doubtful = column.everything, False
            for clause in column.clauses:
                found = _mask(rule.inputs[clause], column, names)
                if found is None:
                    unjudged.append((rule.number, column.name))
                    doubtful = True
                else:
                    mask &= found
            wide.append(mask)
            narrow.append(0 if doubtful else mask)
        widest.append(tuple(wide))
        narrowest.append(tuple(narrow))
    return TableBlocks(space, tuple(widest), tuple(narrowest), tuple(unjudged))


def is_dash(cell: Text) -> bool:
    """Whether a cell tests nothing."""
    return cell.text.strip() in ("", "-")


def _columns(
    table: TableBox, declarations: Declarations, names: frozenset[str]
) -> list[SpaceColumn]:
    together: dict[str, list[int]] = {}
    for position, clause in enumerate(table.inputs):
        together.setdefault(" ".join(clause.expression.text.split()), []).append(position)
    return [_column(table, clauses, declarations, names) for clauses in together.values()]


def _column(
    table: TableBox, clauses: list[int], declarations: Declarations, names: frozenset[str]
) -> SpaceColumn:
    first = table.inputs[clauses[0]]
    cells = [
        rule.inputs[clause]
        for rule in table.rules
        for clause in clauses
        if not is_dash(rule.inputs[clause])
    ]
    declared = [declarations.of_column(table.inputs[at]) for at in clauses]
    limits = [each.allowed for each in declared if each.allowed is not None]
    bounds = [bound for cell in (*cells, *limits) for bound in _bounds(cell, names)]
    with_null = any(bound is None for bound in bounds)
    kind = declared[0].kind or _common_kind(bounds)
    fitting = [bound for bound in bounds if kind_of(bound) == _kind_of_type(kind)]
    try:
        pieces = segments(kind, fitting, with_null)
    except NotOrdered:
        return _unjudged_column(first, clauses)
    for text in limits:
        tests = compile_tests(text.text, names)
        pieces = [
            piece
            for piece in pieces
            if piece.sample is None or tests.test(piece.sample, {}) is True
        ]
    known = _distinct(fitting)
    return SpaceColumn(column_name(first), tuple(clauses), tuple(pieces), tuple(known))


def _unjudged_column(clause: InputClause, clauses: list[int]) -> SpaceColumn:
    nothing = (Segment(None),)
    return SpaceColumn(column_name(clause), tuple(clauses), nothing, (), judged=False)


def _bounds(cell: Text, names: frozenset[str]) -> list[Any]:
    try:
        return bounds_of(parse_tests(cell.text, names))
    except NotSimple:
        return []


def _mask(cell: Text, column: SpaceColumn, names: frozenset[str]) -> int | None:
    """The pieces for which a cell is true; None if that cannot be judged."""
    if is_dash(cell):
        return column.everything
    if not column.judged:
        return None
    try:
        bounds_of(parse_tests(cell.text, names))
    except NotSimple:
        return None
    test = cell_test(compile_tests(cell.text, names))
    return sum(
        1 << number for number, piece in enumerate(column.segments) if test(piece.sample, {}, None)
    )


def _common_kind(bounds: list[Any]) -> str:
    kinds = {kind_of(bound) for bound in bounds} - {"null"}
    return kinds.pop() if len(kinds) == 1 else ""


def _kind_of_type(kind: str) -> str:
    return "number" if kind == "integer" else kind


def _distinct(bounds: list[Any]) -> list[Any]:
    found: list[Any] = []
    for bound in bounds:
        if bound not in found:
            found.append(bound)
    return found
