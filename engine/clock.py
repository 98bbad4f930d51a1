"""The one source of "now". Instants are UTC; the business time zone is Europe/Amsterdam."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

BUSINESS_ZONE = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """Anything that tells the current instant."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The machine's current instant in UTC."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved; for tests, try-outs and the demonstration."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a virtual clock needs an aware start instant")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant the clock stands at, in UTC."""
        return self._now

    def advance_to(self, instant: datetime) -> None:
        """Move forward to ``instant`` (aware). Moving back is ignored: time never does."""
        self._now = max(self._now, instant.astimezone(UTC))
