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

from lxml import etree

from engine.definitions.checks.ad_hoc import can_begin
from engine.definitions.dialects.carried import SPIFF
from engine.definitions.dialects.flowable import ONLY_NAMED
from engine.definitions.dialects.translating import translate
from engine.definitions.expressions import body, is_feel
from engine.definitions.model import Element, Event, Kind, Process, Trigger
from engine.definitions.package_files import files_at
from engine.definitions.packages import Package
from engine.definitions.reading.demands import MadeFor
from engine.definitions.reading.foreign import DIALECTS
from engine.definitions.reading.reader import ReadResult, read_processes
from engine.definitions.reading.xml import MAX_BYTES, ZEEBE, children, is_false, parse_bpmn
from engine.simulation.held_work import called_within, hold, reaching

_ANSWERED: Final = frozenset(
    {Kind.SERVICE_TASK, Kind.SEND_TASK, Kind.BUSINESS_RULE_TASK, Kind.SCRIPT_TASK}
)
_BEGIN_EVERYWHERE: Final = (
    b"http://paed01.github.io/bpmn-engine/",
    b"http://spiffworkflow.org/bpmn/",
)
"""What a file says that is made for bpmn-engine or SpiffWorkflow."""
_CALLED: Final = frozenset({Trigger.MESSAGE, Trigger.SIGNAL})
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
        return tuple(
            read_processes(self.files[path], path, prepare=prepare, unnamed=True) for path in paths
        )

    @cached_property
    def begins_everywhere(self) -> bool:
        """Whether the engine that the file names begins at every start that needs nothing."""
        return any(name in data for name in _BEGIN_EVERYWHERE for data in self.files.values())

    def may_begin(self, process: Process) -> bool:
        """As in a package, but who does not say whether it is executable leaves it open."""
        return process.executable or process.id not in self._not_executable

    @cached_property
    def _not_executable(self) -> frozenset[str]:
        roots = (parse_bpmn(self.files[path], unnamed=True) for path in self._paths(".bpmn"))
        return frozenset(
            process.get("id", "")
            for root in roots
            for process in children(root, "process")
            if is_false(process.get("isExecutable"))
        )

    @cached_property
    def written_in_feel(self) -> frozenset[str]:
        """The expressions that are FEEL as they stand in the file: what stands behind ``=``."""
        found: set[str] = set()
        for path in self._paths(".bpmn"):
            for node in parse_bpmn(self.files[path], unnamed=True).iter(etree.Element):
                texts = (node.text or "", *map(str, node.attrib.values()))
                found.update(body(text) for text in texts if is_feel(text))
        return frozenset(found)

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
        drawn = super().processes
        called = called_within(drawn, self.answered)
        ready = {
            key: self._run_by_itself(process, keyed, called=process.id in called)
            for key, process in drawn.items()
        }
        return MappingProxyType(
            {k: hold(p, self.answered, called=p.id in called) for k, p in ready.items()}
        )

    @cached_property
    def drawn_kinds(self) -> Mapping[str, str]:
        """What an element is in the drawing, where it runs as work for its answer."""
        return {
            id_: element.kind.value
            for reading in self.readings
            for process in reading.processes
            for id_, element in process.elements.items()
            if element.kind is not self.processes[process.id].elements[id_].kind
        }

    def _run_by_itself(
        self, process: Process, keyed: set[tuple[str | None, bool]], *, called: bool
    ) -> Process:
        elements = {
            k: self._ready(self._worked(self._chosen(e, process), process, called), keyed)
            for k, e in process.elements.items()
        }
        return replace(process, elements=elements)

    def _worked(self, element: Element, process: Process, called: bool) -> Element:
        """A task that nobody does is work where an answer tells what comes of it or comes first.

        Such an answer may be for an event at the call of a process that is ``called``.
        What comes with an event goes to the whole scope, as the engines do that files come from.
        """
        scope = process.elements.get(element.parent)
        if element.kind is Kind.START_EVENT and scope is not None and scope.triggered_by_event:
            return replace(element, brings_all=not element.outputs)
        if element.kind not in (Kind.TASK, Kind.MANUAL_TASK):
            return element
        if called or element.id in self.answered or any(reaching(process, element, self.answered)):
            return replace(element, kind=Kind.SERVICE_TASK)
        return element

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
        elif any(n.encode() in data for n in (ZEEBE, *DIALECTS) for data in self.files.values()):
            return element  # each of them begins it in a way of its own
        if not chosen:
            return element
        named = ", ".join(f'"{id_}"' for id_ in chosen)
        return replace(element, ad_hoc=replace(ad_hoc, active=f"=[{named}]", after_each=True))

    def _ready(self, element: Element, keyed: set[tuple[str | None, bool]]) -> Element:
        engines = {reading.made_for for reading in self.readings}
        if element.outputs and element.kind is not Kind.CALL_ACTIVITY:
            of_spiff = all(SPIFF.encode() in data for data in self.files.values())
            all_goes_on = MadeFor.CAMUNDA_8 not in engines and of_spiff
            all_goes_on = all_goes_on or engines <= {MadeFor.ACTIVITI_LIKE}
            only_named = ONLY_NAMED in element.properties
            element = replace(element, brings_all=all_goes_on and not only_named)
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
