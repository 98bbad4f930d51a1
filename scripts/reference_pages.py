"""What every page of the written reference is made of: its note, headings, tables, and names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from engine.definitions.model import Kind

GENERATED: Final = (
    "<!-- Gemaakt door `python -m scripts.reference` uit de code. Verander de code, niet dit. -->"
)

IN_THE_MODELLER: Final[Mapping[Kind, str]] = {
    Kind.TASK: "Task",
    Kind.USER_TASK: "User task",
    Kind.MANUAL_TASK: "Manual task",
    Kind.SERVICE_TASK: "Service task",
    Kind.SCRIPT_TASK: "Script task",
    Kind.BUSINESS_RULE_TASK: "Business rule task",
    Kind.SEND_TASK: "Send task",
    Kind.RECEIVE_TASK: "Receive task",
    Kind.SUB_PROCESS: "Sub-process, event sub-process",
    Kind.CALL_ACTIVITY: "Call activity",
    Kind.START_EVENT: "Start event",
    Kind.END_EVENT: "End event",
    Kind.CATCH_EVENT: "Intermediate catch event",
    Kind.THROW_EVENT: "Intermediate throw event",
    Kind.BOUNDARY_EVENT: "Boundary event",
    Kind.EXCLUSIVE_GATEWAY: "Exclusive gateway",
    Kind.PARALLEL_GATEWAY: "Parallel gateway",
    Kind.INCLUSIVE_GATEWAY: "Inclusive gateway",
    Kind.EVENT_BASED_GATEWAY: "Event-based gateway",
    Kind.COMPLEX_GATEWAY: "Complex gateway",
    Kind.TRANSACTION: "Transaction",
    Kind.AD_HOC_SUB_PROCESS: "Ad-hoc sub-process",
}
"""How Camunda Modeler names what a process owner picks there."""


def page(*parts: str) -> str:
    """A page of these parts."""
    return "\n\n".join(parts) + "\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
