"""A single model as it came, made ready to run by itself: answers stand in for the world.

Other engines' dialects are translated where that is exact. What a package must have and a run by
itself can do without (connectors, a key for its messages, a start event) is a warning.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from engine.definitions.checks import check_package
from engine.definitions.checks.ad_hoc import can_begin
from engine.definitions.dialects.translating import translate
from engine.definitions.model import Element, Event, Finding, Kind, Process, Trigger
from engine.definitions.package_files import files_at
from engine.definitions.packages import Package
from engine.definitions.reading.demands import MadeFor
from engine.definitions.reading.foreign import DIALECTS
from engine.definitions.reading.reader import ReadResult, read_processes
from engine.definitions.reading.xml import MAX_BYTES
from engine.simulation.model_run import ModelRun

_NOT_NEEDED: Final = frozenset(
    {
        "unknown-connector",
        "connector-input-missing",
    }
)
"""Rules of the check that a run by itself does not depend on."""

_ELSEWHERE: Final = frozenset(
    {
        "boundary-on-event-sub-process",
        "condition-after-event",
        "event-gateway-too-few",
        "timer-cycle-once",
        "unreachable",
    }
)
"""What engines that grew from Activiti run, each in the one way that this one does."""

_LEFT_OUT: Final = frozenset(
    {
        "message-missing",
        "signal-missing",
        "error-missing",
        "escalation-missing",
        "gateway-dead-end",
    }
)
"""What engines without a demand of their own let happen without a name, or a way on."""

_WORK: Final = frozenset({"task-does-nothing", "script-missing"})
"""Rules about work; an answer stands for it."""

_MAY_HAPPEN: Final = "join-waits-forever"
"""What may go wrong on one way through a model need not go wrong in a run."""

_NEEDED: Final = frozenset({"unknown-process", "unknown-decision"})
"""Rules about what may be published elsewhere: a run by itself has nothing but its file."""

_ANSWERED: Final = frozenset(
    {Kind.SERVICE_TASK, Kind.SEND_TASK, Kind.BUSINESS_RULE_TASK, Kind.SCRIPT_TASK}
)
_THROWING: Final = frozenset({Kind.THROW_EVENT, Kind.END_EVENT, Kind.SEND_TASK})


def load_model(path: Path, answered: Collection[str] = (), chosen: str | None = None) -> LoneModel:
    """The model in a file; other engines name BPMN files ``.xml`` too.

    ``answered`` are the elements that have an answer: one that calls a process or a decision is
    then worked by its answer. ``chosen`` is the process to run, where somebody said which.

    Raises:
        PackageUnreadable: nothing there, not a model, unsafe or too large.
    """
    if path.suffix.lower() == ".xml":
        with path.open("rb") as file:  # one byte too many is refused when it is read
            files = {f"{path.name}.bpmn": file.read(MAX_BYTES + 1)}
    else:
        files = files_at(path)
    return LoneModel(files, name=path.stem, answered=answered, chosen=chosen)


def findings_of_run(package: Package) -> list[Finding]:
    """What the check finds, by what a run by itself needs and what it can do without."""
    return [replace(found, level=_level(found, package)) for found in check_package(package)]


def _level(found: Finding, package: Package) -> str:
    engines = {reading.made_for for reading in package.readings}
    if found.rule in _NEEDED:
        return "error"
    if found.rule == "no-start" and MadeFor.CAMUNDA_8 not in engines:
        return "error" if _never_begins(found.element_id, package) else "warning"
    if found.rule == _MAY_HAPPEN or found.rule in _NOT_NEEDED:
        return "warning"
    if found.rule in _WORK and _is_answered(found, package):
        return "warning"
    nothing_to_choose = found.rule == "event-gateway-too-few" and not _flows_out(found, package)
    if found.rule in _ELSEWHERE and engines <= {MadeFor.ACTIVITI_LIKE} and not nothing_to_choose:
        return "warning"
    if found.rule in _LEFT_OUT and engines <= {MadeFor.ANY}:
        return "warning"
    if engines <= {MadeFor.ACTIVITI_LIKE} and _activiti_like_does_so(found, package):
        return "warning"
    if MadeFor.CAMUNDA_8 in engines:
        return found.level
    if found.rule == "parallel-with-condition":
        return "warning"  # all ways are taken and none is asked, as BPMN says
    if found.rule == "flow-without-condition" and _leaves_inclusive(found.element_id, package):
        return "warning"  # it is taken always, as everywhere but in Camunda 8, which refuses it
    return found.level


def _flows_out(found: Finding, package: Package) -> bool:
    return any(
        found.element_id in process.elements and bool(process.elements[found.element_id].outgoing)
        for process in package.processes.values()
    )


def _is_answered(found: Finding, package: Package) -> bool:
    return isinstance(package, LoneModel) and found.element_id in package.answered


def _never_begins(scope_id: str, package: Package) -> bool:
    """Whether a scope without a start event cannot do without one.

    BPMN lets what nothing enters begin by itself, unless an end event is drawn.
    """
    for process in package.processes.values():
        inside = [e for e in process.elements.values() if e.parent == scope_id]
        if scope_id == process.id and not inside:
            return True
        scope = process.elements.get(scope_id)
        if scope is not None and scope.triggered_by_event:
            return True
        if any(element.kind is Kind.END_EVENT for element in inside):
            return True
    return False


def judged(run: ModelRun, findings: list[Finding]) -> ModelRun:
    """The run with what was found beforehand; refused where what might happen did happen."""
    waiting = {wait["element_id"] for wait in run.waiting if wait["kind"] == "join"}
    only_joins = run.state == "waiting" and all(wait["kind"] == "join" for wait in run.waiting)
    stuck = {f.element_id for f in findings if f.rule == _MAY_HAPPEN} & waiting
    if not (only_joins and stuck):
        return replace(run, findings=findings)
    return ModelRun(
        "refused",
        findings=[
            replace(f, level="error") if f.rule == _MAY_HAPPEN and f.element_id in stuck else f
            for f in findings
        ],
    )


def _activiti_like_does_so(found: Finding, package: Package) -> bool:
    """A message without a name is sent to nobody; the one way without a condition is always open.

    The ways of a choice are tried in the order of the file, and so it hides those after it.
    """
    for process in package.processes.values():
        if found.rule == "message-missing" and found.element_id in process.elements:
            return process.elements[found.element_id].kind in (Kind.THROW_EVENT, Kind.END_EVENT)
        if found.rule == "flow-without-condition" and found.element_id in process.flows:
            source = process.elements[process.flows[found.element_id].source]
            ways = [process.flows[id_] for id_ in source.outgoing]
            free = [way for way in ways if way.condition is None]
            is_choice = source.kind is Kind.EXCLUSIVE_GATEWAY
            return is_choice and source.default_flow is None and len(free) == 1
    return False


def _leaves_inclusive(flow_id: str, package: Package) -> bool:
    for process in package.processes.values():
        if flow_id in process.flows:
            source = process.elements[process.flows[flow_id].source]
            return source.kind is Kind.INCLUSIVE_GATEWAY
    return False


class LoneModel(Package):
    """A package of one file, read for a run by itself."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        *,
        name: str = "",
        answered: Collection[str] = (),
        chosen: str | None = None,
    ) -> None:
        super().__init__(files, name=name)
        self.answered = frozenset(answered)
        self.chosen = chosen

    @cached_property
    def version(self) -> str:
        """Not that of the file as it is published: it is read in another way."""
        return f"los-{super().version}-{self.chosen or ''}-{'-'.join(sorted(self.answered))}"

    @cached_property
    def readings(self) -> tuple[ReadResult, ...]:
        """What each BPMN file holds after translation."""
        paths = self._paths(".bpmn")
        prepare = partial(
            translate, answered=self.answered, chosen=self.chosen, called=len(paths) > 1
        )
        return tuple(read_processes(self.files[path], path, prepare=prepare) for path in paths)

    @cached_property
    def processes(self) -> Mapping[str, Process]:
        """Every process, with work for the answers, and messages that find each other by name."""
        keyed = {
            (event.name, event.correlation_key is not None)
            for reading in self.readings
            for process in reading.processes
            for found in process.elements.values()
            if found.event is not None and found.kind not in _THROWING
            for event in found.event.each
            if event.trigger is Trigger.MESSAGE
        }
        return MappingProxyType(
            {
                key: replace(
                    process,
                    elements={
                        k: self._ready(self._chosen(e, process), keyed)
                        for k, e in process.elements.items()
                    },
                )
                for key, process in super().processes.items()
            }
        )

    def _chosen(self, element: Element, process: Process) -> Element:
        """An ad-hoc sub-process without a list begins with what people chose: what is answered.

        That is how engines do it that grew from Activiti. Where nothing tells for which engine a
        file was made, all of it begins, as automatic work does.
        """
        ad_hoc, engines = element.ad_hoc, {reading.made_for for reading in self.readings}
        if ad_hoc is None or ad_hoc.active is not None or MadeFor.CAMUNDA_8 in engines:
            return element
        chosen = [e.id for e in process.children(element.id) if can_begin(e)]
        if MadeFor.ACTIVITI_LIKE in engines:
            chosen = [id_ for id_ in chosen if id_ in self.answered]
        elif any(name.encode() in data for name in DIALECTS for data in self.files.values()):
            return element  # each of them begins it in a way of its own
        if not chosen:
            return element
        named = ", ".join(f'"{id_}"' for id_ in chosen)
        return replace(element, ad_hoc=replace(ad_hoc, active=f"=[{named}]", after_each=True))

    def _ready(self, element: Element, keyed: set[tuple[str | None, bool]]) -> Element:
        engines = {reading.made_for for reading in self.readings}
        if element.outputs and element.kind is not Kind.CALL_ACTIVITY:
            element = replace(element, brings_all=engines <= {MadeFor.ACTIVITI_LIKE})
        if element.id in self.answered and element.kind is Kind.BUSINESS_RULE_TASK:
            return replace(element, decision_id=None, job_type=element.id)
        waits_for_nothing = element.kind is Kind.RECEIVE_TASK and element.event is None
        if element.id in self.answered and (
            element.kind is Kind.CALL_ACTIVITY or waits_for_nothing
        ):
            return replace(element, kind=Kind.SERVICE_TASK, job_type=element.id)
        if waits_for_nothing:  # it waits until somebody lets it go on
            return replace(element, event=Event(Trigger.MESSAGE, element.id))
        return _ready(element, keyed)


