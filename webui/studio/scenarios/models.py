"""What the pages about scenarios show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.simulation.plays.outcomes import Beside


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A scenario by its file."""

    file: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Rival:
    """A published version to put beside."""

    version: str
    number: int
    retired: bool


@dataclass(frozen=True, slots=True)
class SideOfResult:
    """How a scenario went in one of two; ``only_here`` names elements that only it reached."""

    name: str
    passed: bool
    words: str
    wrong: Sequence[str]
    only_here: Sequence[str]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Lines of two timelines; ``folded`` when all are the same and no difference is near."""

    folded: bool
    lines: list[Beside]
