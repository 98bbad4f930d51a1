"""The value of an ``@"..."`` literal."""

from __future__ import annotations

from .durations import parse_duration_text
from .kinds import Value
from .moments import parse_date, parse_datetime, parse_time


def parse_at_literal(text: str) -> Value:
    """A date, a date and time, a time or a duration, by the form of the text; None if none."""
    if text.lstrip("-").startswith("P"):
        return parse_duration_text(text)
    if "T" in text:
        return parse_datetime(text)
    if text[2:3] == ":":
        return parse_time(text)
    return parse_date(text)