def _named(element: Element) -> Element:
    """A message or signal without a name is one of its own: who waits for one hears it."""
    event = element.event
    if event is None or all(one.name or one.trigger not in _CALLED for one in event.each):
        return element
    if not event.parts:
        return replace(element, event=replace(event, name=""))
    parts = tuple(
        replace(one, name=one.name or "") if one.trigger in _CALLED else one for one in event.parts
    )
    return replace(element, event=replace(event, parts=parts))


_CALLED: Final = frozenset({Trigger.MESSAGE, Trigger.SIGNAL})


def _ready(element: Element, keyed: set[tuple[str | None, bool]]) -> Element:
    element = _named(element)
    if element.kind in _ANSWERED and not (
        element.job_type or element.script or element.decision_id or element.event
    ):
        return replace(element, job_type=element.id)
    event = element.event
    if event is None or element.kind not in _THROWING or "correlatie" in element.properties:
        return element
    if event.parts:
        parts = tuple(_by_name(part, keyed) for part in event.parts)
        return replace(element, event=replace(event, parts=parts))
    return replace(element, event=_by_name(event, keyed))


def _by_name(event: Event, keyed: set[tuple[str | None, bool]]) -> Event:
    """A message that is thrown, without a key where nobody waits for it with one."""
    by_name_only = (event.name, False) in keyed and (event.name, True) not in keyed
    if event.trigger is Trigger.MESSAGE and by_name_only and event.correlation_key is None:
        return replace(event, correlation_key="=null")
    return event
