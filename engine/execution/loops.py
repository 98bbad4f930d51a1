"""Multi-instance and standard loops: the body is a token, each round is a token inside it."""

from __future__ import annotations

import re
from typing import Any

from engine.definitions.model import Loop
from engine.execution import variables
from engine.execution.errors import ExpressionFailed
from engine.execution.tokens import Token

MAX_ROUNDS = 10_000
_PATH = re.compile(r"=?\s*([^\W\d]\w*)(?:\.[^\W\d]\w*)*")
_LITERALS = frozenset({"true", "false", "null", "loopCounter"})


def prepare(token: Token, loop: Loop) -> None:
    """Settle what is looped over when the body is entered."""
    progress: dict[str, Any] = {"next": 0, "active": 0, "completed": 0}
    if not loop.standard:
        items = _items(token, loop)
        progress["items"] = variables.stored(items, what="Verzameling")
        if loop.output_collection:
            progress["outcomes"] = [None] * len(items)
    token.internal_data["loop"] = progress


def _items(token: Token, loop: Loop) -> list[Any]:
    seen, now = variables.visible(token), token.workflow.now
    if loop.input_collection is not None:
        items = variables.evaluate_feel(loop.input_collection, seen, now, what="Verzameling")
        if not isinstance(items, list):
            raise ExpressionFailed(
                "De verzameling waarover herhaald wordt is geen lijst.",
                "Verwijs naar een lijst, bijvoorbeeld =toeleidingen.",
                expression=loop.input_collection,
            )
        _bounded(len(items))
        return items
    count = variables.evaluate_feel(loop.cardinality or "0", seen, now, what="Aantal keren")
    try:
        number = int(count)
    except (TypeError, ValueError, OverflowError):
        number = -1
    if number < 0:
        raise ExpressionFailed(
            "Het aantal keren is geen getal van 0 of hoger.",
            "Vul een heel getal in.",
            expression=loop.cardinality or "",
        )
    _bounded(number)
    return list(range(1, number + 1))


def _bounded(count: int) -> None:
    if count > MAX_ROUNDS:
        often = count if count < 10**15 else "ontelbaar veel"
        raise ExpressionFailed(
            f"Er wordt {often} keer herhaald; hoogstens {MAX_ROUNDS} kan.",
            "Verdeel de lijst, of herhaal met een lus.",
        )


def advance(body: Token, loop: Loop) -> bool:
    """Start the next rounds. ``True`` when the loop is over."""
    progress = body.internal_data["loop"]
    if loop.standard:
        if progress["active"] or _standard_over(body, loop, progress):
            return not progress["active"]
        _start_round(body, loop, progress, None)
        return False
    items = progress["items"]
    while progress["next"] < len(items):
        if loop.sequential and progress["active"]:
            break
        _start_round(body, loop, progress, items[progress["next"]])
    return not progress["active"]


def _standard_over(body: Token, loop: Loop, progress: dict[str, Any]) -> bool:
    done = progress["completed"]
    if loop.maximum is not None and done >= loop.maximum:
        return True
    if loop.condition is None or (done == 0 and not loop.test_before):
        return loop.condition is None and loop.maximum is None and done > 0
    seen = variables.visible(body, {"loopCounter": done})
    return not variables.condition_holds(
        loop.condition, seen, body.workflow.now, what="Herhaalvoorwaarde"
    )


def _start_round(body: Token, loop: Loop, progress: dict[str, Any], item: Any) -> None:
    index = progress["next"]
    progress["next"] = index + 1
    progress["active"] += 1
    round_ = body.workflow.place(body.spec, body)
    round_.internal_data["inner"] = index
    if output := _output_variable(loop):
        round_.data[output] = None
    round_.data["loopCounter"] = index + 1
    if loop.input_element:
        round_.data[loop.input_element] = item


def _output_variable(loop: Loop) -> str | None:
    """The variable that every round makes for itself, so that rounds don't see each other's."""
    found = _PATH.fullmatch((loop.output_element or "").strip())
    return found.group(1) if found and found.group(1) not in _LITERALS else None


def needs_advance(body: Token, loop: Loop) -> bool:
    """Whether a completed round lets another begin, or was the last."""
    return loop.standard or loop.sequential or not body.internal_data["loop"]["active"]


def collected(body: Token, loop: Loop) -> list[Any]:
    """The outcomes so far, in the order of the items. Older states hold them as a variable.

    A loop that began in a version without them has none of the rounds that were done before.
    """
    progress = body.internal_data["loop"]
    if "outcomes" not in progress:
        held, count = body.data.pop(loop.output_collection or "", None), len(progress["items"])
        known = held if isinstance(held, list) else []
        progress["outcomes"] = [*known, *[None] * count][:count]
    outcomes: list[Any] = progress["outcomes"]
    return outcomes


def round_done(body: Token, round_: Token, loop: Loop) -> bool:
    """Account for a completed round; ``True`` when the loop is over."""
    progress = body.internal_data["loop"]
    seen, now = variables.visible(round_), body.workflow.now
    outcomes: list[Any] | None = None
    if loop.output_collection and loop.output_element:
        what = "Uitkomst per keer"
        value = variables.stored(
            variables.evaluate_feel(loop.output_element, seen, now, what=what), what=what
        )
        outcomes = list(collected(body, loop))
        outcomes[round_.internal_data["inner"]] = value
    over = False
    if loop.completion_condition is not None and not loop.standard:
        counts: dict[str, Any] = {
            "numberOfInstances": progress["next"] if loop.counts_begun else len(progress["items"]),
            "numberOfActiveInstances": progress["active"] - 1,
            "numberOfCompletedInstances": progress["completed"] + 1,
            "numberOfTerminatedInstances": 0,
        }
        if outcomes is not None and loop.output_collection:
            counts[loop.output_collection] = outcomes
        seen = variables.visible(round_, counts)
        over = variables.condition_holds(
            loop.completion_condition, seen, now, what="Afrondvoorwaarde"
        )
    if outcomes is not None and loop.output_collection:
        progress["outcomes"] = outcomes
    progress["active"] -= 1
    progress["completed"] += 1
    return over
