"""Reads answers of forms into values of the file. Answers were checked before; what still does not
fit is taken as not given, since a document keeps the whole form anyway.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from uuid import UUID

from engine.clock import BUSINESS_ZONE

_YES = frozenset({"ja", "yes", "true", "1"})
_NO = frozenset({"nee", "no", "false", "0"})


def text(value: object, limit: int | None = None) -> str | None:
    """A text without what PostgreSQL cannot store, cut at ``limit``; a list is joined."""
    if isinstance(value, list | tuple):
        value = ", ".join(part for part in map(text, value) if part)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _storable(str(value)).strip()[:limit] or None


def yes_no(value: object) -> bool | None:
    """A yes or a no, as checkbox or as word; ``None`` for anything else."""
    word = str(value).strip().lower() if isinstance(value, bool | int | str) else ""
    return True if word in _YES else False if word in _NO else None


def choice(value: object, among: Sequence[str]) -> str | None:
    """One of the given words, or ``None``."""
    word = (text(value) or "").lower()
    return word if word in among else None


def day(value: object) -> date | None:
    """A calendar date; of a date and time, its day in the business time zone."""
    if isinstance(value, str) and len(value.strip()) == len("2026-01-05"):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    moment = instant(value)
    return local_day(moment) if moment else None


def instant(value: object) -> datetime | None:
    """An instant in UTC; without a zone it is meant locally, a bare date means its noon."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        if not has_time(value):
            moment = datetime.combine(moment.date(), time(12))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=BUSINESS_ZONE)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def has_time(value: object) -> bool:
    """Whether an answer names a time of the day beside the date."""
    return isinstance(value, str) and len(value.strip()) > len("2026-01-05")


def local_day(moment: datetime) -> date:
    """The calendar date of an instant in the business time zone."""
    return moment.astimezone(BUSINESS_ZONE).date()


def key(value: object) -> UUID | None:
    """An id, or ``None``."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def rows(value: object) -> list[Mapping[str, object]]:
    """The rows of a dynamic list; what is no row is left out."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def storable(value: object) -> object:
    """JSON data without what PostgreSQL's ``jsonb`` refuses: NUL, lone surrogates, NaN."""
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {_storable(str(name)): storable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [storable(part) for part in value]
    return value


def _storable(value: str) -> str:
    if value.isascii() and "\x00" not in value:
        return value
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
