"""How much of everything a storm has, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.diagram import Pace


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything.

    Attributes:
        seconds: length of the storm itself.
        instances: families to refer; ``lasting`` refers others as these end, so that as many are
            under way until the calm.
        workers, web, commanders, visitors: processes of each kind. Commanders call the engine,
            visitors come over HTTP and need ``web``.
        machines: 1, or 2: every second process then has a folder of its own and reaches the
            database over TCP, through a link that can be cut.
        blow_every: seconds between two blows, about.
        server_every: how long the database lives between two of its own ends, in seconds.
        jump: most seconds that a clock goes forward or backward.
        looks: how often everything is killed and looked at in between.
        calm_seconds: most time that all may take to end afterwards.
        mends: whether people act against the drawn course as well.
    """

    seconds: float
    instances: int
    workers: int = 2
    web: int = 0
    commanders: int = 2
    visitors: int = 0
    machines: int = 1
    seed: int = 1
    blow_every: float = 0.7
    server_every: float = 30
    jump: float = 0
    looks: int = 1
    calm_seconds: float = 120
    lasting: bool = False
    mends: bool = False
    pace: Pace = field(default_factory=Pace)


@dataclass
class Outcome:
    """What befell, what came of it, and what is wrong."""

    blows: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
