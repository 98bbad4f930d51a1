"""Why a play went as it did, in words: conditions with their values, tables with their rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext, ngettext

from engine.feel.errors import FeelError
from engine.feel.text_form import to_text
from engine.feel.values import YearsMonthsDuration
from engine.simulation.plays.witness import Choice, Decided, Reason, Verdict
from engine.simulation.plays.world import PlayedWorld
from webui.presentation import show_day, show_moment
from webui.studio.trying.models import FlowLine, RuleLine, WhyLine

LONGEST = 400
MOST_LINES = 40


def why_lines(world: PlayedWorld, reasons: Sequence[Reason]) -> list[WhyLine]:
    """The choices and decisions of one move, in the order in which they were made."""
    return [
        _choice(one) if isinstance(one, Choice) else _decided(one) for one in reasons[:MOST_LINES]
    ]


def in_words(value: Any) -> str:
    """A value as people read it: times and lengths of time in words, the rest as FEEL writes it."""
    text = _said(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _said(value: Any) -> str:
    match value:
        case str():
            return value
        case timedelta():
            return _length(value)
        case YearsMonthsDuration():
            years, months = divmod(abs(value.months), 12)
            return _counted((years, _years(years)), (months, _months(months)))
        case datetime() if value.tzinfo is not None:
            return show_moment(value)
        case date() if not isinstance(value, datetime):
            return show_day(value)
        case Mapping():
            return ", ".join(f"{key}: {_said(inner)}" for key, inner in value.items()) or "{}"
        case list():
            return "; ".join(_said(inner) for inner in value) or "[]"
        case _:
            try:
                return to_text(value)
            except FeelError:
                return type(value).__name__


def _length(span: timedelta) -> str:
    minutes = round(abs(span).total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    words = _counted(
        (days, ngettext("%(num)d dag", "%(num)d dagen", days)),
        (hours, gettext("%(hours)d uur", hours=hours)),
        (rest, ngettext("%(num)d minuut", "%(num)d minuten", rest)),
    )
    return f"-{words}" if span < timedelta(0) else words


def _counted(*parts: tuple[int, str]) -> str:
    return " ".join(words for count, words in parts if count) or "0"


def _years(count: int) -> str:
    return ngettext("%(num)d jaar", "%(num)d jaar", count)


def _months(count: int) -> str:
    return ngettext("%(num)d maand", "%(num)d maanden", count)


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
