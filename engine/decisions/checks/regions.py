"""Rules as blocks in a space of columns: overlap, gaps and cover, by sets of pieces.

Every column is a list of pieces (see :mod:`engine.decisions.checks.segments`). A rule's cell is a
bit set over them, a rule one bit set for each column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Block: TypeAlias = tuple[int, ...]
"""For each column the set of pieces, as bits."""


class TooLarge(Exception):
    """The table has too many combinations to be worked through."""


class Budget:
    """How much work one table may take; a step is some tens of nanoseconds."""

    def __init__(self, steps: int = 20_000_000) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        """Take steps. Raises TooLarge when there are none left."""
        self._left -= steps
        if self._left < 0:
            raise TooLarge


def overlap(first: Block, second: Block) -> Block | None:
    """The common part of two blocks, None if they have none."""
    common = tuple(map(int.__and__, first, second))
    return common if all(common) else None


def is_empty(block: Block) -> bool:
    """Whether a block holds no combination."""
    return not all(block)


def corner(block: Block) -> tuple[int, ...]:
    """One combination of a block that is not empty: for each column the number of a piece."""
    return tuple((mask & -mask).bit_length() - 1 for mask in block)


def stretches(mask: int) -> Iterator[int]:
    """The first piece of every unbroken row of pieces in a set."""
    return (
        piece
        for piece in range(mask.bit_length())
        if mask >> piece & 1 and not (piece and mask >> (piece - 1) & 1)
    )


def uncovered(space: Block, blocks: Sequence[Block], budget: Budget, limit: int = 1) -> list[Block]:
    """Parts of ``space`` that no block covers, at most ``limit``; empty when all is covered.

    Raises:
        TooLarge: when the budget is used up.
    """
    budget.spend(len(space) * len(blocks))
    inside = [block for block in (overlap(space, block) for block in blocks) if block is not None]
    search = _Search(space, inside, budget)
    found = []
    for part in search.parts(0, (1 << len(inside)) - 1):
        found.append(part)
        if len(found) == limit:
            break
    return found


class _Search:
    """Column by column, the rules that still fit; parts known to be covered are remembered."""

    def __init__(self, space: Block, blocks: Sequence[Block], budget: Budget) -> None:
        budget.spend(len(blocks) * sum(mask.bit_count() for mask in space))
        self._space = space
        self._budget = budget
        self._columns = [_rules_by_piece(space, blocks, column) for column in range(len(space))]
        self._full_from = [_full_from(space, blocks, column) for column in range(len(space) + 1)]
        self._covered: set[tuple[int, int]] = set()

    def parts(self, column: int, alive: int) -> Iterator[Block]:
        self._budget.spend(20)
        if not alive:
            yield self._space[column:]
            return
        if alive & self._full_from[column] or (column, alive) in self._covered:
            return
        anything = False
        for pieces, rules in self._grouped(column, alive):
            for rest in self.parts(column + 1, rules):
                anything = True
                yield (pieces, *rest)
        if not anything:
            self._covered.add((column, alive))

    def _grouped(self, column: int, alive: int) -> Iterator[tuple[int, int]]:
        """The pieces of a column, together when the same rules remain for them."""
        self._budget.spend(5 * len(self._columns[column]))
        groups: dict[int, int] = {}
        for piece, rules in self._columns[column]:
            key = alive & rules
            groups[key] = groups.get(key, 0) | 1 << piece
        yield from ((pieces, rules) for rules, pieces in groups.items())


def _rules_by_piece(space: Block, blocks: Sequence[Block], column: int) -> list[tuple[int, int]]:
    found = []
    for piece in range(space[column].bit_length()):
        if space[column] >> piece & 1:
            rules = sum(
                1 << number for number, block in enumerate(blocks) if block[column] >> piece & 1
            )
            found.append((piece, rules))
    return found


def _full_from(space: Block, blocks: Sequence[Block], column: int) -> int:
    """The rules that test nothing from this column on: they cover all that is left."""
    return sum(
        1 << number for number, block in enumerate(blocks) if block[column:] == space[column:]
    )
