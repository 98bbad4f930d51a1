"""The world of a play: one invented family in memory, with all that a page shows of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from engine.definitions.forms import Form
from engine.definitions.packages import Package
from engine.execution.standing import Standing
from engine.execution.variables import visible
from engine.families.trajectories import contact_form
from engine.runtime.catalogue import Catalogue
from engine.runtime.store import Instance
from engine.simulation.errors import PlayRefused
from engine.simulation.memory_world import MemoryWorld
from engine.simulation.people import PARTNER
from engine.simulation.plays.moves import Move
from engine.simulation.plays.witness import WatchedCatalogue

LONGEST_WAIT: Final = timedelta(days=5 * 366)
PARTNERS: Final = ("jeugdhulp", "schuldhulp", "maatschappelijk-werk", "school")
"""Kinds of partners that every play offers, beside those in the package's own scenarios."""

_KIND = re.compile(re.escape(PARTNER) + r"([a-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class PlayedTask:
    """An open task as its user would see it. ``turn`` counts those of one element, from 0."""

    wait: Standing
    instance: Instance
    turn: int
    since: datetime
    form: Form | None

    @property
    def role(self) -> str | None:
        """The role of the package that it is for."""
        return self.wait.details.get("role")


class PlayedWorld(MemoryWorld):
    """A world in memory that stands still where something is stuck, so that it can be seen."""

    catalogue: ClassVar[type[Catalogue]] = WatchedCatalogue

    def __init__(self, package: Package, begin: datetime, others: Sequence[Package] = ()) -> None:
        super().__init__(package, begin, others)
        texts = " ".join(raw.decode("utf-8", "replace") for raw in package.scenarios.values())
        self.partners = tuple(dict.fromkeys((*PARTNERS, *_KIND.findall(texts))))
        for kind in self.partners:
            self.partner(kind)

    # -- moves -----------------------------------------------------------------------------------

    def make(self, move: Move) -> None:
        """Make one move.

        Raises:
            PlayRefused: what it names is not there (any more).
            KetenspoorError: the form was not filled in well, or the package cannot do it.
        """
        match move.kind:
            case "ingang":
                self.refer(move.what, move.answers)
            case "aanroep":
                self.call(move.what, move.answers)
            case "alleen":
                self.begin()
                self.start_beside(move.what, move.role, move.answers)
            case "taak":
                self._complete(move)
            case "contact":
                self.note_contact(move.role, move.answers)
            case "naast":
                self.start_beside(move.what, move.role, move.answers)
            case "bericht":
                self.publish(move.what, move.answers, move.key)
            case "terug":
                package, _, entry = move.what.partition("/")
                self.return_to(package, entry, move.answers)
            case "wacht":
                self._wait(move.until or self.clock.now())
            case _:
                raise PlayRefused("Deze stap bestaat niet.", "Begin de proef opnieuw.")

    def _complete(self, move: Move) -> None:
        alike = [task for task in self.open_tasks() if task.element_id == move.what]
        if move.turn >= len(alike):
            raise PlayRefused(
                f"De taak ‘{move.what}’ staat hier niet open.",
                "Kies een taak die nu open staat.",
                element_id=move.what,
            )
        self.complete(alike[move.turn], None, move.answers)

    def _wait(self, until: datetime) -> None:
        if until - self.clock.now() > LONGEST_WAIT:
            raise PlayRefused("Wachten kan hoogstens vijf jaar.", "Kies een eerdere dag.")
        while (due := self.next_due()) is not None and due <= until:
            self.clock.advance_to(due)
            self.fire_due()
        self.clock.advance_to(until)

    # -- what can be seen ------------------------------------------------------------------------

    @property
    def others(self) -> Sequence[Package]:
        """The packages beside the one that is played."""
        return self._others

    @property
    def instances(self) -> list[Instance]:
        """Every process that began, in that order, those of our own callers left out."""
        known = {self.package.version, *(one.version for one in self._others)}
        return [i for i in self.store.instances.values() if i.package_version in known]

    def package_of(self, instance: Instance) -> Package:
        """The package that a process runs from."""
        return self._source.package(instance.package_version)

    def tasks(self) -> list[PlayedTask]:
        """The open tasks, the oldest process first."""
        turns: dict[str, int] = {}
        found = []
        for instance, wait in self._user_waits():
            turn = turns.get(wait.element_id, 0)
            turns[wait.element_id] = turn + 1
            form_id = wait.details.get("form")
            form = self.package_of(instance).forms.get(str(form_id)) if form_id else None
            found.append(PlayedTask(wait, instance, turn, self._appeared[wait.token_id], form))
        return found

    def seen_by(self, task: PlayedTask) -> Mapping[str, Any]:
        """The process variables that a task sees."""
        return visible(task.instance.execution.tasks[task.wait.token_id])

    def waits(self) -> list[tuple[Instance, Standing]]:
        """Everything that is waited for."""
        return self.store.open_waits()

    @property
    def contact_note(self) -> Form | None:
        """The form of a contact note outside any task."""
        return contact_form(self._followed_package(), self._source) if self._begun else None

    def lists(self) -> dict[str, list[dict[str, str]]]:
        """What forms choose from."""
        return self._datasets()

    @property
    def key(self) -> str:
        """The business key of the trajectory; empty before it began."""
        return str(self._trajectory_id()) if self._begun else ""

    @property
    def _begun(self) -> bool:
        return self.file.followed is not None

    def _called(self, role: str, number: int) -> str:
        packages = (self.package, *self._others)
        known = next((one.roles[role] for one in packages if role in one.roles), None)
        name = known.names.get("nl", role) if known else role
        return f"{name} {number}"

    def _look(self) -> None:
        """What is stuck is shown, and does not end the play."""
        for _instance, wait in self._user_waits():
            self._appeared.setdefault(wait.token_id, self.clock.now())
