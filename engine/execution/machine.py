"""The execution of one process instance: commands in, effects and a new state out. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from SpiffWorkflow.workflow import Workflow

from engine.definitions.model import Element, Trigger
from engine.errors import KetenspoorError
from engine.execution import compensation, loops, throwing, variables
from engine.execution.activities import open_scope
from engine.execution.definition import Definition
from engine.execution.effects import Effect, Happening, PropertyReached
from engine.execution.errors import EndlessLoop, NotWaiting
from engine.execution.events import ThrowSpec
from engine.execution.gateways import InclusiveSpec
from engine.execution.tokens import COMPLETED, READY, STARTED, WAITING, ElementSpec, Token
from engine.execution.waits import next_firing
from engine.feel.errors import FeelError

DEFAULT_STEP_BUDGET = 10_000
_OWN_PROPERTIES = frozenset({"fase", "status", "uitkomst"})


class Execution(Workflow):
    """A running instance. Every command leaves it at rest: nothing is ready, all wait.

    Attributes:
        status: ``active``, ``completed`` or ``cancelled``.
        effects: what happened and what is asked of the world since ``take_effects``.
        now: the instant of the current command, UTC; set by the caller through each command.
        has_parent: whether a call activity of another instance waits for this one.
    """

    tasks: dict[UUID, Token]

    def __init__(
        self,
        definition: Definition,
        now: datetime,
        *,
        has_parent: bool = False,
        step_budget: int = DEFAULT_STEP_BUDGET,
    ) -> None:
        super().__init__(definition.workflow_spec, deserializing=True)
        self.definition = definition
        self.now = now
        self.has_parent = has_parent
        self.step_budget = step_budget
        self.status = "active"
        self.effects: list[Effect] = []
        self.variables: dict[str, Any] = {}
        self._queue: deque[tuple[UUID, str]] = deque()
        self._recent: deque[str] = deque(maxlen=50)

    # -- commands ------------------------------------------------------------------------------

    @classmethod
    def start(
        cls,
        definition: Definition,
        variables: Mapping[str, Any],
        now: datetime,
        *,
        start_id: str | None = None,
        has_parent: bool = False,
        step_budget: int = DEFAULT_STEP_BUDGET,
    ) -> Execution:
        """Start an instance at its none start event, or at the triggered one ``start_id``."""
        self = cls(definition, now, has_parent=has_parent, step_budget=step_budget)
        self.task_tree = Token(self, definition.root, state=STARTED)
        root = self.root
        self.variables = root.data = dict(variables)
        self.report(root, "started")
        if start_id is not None:
            root.internal_data["start"] = start_id
        try:
            if not open_scope(root, start_id):
                self._maybe_finish(root)
        except (KetenspoorError, FeelError) as error:
            self._stop_with_incident(root, error, "start")
        self._run()
        return self

    def complete_work(self, token_id: UUID, variables: Mapping[str, Any], now: datetime) -> None:
        """A user task, job or child instance is done; its variables come in.

        Raises:
            NotWaiting: the token is gone, or stands still with an incident.
        """
        token = self._token(token_id)
        if token.has_state(READY) or not (token.internal_data.keys() & {"work", "job", "child"}):
            raise NotWaiting("Deze taak staat niet (meer) open.", token_id=token_id)
        self.now = now
        token.internal_data["result"] = dict(variables)
        self._queue.append((token.id, "complete"))
        self._run()

    def throw_error(
        self, token_id: UUID, code: str, variables: Mapping[str, Any], now: datetime
    ) -> bool:
        """A job or child instance ended with a BPMN error. Whether it was caught here."""
        token = self._token(token_id)
        self.now = now
        self.report(token, "error-thrown", code=code)
        caught = throwing.throw_error(token, code, variables, own=True)
        self._run()
        return caught

    def escalate(
        self, token_id: UUID, code: str, variables: Mapping[str, Any], now: datetime
    ) -> bool:
        """A child instance escalated. Whether it was caught here."""
        token = self._token(token_id)
        self.now = now
        handler = throwing.find_handler(token, Trigger.ESCALATION, code, own=True)
        if handler is not None:
            throwing.handle(handler, variables)
        self._run()
        return handler is not None

    def deliver(self, token_id: UUID, variables: Mapping[str, Any], now: datetime) -> None:
        """A message or signal reached the token that waits for it."""
        token = self._token(token_id)
        if "wait" not in token.internal_data:
            raise NotWaiting("Hier wordt niet (meer) op gewacht.", token_id=token_id)
        self.now = now
        self._trigger(token, variables)
        self._run()

    def fire_timer(self, token_id: UUID, now: datetime) -> None:
        """A timer is due. A cycle that goes on gets its next due time."""
        token = self._token(token_id)
        wait = token.internal_data.get("wait")
        if not wait or wait["kind"] != "timer":
            raise NotWaiting("Hier loopt geen timer (meer).", token_id=token_id)
        self.now = now
        again = next_firing(wait, now) if token.is_subscription else None
        self._trigger(token, {}, again)
        self._run()

    def change_due(self, token_id: UUID, due: datetime) -> None:
        """Give a running timer another due instant (UTC)."""
        wait = self._token(token_id).internal_data.get("wait")
        if not wait or wait["kind"] != "timer":
            raise NotWaiting("Hier loopt geen timer (meer).", token_id=token_id)
        wait["due"] = due.isoformat()

    def fail(self, token_id: UUID, error: KetenspoorError, now: datetime) -> None:
        """What the token asked for failed: it becomes an incident until someone retries."""
        self.now = now
        token = self._token(token_id)
        self._stop_with_incident(token, error, "run")

    def retry(self, token_id: UUID, now: datetime) -> None:
        """Try again where an incident stopped a token.

        Raises:
            NotWaiting: there is no incident at the token.
        """
        token = self._token(token_id)
        incident = token.internal_data.pop("incident", None)
        if incident is None:
            raise NotWaiting("Hier is geen storing (meer).", token_id=token_id)
        self.now = now
        self.report(token, "resolved")
        for key in ("job", "child", "work"):
            if incident["phase"] != "complete":
                token.internal_data.pop(key, None)
        if incident["phase"] == "start":
            token._set_state(STARTED)
            self.forget_subscriptions(token)
            open_scope(token, token.internal_data.get("start"))
        else:
            token._set_state(READY)
            self._queue.append((token.id, incident["phase"]))
        self.requeue()
        self._run()

    def requeue(self) -> None:
        """Take up again what a broken loop left behind."""
        for token in self.walk():
            phase = token.internal_data.pop("queued", None)
            if phase is not None:
                self._queue.append((token.id, phase))

    def set_variables(self, values: Mapping[str, Any], now: datetime) -> None:
        """Set variables of the process from outside (a correction by a person)."""
        self.now = now
        self.root.data.update(values)
        self._run()

    def cancel(self, now: datetime) -> None:
        """End the instance without completing it."""
        self.now = now
        if self.status == "active":
            self.clear(self.root)
            self._end("cancelled")

    def take_effects(self) -> list[Effect]:
        """What happened and is asked since the last call."""
        effects, self.effects = self.effects, []
        return effects

    # -- what specifications call --------------------------------------------------------------

    @property
    def root(self) -> Token:
        """The token of the process itself."""
        return cast(Token, self.task_tree)

    def place(self, spec: ElementSpec, scope: Token, state: int = READY) -> Token:
        """Put a token on an element inside a scope."""
        token = Token(self, spec, parent=scope, state=state)
        if state == READY:
            self._queue.append((token.id, "run"))
        return token

    def report(self, token: Token, type_: str, **data: Any) -> None:
        """Add a line to the audit; entering an element with properties of ours is an effect."""
        element = token.element
        if type_ == "activated":
            if token.internal_data.get("entered"):
                return
            token.internal_data["entered"] = True
            if element.properties.keys() & _OWN_PROPERTIES:
                self.effects.append(PropertyReached(element.id, element.properties))
        kind = "process" if token is self.task_tree else element.kind.value
        self.effects.append(Happening(self.now, type_, element.id, kind, token.id, data))

    def forget_subscriptions(self, token: Token) -> None:
        """Stop listening for what belongs to the token."""
        for child in token.subscriptions:
            self.remove(child)

    def remove(self, token: Token) -> None:
        """Take a token, and all inside it, out of the tree."""
        self._remove_task(token.id)

    def clear(self, scope: Token) -> None:
        """Cancel everything inside a scope, its subscriptions included."""
        for child in cast("list[Token]", scope.children):
            self.terminate(child)

    def terminate(self, token: Token) -> None:
        """Cancel a token and everything inside it."""
        self.clear(token)
        if not token.is_subscription:
            token.spec.stop(token)
            if token.internal_data.get("entered"):
                self.report(token, "cancelled")
        token.cancel()
        self.remove(token)

    def start_boundary(self, host: Token, boundary: Element, variables: Mapping[str, Any]) -> None:
        """A boundary event of ``host`` was triggered."""
        scope = host.scope
        assert scope is not None  # a boundary event's host is never the process
        if boundary.interrupting:
            self.terminate(host)
        token = self.place(self.definition.spec(boundary.id), scope)
        token.internal_data["result"] = dict(variables)
        self.report(token, "triggered")

    def start_event_subprocess(
        self, scope: Token, sub: Element, start: Element, variables: Mapping[str, Any]
    ) -> None:
        """An event sub-process of ``scope`` was triggered at its start event."""
        if start.interrupting or (start.event and start.event.trigger is Trigger.ERROR):
            self.clear(scope)
        token = self.place(self.definition.spec(sub.id), scope)
        token.internal_data["start"] = start.id
        token.internal_data["result"] = dict(variables)
        self.report(token, "triggered")

    def leave(self, token: Token) -> None:
        """A token completed: map outputs, take the flows, close the scope if it was the last."""
        scope = token.scope
        if scope is None:
            self._end("completed")
            return
        internal = token.internal_data
        if "mapped" not in internal:
            self._map_outputs(token, scope)
            internal["mapped"] = True
        if "inner" in internal:
            self._leave_round(token, scope)
            return
        flows = token.spec.outgoing(token)
        compensation.remember(token, scope)
        said: dict[str, Any] = {"flows": [f.id for f in flows]} if flows else {}
        if "loop" in internal:
            said["body"] = True
        self.report(token, "completed", **said)
        self.remove(token)
        spec = token.spec
        if isinstance(spec, ThrowSpec):
            spec.after(self, scope)
        for flow in flows:
            self.definition.spec(flow.target).arrive(self, scope, flow)
        self._continue_compensation(token)
        self._maybe_finish(scope)

    # -- inside --------------------------------------------------------------------------------

    def _task_completed_notify(self, task: Token) -> None:
        """SpiffWorkflow's notice after completion; ``leave`` has done it all."""

    def _token(self, token_id: UUID) -> Token:
        token = self.tasks.get(token_id)
        if token is None or self.status != "active":
            raise NotWaiting("Deze plek in het traject is al voorbij.", token_id=token_id)
        return token

    def _leave_round(self, token: Token, body: Token) -> None:
        over = loops.round_done(body, token, body.spec.loop)
        self.report(token, "completed")
        self.remove(token)
        if over:
            for child in body.live_children:
                self.terminate(child)
            self._queue.append((body.id, "complete"))
        else:
            self._queue.append((body.id, "advance"))

    def _map_outputs(self, token: Token, scope: Token) -> None:
        element = token.element
        result = token.internal_data.pop("result", {})
        if "loop" in token.internal_data:
            loop = element.loop
            if loop is not None and loop.output_collection in token.data:
                name = loop.output_collection
                variables.propagate(scope, {name: token.data[name]})
            return
        if not element.outputs:
            if token.internal_data.get("child") and not element.propagate_all_child:
                return
            if scope.element.triggered_by_event and token.spec.element.kind == "startEvent":
                scope.data.update(result)
            else:
                variables.propagate(scope, result)
            return
        token.data.update(result)
        for mapping in element.outputs:
            value = variables.evaluate(
                mapping.source,
                variables.visible(token),
                self.now,
                what=f"Uitvoer {mapping.target}",
            )
            self._set_path(scope, mapping.target, value)

    def _set_path(self, scope: Token, target: str, value: Any) -> None:
        name, *path = target.split(".")
        if path:
            whole = variables.visible(scope).get(name)
            copy: dict[str, Any] = dict(whole) if isinstance(whole, Mapping) else {}
            inner = copy
            for step in path[:-1]:
                below = inner.get(step)
                inner[step] = dict(below) if isinstance(below, Mapping) else {}
                inner = inner[step]
            inner[path[-1]] = value
            value = copy
        variables.propagate(scope, {name: value})

    def _continue_compensation(self, token: Token) -> None:
        thrower_id = token.internal_data.get("compensates")
        if thrower_id is None:
            return
        thrower = self.tasks.get(UUID(thrower_id))
        if thrower is not None and compensation.proceed(thrower):
            self._queue.append((thrower.id, "complete"))

    def _maybe_finish(self, scope: Token) -> None:
        if scope.id not in self.tasks or scope.live_children:
            return
        if scope is self.root:
            self.forget_subscriptions(scope)
            self._end("completed")
        else:
            self.forget_subscriptions(scope)
            self._queue.append((scope.id, "complete"))

    def _end(self, status: str) -> None:
        self.status = status
        self.completed = True
        self.variables = self.root.data
        self._queue.clear()
        self.report(self.root, "ended", status=status)

    def _trigger(
        self,
        token: Token,
        variables: Mapping[str, Any],
        again: dict[str, Any] | None = None,
    ) -> None:
        if not token.is_subscription:
            del token.internal_data["wait"]
            token.internal_data.update(result=dict(variables), triggered=True)
            token._set_state(READY)
            self._queue.append((token.id, "run"))
            return
        element, owner = token.element, token.scope
        assert owner is not None  # a subscription always has an owner
        if again is not None:
            token.internal_data["wait"] = again
        elif token.internal_data["wait"]["kind"] == "timer":
            self.remove(token)
        if element.attached_to is not None:
            self.start_boundary(owner, element, variables)
        elif self.definition.element(element.parent).triggered_by_event:
            sub = self.definition.element(element.parent)
            self.start_event_subprocess(owner, sub, element, variables)
        else:
            self._win_event_gateway(owner, element, variables)

    def _win_event_gateway(
        self, gateway: Token, element: Element, variables: Mapping[str, Any]
    ) -> None:
        scope = gateway.scope
        assert scope is not None  # a gateway always lives in a scope
        taken = [f.id for f in self.definition.flows_out(gateway.element) if f.target == element.id]
        self.report(gateway, "completed", flows=taken)
        self.remove(gateway)
        token = self.place(self.definition.spec(element.id), scope)
        token.internal_data.update(result=dict(variables), triggered=True)
        self.report(token, "activated")

    def _run(self) -> None:
        steps = 0
        while self.status == "active":
            while self._queue:
                token_id, phase = self._queue.popleft()
                token = self.tasks.get(token_id)
                if token is None or "incident" in token.internal_data:
                    continue
                steps += 1
                self._recent.append(token.element.id)
                if steps > self.step_budget:
                    self._break_loop(token, phase)
                    return
                self._step(token, phase)
                if self.status != "active":
                    return
            if not (self._join_inclusive() or self._check_conditions()):
                return

    def _step(self, token: Token, phase: str) -> None:
        try:
            if phase == "run":
                token.run()
            elif phase == "complete" or loops.advance(token, token.spec.loop):
                token.complete()
        except (KetenspoorError, FeelError) as error:
            if token.id not in self.tasks:
                raise
            at_end = token.has_state(COMPLETED)
            self._stop_with_incident(token, error, "complete" if at_end else phase)

    def _break_loop(self, token: Token, phase: str) -> None:
        loop = list(dict.fromkeys(self._recent))
        names = " → ".join(self.definition.element(e).name or e for e in loop[-8:])
        error = EndlessLoop(
            f"Het traject bleef vanzelf doorlopen ({self.step_budget} stappen): {names}.",
            "Zet in deze lus een taak, timer of bericht waarop gewacht wordt.",
            element_id=token.element.id,
        )
        self._stop_with_incident(token, error, phase)
        for token_id, other_phase in self._queue:
            if token_id in self.tasks:
                self.tasks[token_id].internal_data["queued"] = other_phase
        self._queue.clear()

    def _stop_with_incident(
        self, token: Token, error: KetenspoorError | FeelError, phase: str
    ) -> None:
        detail = {
            "code": error.code,
            "message": error.message,
            "remedy": getattr(error, "remedy", "") or "",
            "phase": phase,
            "at": self.now.isoformat(),
        }
        where = getattr(error, "where", {})
        if where.get("expression"):
            detail["expression"] = str(where["expression"])
        token._set_state(WAITING)
        token.internal_data["incident"] = detail
        self.report(token, "incident", code=error.code)

    def _join_inclusive(self) -> bool:
        for token in list(self.tasks.values()):
            spec = token.spec
            if isinstance(spec, InclusiveSpec) and "arrived" in token.internal_data:
                scope = token.scope
                if scope is not None and spec.ready_to_join(scope):
                    spec.join(self, scope)
                    return True
        return False

    def _check_conditions(self) -> bool:
        if not self.definition.has_conditions:
            return False
        for token in list(self.tasks.values()):
            wait = token.internal_data.get("wait")
            if not wait or wait["kind"] != "condition" or "incident" in token.internal_data:
                continue
            try:
                value = variables.evaluate_feel(
                    wait["text"], variables.visible(token), self.now, what="Voorwaarde"
                )
            except KetenspoorError as error:
                self._stop_with_incident(token, error, "run")
                continue
            before, wait["was"] = wait.get("was"), value is True
            if value is True and before is not True:
                self._trigger(token, {})
                return True
        return False

    def walk(self) -> Iterator[Token]:
        """All tokens, the process first, in the order they were placed."""
        return iter(list(self.tasks.values()))
