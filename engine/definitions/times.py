"""Times as modellers write them: ISO 8601 durations, dates and cycles, and what they meant."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.definitions.cron import is_cron

_DATE_PART: Final = (
    r"(?:\d{1,3}Y)?(?:\d{1,4}M)?(?:\d{1,4}(?:[.,]\d{1,9})?W)?(?:\d{1,5}(?:[.,]\d{1,9})?D)?"
)
_TIME_PART: Final = (
    r"(?:T(?=\d)(?:\d{1,7}(?:[.,]\d{1,9})?H)?(?:\d{1,8}(?:[.,]\d{1,9})?M)?"
    r"(?:\d{1,9}(?:[.,]\d{1,9})?S)?)?"
)
_DURATION: Final = re.compile(rf"P(?=\d|T\d){_DATE_PART}{_TIME_PART}", re.ASCII)
_REPEATS: Final = re.compile(r"R\d{0,9}", re.ASCII)
_ZONE_NAME: Final = re.compile(r"\[([A-Za-z_+\-/0-9]{1,64})\]$")

_UNITS: Final = {
    "jaar": "Y", "jaren": "Y", "year": "Y", "years": "Y",
    "maand": "M", "maanden": "M", "mnd": "M", "month": "M", "months": "M",
    "week": "W", "weken": "W", "wk": "W", "weeks": "W",
    "dag": "D", "dagen": "D", "dg": "D", "day": "D", "days": "D", "d": "D",
    "uur": "TH", "uren": "TH", "u": "TH", "h": "TH", "hour": "TH", "hours": "TH",
    "minuut": "TM", "minuten": "TM", "min": "TM", "minute": "TM", "minutes": "TM", "mins": "TM",
    "seconde": "TS", "seconden": "TS", "sec": "TS", "s": "TS", "second": "TS", "seconds": "TS",
}  # fmt: skip
_WORDS: Final = {
    "een": 1, "één": 1, "eén": 1, "a": 1, "an": 1, "one": 1, "elke": 1, "iedere": 1, "ieder": 1,
    "elk": 1, "every": 1, "twee": 2, "two": 2, "drie": 3, "three": 3, "vier": 4, "four": 4,
    "vijf": 5, "five": 5, "zes": 6, "six": 6, "zeven": 7, "seven": 7, "acht": 8, "eight": 8,
    "negen": 9, "nine": 9, "tien": 10, "ten": 10, "twaalf": 12, "twelve": 12,
}  # fmt: skip
_MEANT: Final = re.compile(
    r"(?:(?:na|over|after|in|om de)\s+)?(?:(?:elke|iedere|elk|ieder|every)\s+)?"
    r"(?:(\d{1,6})[\s-]*|([a-zéë]+)[\s-]+)?([a-zé]+)\.?",
    re.IGNORECASE,
)
_DUTCH_DATE: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:\s+(\d{1,2})[:.](\d{2}))?")


def is_duration(text: str) -> bool:
    """An ISO 8601 duration, such as ``P3D``, ``P1M``, ``PT1H30M``."""
    return len(text) <= 100 and _DURATION.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """An ISO 8601 date or date and time; a zone as offset or ``[Europe/Amsterdam]`` may follow."""
    named = _ZONE_NAME.search(text)
    if named is not None:
        text = text[: named.start()]
        if not _is_zone(named.group(1)):
            return False
    if not re.match(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True


def is_cycle(text: str) -> bool:
    """A repetition: ``R/P7D``, ``R3/PT10H``, ``R/2026-01-05T09:00:00Z/P1D``, or cron."""
    if is_cron(text):
        return True
    repeats, _, rest = text.partition("/")
    if not _REPEATS.fullmatch(repeats) or not rest:
        return False
    if repeats[1:] and int(repeats[1:]) == 0:
        return False
    start, slash, duration = rest.rpartition("/")
    return is_duration(duration) and (not slash or is_date(start))


_RULES: Final = {"timeDuration": is_duration, "timeDate": is_date, "timeCycle": is_cycle}


def is_iso_timer(kind: str, text: str) -> bool:
    """Whether ``text`` is right for ``timeDuration``, ``timeDate`` or ``timeCycle``."""
    return _RULES[kind](text)


def proposal(kind: str, text: str) -> str | None:
    """The ISO text that a modeller probably meant (``3 weken`` → ``P3W``); None if unclear."""
    text = text.strip().strip("\"'").strip()
    if kind == "timeDate":
        return _proposed_date(text)
    duration = _proposed_duration(text)
    if duration is None:
        return None
    return f"R/{duration}" if kind == "timeCycle" else duration


def _proposed_duration(text: str) -> str | None:
    upper = text.upper().replace(" ", "")
    if is_duration(upper):
        return upper
    if upper.startswith("R") and is_cycle(upper):
        return upper.rpartition("/")[2]
    swapped = f"P{upper.removeprefix('PT')}" if upper.startswith("PT") else f"PT{upper[1:]}"
    if upper.startswith("P") and is_duration(swapped):
        return swapped
    if len(text) > 60:
        return None
    date_parts: list[str] = []
    time_parts: list[str] = []
    for part in re.split(r"\s*(?:,|\ben\b|\band\b|\+)\s*", text):
        unit = _amount(part.strip())
        if unit is None:
            return None
        (time_parts if unit[1] == "T" else date_parts).append(unit[0])
    found = f"P{''.join(date_parts)}{'T' if time_parts else ''}{''.join(time_parts)}"
    return found if is_duration(found) else None


def _amount(part: str) -> tuple[str, str] | None:
    if part.lower() == "anderhalf uur":
        return "1H30M", "T"
    if part.lower() in ("half uur", "een half uur"):
        return "30M", "T"
    match = _MEANT.fullmatch(part)
    if match is None:
        return None
    digits, spelled, word = match.groups()
    unit = _UNITS.get(word.lower())
    count = int(digits) if digits else _WORDS.get(spelled.lower()) if spelled else 1
    if unit is None or count is None:
        return None
    return f"{count}{unit[-1]}", unit[0] if len(unit) == 2 else "D"


def _proposed_date(text: str) -> str | None:
    match = _DUTCH_DATE.fullmatch(text)
    if match is None:
        return None
    day, month, year, hour, minute = match.groups()
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    clock = f"{int(hour or 0):02d}:{int(minute or 0):02d}"
    if int(hour or 0) > 23 or int(minute or 0) > 59:
        return None
    return f"{found.isoformat()}T{clock}:00[Europe/Amsterdam]"
