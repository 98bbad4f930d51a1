"""Times as Python and jBPM write them, as BPMN writes them."""

from __future__ import annotations

import re
from typing import Final

_SHORT: Final = re.compile(
    r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?(?:(\d{1,6})ms)?"
)
_DELTA: Final = re.compile(r"(?:datetime\.)?timedelta\(([^()]*)\)")
_NOW: Final = re.compile(r"(?:datetime\.)?datetime\.now\(\)(?:\s*([+-])\s*(.+))?")
_PART: Final = re.compile(r"\s*(\w+)\s*=\s*(\d{0,6}(?:\.\d{1,6})?)\s*")
_EPOCH: Final = 'date and time("1970-01-01T00:00:00Z")'
"""What is counted from here is in universal time, which a repetition can begin at."""
_SECONDS: Final = {
    "weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1,
    "milliseconds": 0.001,
}  # fmt: skip


def short_time(text: str) -> str | None:
    """A duration of jBPM, such as ``1h30m`` or ``500ms``."""
    found = _SHORT.fullmatch(text)
    if found is None or not any(found.groups()):
        return None
    days, hours, minutes, seconds, thousandths = (int(part or 0) for part in found.groups())
    return f"P{days}DT{hours}H{minutes}M{seconds + thousandths / 1000:g}S"


def delayed_cycle(text: str) -> str | None:
    """A cycle of jBPM that begins after another time than it goes on with: ``500ms###1s``."""
    first, between, period = text.partition("###")
    wait, again = short_time(first.strip()), short_time(period.strip())
    if not between or wait is None or again is None:
        return None
    if wait == again:
        return f"R/{again}"
    passed = f'now() + duration("{wait}") - {_EPOCH}'
    return f'="R/" + string({_EPOCH} + ({passed})) + "/{again}"'


def python_time(text: str) -> str | None:
    """A ``timedelta`` of numbers, in exact seconds."""
    found = _DELTA.fullmatch(text.strip())
    if found is None:
        return None
    seconds = 0.0
    for part in found[1].split(","):
        given = _PART.fullmatch(part)
        if given is None or given[1] not in _SECONDS or given[2] in ("", "."):
            return None
        seconds += _SECONDS[given[1]] * float(given[2])
    return f"PT{seconds:.6f}".rstrip("0").rstrip(".") + "S"


def python_moment(text: str) -> str | None:
    """Now, or a ``timedelta`` before or after it, as FEEL."""
    bare = text.strip().removesuffix(".isoformat()")
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    found = _NOW.fullmatch(bare)
    if found is None:
        return None
    if found[1] is None:
        return "=now()"
    span = python_time(found[2])
    return None if span is None else f'=now() {found[1]} duration("{span}")'
