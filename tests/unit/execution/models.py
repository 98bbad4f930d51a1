"""Process models made in Python, and a driver that works them and checks what must always hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from engine.definitions.model import (
    Element,
    Event,
    Flow,
    Kind,
    Loop,
    Process,
    Trigger,
    UserWork,
    VariableMapping,
)
from engine.errors import KetenspoorError
from engine.execution import state
from engine.execution.definition import Decide, Definition
from engine.execution.effects import Effect, Happening, MessageThrown, SignalThrown
from engine.execution.machine import Execution
from engine.execution.standing import Standing, standing

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""Monday 5 January 2026, 9:00 in Amsterdam."""


class Model:
    """A process under construction. Elements are added by id; ``flow`` draws arrows."""

    def __init__(self, process_id: str = "P") -> None:
        self.id = process_id
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}

    def add(self, kind: Kind, element_id: str, parent: str | None = None, **fields: Any) -> Model:
        for name in ("inputs", "outputs"):
            if name in fields:
                pairs = fields[name].items()
                fields[name] = tuple(VariableMapping(source, target) for target, source in pairs)
        self.elements[element_id] = Element(element_id, kind, parent or self.id, **fields)
        return self

    def start(self, element_id: str = "start", parent: str | None = None, **fields: Any) -> Model:
        return self.add(Kind.START_EVENT, element_id, parent, **fields)

    def end(self, element_id: str = "end", parent: str | None = None, **fields: Any) -> Model:
        return self.add(Kind.END_EVENT, element_id, parent, **fields)

    def user(self, *ids: str, parent: str | None = None, **fields: Any) -> Model:
        for element_id in ids:
            self.add(Kind.USER_TASK, element_id, parent, **{"user": UserWork(), **fields})
        return self

    def task(self, *ids: str, parent: str | None = None, **fields: Any) -> Model:
        for element_id in ids:
            self.add(Kind.TASK, element_id, parent, **fields)
        return self

    def service(self, element_id: str, parent: str | None = None, **fields: Any) -> Model:
        return self.add(Kind.SERVICE_TASK, element_id, parent, **{"job_type": "werk", **fields})

    def script(self, element_id: str, text: str, result: str, **fields: Any) -> Model:
        parent = fields.pop("parent", None)
        return self.add(
            Kind.SCRIPT_TASK, element_id, parent, script=text, result_variable=result, **fields
        )

    def sub(self, element_id: str, parent: str | None = None, **fields: Any) -> Model:
        return self.add(Kind.SUB_PROCESS, element_id, parent, **fields)

    def handler(
        self, sub_id: str, start_id: str, event: Event, parent: str | None = None, **fields: Any
    ) -> Model:
        """An event sub-process with its start event."""
        self.sub(sub_id, parent, triggered_by_event=True)
        return self.start(start_id, sub_id, event=event, **fields)

    def xor(self, *ids: str, parent: str | None = None, **fields: Any) -> Model:
        for element_id in ids:
            self.add(Kind.EXCLUSIVE_GATEWAY, element_id, parent, **fields)
        return self

    def both(self, *ids: str, parent: str | None = None) -> Model:
        for element_id in ids:
            self.add(Kind.PARALLEL_GATEWAY, element_id, parent)
        return self

    def some(self, *ids: str, parent: str | None = None, **fields: Any) -> Model:
        for element_id in ids:
            self.add(Kind.INCLUSIVE_GATEWAY, element_id, parent, **fields)
        return self

    def catch(self, element_id: str, event: Event, parent: str | None = None, **f: Any) -> Model:
        return self.add(Kind.CATCH_EVENT, element_id, parent, event=event, **f)

    def throw(self, element_id: str, event: Event, parent: str | None = None, **f: Any) -> Model:
        return self.add(Kind.THROW_EVENT, element_id, parent, event=event, **f)

    def on(self, host: str, element_id: str, event: Event, **fields: Any) -> Model:
        """A boundary event on ``host``."""
        parent = self.elements[host].parent
        return self.add(
            Kind.BOUNDARY_EVENT, element_id, parent, attached_to=host, event=event, **fields
        )

    def flow(self, *ids: str, when: str | None = None, name: str | None = None) -> Model:
        for source, target in pairwise(ids):
            flow_id = name or f"{source}-{target}"
            self.flows[flow_id] = Flow(flow_id, source, target, condition=when)
        return self

    def process(self) -> Process:
        elements = {
            key: replace(
                element,
                incoming=tuple(f.id for f in self.flows.values() if f.target == key),
                outgoing=tuple(f.id for f in self.flows.values() if f.source == key),
            )
            for key, element in self.elements.items()
        }
        return Process(self.id, self.id, "proef.bpmn", elements, dict(self.flows))


