"""How often one address may try to sign in: a wall against guessing, beside that of accounts."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network

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
        whose = _counted_as(address)
        over = [one for one in self._allowed if not self._counted.hit(one, whose)]
        return max((one.get_expiry() for one in over), default=0)

    def forget(self) -> None:
        """Begin to count anew."""
        self._counted.storage.reset()


def _counted_as(address: str) -> str:
    """Who has one address of IPv6 has the 2⁶⁴ of its network: these are counted as one."""
    try:
        known = IPv6Address(address)
    except ValueError:  # one of IPv4, or what a proxy made of it
        return address
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(IPv6Network((int(known), 64), strict=False))
