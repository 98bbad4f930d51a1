"""Cron texts as Camunda 8 reads them: six fields from the seconds on, or a word like @daily.

Both the day of the month and the day of the week must fit. Times are those of the business zone:
one that a night skips comes an hour later, one that a night brings twice comes once.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from croniter import CroniterError, croniter

from engine.clock import BUSINESS_ZONE

_WORDS: Final = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_NUMBERS: Final = r"[\d*][\d*,/-]{0,60}"
_FIELDS: Final = re.compile(
    rf"{_NUMBERS} {_NUMBERS} {_NUMBERS} (?:{_NUMBERS}|\?|L) "
    r"(?:[\dA-Z*][\dA-Z*,/-]{0,60}) (?:[\dA-Z*][\dA-Z*,/#-]{0,60}|\?)"
)
_SOME_MOMENT: Final = datetime(2026, 1, 5)  # noqa: DTZ001 - only asked whether there is a next one


def is_cron(text: str) -> bool:
    """Whether it is a cron text that goes off some day."""
    return _readable(_plain(text))


def next_after(text: str, moment: datetime) -> datetime:
    """The first instant (UTC) after ``moment``. Only asked of what ``is_cron`` accepts."""
    local = moment.astimezone(BUSINESS_ZONE).replace(tzinfo=None)
    found = moment
    while found <= moment:  # the second time of a night's hour that comes twice
        local = _next(_plain(text), local)
        found = local.replace(tzinfo=BUSINESS_ZONE).astimezone(UTC)
    return found


def _plain(text: str) -> str:
    fields = " ".join(text.split())
    return _WORDS.get(fields.lower(), fields.upper())


@lru_cache(maxsize=512)
def _readable(fields: str) -> bool:
    if not _FIELDS.fullmatch(fields):
        return False
    try:
        _next(fields, _SOME_MOMENT)
    except (CroniterError, ValueError, KeyError, ArithmeticError):
        return False
    return True


def _next(fields: str, local: datetime) -> datetime:
    found: datetime = croniter(
        fields, local, second_at_beginning=True, day_or=False, max_years_between_matches=30
    ).get_next(datetime)
    return found
