"""Calls that go round through several packages without anybody or anything being waited for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.checks.context import is_start, trigger_of
from engine.definitions.checks.texts import static_names
from engine.definitions.model import Element, Kind, Process, Trigger
from engine.definitions.neighbours import Neighbours
from engine.definitions.packages import Package

_WAITS = frozenset(
    {
        Kind.USER_TASK,
        Kind.RECEIVE_TASK,
        Kind.EVENT_BASED_GATEWAY,
        Kind.BOUNDARY_EVENT,
        Kind.SUB_PROCESS,  # left when an end inside it is reached
        Kind.TRANSACTION,
        Kind.AD_HOC_SUB_PROCESS,
    }
)


def round_without_wait(
    package: Package, neighbours: Neighbours, process: Process, call: Element, called: str
) -> list[str] | None:
    """The processes by which a call comes back to the process it stands in; ``None`` if it waits.

    A way that only some conditions open counts: nothing guarantees that they ever differ.
    """
    calls = _Calls(package, neighbours)
    if call.id not in calls.at_once(process.id):
        return None
    pending: list[tuple[str, ...]] = [(process.id, called)]
    seen: set[str] = set()
    while pending:
        path = pending.pop()
        if path[-1] == process.id:
            return list(path)
        if path[-1] in seen:
            continue
        seen.add(path[-1])
        pending.extend((*path, name) for name in calls.called_at_once(path[-1]))
    return None


class _Calls:
    """Which calls each process comes to before it waits for anything."""

    def __init__(self, package: Package, neighbours: Neighbours) -> None:
        self._package = package
        self._neighbours = neighbours
        self._reached: dict[str, frozenset[str]] = {}
        self._ends: dict[str, bool] = {}

    def at_once(self, process_id: str) -> frozenset[str]:
        """Ids of the elements that a process comes to without waiting."""
        self._walk(process_id)
        return self._reached[process_id]

    def called_at_once(self, process_id: str) -> Iterator[str]:
        """The processes that a process calls without waiting."""
        process = self._process(process_id)
        for element_id in self.at_once(process_id) if process else ():
            yield from _names(process.elements[element_id]) if process else ()

    def _process(self, process_id: str) -> Process | None:
        return self._package.processes.get(process_id) or self._neighbours.process(process_id)

    def _ends_at_once(self, process_id: str) -> bool:
        """Whether a process may be over without waiting; one that is being walked is not."""
        if process_id not in self._ends:
            self._walk(process_id)
        return self._ends[process_id]

    def _walk(self, process_id: str) -> None:
        if process_id in self._reached:
            return
        self._reached[process_id], self._ends[process_id] = frozenset(), False
        process = self._process(process_id)
        if process is None:
            return
        pending = [e for e in process.elements.values() if _begins(e, process.id)]
        seen: dict[str, Element] = {}
        ends = False
        while pending:
            element = pending.pop()
            if element.id in seen:
                continue
            seen[element.id] = element
            pending.extend(_inside(process, element))
            if element.kind is Kind.END_EVENT:
                around = process.elements.get(element.parent)
                ends = ends or around is None
                pending.extend(_after(process, around) if around else ())
            elif not self._waits(element):
                pending.extend(_after(process, element))
        self._reached[process_id], self._ends[process_id] = frozenset(seen), ends

    def _waits(self, element: Element) -> bool:
        if element.kind is Kind.CALL_ACTIVITY:
            return not all(self._ends_at_once(name) for name in _names(element))
        is_link = trigger_of(element) is Trigger.LINK
        return element.kind in _WAITS or (element.kind is Kind.CATCH_EVENT and not is_link)


def _names(element: Element) -> Iterator[str]:
    if element.kind is Kind.CALL_ACTIVITY:
        yield from static_names(element.called_process or "")


def _begins(element: Element, scope_id: str) -> bool:
    return (
        is_start(element)
        and element.parent == scope_id
        and (trigger_of(element) in (None, Trigger.NONE))
    )


def _inside(process: Process, element: Element) -> Iterator[Element]:
    is_scope = element.kind in (Kind.SUB_PROCESS, Kind.TRANSACTION)
    if is_scope and not element.triggered_by_event:
        yield from (e for e in process.elements.values() if _begins(e, element.id))


def _after(process: Process, element: Element) -> Iterator[Element]:
    for flow_id in element.outgoing:
        yield process.elements[process.flows[flow_id].target]
    event = element.event
    if element.kind is Kind.THROW_EVENT and event is not None and event.trigger is Trigger.LINK:
        for target in process.elements.values():
            same = target.event is not None and target.event.name == event.name
            if target.kind is Kind.CATCH_EVENT and same:
                yield target
