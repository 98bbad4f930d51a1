"""Plays a list of moves anew, as far as the package of today allows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from engine.definitions.packages import Package
from engine.errors import KetenspoorError
from engine.runtime.store import Recorded
from engine.simulation.errors import PlayRefused
from engine.simulation.plays.moves import Move
from engine.simulation.plays.witness import Reason, watching
from engine.simulation.plays.world import PlayedWorld

log = structlog.get_logger("simulation")


@dataclass(frozen=True, slots=True)
class Made:
    """A move that was made: when it began and ended, what happened by it, and why."""

    move: Move
    began: datetime
    ended: datetime
    happened: tuple[Recorded, ...]
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class Replay:
    """A play as far as it came. ``stopped`` says why the move after the last was not made."""

    world: PlayedWorld
    made: list[Made] = field(default_factory=list)
    stopped: KetenspoorError | None = None


def replay(
    package: Package, others: Sequence[Package], begin: datetime, moves: Sequence[Move]
) -> Replay:
    """Make the moves in order, until one cannot be made. The world is as it was before that one.

    Raises:
        PlayRefused: the package is so broken that nothing can begin.
    """
    result = _replay(package, others, begin, moves)
    if result.stopped is None:
        return result
    # a move that failed may have been made in part: the world is built up again without it
    before = _replay(package, others, begin, moves[: len(result.made)])
    before.stopped = result.stopped
    return before


def _replay(
    package: Package, others: Sequence[Package], begin: datetime, moves: Sequence[Move]
) -> Replay:
    result = Replay(PlayedWorld(package, begin, others))
    for move in moves:
        try:
            result.made.append(_make(result.world, move))
        except KetenspoorError as error:
            result.stopped = error
            break
        except Exception as error:  # a package in the making may be broken in any way
            log.warning("play-broken", kind=move.kind, error=type(error).__name__, exc_info=True)
            result.stopped = PlayRefused(
                "Deze stap kan niet gespeeld worden zoals het pakket nu is.",
                "Los eerst op wat de controle in de werkbank meldt.",
            )
            break
    return result


def _make(world: PlayedWorld, move: Move) -> Made:
    began, known = world.clock.now(), len(world.store.history)
    reasons: list[Reason] = []
    with watching(reasons.append):
        world.make(move)
    happened = tuple(world.store.history[known:])
    return Made(move, began, world.clock.now(), happened, tuple(reasons))
