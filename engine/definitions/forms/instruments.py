"""The instruments whose scores the family file keeps: their scale, and who scores.

Each is versioned: a score is stored with the version it was given on. Only what is free or a
method's own is here; a licensed instrument belongs to its holder (rules-and-standards.md §6). No
score decides anything about a parent: a score starts a talk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

FAMILY: Final = "gezin"
WORKER: Final = "werker"
REFERRER: Final = "verwijzer"
SCORERS: Final = (FAMILY, WORKER, REFERRER)
"""Who may score. The family's own score is never mixed with somebody else's."""

MOMENTS: Final = ("start", "halverwege", "tussentijds", "afsluiting")
"""When in a trajectory a score was given."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """One question with a scale of numbers.

    Attributes:
        step: scores are ``lowest`` plus a whole number of these.
        scorers: who may give a score.
        source: where the instrument comes from.
    """

    key: str
    version: int
    lowest: Decimal
    highest: Decimal
    step: Decimal
    scorers: tuple[str, ...]
    source: str

    def admits(self, value: object) -> bool:
        """Whether a number, or text of one, is on the scale."""
        try:
            number = Decimal(str(value).replace(",", "."))
        except ArithmeticError:
            return False
        if not number.is_finite() or not self.lowest <= number <= self.highest:
            return False
        return (number - self.lowest) % self.step == 0


_RT: Final = "Verwey-Jonker Instituut, onderzoek naar 18 gezinnen in Rotterdam"

_ALL: Final = (
    Instrument(
        "schaalvraag", 1, Decimal(1), Decimal(10), Decimal(1), SCORERS, f"{_RT}, deel 1 §2.3"
    ),
    Instrument(
        "ernsttaxatie", 1, Decimal(1), Decimal(5), Decimal("0.5"), (WORKER,), f"{_RT}, deel 2 §2.1"
    ),
    Instrument(
        "hulpverleners", 1, Decimal(0), Decimal(50), Decimal(1), (FAMILY, WORKER),
        f"{_RT}, deel 2 §4.1",
    ),
    Instrument(
        "hulpdagen", 1, Decimal(0), Decimal(7), Decimal(1), (FAMILY, WORKER),
        f"{_RT}, deel 2 §4.1",
    ),
)  # fmt: skip

INSTRUMENTS: Final[Mapping[str, Instrument]] = MappingProxyType({one.key: one for one in _ALL})

SCORE_PATHS: Final[Mapping[str, Instrument]] = MappingProxyType(
    {f"meting.{one.key}.{scorer}": one for one in _ALL for scorer in one.scorers}
)
"""The places of the family file that take a score, with the instrument of each."""
