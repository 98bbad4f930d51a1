"""What moves a model run: answers by element id, and time that jumps to the next timer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from engine.clock import VirtualClock
from engine.definitions.model import Element, Event, Trigger
from engine.execution import corrections
from engine.execution.standing import Standing
from engine.execution.variables import visible
from engine.runtime.commands import Runtime
from engine.runtime.memory import MemoryStore
from engine.runtime.motion import plain
from engine.runtime.store import Instance
from engine.simulation.errors import RunGrows
from engine.simulation.held_work import thrown_by

MAX_MOVES = 20_000
AFTERWARDS = 500
"""How often what else was begun may still move when the process itself is over."""
_TOGETHER = 100
"""How many tasks or timers that stand open at one moment are worked before looking again."""

_OPEN: Final = {"user": "work", "job": "job"}
"""By what a token shows that what was seen of it is open still."""
MOST_OPEN = 3_000
"""How much may stand open at one moment; a model that grows beyond it does not end."""
MOST_LOOKED_AT = 1_000_000
"""How much that stands open a run may look at, one look after another."""

Wait = tuple[Instance, Standing]


class Answers:
    """Answers by element id: one mapping for every time, or a list used in order."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = dict(given)
        self._used: dict[str, int] = {}

    def __contains__(self, element_id: str) -> bool:
        return element_id in self._given

    def makes_happen(self, wait: Standing) -> bool:
        """Whether an answer names this event: once beside other work, each time on its own."""
        return self._names(wait.element_id, again=wait.host_id is None)

    def is_list(self, element_id: str) -> bool:
        """Whether its answers are used one after another, each once."""
        return isinstance(self._given.get(element_id), list)

    def left(self) -> list[str]:
        """The elements that have an answer which was not given yet."""
        return [element_id for element_id in self._given if self._names(element_id, again=False)]

    def _names(self, element_id: str, *, again: bool) -> bool:
        answer, used = self._given.get(element_id), self._used.get(element_id, 0)
        if isinstance(answer, list):
            return used < len(answer)
        return answer is not None and (used == 0 or again)

    def next(self, element_id: str) -> Mapping[str, Any]:
        """The answer for this time; nothing when there is none."""
        answer = self._given.get(element_id) or {}
        index = self._used.get(element_id, 0)
        self._used[element_id] = index + 1
        if isinstance(answer, list):
            answer = answer[min(index, len(answer) - 1)] if answer else {}
        return answer if isinstance(answer, Mapping) else {}


class RunRuntime(Runtime):
    """Commands whose projections are made when somebody looks: in memory nobody does meanwhile."""

    def _finish(self) -> None:
        self._settlement.settle()

    def look(self) -> None:
        """Bring the projections and the history up to date."""
        self._motion.write()

    def become(self, instance_id: UUID, token_id: UUID, variables: Mapping[str, Any]) -> None:
        """Change the variables that a waiting condition sees, and look at it again.

        A condition that was true and is true of other variables holds anew, as in Camunda 7 and 8.
        """
        execution, given = self._motion.touch(instance_id).execution, plain(variables)
        token = execution.tasks[token_id]
        seen = visible(token)
        if any(seen.get(name) != value for name, value in given.items()):
            token.internal_data["wait"].pop("was", None)
        corrections.put(token, given)
        execution.look_again(self.clock.now())
        self._finish()

    def throw(
        self, instance_id: UUID, token_id: UUID, event: Event, variables: Mapping[str, Any]
    ) -> None:
        """Let work that waits throw the error or escalation that ``event`` catches."""
        execution, now = self._motion.touch(instance_id).execution, self.clock.now()
        code, given = event.name or "", plain(variables)
        if event.trigger is Trigger.ERROR:
            execution.throw_error(token_id, code, given, now, outward=True)
        else:
            execution.escalate(token_id, code, given, now)
        self._finish()


