"""Runs one model in memory under a virtual clock, with answers by element id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.clock import VirtualClock
from engine.definitions.dialects.thrown import THROWS
from engine.definitions.model import Element, Finding, Kind, Process, Trigger
from engine.definitions.packages import Package
from engine.errors import KetenspoorError
from engine.execution.definition import Definition
from engine.execution.standing import Standing
from engine.execution.timing import after, as_cycle, as_instant
from engine.execution.variables import evaluate, evaluate_feel
from engine.feel.plain_form import to_plain_json
from engine.feel.values import YearsMonthsDuration
from engine.runtime.catalogue import Catalogue
from engine.runtime.connectors import Connector, ConnectorCall, ConnectorRegistry
from engine.runtime.errors import BpmnError
from engine.runtime.memory import MemoryStore
from engine.simulation.held_work import HELD
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_moves import Answers, Mover, RunRuntime
from engine.simulation.source import PackagesAtHand

DEFAULT_SPAN = YearsMonthsDuration(12)
TRAJECTORY, TRIAL = "trajectId", "proef"
"""Every trajectory knows its own id, which messages are correlated by; a run has one of its own."""


@dataclass(slots=True)
class ModelRun:
    """How a run went, in the shape that the command line prints."""

    state: str
    trace: list[dict[str, Any]] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    error: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "state": self.state,
            "trace": self.trace,
            "variables": to_plain_json(self.variables),
            "waiting": self.waiting,
            "findings": [finding.as_dict() for finding in self.findings],
            "error": self.error,
        }


class _AnsweringRegistry(ConnectorRegistry):
    """Service tasks give back the answers for their element; nothing is really called."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self._answers = answers

    def call(self, call: ConnectorCall) -> Mapping[str, Any]:
        if call.job_type.startswith(THROWS):
            raise BpmnError(call.job_type.removeprefix(THROWS))
        return self._answers.next(call.element_id)

    def defers(self, job_type: str) -> bool:
        """Whether the work waits: an answered event may come first."""
        return job_type.startswith(HELD)

    def register(
        self, job_type: str, connector: Connector, *, whole: bool = False, reads: bool = False
    ) -> None:
        raise NotImplementedError("a model run calls no connectors")


def run_model(
    package: Package,
    *,
    process_id: str | None = None,
    variables: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    span: timedelta | YearsMonthsDuration = DEFAULT_SPAN,
    begin: datetime,
) -> ModelRun:
    """Run a process of a checked package from ``begin`` (UTC) for ``span`` of virtual time."""
    process = _choose(package, process_id)
    clock = VirtualClock(begin)
    given = Answers(answers or {})
    store = MemoryStore()
    catalogue = Catalogue(PackagesAtHand(package))
    runtime = RunRuntime(store, catalogue, _AnsweringRegistry(given), clock)
    given_variables = {TRAJECTORY: TRIAL, **(variables or {})}
    definition = catalogue.definition(package.version, process.id)
    failed: KetenspoorError | None = None
    try:
        start = _start(definition, clock, given_variables, given)
        if start is None and not definition.plain_starts(process.id):
            return _result(store, package, process, None)  # no condition holds: nothing begins
        start_id = None if start is None else start.id
        if start_id is not None and start_id in given:
            given_variables.update(given.next(start_id))
        main = runtime.start(
            package.version, process.id, given_variables, business_key=TRIAL, start_id=start_id
        )
        Mover(runtime, store, clock, given, after(begin, span), main).move()
    except KetenspoorError as error:  # a step that cannot be taken to its end
        failed = error
        runtime.look()
    return _result(store, package, process, failed)


def _choose(package: Package, process_id: str | None) -> Process:
    wanted = process_id or package.main_process
    if wanted is not None:
        return package.processes[wanted]
    called = {e.called_process for p in package.processes.values() for e in p.elements.values()}
    processes = list(package.processes.values())
    return next((p for p in processes if p.executable and p.id not in called), processes[0])


