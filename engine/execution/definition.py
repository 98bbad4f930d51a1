"""An executable definition: a process model as SpiffWorkflow specifications, read-only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from engine.definitions.model import Element, Flow, Kind, Process, Trigger
from engine.definitions.references import Reference
from engine.execution import activities, ad_hoc, events, gateways, gathering
from engine.execution.tokens import ElementSpec, RootSpec, Token

Decide = Callable[[str, Mapping[str, Any], datetime], Any]
Decides = Callable[[Reference], bool]
Watch = Callable[[Token, Sequence[Flow], Sequence[Flow]], None]

_SPECS: dict[Kind, type[ElementSpec]] = {
    **activities.SPECS,
    **ad_hoc.SPECS,
    **gateways.SPECS,
    **gathering.SPECS,
    **events.SPECS,
}


def _no_decisions(decision_id: str, inputs: Mapping[str, Any], now: datetime) -> Any:
    raise KeyError(decision_id)


class Definition:
    """One process, ready to run. Instances share it: nothing in it changes after it is made.

    ``decide(decision_id, variables, now)`` evaluates a decision of the same package;
    ``decides(reference)`` says whether the decision is one of those. Where somebody wants to know
    why, ``watch(token, flows, taken)`` is told of every choice between flows.
    """

    def __init__(
        self,
        process: Process,
        decide: Decide = _no_decisions,
        decides: Decides = lambda _: True,
        watch: Watch | None = None,
    ) -> None:
        self.process = process
        self.decide = decide
        self.decides = decides
        self.watch = watch
        self.workflow_spec = WorkflowSpec(process.id)
        root = Element(process.id, Kind.SUB_PROCESS, "", name=process.name, line=process.line)
        self.root = RootSpec(self.workflow_spec, root)
        self._out: dict[str, list[Flow]] = {}
        self._boundaries: dict[str, list[Element]] = {}
        self._scopes: dict[str, list[Element]] = {}
        self._reach: dict[tuple[str, str, bool], frozenset[str]] = {}
        self._event_subprocesses: dict[str, list[tuple[Element, Element]]] = {}
        for element in process.elements.values():
            spec_class = _SPECS.get(element.kind)
            if spec_class is not None:
                if element.start_quantity > 1:
                    spec_class = gathering.beginning_with_several(spec_class)
                spec_class(self.workflow_spec, element)
            self._scopes.setdefault(element.parent, []).append(element)
            if element.kind is Kind.BOUNDARY_EVENT and element.attached_to:
                self._boundaries.setdefault(element.attached_to, []).append(element)
            flows = [process.flows[f] for f in element.outgoing]
            self._out[element.id] = flows * element.completion_quantity
            for flow in self._out[element.id]:
                target = self.workflow_spec.task_specs.get(flow.target)
                if spec_class is not None and target is not None:
                    self.spec(element.id).connect(target)
        self.has_conditions = any(
            (e.event and any(one.trigger is Trigger.CONDITIONAL for one in e.event.each))
            or (e.ad_hoc and e.ad_hoc.condition is not None)
            for e in process.elements.values()
        )

        self.has_messages = any(
            e.kind is Kind.RECEIVE_TASK
            or (e.event and any(one.trigger is Trigger.MESSAGE for one in e.event.each))
            for e in process.elements.values()
        )

        self.has_inclusive_joins = any(
            e.kind in (Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY) and len(e.incoming) > 1
            for e in process.elements.values()
        )

    def spec(self, element_id: str) -> ElementSpec:
        """The specification of an element."""
        spec: ElementSpec = self.workflow_spec.task_specs[element_id]
        return spec

    def element(self, element_id: str) -> Element:
        """An element of the model, or the process itself."""
        return self.spec(element_id).element

    def flow(self, flow_id: str) -> Flow:
        """A sequence flow of the model."""
        return self.process.flows[flow_id]

    def flows_out(self, element: Element) -> list[Flow]:
        """The flows out of an element, in the order drawn."""
        return self._out.get(element.id, [])

    def boundaries(self, host_id: str) -> list[Element]:
        """The boundary events attached to an activity."""
        return self._boundaries.get(host_id, [])

    def event_subprocesses(self, scope_id: str) -> list[tuple[Element, Element]]:
        """The event sub-processes of a scope with the start event of each."""
        if scope_id not in self._event_subprocesses:
            self._event_subprocesses[scope_id] = [
                (sub, start)
                for sub in self._scopes.get(scope_id, [])
                if sub.triggered_by_event
                for start in self._scopes.get(sub.id, [])
                if start.kind is Kind.START_EVENT
            ]
        return self._event_subprocesses[scope_id]

    def undoing_start(self, handler_id: str) -> Element | None:
        """The start of an event sub-process that undoes the scope it stands in."""
        if not self.element(handler_id).triggered_by_event:
            return None
        inside = self._scopes.get(handler_id, [])
        return next((e for e in inside if e.kind is Kind.START_EVENT), None)

    def plain_starts(self, scope_id: str) -> list[Element]:
        """Where a scope starts by itself: none start events, else all that nothing enters."""
        inside = self._scopes.get(scope_id, [])
        starts = [e for e in inside if e.kind is Kind.START_EVENT]
        if starts:
            return [e for e in starts if e.event is None or e.event.trigger is Trigger.NONE]
        return [
            e
            for e in inside
            if not e.incoming
            and not e.triggered_by_event
            and not e.is_compensation
            and e.kind is not Kind.BOUNDARY_EVENT
            and not (e.event is not None and e.event.trigger is Trigger.LINK)
        ]

    def triggered_starts(self) -> list[Element]:
        """Start events of the process itself that wait for a message, signal or timer."""
        return [
            e
            for e in self._scopes.get(self.process.id, [])
            if e.kind is Kind.START_EVENT
            and e.event is not None
            and e.event.trigger is not Trigger.NONE
        ]

    def link_target(self, scope_id: str, name: str) -> Element | None:
        """The link catch event of the scope with that name."""
        for element in self._scopes.get(scope_id, []):
            event = element.event
            if event is None or event.trigger is not Trigger.LINK or event.name != name:
                continue
            if element.kind is Kind.CATCH_EVENT:
                return element
        return None

    def reachable_flows(
        self, start_id: str, gateway_id: str, *, boundaries: bool = True
    ) -> frozenset[str]:
        """Incoming flows of a gateway that a token at ``start_id`` can still come in by.

        ``boundaries`` says whether it may leave ``start_id`` by a boundary event.
        """
        key = (start_id, gateway_id, boundaries)
        if key not in self._reach:
            self._reach[key] = self._search(start_id, gateway_id, boundaries)
        return self._reach[key]

    def _search(self, start_id: str, gateway_id: str, boundaries: bool) -> frozenset[str]:
        found: set[str] = set()
        seen: set[str] = set()
        pending = [start_id]
        while pending:
            element_id = pending.pop()
            if element_id in seen:
                continue
            seen.add(element_id)
            element = self.element(element_id)
            if boundaries or element_id != start_id:
                pending.extend(b.id for b in self.boundaries(element_id))
            event = element.event
            if element.kind is Kind.THROW_EVENT and event and event.trigger is Trigger.LINK:
                target = self.link_target(element.parent, event.name or "")
                pending.extend([target.id] if target else [])
            for flow in self.flows_out(element):
                if flow.target == gateway_id:
                    found.add(flow.id)
                else:
                    pending.append(flow.target)
        return frozenset(found)
