"""The execution of one process instance: commands in, effects and a new state out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from engine.definitions.model import Trigger
from engine.errors import KetenspoorError
from engine.execution import corrections, incidents, leaving, suspension, throwing, variables
from engine.execution.definition import Definition
from engine.execution.effects import Effect, ErrorPropagated, EscalationPropagated
from engine.execution.errors import NotWaiting
from engine.execution.running import Run
from engine.execution.tokens import READY, STARTED, Token
from engine.execution.tree import TokenTree
from engine.execution.triggering import trigger
from engine.execution.waits import is_missed, moved, next_firing

DEFAULT_STEP_BUDGET = 10_000
"""How often one command may enter the same element in the same scope."""


_ONE_RUN = timedelta(minutes=1)
"""What comes later than this is a new run, whoever caused it."""


class Execution(TokenTree):
    """A running instance. Every command leaves it at rest: nothing is ready, all wait.

    Attributes:
        status: ``active``, ``completed`` or ``cancelled``.
        effects: what happened and what is asked of the world since ``take_effects``.
        now: the instant of the current command, UTC; set by the caller through each command.
        has_parent: whether a call activity of another instance waits for this one.
        pauses: whether it stops behind what it throws to the world, until ``go_on``: who hears it
            does so before the thrower takes its next step. Without it a command runs to the end.
    """

    def __init__(
        self,
        definition: Definition,
        now: datetime,
        *,
        has_parent: bool = False,
        pauses: bool = False,
        step_budget: int = DEFAULT_STEP_BUDGET,
    ) -> None:
        super().__init__(definition, now)
        self.has_parent = has_parent
        self.pauses = pauses
        self.step_budget = step_budget
        self._current = Run(self)

    @classmethod
    def start(
        cls,
        definition: Definition,
        variables: Mapping[str, Any],
        now: datetime,
        *,
        start_id: str | None = None,
        start_part: int | None = None,
        has_parent: bool = False,
        pauses: bool = False,
        step_budget: int = DEFAULT_STEP_BUDGET,
    ) -> Execution:
        """Start an instance at its none start event, or at the triggered one ``start_id``.

        ``start_part`` says which of its triggers came, where all of them must come.
        """
        self = cls(definition, now, has_parent=has_parent, pauses=pauses, step_budget=step_budget)
        self.task_tree = Token(self, definition.root, state=STARTED)
        self._take_in(variables)
        self.report(self.root, "started")
        if start_id is not None:
            self.root.internal_data["start"] = start_id
        if start_part is not None:
            self.root.internal_data["part"] = start_part
        incidents.begin(self)
        self._run()
        return self

    def come_to(self) -> None:
        """A command from outside comes to it: what it sets going is a run of its own.

        So is it for who is read back from storage; an instance that stays in memory is the same.
        """
        if not self._current.is_fresh:
            self._current = Run(self)

    def complete_work(self, token_id: UUID, variables: Mapping[str, Any], now: datetime) -> None:
        """A user task, job or child instance is done; its variables come in.

        Raises:
            NotWaiting: the token is gone, or stands still with an incident.
        """
        token = self._token(token_id)
        internal = token.internal_data
        if (
            token.has_state(READY)
            or "incident" in internal
            or not (internal.keys() & {"work", "job", "child"})
        ):
            raise NotWaiting("Deze taak staat niet (meer) open.", token_id=token_id)
        self.now = now
        internal["result"] = _own(variables)
        self.queue.append((token.id, "complete"))
        self._run(from_outside="work" in internal)

    def throw_error(
        self,
        token_id: UUID,
        code: str,
        variables: Mapping[str, Any],
        now: datetime,
        *,
        outward: bool = False,
    ) -> bool:
        """A job or child instance ended with a BPMN error. Whether it was caught here.

        ``outward`` lets it go on to who called this instance, as the error of an end event does.
        """
        token = self._token(token_id)
        self.now = now
        self.report(token, "error-thrown", code=code)
        given = _own(variables)
        caught = throwing.throw_error(token, code, given, own=True)
        if not caught and outward and self.has_parent:
            self.throw_out(ErrorPropagated(token.id, code, given))
            caught = True
        self._run()
        return caught

    def escalate(
        self, token_id: UUID, code: str, variables: Mapping[str, Any], now: datetime
    ) -> bool:
        """A child instance escalated. Whether it was caught here; if not, it goes on outward."""
        token = self._token(token_id)
        self.now = now
        given = _own(variables)
        handler = throwing.find_handler(token, Trigger.ESCALATION, code, own=True)
        if handler is not None:
            throwing.handle(handler, code, given)
        elif self.has_parent:
            self.throw_out(EscalationPropagated(token.id, code, given))
        self._run()
        return handler is not None

    def deliver(self, token_id: UUID, variables: Mapping[str, Any], now: datetime) -> None:
        """A message or signal reached the token that waits for it.

        Raises:
            NotWaiting: it doesn't wait (any more).
        """
        if self.suspended:
            self.now = now
            suspension.keep(self, token_id, variables)
            return
        token = self._waiting(token_id, "Hier wordt niet (meer) op gewacht.")
        self.now = now
        trigger(token, variables)
        self._run()

    def fire_timer(self, token_id: UUID, now: datetime) -> None:
        """A timer is due. A cycle that goes on gets its next due time.

        Raises:
            NotWaiting: no timer runs there (any more).
        """
        if self.suspended:
            self.now = now
            suspension.come_back(self, token_id)
            return
        token = self._waiting(token_id, "Hier loopt geen timer (meer).", "timer")
        self.now = now
        wait = token.internal_data["wait"]
        again = next_firing(wait, now) if token.is_subscription else None
        if again is not None and is_missed(wait, now):
            token.internal_data["wait"] = again
            self.report(token, "skipped")
        else:
            trigger(token, {}, again)
        self._run(from_outside=True)

    def change_due(self, token_id: UUID, due: datetime) -> datetime | None:
        """Give a running timer, or an open user task, another due instant (UTC); the one before.

        A cycle goes on from there.

        Raises:
            NotWaiting: no timer runs there and no task is open there (any more).
        """
        token = self._token(token_id)
        internal = token.internal_data
        work, wait = internal.get("work"), internal.get("wait", {})
        instant = due.astimezone(UTC).isoformat()
        if "incident" in internal or not (work is not None or wait.get("kind") == "timer"):
            raise NotWaiting("Hier loopt geen termijn (meer).", token_id=token_id)
        before = (wait if work is None else work).get("due")
        self.report(token, "rescheduled", before=before, after=instant)
        if work is not None:
            internal["work"] = {**work, "due": instant}
        else:
            internal["wait"] = moved(wait, due)
        return None if before is None else datetime.fromisoformat(before)

    def fail(self, token_id: UUID, error: KetenspoorError, now: datetime) -> None:
        """What the token asked for failed: it becomes an incident until someone retries."""
        token = self._token(token_id)
        self.now = now
        incidents.stop_with_incident(token, error, "run")

    def retry(self, token_id: UUID, now: datetime) -> None:
        """Try again where an incident stopped a token.

        Raises:
            NotWaiting: there is no incident at the token.
        """
        token = self._token(token_id)
        self.now = now
        incidents.retry(self, token)
        self._run(from_outside=True)

    def set_variables(self, values: Mapping[str, Any], now: datetime) -> None:
        """Set variables of the process from outside (a correction by a person)."""
        self.now = now
        self.root.data.update(_own(values))
        self._run(from_outside=True)

    def correct(
        self, token_id: UUID, values: Mapping[str, Any], reason: str | None, now: datetime
    ) -> None:
        """Correct variables that a token sees, each where it is held; new ones at the process.

        Without a ``reason`` the audit does not tell why: it stands where it may be read.

        Raises:
            NotWaiting: the token is gone.
        """
        token = self._token(token_id)
        self.now = now
        told = {} if reason is None else {"reason": reason}
        self.report(token, "corrected", variables=corrections.put(token, _own(values)), **told)

    def look_again(self, now: datetime) -> None:
        """Go on with what a person changed: the tokens that were placed, conditions that hold."""
        self.now = now
        self._run(from_outside=True)

    def cancel(self, now: datetime) -> None:
        """End the instance without completing it."""
        self.now = now
        if self.status == "active":
            self.root.internal_data.pop("suspended", None)
            self.clear(self.root)
            self.end("cancelled")

    def go_on(self, now: datetime) -> bool:
        """Take up the steps that a pause held back; whether there were any."""
        if not self.paused:
            return False
        self.now, self.paused = now, False
        self._run()
        return True

    def take_effects(self) -> list[Effect]:
        """What happened and is asked since the last call."""
        effects, self.effects = self.effects, []
        return effects

    def leave(self, token: Token) -> None:
        """A token completed: SpiffWorkflow's hook ends here."""
        leaving.leave(token)

    # -- inside --------------------------------------------------------------------------------

    def _take_in(self, values: Mapping[str, Any]) -> None:
        self.variables = self.root.data = _own(values)

    def _run(self, *, from_outside: bool = False) -> None:
        if from_outside or self.now - self._current.began > _ONE_RUN:
            self._current = Run(self)
        if not self.paused and not self.suspended:
            self._current.until_rest()

    def _token(self, token_id: UUID) -> Token:
        token = self.tasks.get(token_id)
        if token is None or self.status != "active":
            raise NotWaiting("Deze plek in het traject is al voorbij.", token_id=token_id)
        if self.suspended:
            raise suspension.stands_still(token_id)
        return token

    def _waiting(self, token_id: UUID, otherwise: str, kind: str | None = None) -> Token:
        token = self._token(token_id)
        wait = token.internal_data.get("wait")
        if not wait or "incident" in token.internal_data or kind not in (None, wait["kind"]):
            raise NotWaiting(otherwise, token_id=token_id)
        return token


_own = variables.own
