"""How a scenario goes in a package as it is: kept as long as neither changes, and compared."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from threading import Lock
from typing import ClassVar, Final
from uuid import UUID

import structlog

from engine.definitions.packages import Package
from engine.errors import KetenspoorError
from engine.runtime.catalogue import Catalogue
from engine.simulation.errors import PlayRefused
from engine.simulation.expectations import Outcome
from engine.simulation.memory_world import MemoryWorld
from engine.simulation.player import Moment, Play, play
from engine.simulation.plays.witness import WatchedCatalogue
from engine.simulation.scenario import read_scenario
from engine.simulation.tryout import UNTESTED

KEPT: Final = 128

log = structlog.get_logger("simulation")


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """How one scenario went.

    Attributes:
        reached: every (process id, element id) that it entered.
        begin, end: the clock, in UTC.
        step: the step at which it stopped, if it names one.
    """

    file: str
    name: str
    passed: bool
    error: KetenspoorError | None
    outcomes: tuple[Outcome, ...]
    timeline: tuple[Moment, ...]
    reached: frozenset[tuple[str, str]]
    begin: datetime | None = None
    end: datetime | None = None
    phase: str | None = None
    status: str = ""
    outcome: str | None = None

    @property
    def lasted(self) -> timedelta:
        """How long it lasted."""
        return self.end - self.begin if self.begin and self.end else timedelta(0)


@dataclass(frozen=True, slots=True)
class ElementCover:
    """An element that scenarios may reach; ``reason`` why none does, if the diagram says so."""

    id: str
    name: str
    reason: str


class _TriedWorld(MemoryWorld):
    """Notes besides how long each task and timer gets: two versions may differ in that alone."""

    catalogue: ClassVar[type[Catalogue]] = WatchedCatalogue

    def __init__(self, package: Package, begin: datetime, others: Sequence[Package]) -> None:
        super().__init__(package, begin, others)
        self.timeline: list[Moment] = []
        self._pending: list[tuple[bool, Moment]] = []
        self._noted: set[tuple[UUID, datetime]] = set()

    def tell(self, line: Moment) -> None:
        """Add a line of the player, and after it the spans that came with it."""
        self.timeline.append(line)
        waiting = self._pending
        self._pending = []
        for of_task, span in waiting:
            # a task gets its span when the player has seen it appear
            if of_task and (line.kind, line.element_id) != ("taak", span.element_id):
                self._pending.append((of_task, span))
            else:
                self.timeline.append(span)

    def _look(self) -> None:
        now = self.clock.now()
        for _instance, wait in self.store.open_waits():
            if wait.due_at is None or (wait.token_id, wait.due_at) in self._noted:
                continue
            self._noted.add((wait.token_id, wait.due_at))
            name = wait.element_name or wait.element_id
            of_task = wait.kind == "user"
            kind = "Termijn" if of_task else "Wachttijd"
            text = f"{kind} van {name}: {_span(wait.due_at - now)}"
            self._pending.append((of_task, Moment(now, "termijn", text, wait.element_id)))
        super()._look()


def _span(span: timedelta) -> str:
    """A length of time in days, hours and minutes; a change of summer time is an hour."""
    minutes = max(0, round(span.total_seconds() / 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    said = ((days, "dag", "dagen"), (hours, "uur", "uur"), (rest, "minuut", "minuten"))
    words = [f"{count} {one if count == 1 else many}" for count, one, many in said if count]
    return " en ".join(words) or "meteen"


_results: OrderedDict[tuple[object, ...], ScenarioResult] = OrderedDict()
_lock = Lock()


def scenario_result(
    package: Package, others: Sequence[Package], file: str, raw: bytes
) -> ScenarioResult:
    """Play a scenario, or give how it went before with the same content."""
    key = (package.version, tuple(one.version for one in others), file, raw)
    with _lock:
        if key in _results:
            _results.move_to_end(key)
            return _results[key]
    found = _play(package, others, file, raw)
    with _lock:
        _results[key] = found
        while len(_results) > KEPT:
            _results.popitem(last=False)
    return found


def elements_to_cover(package: Package) -> dict[str, list[ElementCover]]:
    """The elements of every process of a package."""
    return {
        process.id: [
            ElementCover(one.id, one.name, one.properties.get(UNTESTED, ""))
            for one in process.elements.values()
        ]
        for process in package.processes.values()
    }


def _play(package: Package, others: Sequence[Package], file: str, raw: bytes) -> ScenarioResult:
    try:
        scenario = read_scenario(raw, file)
        world = _TriedWorld(package, scenario.begin, others)
        played: Play = play(scenario, world, told=world.tell)
    except KetenspoorError as error:
        return ScenarioResult(file, file, False, error, (), (), frozenset())
    except Exception as error:  # a package in the making may be broken in any way
        log.warning("scenario-broken", file=file, error=type(error).__name__, exc_info=True)
        refused = PlayRefused(
            "Dit scenario kan niet gespeeld worden zoals het pakket nu is.",
            "Los eerst op wat de controle in de werkbank meldt.",
        )
        return ScenarioResult(file, file, False, refused, (), (), frozenset())
    run = world.file.run if world.file.followed is not None else None
    return ScenarioResult(
        file=file,
        name=scenario.name,
        passed=played.passed,
        error=played.error,
        outcomes=tuple(played.outcomes),
        timeline=tuple(world.timeline),
        reached=frozenset(world.reached()),
        begin=scenario.begin,
        end=world.clock.now(),
        phase=run.phase if run else None,
        status=run.status if run else "",
        outcome=run.outcome if run else None,
    )


# -- two results of one scenario ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """One line of two timelines beside each other; one side is ``None`` where it has none.

    ``kind`` is ``same``, ``moved`` (the same at another time), ``changed`` (the same element in
    other words, such as another term), ``before`` or ``after``.
    """

    kind: str
    before: Moment | None
    after: Moment | None


def alike(before: ScenarioResult, after: ScenarioResult) -> bool:
    """Whether the same happened at the same times, with the same end."""
    ends = [
        (one.passed, one.status, one.phase, one.outcome, one.lasted, one.error is None)
        for one in (before, after)
    ]
    return ends[0] == ends[1] and all(one.kind == "same" for one in beside(before, after))


def beside(before: ScenarioResult, after: ScenarioResult) -> Iterator[Beside]:
    """Two timelines line by line, what is the same on both sides opposite each other."""
    one, other = before.timeline, after.timeline
    matched = SequenceMatcher(None, _texts(one), _texts(other), autojunk=False)
    for _tag, i1, i2, j1, j2 in matched.get_opcodes():
        if _tag == "equal":
            for left, right in zip(one[i1:i2], other[j1:j2], strict=True):
                yield Beside("same" if left.at == right.at else "moved", left, right)
            continue
        yield from _different(one[i1:i2], list(other[j1:j2]))


def _different(before: Sequence[Moment], after: list[Moment]) -> Iterator[Beside]:
    """Lines that differ, those about the same element opposite each other."""
    for left in before:
        place = next((at for at, right in enumerate(after) if _about(right) == _about(left)), None)
        if place is None:
            yield Beside("before", left, None)
            continue
        for right in after[:place]:
            yield Beside("after", None, right)
        yield Beside("changed", left, after[place])
        del after[: place + 1]
    for right in after:
        yield Beside("after", None, right)


def _about(line: Moment) -> tuple[str, str]:
    return line.kind, line.element_id or line.text


def _texts(timeline: Sequence[Moment]) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in timeline]
