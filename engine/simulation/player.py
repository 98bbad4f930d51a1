"""Plays a scenario in a world: steps in order, standing answers beside them, timers in between."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from engine.errors import KetenspoorError
from engine.simulation.errors import ScenarioFailed
from engine.simulation.expectations import Outcome, judge, waits_no_longer
from engine.simulation.scenario import Habit, Scenario, Step
from engine.simulation.wording import later
from engine.simulation.world import OpenTask, World

PATIENCE = timedelta(weeks=4)
"""How long a step waits for its task unless it says ``uiterlijk``."""

_FOREVER = timedelta(days=366 * 30)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    kind: str
    text: str
    element_id: str | None = None


@dataclass(slots=True)
class Play:
    """How a scenario went."""

    scenario: Scenario
    timeline: list[Moment] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    error: KetenspoorError | None = None
    finished: bool = False

    @property
    def passed(self) -> bool:
        """Whether it came to its end and all expectations held."""
        return self.error is None and self.finished and all(o.held for o in self.outcomes)


def play(
    scenario: Scenario,
    world: World,
    *,
    begin: datetime | None = None,
    until: datetime | None = None,
    silent_from: datetime | None = None,
    at_work: Callable[[datetime], datetime] = lambda moment: moment,
    told: Callable[[Moment], None] = lambda moment: None,
) -> Play:
    """Play a scenario, from ``begin`` (default: its own) and no further than ``until``.

    From ``silent_from`` on nobody does anything any more: only timers go off. ``at_work`` moves the
    moment at which somebody would act to one at which people work. ``told`` hears every line of
    the timeline as it comes. Errors end the play and stand in its result; only broken code raises.
    """
    result = Play(scenario)
    shift = (begin or scenario.begin) - scenario.begin
    player = _Player(scenario, world, result, shift, silent_from, at_work, told)
    try:
        result.finished = player.run(until)
    except KetenspoorError as error:
        result.error = error
        player.tell("fout", error.message)
    return result


class _Player:
    def __init__(
        self,
        scenario: Scenario,
        world: World,
        result: Play,
        shift: timedelta,
        silent_from: datetime | None,
        at_work: Callable[[datetime], datetime],
        told: Callable[[Moment], None],
    ) -> None:
        self.scenario, self.world, self.result, self.shift = scenario, world, result, shift
        self.silent_from = silent_from
        self.at_work = at_work
        self.told = told
        self.habits = [copy(habit) for habit in scenario.habits]
        self.planned: list[tuple[datetime, int, UUID, Habit]] = []
        self.seen: set[UUID] = set()
        self.order = count()

    def tell(self, kind: str, text: str, element_id: str | None = None) -> None:
        moment = Moment(self.world.clock.now(), kind, text, element_id)
        self.result.timeline.append(moment)
        self.told(moment)

    def run(self, until: datetime | None) -> bool:
        """Whether all steps were done (and not only ``until`` reached)."""
        clock = self.world.clock
        clock.advance_to(self.scenario.begin + self.shift)
        if until is not None and clock.now() > until:
            return False
        if self.scenario.beside:
            self.world.begin()
            self.world.start_beside(self.scenario.beside, self.scenario.role, self.scenario.answers)
            self.tell("naast", f"Naast een traject begint: {self.scenario.beside}")
        elif self.scenario.called:
            self.world.call(self.scenario.called, self.scenario.answers)
            self.tell("aanroep", f"Aanroep van {self.scenario.called}")
        else:
            self.world.refer(self.scenario.entry, self.scenario.answers)
            self.tell("aanmelding", f"Aanmelding via {self.scenario.entry}")
        steps = iter(self.scenario.steps)
        waiting = self._begin(next(steps, None))
        while True:
            if self.silent_from is not None and clock.now() >= self.silent_from:
                return self._only_timers(until or self.silent_from)
            while waiting is not None and (ready := next(waiting)) is True:
                waiting = self._begin(next(steps, None))
            if waiting is None:
                if until is None:
                    return True
                ready = None
            self._plan_habits()
            moments = [self.world.next_due(), self.planned[0][0] if self.planned else None]
            if isinstance(ready, datetime):
                moments.append(ready)
            upcoming = min((m for m in moments if m is not None), default=None)
            if upcoming is None or (until is not None and upcoming > until):
                if until is not None:
                    clock.advance_to(until)
                    return waiting is None
                raise ScenarioFailed("Er gebeurt niets meer terwijl het scenario nog wacht.")
            if upcoming - self.scenario.begin - self.shift > _FOREVER:
                raise ScenarioFailed("Het scenario duurt langer dan dertig jaar.")
            clock.advance_to(upcoming)
            self.world.fire_due()
            self._act_on_habits()

    def _only_timers(self, until: datetime) -> bool:
        while (due := self.world.next_due()) is not None and due <= until:
            self.world.clock.advance_to(due)
            self.world.fire_due()
        self.world.clock.advance_to(until)
        return False

    # -- standing answers ----------------------------------------------------------------------

    def _plan_habits(self) -> None:
        for task in self.world.open_tasks():
            if task.task_id in self.seen:
                continue
            self.seen.add(task.task_id)
            self.tell("taak", f"Taak verschijnt: {task.name}", task.element_id)
            habit = next(
                (
                    h
                    for h in reversed(self.habits)
                    if h.task == task.element_id and (h.at_most is None or h.used < h.at_most)
                ),
                None,
            )
            if habit is not None:
                habit.used += 1
                at = self.at_work(later(task.created_at, habit.delay))
                heapq.heappush(self.planned, (at, next(self.order), task.task_id, habit))

    def _act_on_habits(self) -> None:
        while self.planned and self.planned[0][0] <= self.world.clock.now():
            _at, _order, task_id, habit = heapq.heappop(self.planned)
            if habit not in self.habits:
                continue
            task = next((t for t in self.world.open_tasks() if t.task_id == task_id), None)
            if task is not None:
                self._complete(task, habit.role, habit.answers)

    def _complete(self, task: OpenTask, role: str | None, answers: object) -> None:
        given = answers if isinstance(answers, dict) else {}
        try:
            self.world.complete(task, role, given)
        except KetenspoorError as error:
            error.where.setdefault("element_id", task.element_id)
            raise
        self.tell(
            "gedaan", f"{role or task.role or 'iemand'} rondt af: {task.name}", task.element_id
        )

    # -- steps ---------------------------------------------------------------------------------

    def _begin(self, step: Step | None) -> Iterator[bool | datetime | None] | None:
        return None if step is None else self._do(step)

    def _do(self, step: Step) -> Iterator[bool | datetime | None]:
        """Yields ``True`` when done, else the instant to look again at (``None``: any change)."""
        clock = self.world.clock
        started = clock.now()
        if step.at is not None:
            while clock.now() < step.at + self.shift:
                yield step.at + self.shift
        if step.kind in ("taak", "wacht_op", "volg"):
            yield from self._wait_then_do(step, clock.now())
        else:
            pause = step.value if step.kind == "wacht" else step.after
            if pause is not None:
                moment = self.at_work(later(started, pause))
                while clock.now() < moment:
                    yield moment
            self._act(step)
        yield True

    def _wait_then_do(self, step: Step, started: datetime) -> Iterator[bool | datetime | None]:
        clock = self.world.clock
        deadline = later(started, step.at_latest or PATIENCE)
        while not self._there(step):
            if clock.now() >= deadline:
                raise ScenarioFailed(
                    f"Stap {step.number} wachtte vergeefs op {step.value}; open staan: "
                    + (", ".join(t.element_id for t in self.world.open_tasks()) or "geen taken")
                    + ".",
                    "Controleer de taak, of geef met 'uiterlijk' meer tijd.",
                    step=step.number,
                )
            yield deadline
        if step.after is not None:
            moment = self.at_work(later(max(clock.now(), started), step.after))
            while clock.now() < moment:
                yield moment
        if step.kind == "taak":
            task = self._open(str(step.value))
            if task is None:
                raise ScenarioFailed(
                    f"Stap {step.number}: de taak {step.value} verdween voordat hij gedaan werd.",
                    "Maak 'na' korter.",
                    step=step.number,
                )
            self.seen.add(task.task_id)
            self._complete(task, step.role, step.answers)

    def _there(self, step: Step) -> bool:
        if step.kind == "taak":
            return self._open(str(step.value)) is not None
        if step.kind == "volg":
            return self.world.follow(step.value)
        return waits_no_longer(step.value, self.world)

    def _open(self, element_id: str) -> OpenTask | None:
        return next((t for t in self.world.open_tasks() if t.element_id == element_id), None)

    def _act(self, step: Step) -> None:
        match step.kind:
            case "contact":
                self.world.note_contact(step.role, step.value)
                self.tell("contact", f"{step.role or 'iemand'} noteert een contact")
            case "naast":
                self.world.start_beside(step.value, step.role, step.answers)
                self.tell("naast", f"{step.role or 'iemand'} begint ernaast: {step.value}")
            case "bericht":
                self.world.publish(step.value, step.variables, step.key)
                self.tell("bericht", f"Bericht: {step.value}")
            case "nieuw_traject":
                package, entry = step.value["pakket"], step.value["ingang"]
                self.world.return_to(package, entry, step.answers)
                self.tell("aanmelding", f"Nieuw traject: {package}, via {entry}")
            case "gewoonte_aan":
                self.habits.append(copy(step.value))
                self.seen -= {
                    t.task_id for t in self.world.open_tasks() if t.element_id == step.value.task
                }
            case "gewoonte_uit":
                self.habits = [h for h in self.habits if h.task != step.value]
            case "verwacht":
                for outcome in judge(step.value, self.world, step.number):
                    self.result.outcomes.append(outcome)
                    self.tell("goed" if outcome.held else "MIS", outcome.text)
