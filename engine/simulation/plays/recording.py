"""A scenario as the moves that it makes, so that it can be walked through step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.definitions.packages import Package
from engine.simulation.memory_world import MemoryWorld
from engine.simulation.people import fill_in
from engine.simulation.player import Play, play
from engine.simulation.plays.moves import MOST_MOVES, Move
from engine.simulation.plays.world import PlayedWorld
from engine.simulation.scenario import Scenario
from engine.simulation.world import OpenTask


def moves_of(
    scenario: Scenario, package: Package, others: Sequence[Package]
) -> tuple[list[Move], Play]:
    """The moves of a scenario, the first ones when there are too many, and how it went."""
    world = _Recorder(package, scenario, others)
    played = play(scenario, world)
    world.note_time()
    return world.moves[:MOST_MOVES], played


class _Recorder(PlayedWorld):
    """Notes every move before it is made; also the one that fails."""

    def __init__(self, package: Package, scenario: Scenario, others: Sequence[Package]) -> None:
        super().__init__(package, scenario.begin, others)
        self.moves: list[Move] = []
        self._alone = False
        self._noted = self.clock.now()
        self._went_off = False

    def refer(self, entry: str, answers: Mapping[str, Any]) -> None:
        self._note(Move("ingang", entry, answers=self._filled(answers)))
        super().refer(entry, answers)

    def call(self, process_id: str, given: Mapping[str, Any]) -> None:
        self._note(Move("aanroep", process_id, answers=self._filled(given)))
        super().call(process_id, given)

    def begin(self) -> None:
        self._alone = True
        super().begin()

    def start_beside(self, key: str, role: str | None, answers: Mapping[str, Any]) -> None:
        kind = "alleen" if self._alone else "naast"
        self._alone = False
        self._note(Move(kind, key, role=role, answers=self._filled(answers)))
        super().start_beside(key, role, answers)

    def complete(self, task: OpenTask, role: str | None, answers: Mapping[str, Any]) -> None:
        alike = [one.task_id for one in self.open_tasks() if one.element_id == task.element_id]
        turn = alike.index(task.task_id) if task.task_id in alike else 0
        said = self._filled(answers)
        self._note(Move("taak", task.element_id, turn, role or task.role, said))
        super().complete(task, role, answers)

    def note_contact(self, role: str | None, answers: Mapping[str, Any]) -> None:
        self._note(Move("contact", role=role, answers=self._filled(answers)))
        super().note_contact(role, answers)

    def publish(self, name: str, variables: Mapping[str, Any], key: str = "") -> None:
        self._note(Move("bericht", name, answers=self._filled(variables), key=key))
        super().publish(name, variables, key)

    def return_to(self, package_key: str, entry: str, answers: Mapping[str, Any]) -> None:
        self._note(Move("terug", f"{package_key}/{entry}", answers=self._filled(answers)))
        super().return_to(package_key, entry, answers)

    def fire_due(self) -> None:
        known = self._fired
        super().fire_due()
        self._went_off = self._went_off or self._fired > known

    def _look(self) -> None:
        """Whatever is stuck ends the scenario, as when it is only run."""
        MemoryWorld._look(self)

    def note_time(self) -> None:
        """Note the waiting since the last move."""
        now = self.clock.now()
        if self._went_off or now > self._noted:
            self.moves.append(Move("wacht", until=now))
            self._noted, self._went_off = now, False

    def _note(self, move: Move) -> None:
        self.note_time()
        self.moves.append(move)

    def _filled(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = fill_in(answers, self, self.clock.now())
        return found
