"""What was left to a person when a file of another tool was opened: decided before publishing."""

from __future__ import annotations

from engine.definitions.checks.context import Check
from engine.definitions.drafts.left_to_decide import left_to_decide
from engine.definitions.expressions import shorten
from engine.definitions.model import Element, Process
from engine.definitions.reporting import label


def check_decisions_left(check: Check) -> None:
    """Every decision that is still open, at its element."""
    places: list[Process | Element] = [check.process, *check.elements.values()]
    for place in places:
        for name, text in left_to_decide(place.properties):
            check.report.error(
                "left-to-decide",
                place,
                f"Bij {label(place)} is nog iets te beslissen: {shorten(text, 300)}",
                "Teken wat er moet gebeuren of laat het vervallen, en haal dan bij ‘Eigenschappen "
                f"(extension properties)’ de eigenschap ‘{name}’ weg.",
            )