def line(model: Model, *ids: str, parent: str | None = None, tag: str = "") -> Model:
    """Start → the elements → end, in a scope; ``tag`` makes the ids of start and end unique."""
    model.start(f"start{tag}", parent).end(f"end{tag}", parent)
    return model.flow(f"start{tag}", *ids, f"end{tag}")


def message(name: str, key: str | None = None) -> Event:
    return Event(Trigger.MESSAGE, name=name, correlation_key=key)


def timer(duration: str | None = None, cycle: str | None = None, date: str | None = None) -> Event:
    return Event(Trigger.TIMER, duration=duration, cycle=cycle, date=date)


def error(code: str | None = None) -> Event:
    return Event(Trigger.ERROR, name=code)


def escalation(code: str | None = None) -> Event:
    return Event(Trigger.ESCALATION, name=code)


def signal(name: str) -> Event:
    return Event(Trigger.SIGNAL, name=name)


def condition(text: str) -> Event:
    return Event(Trigger.CONDITIONAL, condition=text)


def either(*events: Event) -> Event:
    return Event(Trigger.MULTIPLE, parts=events)


def together(*events: Event) -> Event:
    return Event(Trigger.PARALLEL, parts=events)


def each(collection: str, element: str = "item", **fields: Any) -> Loop:
    return Loop(input_collection=collection, input_element=element, **fields)


TERMINATE = Event(Trigger.TERMINATE)


