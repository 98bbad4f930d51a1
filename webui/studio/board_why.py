"""Why a play went as it did, in words: conditions with their values, tables with their rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from engine.feel.errors import FeelError
from engine.feel.values import to_json
from engine.simulation.plays.witness import Choice, Decided, Reason, Verdict
from engine.simulation.plays.world import PlayedWorld
from webui.studio.board_models import FlowLine, RuleLine, WhyLine

LONGEST = 400
MOST_LINES = 40


def why_lines(world: PlayedWorld, reasons: Sequence[Reason]) -> list[WhyLine]:
    """The choices and decisions of one move, in the order in which they were made."""
    return [
        _choice(one) if isinstance(one, Choice) else _decided(one) for one in reasons[:MOST_LINES]
    ]


def in_words(value: Any) -> str:
    """A value as people read it: texts as they are, the rest as short as FEEL writes it."""
    try:
        plain = to_json(value)
    except FeelError:
        return type(value).__name__
    if isinstance(plain, str):
        return plain[:LONGEST]
    text = json.dumps(plain, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _choice(one: Choice) -> WhyLine:
    return WhyLine(
        kind="keuze",
        name=one.name or one.element_id,
        flows=[_flow(verdict) for verdict in one.verdicts],
    )


def _flow(one: Verdict) -> FlowLine:
    return FlowLine(
        name=one.name,
        condition=(one.condition or "").strip().removeprefix("=").strip(),
        holds=one.holds,
        taken=one.taken,
        is_default=one.is_default,
        values=[(name, in_words(value)) for name, value in one.values.items()],
    )


def _decided(one: Decided) -> WhyLine:
    table = one.tables[-1] if one.tables else None
    return WhyLine(
        kind="tabel",
        name=one.name or one.decision_id,
        inputs=[(name, in_words(value)) for name, value in table.inputs] if table else [],
        rules=[
            RuleLine(
                rule.number,
                [(name, in_words(value)) for name, value in rule.outputs.items()],
                " ".join(filter(None, rule.annotations)),
            )
            for rule in (table.matched if table else ())
        ],
        value=in_words(one.value),
    )
