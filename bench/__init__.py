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
        least: the lowest value that the product promises, where more is better.
    """

    what: str
    value: float
    unit: str
    limit: float | None = None
    least: float | None = None

    @property
    def within(self) -> bool:
        """Whether the promise, if there is one, is kept."""
        low_enough = self.limit is None or self.value <= self.limit
        return low_enough and (self.least is None or self.value >= self.least)

    @property
    def promise(self) -> str:
        """The promise in words; empty where there is none."""
        if self.limit is not None:
            return f"(at most {self.limit:g})"
        return "" if self.least is None else f"(at least {self.least:g})"