class Mover:
    """Moves instances in memory until nothing can move any more, or ``end`` is reached."""

    def __init__(
        self,
        runtime: RunRuntime,
        store: MemoryStore,
        clock: VirtualClock,
        answers: Answers,
        end: datetime,
        main: UUID,
    ) -> None:
        self._runtime = runtime
        self._store = store
        self._clock = clock
        self._answers = answers
        self._end = end
        self._main = main
        self._told: set[UUID] = set()
        """The waiting conditions that an answer was given to; it need not make them true."""

    def move(self) -> None:
        """Answered events first, then open tasks, then the next timer, and so on."""
        moves, most, looked_at = 0, MAX_MOVES, 0
        while moves < most:
            self._runtime.look()
            if most == MAX_MOVES and self._store.instances[self._main].execution.status != "active":
                most = min(MAX_MOVES, moves + AFTERWARDS)
            waits = self._store.open_waits()
            looked_at += len(waits)
            if len(waits) > MOST_OPEN or looked_at > MOST_LOOKED_AT:
                raise _grows(waits)
            done = self._let_happen(waits) or self._work(waits) or self._fire(waits)
            if not done:
                return
            moves += done
        self._runtime.look()

    def _let_happen(self, waits: list[Wait]) -> int:
        """An event that an answer names comes before the work or wait that it stands beside."""
        named = [one for one in waits if self._answers.makes_happen(one[1])]
        hosts = {(instance.id, wait.host_id) for instance, wait in named}
        named.sort(key=lambda one: (one[0].id, one[1].element_id) in hosts)
        for instance, wait in named:
            match wait.kind:
                case "signal":
                    self._runtime.signal(wait.name or "", self._answers.next(wait.element_id))
                case "message":
                    given = self._answers.next(wait.element_id)
                    self._runtime.publish(wait.name or "", wait.key, given)
                case "timer" if wait.host_id and wait.due_at and wait.due_at <= self._end:
                    self._answers.next(wait.element_id)
                    self._fire_at(instance, wait, wait.due_at)
                case "condition" if self._may_become_true(instance, wait):
                    self._told.add(wait.token_id)
                    given = self._answers.next(wait.element_id)
                    self._runtime.become(instance.id, wait.token_id, given)
                case _:
                    continue
            return 1
        return 0

    def _may_become_true(self, instance: Instance, wait: Standing) -> bool:
        """Whether a condition of an event waits that this answer was not tried on."""
        element = instance.execution.definition.process.elements.get(wait.element_id)
        is_event = element is not None and element.event is not None
        return is_event and (
            wait.token_id not in self._told or self._answers.is_list(wait.element_id)
        )

    def _work(self, waits: list[Wait]) -> int:
        done = 0
        for instance, wait in [w for w in waits if w[1].kind in ("user", "job")][:_TOGETHER]:
            if not _is_open(instance, wait):
                continue
            done += 1
            if (event := self._thrown_at(instance, wait)) is not None and event.event is not None:
                given = self._answers.next(event.id)
                self._runtime.throw(instance.id, wait.token_id, event.event, given)
                return done  # what it set going may stop what stood open
            given = self._answers.next(wait.element_id)
            if wait.kind == "user":
                self._runtime.complete_task(wait.token_id, given)
            else:
                self._runtime.complete_job(instance.id, wait.token_id, given)
        return done

    def _thrown_at(self, instance: Instance, wait: Standing) -> Element | None:
        """The event that an answer names and that only an error or escalation makes happen."""
        left = self._answers.left()
        process = instance.execution.definition.process
        element = process.elements.get(wait.element_id) if left else None
        while element is not None:
            if (found := thrown_by(process, element, left)) is not None:
                return found
            if instance.parent_id is None or instance.parent_token_id is None:
                return None
            caller = self._store.instances[instance.parent_id]
            token = caller.execution.tasks.get(instance.parent_token_id)
            instance, process = caller, caller.execution.definition.process
            element = None if token is None else token.element
        return None

    def _fire(self, waits: list[Wait]) -> int:
        """The timer that is due first, with those of the same element at the same instant."""
        timers = [
            (wait.due_at, instance, wait)
            for instance, wait in waits
            if wait.kind == "timer" and wait.due_at is not None and wait.due_at <= self._end
        ]
        if not timers:
            return 0
        due, _instance, first = min(timers, key=lambda timer: timer[0])
        together = [t for t in timers if t[0] == due and t[2].element_id == first.element_id]
        done = 0
        for _due, instance, wait in together[:_TOGETHER]:
            if _is_open(instance, wait):
                self._fire_at(instance, wait, due)
                done += 1
        return done

    def _fire_at(self, instance: Instance, wait: Standing, due: datetime) -> None:
        self._clock.advance_to(max(self._clock.now(), due))
        self._runtime.fire_timer(instance.id, wait.token_id)


def _grows(waits: list[Wait]) -> RunGrows:
    """Names what stands open most often."""
    times = Counter(wait.element_id for _instance, wait in waits)
    element_id, times_open = times.most_common(1)[0]
    return RunGrows(
        f"Er staat steeds meer open: ‘{element_id}’ al {times_open} keer. De proef is gestopt.",
        "Zorg dat wat begint ook weer ophoudt: een keuze-gateway waar het rondgaan stopt, of een "
        "weg zonder de aanroep van het eigen proces.",
        element_id=element_id,
    )


def _is_open(instance: Instance, wait: Standing) -> bool:
    """Whether what was seen open is open still."""
    execution = instance.execution
    token = execution.tasks.get(wait.token_id)
    if execution.status != "active" or token is None or "incident" in token.internal_data:
        return False
    return _OPEN.get(wait.kind, "wait") in token.internal_data
