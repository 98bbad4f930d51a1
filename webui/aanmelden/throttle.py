"""How often one address may try to sign in: a wall against guessing, beside that of accounts."""

from __future__ import annotations

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter


class Throttle:
    """Counts the attempts of each address, in this process.

    ``allowed`` is as the ``limits`` library reads it, for example ``60 per minute; 600 per hour``.
    """

    def __init__(self, allowed: str) -> None:
        self._allowed = parse_many(allowed)
        self._counted = FixedWindowRateLimiter(MemoryStorage())

    def seconds_to_wait(self, address: str) -> int:
        """Count one attempt; how long the address has to wait, 0 when it may try."""
        over = [one for one in self._allowed if not self._counted.hit(one, address)]
        return max((one.get_expiry() for one in over), default=0)

    def forget(self) -> None:
        """Begin to count anew."""
        self._counted.storage.reset()
