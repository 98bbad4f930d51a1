"""What the check finds in a single model: what a run by itself needs is an error, no more."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Final

from engine.definitions.checks import check_package
from engine.definitions.checks.context import is_start, trigger_of
from engine.definitions.expressions import body, free_names
from engine.definitions.model import Element, Finding, Kind, Process, Trigger
from engine.definitions.reading.demands import MadeFor
from engine.simulation.lone_model import LoneModel
from engine.simulation.model_run import ModelRun

_NOT_NEEDED: Final = frozenset(
    {
        "condition-on-only-way",
        "connector-input-missing",
        "flow-listed-wrongly",
        "unknown-connector",
    }
)
"""Rules of the check that a run by itself does not depend on."""

_ELSEWHERE: Final = frozenset(
    {
        "boundary-on-event-sub-process",
        "condition-after-event",
        "timer-cycle-once",
        "unreachable",
    }
)
"""What engines that grew from Activiti run, each in the one way that this one does."""

_NAMELESS: Final[Mapping[str, Trigger]] = {
    "message-missing": Trigger.MESSAGE,
    "signal-missing": Trigger.SIGNAL,
    "error-missing": Trigger.ERROR,
    "escalation-missing": Trigger.ESCALATION,
}
"""What engines without a demand of their own let happen without a name."""
_DEAD_END: Final = "gateway-dead-end"
_CALLED_ANYWAY: Final = "called-as-executable"

_WORK: Final = frozenset({"task-does-nothing", "script-missing"})
"""Rules about work; an answer stands for it."""

_COUNTED: Final = frozenset({"token-quantity", "unsupported-gateway"})
"""What goes on by the number of tokens: engines that are known do not, BPMN does."""

_THROWING: Final = frozenset({Kind.THROW_EVENT, Kind.END_EVENT, Kind.SEND_TASK})
_CATCHING: Final = frozenset({Kind.BOUNDARY_EVENT, Kind.START_EVENT})

_JOIN: Final = "join-waits-forever"
_MAY_HAPPEN: Final = frozenset({_JOIN, *_COUNTED})
"""What may go wrong on one way through a model need not go wrong in a run."""

_UNSEEN: Final = frozenset({_JOIN, "parallel-with-condition", "unreachable"})
"""What shows on ways that a run did not take, or where it did not ask a condition."""
_BORDER_OF_EVENTS: Final = "boundary-on-event-sub-process"
"""What stands behind it these engines pass by; it is named itself."""

_NO_VALUE: Final = "expression-failed"
"""A run that stops at a choice without values cannot show that all goes well behind it."""

_NEEDED: Final = frozenset({"unknown-process", "unknown-decision"})
"""Rules about what may be published elsewhere: a run by itself has nothing but its file."""


def findings_of_run(model: LoneModel) -> list[Finding]:
    """What the check finds, by what a run by itself needs and what it can do without."""
    found = check_package(model)
    rules = {(one.rule, one.element_id) for one in found}
    return [replace(one, level=_level(one, model, rules)) for one in found]


def judged(
    run: ModelRun, findings: list[Finding], model: LoneModel, *, given: bool = True
) -> ModelRun:
    """The run with what was found beforehand; refused where what might happen did happen.

    So is a run that stopped at an expression of another language, of which only its own engine
    knows what becomes of these values. Where nothing was ``given`` to a run, no values and no
    answers, it shows no more than one way through, and nothing of what the others lead to.
    """
    waiting = {wait["element_id"] for wait in run.waiting if wait["kind"] == "join"}
    only_joins = run.state == "waiting" and all(wait["kind"] == "join" for wait in run.waiting)
    unknown = run.error is not None and run.error["code"] == _NO_VALUE
    joins = {f.element_id for f in findings if f.rule == _JOIN}
    stuck = (
        joins if unknown else {f.element_id for f in findings if f.rule in _MAY_HAPPEN} & waiting
    )
    passed_by = any(f.rule == _BORDER_OF_EVENTS for f in findings)
    unseen = _UNSEEN - {"unreachable"} if passed_by else _UNSEEN
    if not given and any(f.rule in unseen for f in findings):
        strict = [replace(f, level="error") if f.rule in unseen else f for f in findings]
        return ModelRun("refused", findings=strict)
    if stuck and (only_joins or unknown):
        findings = [
            replace(f, level="error") if f.rule in _MAY_HAPPEN and f.element_id in stuck else f
            for f in findings
        ]
        return ModelRun("refused", findings=findings)
    if _is_foreign(run, model):
        return ModelRun("refused", findings=[*findings, _only_there(run, model)])
    return replace(run, findings=findings)


def _is_foreign(run: ModelRun, model: LoneModel) -> bool:
    """Whether a run stopped at an expression that is no FEEL as it stands in the file.

    A name that nothing has is a fault in the engines that grew from Activiti as well.
    """
    expression = None if run.error is None else run.error.get("expression")
    engines = {reading.made_for for reading in model.readings}
    if run.state != "incident" or not expression or MadeFor.CAMUNDA_8 in engines:
        return False
    if run.error is None or run.error["code"] != "expression-failed":
        return False
    source = body(expression)
    if source in model.written_in_feel or source in _counted(run.error["element_id"], model):
        return False
    missing = {name.partition(".")[0] for name in free_names(source)} - run.variables.keys()
    plain = any(name.isidentifier() for name in missing)
    return not (plain and engines <= {MadeFor.ACTIVITI_LIKE})


def _counted(element_id: str, model: LoneModel) -> set[str]:
    """How often or over what an element repeats: what is no number or list is so everywhere."""
    found = (p.elements[element_id] for p in model.processes.values() if element_id in p.elements)
    loops = (element.loop for element in found if element.loop is not None)
    return {
        body(text) for loop in loops for text in (loop.cardinality, loop.input_collection) if text
    }


def _only_there(run: ModelRun, model: LoneModel) -> Finding:
    error = run.error or {}
    process = next((p for p in model.processes.values() if error["element_id"] in p.elements), None)
    element = None if process is None else process.elements[error["element_id"]]
    return Finding(
        "" if process is None else process.file,
        "error",
        "expression-elsewhere",
        error["element_id"],
        error["element_name"],
        0 if element is None else element.line,
        f"Bij {error['element_name'] or error['element_id']} is een uitdrukking van een andere "
        f"engine met deze gegevens niet uit te rekenen. {error['message']}",
        "Schrijf haar in FEEL (met = ervoor), of geef andere gegevens mee.",
    )


def _level(found: Finding, model: LoneModel, rules: Set[tuple[str, str]]) -> str:
    engines = {reading.made_for for reading in model.readings}
    if found.rule in _NEEDED:
        return "error"
    if found.rule == "no-start" and MadeFor.CAMUNDA_8 not in engines:
        return "error" if _never_begins(found.element_id, model) else "warning"
    if found.rule == "several-none-starts" and _says_which_start(found, model):
        return "warning"
    if found.rule == "parallel-with-condition" and MadeFor.CAMUNDA_8 not in engines:
        return "warning"  # all ways are taken and none is asked
    if found.rule in _COUNTED:
        return "warning" if engines <= {MadeFor.ANY} else "error"
    if found.rule in _MAY_HAPPEN or found.rule in _NOT_NEEDED:
        return "warning"
    if found.rule in _WORK and found.element_id in model.answered:
        return "warning"
    if found.rule == "escalation-host" and _may_escalate(found.element_id, model):
        return "warning"
    if engines <= {MadeFor.ANY} and (found.rule == _DEAD_END or _is_met(found, model, rules)):
        return "warning"
    if found.rule == _CALLED_ANYWAY and engines <= {MadeFor.ACTIVITI_LIKE}:
        return "error"
    if engines <= {MadeFor.ACTIVITI_LIKE} and _activiti_like_does_so(found, model):
        return "warning"
    if MadeFor.CAMUNDA_8 in engines:
        return found.level
    source = _source(found.element_id, model)
    is_inclusive = source is not None and source.kind is Kind.INCLUSIVE_GATEWAY
    if found.rule == "flow-without-condition" and is_inclusive:
        return "warning"  # it is taken always, as everywhere but in Camunda 8, which refuses it
    return found.level


def _says_which_start(found: Finding, model: LoneModel) -> bool:
    """Whether an answer names one start of those that need nothing, or all of them begin."""
    if model.begins_everywhere:
        return True
    process = _process_of(found.element_id, model)
    if process is None or process.elements[found.element_id].parent != process.id:
        return False
    inside = process.children(process.id)
    starts = {one.id for one in inside if is_start(one) and trigger_of(one) is Trigger.NONE}
    return len(starts & model.answered) == 1


def _may_escalate(border_id: str, model: LoneModel) -> bool:
    """Whether an answer says that something escalates, or it comes from a call that is answered."""
    process = _process_of(border_id, model)
    host = process.elements[border_id].attached_to if process is not None else None
    called = model.drawn_kinds.get(host or "") == Kind.CALL_ACTIVITY
    return called or border_id in model.answered


def _never_begins(scope_id: str, model: LoneModel) -> bool:
    """Whether a scope without a start event cannot do without one.

    BPMN lets what nothing enters begin by itself, unless an end event is drawn.
    """
    for process in model.processes.values():
        inside = [e for e in process.elements.values() if e.parent == scope_id]
        if scope_id == process.id and all(element.triggered_by_event for element in inside):
            return True
        scope = process.elements.get(scope_id)
        if scope is not None and scope.triggered_by_event:
            return True
        if any(element.kind is Kind.END_EVENT for element in inside):
            return True
    return False


def _activiti_like_does_so(found: Finding, model: LoneModel) -> bool:
    """A message without a name is sent to nobody; the one way without a condition is always open.

    The ways of a choice are tried in the order of the file, and so it hides those after it.
    """
    if found.rule in _ELSEWHERE:
        return True
    process = _process_of(found.element_id, model)
    element = process.elements.get(found.element_id) if process is not None else None
    if found.rule == "event-gateway-too-few":
        return element is not None and bool(element.outgoing)
    if found.rule == "message-missing":
        return element is not None and element.kind in (Kind.THROW_EVENT, Kind.END_EVENT)
    source = _source(found.element_id, model)
    if found.rule == "flow-without-condition" and process is not None and source is not None:
        is_choice = source.kind is Kind.EXCLUSIVE_GATEWAY and source.default_flow is None
        free = [id_ for id_ in source.outgoing if process.flows[id_].condition is None]
        return is_choice and len(free) == 1
    return False


def _is_met(found: Finding, model: LoneModel, rules: Set[tuple[str, str]]) -> bool:
    """Whether something in the file, or an answer, meets what has no name.

    A nameless error or escalation is caught where every one is.
    """
    trigger = _NAMELESS.get(found.rule)
    if trigger is None:
        return False
    if found.element_id in model.answered:
        return True
    throws = _throws(found.element_id, model)
    if trigger in (Trigger.ERROR, Trigger.ESCALATION):
        return any(
            event.trigger is trigger and event.name is None
            for process in model.processes.values()
            for element in process.elements.values()
            if element.event is not None and element.kind in _CATCHING
            for event in element.event.each
        )
    nameless = {id_ for rule, id_ in rules if rule == found.rule}
    return any(_throws(id_, model) is not throws for id_ in nameless)


def _throws(element_id: str, model: LoneModel) -> bool:
    return _drawn_kind(element_id, model) in _THROWING


def _drawn_kind(element_id: str, model: LoneModel) -> Kind | None:
    process = _process_of(element_id, model)
    element = None if process is None else process.elements.get(element_id)
    return None if element is None else element.kind


def _source(flow_id: str, model: LoneModel) -> Element | None:
    """The element that a flow leaves."""
    process = _process_of(flow_id, model)
    flow = process.flows.get(flow_id) if process is not None else None
    return process.elements[flow.source] if process is not None and flow is not None else None


def _process_of(id_: str, model: LoneModel) -> Process | None:
    """The process that an element or a flow stands in."""
    processes = model.processes.values()
    return next((one for one in processes if id_ in one.elements or id_ in one.flows), None)