def _start(
    definition: Definition, clock: VirtualClock, variables: Mapping[str, Any], answers: Answers
) -> Element | None:
    """The event that begins the run: one that an answer names, else none, else the first."""
    triggered = definition.triggered_starts()
    plain = definition.plain_starts(definition.process.id)
    several = [one for one in plain if one.kind is Kind.START_EVENT] if len(plain) > 1 else []
    start = next((start for start in (*triggered, *several) if start.id in answers), None)
    if start is None and not plain:
        start = next((one for one in triggered if _holds(one, clock, variables)), None)
    event = None if start is None else start.event
    if event is not None and event.trigger is Trigger.TIMER:
        now = clock.now()
        if event.date is not None:
            clock.advance_to(as_instant(evaluate(event.date, variables, now, what="Timer")))
        elif event.duration is not None:
            clock.advance_to(after(now, evaluate(event.duration, variables, now, what="Timer")))
        elif event.cycle is not None:
            cycle = as_cycle(evaluate(event.cycle, variables, now, what="Timer"))
            clock.advance_to(cycle.first_due(now))
    return start


def _holds(start: Element, clock: VirtualClock, variables: Mapping[str, Any]) -> bool:
    """Whether a start may begin the run: a condition must hold of what is put in."""
    if start.event is None:
        return True
    holding = [
        one.trigger is not Trigger.CONDITIONAL
        or evaluate_feel(one.condition or "false", variables, clock.now(), what="Voorwaarde")
        is True
        for one in start.event.each
    ]
    return any(holding) if start.event.trigger is Trigger.MULTIPLE else all(holding)


def _result(
    store: MemoryStore, package: Package, process: Process, failed: KetenspoorError | None
) -> ModelRun:
    root = next((i for i in store.instances.values() if i.process_id == process.id), None)
    waits = [(i, w) for i, w in store.open_waits() if w.kind not in ("scope", "child")]
    incidents = [w for _i, w in waits if w.kind == "incident"]
    state = "incident" if incidents or failed else "waiting"
    if root is not None and root.execution.status == "completed" and not failed:
        state = "completed"
    drawn = package.drawn_kinds if isinstance(package, LoneModel) else {}
    trace = [
        {
            "element_id": r.happening.element_id,
            "type": drawn.get(r.happening.element_id, r.happening.element_kind),
            "at": r.happening.at.isoformat(),
        }
        for r in store.history
        if r.happening.type == "completed" and not r.happening.data.get("body")
    ]
    return ModelRun(
        state=state,
        trace=trace,
        variables=_shown(root.execution.variables) if root else {},
        waiting=[_waiting(w) for _i, w in waits],
        error=_failure(failed, process) if failed else _error(incidents[0]) if incidents else None,
    )


def _shown(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables without the id that the run itself put in."""
    return {k: v for k, v in variables.items() if (k, v) != (TRAJECTORY, TRIAL)}


def _waiting(wait: Standing) -> dict[str, Any]:
    return {
        "element_id": wait.element_id,
        "type": wait.element_kind,
        "kind": wait.kind,
        "due_at": wait.due_at.isoformat() if wait.due_at else None,
        "name": wait.name,
    }


def _failure(failed: KetenspoorError, process: Process) -> dict[str, Any]:
    element_id = str(failed.where.get("element_id") or process.id)
    element = process.elements.get(element_id)
    return {
        "element_id": element_id,
        "element_name": element.name if element else process.name,
        "code": failed.code,
        "message": failed.message,
        "remedy": failed.remedy,
        "expression": failed.where.get("expression"),
    }


def _error(incident: Standing) -> dict[str, Any]:
    details = incident.details
    return {
        "element_id": incident.element_id,
        "element_name": incident.element_name,
        "code": details["code"],
        "message": details["message"],
        "remedy": details["remedy"],
        "expression": details.get("expression"),
    }
