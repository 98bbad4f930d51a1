"""The machine that runs a compiled pattern: backtracking with a memory of dead ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..errors import FeelLimitError
from ..limits import Run

CHAR, SPLIT, JUMP, SAVE, ASSERT, BACK, MATCH = range(7)
"""Instructions: test one character, try two places in turn, go on elsewhere, remember the
position, test the position, repeat a group, succeed."""

STEPS_PER_RUN_STEP = 2
"""How many steps of the machine make one step of an evaluation; back references take longer."""

Instruction = tuple[int, Any, Any]


@dataclass
class Program:
    """A compiled pattern. ``fold`` gives the form in which a back reference compares texts."""

    code: list[Instruction] = field(default_factory=list)
    groups: int = 0
    looks_back: bool = False
    fold: Callable[[str], str] = str


def search(program: Program, text: str, start: int, run: Run) -> tuple[int, ...] | None:
    """The positions of the first match at or after ``start``: start and end of the whole, then of
    every group (-1 if it took no part). None if there is no match.

    Raises `FeelLimitError` when the budget of the evaluation is used up.
    """
    per_step = 1 if program.looks_back else STEPS_PER_RUN_STEP
    allowed = run.steps * per_step
    seen: set[object] = set()
    nothing = (-1,) * (2 * program.groups + 2)
    for begin in range(start, len(text) + 1):
        found = _match_at(program, text, begin, nothing, seen, allowed)
        if found is not None:
            run.spend(len(seen) // per_step)
            return found
    run.spend(len(seen) // per_step)
    return None


def _match_at(
    program: Program,
    text: str,
    begin: int,
    nothing: tuple[int, ...],
    seen: set[object],
    allowed: int,
) -> tuple[int, ...] | None:
    code, end, exact = program.code, len(text), program.looks_back
    waiting = [(0, begin, nothing)]
    while waiting:
        at, position, saved = waiting.pop()
        while True:
            # A place that was left without success leads nowhere a second time. Only back
            # references make the outcome depend on how it was reached.
            key: object = (at, position, saved) if exact else (at, position)
            if key in seen:
                break
            seen.add(key)
            if len(seen) > allowed:
                raise FeelLimitError(
                    "Het patroon kost te veel tijd op deze tekst.",
                    code="feel.limit.pattern",
                    remedy="Gebruik een eenvoudiger patroon of een kortere tekst.",
                )
            operation, first, second = code[at]
            if operation == CHAR:
                if position == end or not first(text[position]):
                    break
                position += 1
                at += 1
            elif operation == SPLIT:
                waiting.append((second, position, saved))
                at = first
            elif operation == JUMP:
                at = first
            elif operation == SAVE:
                saved = (*saved[:first], position, *saved[first + 1 :])
                at += 1
            elif operation == ASSERT:
                if not first(text, position):
                    break
                at += 1
            elif operation == BACK:
                length = _repeated(program, text, position, saved[2 * first : 2 * first + 2])
                if length < 0:
                    break
                position += length
                at += 1
            else:
                return saved
    return None


def _repeated(program: Program, text: str, position: int, group: tuple[int, ...]) -> int:
    """How far a group's text occurs again here, -1 if it does not. A group that took no part
    counts as empty.
    """
    if group[1] < 0:
        return 0
    wanted = text[group[0] : group[1]]
    here = text[position : position + len(wanted)]
    return len(wanted) if program.fold(here) == program.fold(wanted) else -1
