"""Keeps family data out of logs: what derives from ``Discreet`` shows its class only."""

from __future__ import annotations


class Discreet:
    """A value with personal content; its ``repr`` has none."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
