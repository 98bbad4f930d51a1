"""The method that a table sends a family on to: it must be there, and have that way in.

A table with the columns ``pakket`` and ``ingang`` chooses the next method
(``gezin-vervolgtraject``). Nothing is said where no other packages are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.decisions import elements as el
from engine.definitions.checks.texts import static_names
from engine.definitions.model import Finding
from engine.definitions.neighbours import Neighbours
from engine.definitions.reporting import Place, Reporter
from engine.definitions.suggestions import did_you_mean

if TYPE_CHECKING:
    from engine.definitions.packages import Package

PACKAGE, ENTRY = "pakket", "ingang"
"""Columns of a table that chooses the next method."""


def check_follow_on(package: Package, neighbours: Neighbours) -> Iterator[Finding]:
    """Every row of the package's tables that names a method, or a way in, that is not there."""
    if not neighbours.packages:
        return
    known = {one.key: one for one in (*neighbours.packages, package)}
    for path, model in package.decision_models.items():
        report = Reporter(path)
        for decision in model.definitions.decisions:
            if isinstance(decision.expression, el.TableBox):
                _table(decision, decision.expression, known, report)
        yield from report.findings


def _table(
    decision: el.DecisionElement, table: el.TableBox, known: dict[str, Package], report: Reporter
) -> None:
    columns = [output.name for output in table.outputs]
    if PACKAGE not in columns or ENTRY not in columns:
        return
    for rule in table.rules:
        key = _word(rule.outputs[columns.index(PACKAGE)])
        entry = _word(rule.outputs[columns.index(ENTRY)])
        where = Place(decision.place.element_id, decision.name, rule.place.line or 0)
        if key is None:
            continue
        if key not in known:
            report.error(
                "unknown-next-method",
                where,
                f"Regel {rule.number} van ‘{decision.name}’ stuurt een gezin naar het pakket "
                f"‘{key}’, maar dat is er niet.",
                did_you_mean(key, known, "Kies een pakket dat er is, of publiceer dat eerst."),
            )
        elif entry is not None and entry not in known[key].entries:
            report.error(
                "unknown-next-entry",
                where,
                f"Regel {rule.number} van ‘{decision.name}’ stuurt een gezin naar de ingang "
                f"‘{entry}’ van ‘{key}’, maar die heeft dat pakket niet.",
                did_you_mean(entry, known[key].entries, "Kies een ingang uit pakket.toml."),
            )


def _word(cell: el.Text) -> str | None:
    """The one fixed text of a cell; ``None`` when it depends on something."""
    found = list(static_names(f"={cell.text}"))
    return found[0] if len(found) == 1 else None
