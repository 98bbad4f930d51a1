"""Keys of rows and tokens: random, but for their beginning, by which later ones are greater.

So what was written at the same instant can be shown in the order in which it was written, wherever
it lies in the table. They are UUIDs of version 7 (RFC 9562, section 6.2, method 3). Nobody reads a
time out of them: a time that means something has a column of its own.
"""

from __future__ import annotations

import os
import time
from threading import Lock
from uuid import UUID

_VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62


class _Keys:
    """The keys of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def next(self) -> UUID:
        """A key that nobody has yet, greater than all that this process made before."""
        with self._lock:  # milliseconds, and 12 bits of their fraction
            self._last = begin = max((time.time_ns() << 12) // 1_000_000, self._last + 1)
        chance = int.from_bytes(os.urandom(8)) >> 2
        return UUID(int=begin >> 12 << 80 | (begin & 0xFFF) << 64 | _VERSION_AND_VARIANT | chance)


new_key = _Keys().next