class Driver:
    """Works an instance by element ids. After every command the state is stored and read back.

    ``jobs`` gives the result of service tasks by element id: variables, an incident, or a BPMN
    error as text. Service tasks that it doesn't know stay open.
    """

    def __init__(
        self,
        model: Model,
        variables: Mapping[str, Any] | None = None,
        *,
        jobs: Mapping[str, Mapping[str, Any] | KetenspoorError | str] | None = None,
        start_id: str | None = None,
        has_parent: bool = False,
        reload: bool = True,
        step_budget: int = 1_000,
        decide: Decide | None = None,
    ) -> None:
        self.definition = (
            Definition(model.process(), decide) if decide else Definition(model.process())
        )
        self.now = BEGIN
        self.jobs = dict(jobs or {})
        self.effects: list[Effect] = []
        self._reload = reload
        self._options: dict[str, Any] = {"has_parent": has_parent, "step_budget": step_budget}
        self.execution = Execution.start(
            self.definition, variables or {}, self.now, start_id=start_id, **self._options
        )
        self._settle()

    # -- commands ------------------------------------------------------------------------------

    def complete(self, element_id: str, variables: Mapping[str, Any] | None = None) -> Driver:
        token = self.one(element_id, "user", "job", "child").token_id
        self.execution.complete_work(token, variables or {}, self.now)
        return self._settle()

    def fire(self, element_id: str) -> Driver:
        """Let the timer go off at its due time, or now when that has passed."""
        wait = self.one(element_id, "timer")
        assert wait.due_at is not None
        self.now = max(self.now, wait.due_at)
        self.execution.fire_timer(wait.token_id, self.now)
        return self._settle()

    def deliver(self, element_id: str, variables: Mapping[str, Any] | None = None) -> Driver:
        token = self.one(element_id, "message", "signal").token_id
        self.execution.deliver(token, variables or {}, self.now)
        return self._settle()

    def throw(self, element_id: str, code: str) -> bool:
        caught = self.execution.throw_error(self.one(element_id).token_id, code, {}, self.now)
        self._settle()
        return caught

    def escalate(self, element_id: str, code: str) -> bool:
        caught = self.execution.escalate(self.one(element_id).token_id, code, {}, self.now)
        self._settle()
        return caught

    def set(self, **values: Any) -> Driver:
        self.execution.set_variables(values, self.now)
        return self._settle()

    def retry(self, element_id: str) -> Driver:
        self.execution.retry(self.one(element_id, "incident").token_id, self.now)
        return self._settle()

    def wait(self, span: timedelta) -> Driver:
        self.now += span
        return self

    # -- what there is to see ------------------------------------------------------------------

    @property
    def waits(self) -> list[Standing]:
        return standing(self.execution)

    def one(self, element_id: str, *kinds: str) -> Standing:
        return self.all(element_id, *kinds)[0]

    def all(self, element_id: str, *kinds: str) -> list[Standing]:
        found = [w for w in self.waits if w.element_id == element_id]
        return [w for w in found if not kinds or w.kind in kinds]

    @property
    def open(self) -> list[str]:
        """Element ids of what waits, scopes left out, sorted."""
        return sorted(w.element_id for w in self.waits if w.kind != "scope")

    @property
    def incidents(self) -> list[str]:
        return [w.element_id for w in self.waits if w.kind == "incident"]

    def due(self, element_id: str) -> datetime:
        due = self.one(element_id).due_at
        assert due is not None
        return due

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.execution.variables

    @property
    def status(self) -> str:
        return self.execution.status

    def told(self, type_: str = "completed") -> list[str]:
        """Element ids of happenings of a type, in order; bodies of loops left out."""
        return [
            e.element_id
            for e in self.effects
            if isinstance(e, Happening) and e.type == type_ and not e.data.get("body")
        ]

    @property
    def thrown(self) -> list[MessageThrown | SignalThrown]:
        return [e for e in self.effects if isinstance(e, MessageThrown | SignalThrown)]

    def effects_of(self, kind: type[Any]) -> list[Any]:
        return [e for e in self.effects if isinstance(e, kind)]

    # -- inside --------------------------------------------------------------------------------

    def _settle(self) -> Driver:
        self._store()
        for wait in self.waits:
            if wait.kind == "job" and wait.element_id in self.jobs:
                self._do(wait, self.jobs[wait.element_id])
                return self._settle()
        return self

    def _do(self, wait: Standing, result: Mapping[str, Any] | KetenspoorError | str) -> None:
        if isinstance(result, KetenspoorError):
            self.execution.fail(wait.token_id, result, self.now)
        elif isinstance(result, str):
            self.execution.throw_error(wait.token_id, result, {}, self.now)
        else:
            self.execution.complete_work(wait.token_id, result, self.now)

    def _store(self) -> None:
        self.effects += self.execution.take_effects()
        check_invariants(self.execution)
        if self._reload:
            raw = state.dump(self.execution)
            loaded = state.load(self.definition, raw, self.now, **self._options)
            assert state.dump(loaded) == raw
            assert standing(loaded) == standing(self.execution)
            self.execution = loaded


def check_invariants(execution: Execution) -> None:
    """What holds whenever an instance is at rest."""
    tokens = list(execution.walk())
    assert not execution.queue
    if execution.status != "active":
        assert tokens == [execution.root]
        return
    incidents = [t for t in tokens if "incident" in t.internal_data]
    assert execution.root.has_live_children or execution.root in incidents
    told = {w.token_id for w in standing(execution)}
    for token in tokens:
        internal = token.internal_data
        if token is execution.root:
            continue
        assert token.id in told, token.element.id
        assert token.scope is not None
        assert token.scope.id in execution.tasks
        asked = {"wait", "work", "job", "child", "arrived", "awaits", "heard", "incident", "queued"}
        waits = internal.keys() & asked
        alive = waits or token.children or "undo" in internal or "thrown" in internal
        assert alive, f"{token.element.id} waits for nothing"
        if token.is_subscription:
            assert internal.keys() & {"wait", "heard"}
            assert not token.children
