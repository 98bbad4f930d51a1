"""Measurements of the product; see README.md in this folder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured number.

    Attributes:
        what: what was measured, in a few words.
        value: the number, in ``unit``.
        unit: such as ``ms``, ``s`` or ``1/s``.
        limit: the highest value that the product promises, if it promises one.
    """

    what: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def within(self) -> bool:
        """Whether the promise, if there is one, is kept."""
        return self.limit is None or self.value <= self.limit
