"""Overlap, gaps and dead rules of one decision table.

Exact for numbers, texts, booleans, dates, times, durations and enumerations. Cells that are not
simple (see :mod:`engine.decisions.checks.cells`) are never guessed at: what depends on them is
left out, and one remark says that the check was not complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.decisions.checks.declared import Declarations
from engine.decisions.checks.outputs import Difference, compare_outputs
from engine.decisions.checks.regions import (
    Block,
    Budget,
    TooLarge,
    corner,
    is_empty,
    overlap,
    stretches,
    uncovered,
)
from engine.decisions.checks.spaces import Space, TableBlocks, table_blocks
from engine.decisions.elements import HitPolicy, Rule, TableBox
from engine.decisions.findings import Finding, finding
from engine.decisions.wording import join, rules_in_words, value_in_words

MAX_EXAMPLES = 3
MAX_PAIRS = 20


@dataclass(frozen=True, slots=True)
class TableCheck:
    """A table with its rules as blocks, and the name under which findings mention it."""

    table: TableBox
    blocks: TableBlocks
    owner: str
    names: frozenset[str]
    budget: Budget


def coverage_findings(
    table: TableBox, declarations: Declarations, names: frozenset[str], owner: str
) -> Iterator[Finding]:
    """Everything about which combinations the rules of a table cover.

    Raises:
        FeelError: a cell or limit that does not compile.
    """
    budget = Budget()
    try:
        blocks = table_blocks(table, declarations, names, budget)
        check = TableCheck(table, blocks, owner, names, budget)
        yield from _dead_cells(check)
        if check.table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
            yield from _overlaps(check)
        if check.table.hit_policy is HitPolicy.FIRST:
            yield from _unreachable(check)
        gaps = list(_gaps(check))
        yield from gaps or _incomplete(check)
    except TooLarge:
        yield finding(
            "warning",
            "check-too-large",
            table.place,
            "De tabel heeft te veel combinaties om op gaten en overlap te controleren.",
            "Splits de tabel in twee beslissingen die op elkaar volgen.",
            name=owner,
        )


def _dead_cells(check: TableCheck) -> Iterator[Finding]:
    for rule, block in zip(check.table.rules, check.blocks.widest, strict=True):
        if is_empty(block):
            column = check.blocks.space.columns[block.index(0)]
            yield finding(
                "error",
                "rule-never-matches",
                rule.place,
                f"Regel {rule.number} past nooit: geen enkele waarde van '{column.name}' voldoet.",
                "Verander de cel, of verwijder de regel.",
                name=check.owner,
            )


def _overlaps(check: TableCheck) -> Iterator[Finding]:
    found = 0
    sure = check.blocks.narrowest
    rules = check.table.rules
    for later in range(len(rules)):
        check.budget.spend(10 * later * len(check.blocks.space.columns))
        for earlier in range(later):
            common = overlap(sure[earlier], sure[later])
            if common is None:
                continue
            remark = _overlap(check, rules[earlier], rules[later], common)
            if remark is not None:
                yield remark
                found += 1
            if found == MAX_PAIRS:
                return


def _overlap(check: TableCheck, first: Rule, second: Rule, common: Block) -> Finding | None:
    pair = rules_in_words((first.number, second.number))
    example = _example(check.blocks.space, common)
    if check.table.hit_policy is HitPolicy.UNIQUE:
        return finding(
            "error",
            "overlap-unique",
            second.place,
            f"{pair.capitalize()} passen allebei bij {example}; UNIQUE staat er maar een toe.",
            "Maak de voorwaarden scherper, of kies een andere treffermethode (bijvoorbeeld FIRST).",
            name=check.owner,
        )
    match compare_outputs(first, second, check.names):
        case Difference.SAME:
            return None
        case Difference.DIFFERENT:
            level, word = "error", "geven"
        case _:
            level, word = "warning", "geven misschien"
    return finding(
        "error" if level == "error" else "warning",
        "overlap-any",
        second.place,
        f"{pair.capitalize()} passen allebei bij {example} en {word} verschillende uitkomsten, "
        "wat ANY verbiedt.",
        "Maak de voorwaarden scherper, of geef de regels dezelfde uitkomst.",
        name=check.owner,
    )


def _unreachable(check: TableCheck) -> Iterator[Finding]:
    for position, rule in enumerate(check.table.rules):
        block = check.blocks.widest[position]
        if position == 0 or is_empty(block):
            continue
        earlier = check.blocks.narrowest[:position]
        if not uncovered(block, earlier, check.budget):
            covering = [
                check.table.rules[at].number
                for at, other in enumerate(earlier)
                if overlap(block, other)
            ]
            yield finding(
                "warning",
                "rule-unreachable",
                rule.place,
                f"Regel {rule.number} wordt nooit bereikt: {rules_in_words(covering)} "
                f"{'gaat' if len(covering) == 1 else 'gaan'} bij FIRST altijd voor.",
                "Zet de regel hoger, of verwijder haar.",
                name=check.owner,
            )


def _gaps(check: TableCheck) -> Iterator[Finding]:
    if _has_default(check.table):
        return
    space = check.blocks.space
    parts = uncovered(space.whole, check.blocks.widest, check.budget, MAX_EXAMPLES)
    if parts:
        examples = "; ".join(_examples(space, part) for part in parts)
        yield finding(
            "warning",
            "gap",
            check.table.place,
            f"Geen enkele regel past bij {examples}.",
            "Voeg een regel toe voor deze invoer, of geef de uitvoer een standaardwaarde.",
            name=check.owner,
        )


def _has_default(table: TableBox) -> bool:
    return all(clause.default is not None for clause in table.outputs)


def _incomplete(check: TableCheck) -> Iterator[Finding]:
    """Only said when the cells that cannot be judged could make a difference."""
    unjudged = check.blocks.unjudged
    if not unjudged:
        return
    cells = ", ".join(f"regel {number} '{column}'" for number, column in unjudged[:MAX_EXAMPLES])
    more = " en andere" if len(unjudged) > MAX_EXAMPLES else ""
    yield finding(
        "warning",
        "check-incomplete",
        check.table.place,
        f"Of deze tabel gaten of overlap heeft is niet volledig na te gaan, door {cells}{more}: "
        "die cellen hangen van meer af dan van hun eigen kolom.",
        "Maak van de berekening een eigen invoerkolom, of probeer de tabel uit.",
        name=check.owner,
    )


def _example(space: Space, block: Block) -> str:
    """One combination of a block in words."""
    picks = tuple(1 << piece for piece in corner(block))
    return _examples(space, tuple(map(_kept, picks, block, space.whole)))


def _kept(pick: int, mask: int, whole: int) -> int:
    return whole if mask == whole else pick


def _examples(space: Space, block: Block) -> str:
    """A block in words: for each column that matters one value of every stretch of its pieces."""
    parts = []
    for column, mask, whole in zip(space.columns, block, space.whole, strict=True):
        if mask != whole:
            pieces = list(stretches(mask))[:MAX_EXAMPLES]
            samples = (column.segments[piece].sample for piece in pieces)
            words = [value_in_words(sample, column.bounds) for sample in samples]
            parts.append(f"{column.name} = {join(words)}")
    return " en ".join(parts) if parts else "elke invoer"
