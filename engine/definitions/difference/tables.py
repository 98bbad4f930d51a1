"""Two DMN files: decisions by id, and their tables cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.decisions.errors import DecisionError
from engine.definitions.difference.aligning import aligned
from engine.definitions.difference.decisions import NOTE, Clause, Decision, Rule, Table, decisions
from engine.definitions.difference.model import (
    Cell,
    Change,
    Column,
    Detail,
    Row,
    Sort,
    TableDifference,
)
from engine.definitions.difference.texts import detail

ANY: Final = frozenset({"", "-"})
"""What a test says when it does not matter."""
_ORDER_COUNTS: Final = frozenset({"FIRST", "RULE ORDER", "OUTPUT ORDER"})


def compare_tables(
    before: bytes, after: bytes
) -> tuple[tuple[Change, ...], tuple[TableDifference, ...]] | None:
    """What changed in words, and each table that is not the same; ``None`` if one is unreadable."""
    try:
        old, new = ({one.id: one for one in decisions(file)} for file in (before, after))
    except DecisionError:
        return None
    changes: list[Change] = []
    tables: list[TableDifference] = []
    for key, decision in new.items():
        known = old.get(key)
        if known is None:
            changes.append(Change(Sort.ADDED, decision.kind, key, decision.name))
            if decision.table:
                tables.append(_whole(decision, decision.table, Sort.ADDED))
            continue
        details = [*_details(known.details, decision.details)]
        if known.table and decision.table:
            table = _compared(decision, known.table, decision.table)
            details += _of_policy(known.table, decision.table)
            changes += _of_columns(decision, known.table, decision.table)
            changes += _of_rules(decision, known.table, decision.table, table)
            if any(row.sort is not Sort.SAME for row in table.rows) or any(
                column.sort is not Sort.SAME for column in table.columns
            ):
                tables.append(table)
        elif decision.table:
            tables.append(_whole(decision, decision.table, Sort.ADDED))
        if details:
            changes.append(Change(Sort.CHANGED, decision.kind, key, decision.name, tuple(details)))
    for key, decision in old.items():
        if key not in new:
            changes.append(Change(Sort.REMOVED, decision.kind, key, decision.name))
            if decision.table:
                tables.append(_whole(decision, decision.table, Sort.REMOVED))
    if not changes and before != after:
        changes.append(Change(Sort.CHANGED, "writing", minor=True))
    return tuple(changes), tuple(tables)


def _details(old: dict[str, str], new: dict[str, str]) -> Iterator[Detail]:
    for what in dict.fromkeys((*new, *old)):
        was, now = old.get(what, ""), new.get(what, "")
        if was != now:
            yield detail(what, was, now)


def _of_policy(old: Table, new: Table) -> Iterator[Detail]:
    if old.policy != new.policy:
        yield Detail("hit_policy", old.policy, new.policy)
    if old.aggregation != new.aggregation:
        yield Detail("aggregation", old.aggregation, new.aggregation)


def _of_columns(decision: Decision, old: Table, new: Table) -> Iterator[Change]:
    for was, now in _columns(old, new):
        if was is None and now is not None:
            yield Change(Sort.ADDED, "column", decision.id, _named(decision, now))
        elif now is None and was is not None:
            yield Change(Sort.REMOVED, "column", decision.id, _named(decision, was))
        elif was and now:
            details = [*_details(was.details, now.details)]
            if was.name != now.name:
                details.insert(0, Detail("name", was.name, now.name))
            if details:
                yield Change(
                    Sort.CHANGED,
                    "column",
                    decision.id,
                    f"{decision.name} · {now.name}",
                    tuple(details),
                )


def _named(decision: Decision, column: Clause) -> str:
    return f"{decision.name} · {column.name}"


def _of_rules(
    decision: Decision, old: Table, new: Table, table: TableDifference
) -> Iterator[Change]:
    """The rules in words: with what they say where they are new or gone, cell by cell else."""
    for row in table.rows:
        number = f"{decision.name} · {row.number_after or row.number_before}"
        named = [
            (column, cell)
            for column, cell in zip(table.columns, row.cells, strict=True)
            if cell.sort is not Sort.SAME
        ]
        if row.sort is Sort.CHANGED:
            details = [detail("cell", c.before, c.after, column.name) for column, c in named]
            if row.number_before != row.number_after and new.policy in _ORDER_COUNTS:
                details += _moved(row, table)
        elif row.sort is Sort.MOVED:
            if new.policy not in _ORDER_COUNTS:
                continue
            details = [Detail("order_of_rules", str(row.number_before), str(row.number_after))]
        elif row.sort in (Sort.ADDED, Sort.REMOVED):
            details = [
                Detail("cell", cell.before, cell.after, column.name)
                for column, cell in named
                if (cell.before or cell.after) not in ANY
            ]
        else:
            continue
        if details:
            yield Change(row.sort, "rule", decision.id, number, tuple(details))


def _moved(row: Row, table: TableDifference) -> list[Detail]:
    """A changed rule is said to be moved only if none came or went before it."""
    if any(other.sort in (Sort.ADDED, Sort.REMOVED) for other in table.rows):
        return []
    return [Detail("order_of_rules", str(row.number_before), str(row.number_after))]


def _whole(decision: Decision, table: Table, sort: Sort) -> TableDifference:
    def cell(text: str) -> Cell:
        return Cell(sort, after=text) if sort is Sort.ADDED else Cell(sort, before=text)

    return TableDifference(
        decision.id,
        decision.name,
        sort,
        tuple(Column(sort, column.role, column.name) for column in table.columns),
        tuple(
            Row(
                sort,
                number if sort is Sort.REMOVED else None,
                number if sort is Sort.ADDED else None,
                tuple(map(cell, rule.cells)),
            )
            for number, rule in enumerate(table.rules, 1)
        ),
    )


def _compared(decision: Decision, old: Table, new: Table) -> TableDifference:
    pairs = _columns(old, new)
    columns = [
        Column(
            Sort.ADDED if was is None else Sort.REMOVED if now is None
            else Sort.SAME if (was.name, was.details) == (now.name, now.details) else Sort.CHANGED,
            shown.role,
            shown.name,
        )
        for was, now in pairs
        if (shown := now or was) is not None
    ]  # fmt: skip
    old_at = {column.id: at for at, column in enumerate(old.columns)}
    new_at = {column.id: at for at, column in enumerate(new.columns)}

    def cells(was: Rule | None, now: Rule | None) -> tuple[Cell, ...]:
        found = []
        for old_column, new_column in pairs:
            a = was.cells[old_at[old_column.id]] if was and old_column else None
            b = now.cells[new_at[new_column.id]] if now and new_column else None
            sort = (
                Sort.SAME if (a or "-") == (b or "-")
                else Sort.ADDED if a is None else Sort.REMOVED if b is None else Sort.CHANGED
            )  # fmt: skip
            found.append(Cell(sort, a or "", b or ""))
        return tuple(found)

    rows = []
    for step in aligned(old.rules, new.rules, lambda rule: rule.id, lambda rule: rule.cells):
        was = old.rules[step.before] if step.before is not None else None
        now = new.rules[step.after] if step.after is not None else None
        made = cells(was, now)
        sort = (
            Sort.ADDED if was is None else Sort.REMOVED if now is None
            else Sort.CHANGED if any(cell.sort is not Sort.SAME for cell in made)
            else Sort.MOVED if step.moved else Sort.SAME
        )  # fmt: skip
        rows.append(Row(sort, _number(step.before), _number(step.after), made))
    return TableDifference(decision.id, decision.name, Sort.CHANGED, tuple(columns), tuple(rows))


def _number(index: int | None) -> int | None:
    return None if index is None else index + 1


def _columns(old: Table, new: Table) -> list[tuple[Clause | None, Clause | None]]:
    """Columns of both, in the order of the new table, the removed ones where they stood."""
    steps = aligned(
        old.columns, new.columns, lambda one: one.id, lambda one: (one.role, one.name, one.details)
    )
    found = [
        (
            old.columns[step.before] if step.before is not None else None,
            new.columns[step.after] if step.after is not None else None,
        )
        for step in steps
    ]
    order = {"input": 0, "output": 1, NOTE: 2}

    def place(pair: tuple[Clause | None, Clause | None]) -> int:
        shown = pair[1] or pair[0]
        return len(order) if shown is None else order[shown.role]

    return sorted(found, key=place)
