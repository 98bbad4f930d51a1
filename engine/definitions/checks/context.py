"""What a check of one process may know: the process indexed, and what surrounds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.definitions.connectors import KNOWN_CONNECTORS, Connector
from engine.definitions.model import Element, Flow, Kind, Process, Trigger
from engine.definitions.neighbours import Neighbours
from engine.definitions.reporting import Reporter

if TYPE_CHECKING:
    from engine.definitions.forms import Form
    from engine.definitions.packages import Package


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the package around a process holds.

    Attributes:
        alone: a single file is checked; roles and forms aren't known then.
        decisions: names of the inputs that each decision asks for, by decision id.
        shared: the package is there to be called by others.
        neighbours: the other packages that this one may call.
    """

    alone: bool = True
    roles: frozenset[str] = frozenset()
    forms: Mapping[str, Form] = field(default_factory=dict)
    decisions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    processes: Mapping[str, Process] = field(default_factory=dict)
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    connectors: Mapping[str, Connector] = field(default_factory=lambda: KNOWN_CONNECTORS)
    shared: bool = False
    neighbours: Neighbours = field(default_factory=Neighbours)


def surroundings_of(package: Package, neighbours: Neighbours | None = None) -> Surroundings:
    """What the processes of a package may refer to."""
    entries: dict[str, tuple[str, ...]] = {}
    for entry in (*package.entries.values(), *package.beside.values()):
        form = package.forms.get(entry.form_id or "")
        own = entries.get(entry.message, ())
        entries[entry.message] = own + (form.process_variables if form else ())
    return Surroundings(
        alone=package.is_single_file,
        roles=frozenset(package.roles),
        forms=package.forms,
        decisions=decisions_of(package),
        processes=package.processes,
        entries=entries,
        shared=package.shared,
        neighbours=neighbours or Neighbours(),
    )


def decisions_of(package: Package) -> dict[str, tuple[str, ...]]:
    """The names of the inputs that each decision of a package asks for."""
    return {
        decision.id: decision.required_names
        for model in package.decision_models.values()
        for decision in model.decisions
    }


class Check:
    """One process being checked: its elements by scope, its flows by end, and the findings."""

    def __init__(self, process: Process, around: Surroundings, report: Reporter) -> None:
        self.process = process
        self.around = around
        self.report = report
        self.elements = process.elements
        self.scopes: dict[str, list[Element]] = {process.id: []}
        self.boundaries: dict[str, list[Element]] = {}
        for element in process.elements.values():
            self.scopes.setdefault(element.parent, []).append(element)
            if element.attached_to:
                self.boundaries.setdefault(element.attached_to, []).append(element)

    @property
    def by_trigger(self) -> Iterator[Element]:
        """Every element, an event with several triggers once for each of them."""
        return (one for element in self.elements.values() for one in element.by_trigger)

    def outside(self, rule: str, element: Element, message: str, remedy: str) -> None:
        """Report what a single file may do without, or find elsewhere, and a package may not."""
        say = self.report.warning if self.around.alone else self.report.error
        say(rule, element, message, remedy)

    def outgoing(self, element: Element) -> list[Flow]:
        """The flows out of an element, in document order."""
        return [self.process.flows[flow] for flow in element.outgoing]

    def incoming(self, element: Element) -> list[Flow]:
        """The flows into an element, in document order."""
        return [self.process.flows[flow] for flow in element.incoming]

    def parent(self, element: Element) -> Element | None:
        """The sub-process around an element; None directly in the process."""
        return self.elements.get(element.parent)

    def in_event_sub_process(self, element: Element) -> bool:
        """Whether an element stands directly in an event sub-process."""
        parent = self.parent(element)
        return parent is not None and parent.triggered_by_event


def trigger_of(element: Element) -> Trigger | None:
    """What an event waits for or throws; None for what is no event."""
    return None if element.event is None else element.event.trigger


def is_start(element: Element) -> bool:
    """Whether an element is a start event."""
    return element.kind is Kind.START_EVENT
