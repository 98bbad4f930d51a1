"""The way into trouble as a walk of tokens: which move at each step, and which stand still.

A finding's path names the elements that did something, in order, however many tokens there were.
Here each step gets the flows by which its tokens came, and where all tokens stand afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.definitions.model import Element, Flow, Kind, Process, Trigger

_GATHERS: Final = frozenset({Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY})
_CHOOSES: Final = frozenset(
    {
        Kind.EXCLUSIVE_GATEWAY,
        Kind.INCLUSIVE_GATEWAY,
        Kind.EVENT_BASED_GATEWAY,
        Kind.COMPLEX_GATEWAY,
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a walk.

    Attributes:
        element: what does something.
        flows: the sequence flows by which its tokens come; none at a start or on a border.
        origin: the element that the token comes from where no flow leads (a border, a link).
        stands: the elements at which tokens stand after it, one for each token.
        missing: at the last step, flows into the element by which no token came.
    """

    element: str
    flows: tuple[str, ...] = ()
    origin: str = ""
    stands: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The step for a page."""
        return {name: getattr(self, name) for name in self.__slots__}


def walk_of(process: Process, path: Sequence[str]) -> tuple[Step, ...]:
    """The walk along a path of elements of a process; ids that it does not have are left out."""
    known = [name for name in path if name in process.elements]
    # one element twice in a row is one that acts, and is then found stuck
    way = [name for at, name in enumerate(known) if at == 0 or known[at - 1] != name]
    return _Walk(process, way).steps()


class _Walk:
    def __init__(self, process: Process, way: Sequence[str]) -> None:
        self._process = process
        self._way = way
        self._came: list[list[tuple[int, str]]] = []
        self._left: list[dict[str, int]] = [{} for _ in way]
        """For each step, the flows by which its tokens left, and the step that they came to."""

    def steps(self) -> tuple[Step, ...]:
        """Who came from where first; then, step by step, who stands where."""
        for at in range(len(self._way)):
            self._came.append(self._comes_to(at))
        return tuple(self._step(at) for at in range(len(self._way)))

    def _comes_to(self, at: int) -> list[tuple[int, str]]:
        element = self._element(at)
        found: list[tuple[int, str]] = []
        for flow in (self._process.flows[name] for name in element.incoming):
            before = self._latest(flow.source, at, flow.id)
            if before is not None:
                found.append((before, flow.id))
        for source in self._without_flow(element):
            before = self._latest(source, at, f"→{element.id}")
            if before is not None:
                found.append((before, f"→{element.id}"))
        if element.kind not in _GATHERS and found:
            found = [max(found)]
        for before, way_out in found:
            self._left[before][way_out] = at
        return found

    def _latest(self, source: str, at: int, way_out: str) -> int | None:
        for before in range(at - 1, -1, -1):
            if self._way[before] == source:
                return before if self._may_leave(before, way_out) else None
        return None

    def _may_leave(self, at: int, way_out: str) -> bool:
        """Whether a token is left at a step that can go this way."""
        element = self._element(at)
        gone = [way for way in self._left[at] if not self._stays(way)]
        if way_out in self._left[at]:
            return False
        splits = element.kind is Kind.INCLUSIVE_GATEWAY or self._all_at_once(element)
        return not gone or bool(splits and not any(way.startswith("→") for way in gone))

    def _stays(self, way_out: str) -> bool:
        """Whether the token stays where it is and another one leaves (over a border)."""
        border = self._process.elements.get(way_out.removeprefix("→"))
        return border is not None and not border.interrupting

    def _without_flow(self, element: Element) -> list[str]:
        """Where a token comes from that no flow leads to an element."""
        if element.attached_to:
            return [element.attached_to]
        event = element.event
        if event is not None and event.trigger is Trigger.LINK and element.kind is Kind.CATCH_EVENT:
            return [
                other.id
                for other in self._process.children(element.parent)
                if other.kind is Kind.THROW_EVENT
                and other.event is not None
                and other.event.trigger is Trigger.LINK
                and other.event.name == event.name
            ]
        return []

    def _step(self, at: int) -> Step:
        element = self._element(at)
        flows = tuple(way for _before, way in self._came[at] if not way.startswith("→"))
        origin = next((self._way[b] for b, way in self._came[at] if way.startswith("→")), "")
        stands = [
            self._way[earlier] for earlier in range(at + 1) for _one in self._pending(earlier, at)
        ]
        last = at == len(self._way) - 1
        missing = (
            tuple(flow for flow in element.incoming if flow not in flows)
            if last and element.kind in _GATHERS
            else ()
        )
        return Step(element.id, flows, origin, tuple(stands), missing)

    def _pending(self, at: int, now: int) -> list[str]:
        """The tokens of a step that have not left it yet."""
        element, left = self._element(at), self._left[at]
        if not element.outgoing and not left:
            return [] if element.kind is Kind.END_EVENT else ["it stays"]
        if at == len(self._way) - 1:
            return ["it stays"]
        every = {flow.id for flow in self._all_at_once(element)} | set(left)
        waiting = [way for way in every if left.get(way, now + 1) > now]
        if not every:
            return ["it stays"]
        return waiting

    def _all_at_once(self, element: Element) -> list[Flow]:
        """The flows out of an element that all get a token."""
        flows = [self._process.flows[name] for name in element.outgoing]
        if element.kind in _CHOOSES or len(flows) < 2:
            return []
        return [flow for flow in flows if flow.condition is None]

    def _element(self, at: int) -> Element:
        return self._process.elements[self._way[at]]
