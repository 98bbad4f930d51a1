"""Drives a package as people might: any task in any order, any answer, any time in between."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from engine.definitions.packages import Package, load_package
from engine.execution.standing import Standing
from engine.families.trajectories import contact_form
from engine.runtime.store import Instance
from engine.simulation.answering import any_answers
from engine.simulation.errors import ScenarioUnreadable
from engine.simulation.memory_world import MemoryWorld, _seen_by
from engine.simulation.player import play
from engine.simulation.scenario import Scenario, read_scenario
from engine.simulation.world import OpenTask

PROCESSES = Path(__file__).resolve().parents[1] / "processes"
BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
PARTNERS = ("school", "ggz", "schuldhulp", "jeugdhulp", "veilig-thuis")
NEWS = ("terugvalsignaal", "toestemming-ingetrokken")
"""What the product itself may tell a trajectory at any moment."""
LONGEST_JUMP, LONGEST_PART = 90, 300
"""Days."""


class WentWrong(AssertionError):
    """What a run came upon that must not be, with what was done before it."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """One way in which a package may begin to do something, or go on from somewhere."""

    package: str
    kind: str
    name: str
    given: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)

    def __str__(self) -> str:
        return f"{self.package}:{self.name}"


@cache
def packages() -> Mapping[str, Package]:
    """Every package under ``processes/``, by key."""
    found = (load_package(path.parent) for path in sorted(PROCESSES.rglob("pakket.toml")))
    return {package.key: package for package in found}


def ways_in() -> Iterator[WayIn]:
    """Every entry, every start beside, and every shared process as its scenarios call it."""
    for key, package in packages().items():
        for entry in package.entries:
            yield WayIn(key, "entry", entry)
        for start in package.beside:
            yield WayIn(key, "beside", start)
        for name, scenario in _calls(package).items():
            yield WayIn(key, "call", name, scenario.answers)


def ways_on() -> Iterator[WayIn]:
    """Every method, from somewhere in one of its scenarios on."""
    for key, package in packages().items():
        if any(scenario.entry for scenario in _told(package)):
            yield WayIn(key, "midway", "halverwege")


def _calls(package: Package) -> Mapping[str, Scenario]:
    found: dict[str, Scenario] = {}
    for scenario in _told(package):
        if scenario.called:
            found.setdefault(scenario.called, scenario)
    return found


@cache
def _told(package: Package) -> Sequence[Scenario]:
    told = []
    for file, raw in package.scenarios.items():
        with suppress(ScenarioUnreadable):  # the check of the package says so
            told.append(read_scenario(raw, file))
    return told


class Driver(MemoryWorld):
    """A world in which anything may happen, and which looks every time whether it still holds."""

    def __init__(self, way: WayIn, random: Random, known: Mapping[str, Package]) -> None:
        package = known[way.package]
        super().__init__(package, BEGIN, [p for p in known.values() if p is not package])
        self.way, self.random, self.known, self.done = way, random, known, [str(way)]
        for kind in PARTNERS:
            self.partner(kind)

    def run(self, steps: int) -> None:
        """Begin, and do something ``steps`` times, or until there is nothing left to do.

        Raises:
            WentWrong: something must not be; it says what was done.
        """
        try:
            self._enter()
            self.hold()
            for _ in range(steps):
                if not self._something():
                    return
                self.hold()
        except Exception as error:
            said = getattr(error, "message", None) or str(error)
            story = [*self.done, f"!! {type(error).__name__}: {said}"]
            raise WentWrong("\n".join(story)) from error

    # -- what may be done ------------------------------------------------------------------------

    def _enter(self) -> None:
        match self.way.kind:
            case "entry":
                form_id = self.package.entries[self.way.name].form_id
                self.refer(self.way.name, self._answers(self.package, form_id, {}))
            case "beside":
                self.begin()
                self._beside(self.package, self.way.name)
            case "midway":
                self._play_a_part()
            case _:
                self.call(self.way.name, copy.deepcopy(dict(self.way.given)))

    def _play_a_part(self) -> None:
        told = self.random.choice([s for s in _told(self.package) if s.entry])
        until = BEGIN + timedelta(days=self.random.randint(0, LONGEST_PART))
        self._tell(f"{told.file} tot {until:%Y-%m-%d}")
        play(told, self, begin=BEGIN, until=until)  # whether it passes is for its own test

    def _something(self) -> bool:
        tasks = self.open_tasks()
        if not tasks and self.next_due() is None:
            self._is_closed()
            return False
        chance = self.random.random()
        if tasks and chance < 0.62:
            self._work_on(self.random.choice(tasks))
        elif chance < 0.90:
            self._time_goes_by()
        elif chance < 0.95:
            self._write_a_contact_note()
        elif chance < 0.98:
            self._say(self.random.choice(NEWS))
        else:
            self._start_something_beside()
        return True

    def _work_on(self, task: OpenTask) -> None:
        instance, wait = next(x for x in self._user_waits() if x[1].token_id == task.task_id)
        package = self.runtime.catalogue.package(instance.package_version)
        answers = self._answers(package, wait.details.get("form"), _seen_by(instance, wait))
        self._tell(f"{task.element_id} {answers}")
        self.complete(task, task.role, answers)

    def _time_goes_by(self) -> None:
        due = self.next_due()
        if due is not None and self.random.random() < 0.6:
            to = max(due, self.clock.now())
        else:
            to = self.clock.now() + timedelta(
                days=self.random.randint(0, LONGEST_JUMP), minutes=self.random.randint(1, 1439)
            )
        self._tell(f"-> {to:%Y-%m-%d %H:%M}")
        while (due := self.next_due()) is not None and due <= to:
            self.clock.advance_to(max(due, self.clock.now()))
            self.fire_due()
            self.hold()
        self.clock.advance_to(to)

    def _write_a_contact_note(self) -> None:
        form = contact_form(self._followed_package(), self._source)
        if form is None or self.file.run.status == "closed":
            return
        answers = any_answers(form, self._datasets(), {}, self.clock.now(), self.random)
        self._tell(f"contactnotitie {answers}")
        self.note_contact(None, answers)

    def _say(self, message: str) -> None:
        self._tell(f"bericht {message}")
        self.publish(message, {})

    def _start_something_beside(self) -> None:
        if self.file.run.status == "closed":
            return
        offers = [(p, key) for p in self.known.values() for key in p.beside]
        if offers:
            self._beside(*self.random.choice(offers))

    def _beside(self, package: Package, key: str) -> None:
        answers = self._answers(package, package.beside[key].form_id, {})
        self._tell(f"naast {package.key}/{key} {answers}")
        self.start_beside(f"{package.key}/{key}", None, answers)

    def _answers(
        self, package: Package, form_id: str | None, context: Mapping[str, Any]
    ) -> dict[str, Any]:
        if form_id is None:
            return {}
        return any_answers(
            package.forms[form_id], self._datasets(), context, self.clock.now(), self.random
        )

    def _tell(self, what: str) -> None:
        self.done.append(f"{self.clock.now():%Y-%m-%d %H:%M} {what}")

    # -- what must hold --------------------------------------------------------------------------

    def hold(self) -> None:
        """What must hold at every moment.

        Raises:
            AssertionError: it does not.
        """
        standing: dict[UUID, tuple[Instance, list[Standing]]] = {}
        for instance, wait in self.store.open_waits():
            standing.setdefault(instance.id, (instance, []))[1].append(wait)
            assert wait.kind != "incident", f"storing bij {wait.element_id}: {wait.details}"
            if wait.kind == "user":
                self._is_somebodys(instance, wait)
        for instance in self.store.instances.values():
            if instance.execution.status == "active":
                waits = standing.get(instance.id, (instance, []))[1]
                assert any(map(_goes_on, waits)), (
                    f"{instance.process_id} wacht zonder datum en zonder iemand: "
                    f"{[(w.kind, w.element_id) for w in waits]}"
                )

    def _is_closed(self) -> None:
        if self.way.kind in {"entry", "midway"}:
            open_ones = [one.package_key for one in self.file if one.status != "closed"]
            assert not open_ones, f"er gebeurt niets meer, maar {open_ones} is niet gesloten"

    def _is_somebodys(self, instance: Instance, wait: Standing) -> None:
        role, person = wait.details.get("role"), wait.details.get("assignee")
        package = self.runtime.catalogue.package(instance.package_version)
        assert role or person, f"taak {wait.element_id} is van niemand"
        assert not role or role in package.roles, f"taak {wait.element_id}: rol {role} is er niet"
        assert wait.due_at is not None, f"taak {wait.element_id} heeft geen streefdatum"


def _goes_on(wait: Standing) -> bool:
    """Whether somebody, another process or a date will move it; a start beside does not count."""
    if wait.kind in {"user", "child", "job"}:
        return True
    return wait.kind == "timer" and wait.element_kind != "startEvent"


def run(way: WayIn, seed: int, steps: int, known: Mapping[str, Package] | None = None) -> None:
    """One run; the same seed and steps do the same again."""
    Driver(way, Random(seed), packages() if known is None else known).run(steps)
