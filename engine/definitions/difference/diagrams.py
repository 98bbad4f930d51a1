"""Two BPMN files: elements, flows and processes, matched by id, else by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from engine.definitions.difference.drawing import Drawing, drawing_of
from engine.definitions.difference.elements import (
    element_details,
    flow_details,
    process_details,
)
from engine.definitions.difference.matching import Pairs, paired
from engine.definitions.difference.model import Change, Detail, Sort
from engine.definitions.model import Element, Flow, Process
from engine.definitions.reading.reader import read_processes

WRITING: Final = Change(Sort.CHANGED, "writing", minor=True)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two files."""

    processes: Mapping[str, Process]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    drawing: Drawing

    def name(self, element_id: str | None) -> str:
        """How an element is named in words: its name, else its id; a flow as its target."""
        if not element_id:
            return ""
        if element_id in self.flows:
            return self.name(self.flows[element_id].target)
        known = self.elements.get(element_id) or self.processes.get(element_id)
        return " ".join(known.name.split()) or known.id if known else element_id


def compare_diagrams(before: bytes, after: bytes, path: str) -> tuple[Change, ...] | None:
    """What changed, elements before flows; ``None`` when one of both cannot be read."""
    old, new = _side(before, path), _side(after, path)
    if old is None or new is None:
        return None
    pairs = paired(old.elements, new.elements)
    changes = [
        *_processes(old, new),
        *_elements(old, new, pairs),
        *_flows(old, new, pairs),
        *_other(old, new),
    ]
    if not changes and old.drawing.lines != new.drawing.lines:
        changes.append(Change(Sort.MOVED, "drawing", minor=True))
    if not changes and before != after:
        changes.append(WRITING)
    return tuple(changes)


def _side(content: bytes, path: str) -> _Side | None:
    drawing = drawing_of(content)
    if drawing is None:
        return None
    processes = read_processes(content, path).processes
    return _Side(
        processes={process.id: process for process in processes},
        elements={key: found for process in processes for key, found in process.elements.items()},
        flows={key: found for process in processes for key, found in process.flows.items()},
        drawing=drawing,
    )


def _processes(old: _Side, new: _Side) -> Iterator[Change]:
    for key, process in new.processes.items():
        known = old.processes.get(key)
        if known is None:
            yield Change(Sort.ADDED, "process", key, process.name)
        elif details := tuple(process_details(known, process)):
            yield Change(Sort.CHANGED, "process", key, process.name, details)
    for key, process in old.processes.items():
        if key not in new.processes:
            yield Change(Sort.REMOVED, "process", key, process.name)


def _elements(old: _Side, new: _Side, pairs: Pairs) -> Iterator[Change]:
    for key, element in new.elements.items():
        before_id = pairs.before.get(key)
        kind, name = str(element.kind), new.name(key)
        if before_id is None:
            yield Change(Sort.ADDED, kind, key, name, _said(element, new, pairs))
            continue
        details = list(element_details(old.elements[before_id], element, old.name, new.name, pairs))
        renamed = before_id != key
        if renamed:
            details.insert(0, Detail("id", before_id, key))
        minor = False
        if not details and old.drawing.settings.get(before_id) != new.drawing.settings.get(key):
            details, minor = [Detail("other")], True
        if details:
            was = before_id if renamed else ""
            yield Change(Sort.CHANGED, kind, key, name, tuple(details), was, minor)
        elif old.drawing.boxes.get(before_id) != new.drawing.boxes.get(key):
            yield Change(Sort.MOVED, kind, key, name, minor=True)
    for key, element in old.elements.items():
        if key not in pairs.after:
            yield Change(Sort.REMOVED, str(element.kind), key, old.name(key))


def _said(element: Element, side: _Side, pairs: Pairs) -> tuple[Detail, ...]:
    """What a new element says: as against one with its kind and place alone."""
    bare = Element(element.id, element.kind, element.parent, element.name)
    return tuple(element_details(bare, element, side.name, side.name, pairs))


def _flows(old: _Side, new: _Side, elements: Pairs) -> Iterator[Change]:
    pairs = _flow_pairs(old, new, elements)
    for key, flow in new.flows.items():
        before_id = pairs.before.get(key)
        name = _between(flow, new)
        if before_id is None:
            follows = not {flow.source, flow.target} <= set(elements.before) or _bridged(
                old, elements.before.get(flow.source), elements.before.get(flow.target), pairs.after
            )
            said = () if flow.condition is None else (Detail("condition", after=flow.condition),)
            yield Change(Sort.ADDED, "flow", key, name, said, minor=follows and not said)
            continue
        known = old.flows[before_id]
        details = tuple(flow_details(known, flow, old.name, new.name, elements))
        renamed = before_id != key
        if not details and not renamed:
            continue
        ends = {"source", "target"}
        follows = all(found.what in ends for found in details) and (
            not {flow.source, flow.target} <= set(elements.before)
            or not {known.source, known.target} <= set(elements.after)
        )
        if not details:
            details, follows = (Detail("id", before_id, key),), True
        was = before_id if renamed else ""
        yield Change(Sort.CHANGED, "flow", key, name, details, was, minor=follows)
    for key, flow in old.flows.items():
        if key not in pairs.after:
            follows = not {flow.source, flow.target} <= set(elements.after) or _bridged(
                new, elements.after.get(flow.source), elements.after.get(flow.target), pairs.before
            )
            yield Change(Sort.REMOVED, "flow", key, _between(flow, old), minor=follows)


def _flow_pairs(old: _Side, new: _Side, elements: Pairs) -> Pairs:
    """Flows by id; those with another id by what they connect, where only one does."""
    by_id = {key: key for key in new.flows if key in old.flows}
    loose: dict[tuple[str, str], list[str]] = {}
    for key, flow in old.flows.items():
        if key not in by_id and flow.source in elements.after and flow.target in elements.after:
            ends = elements.after[flow.source], elements.after[flow.target]
            loose.setdefault(ends, []).append(key)
    for key, flow in new.flows.items():
        same_ends = loose.get((flow.source, flow.target), [])
        if key not in by_id and len(same_ends) == 1:
            by_id[key] = same_ends.pop()
    return Pairs.of(by_id)


def _bridged(
    side: _Side, source: str | None, target: str | None, paired_flows: Mapping[str, str]
) -> bool:
    """Whether flows of this side alone lead from the one to the other, by something in between."""
    loose = [flow for key, flow in side.flows.items() if key not in paired_flows]
    left = any(flow.source == source for flow in loose)
    return left and any(flow.target == target for flow in loose)


def _between(flow: Flow, side: _Side) -> str:
    ends = f"{side.name(flow.source)} → {side.name(flow.target)}"
    return f"{flow.name}: {ends}" if flow.name else ends


def _other(old: _Side, new: _Side) -> Iterator[Change]:
    """What is drawn besides: lanes, notes, data; it has words, but no behaviour of its own."""
    known = {*old.elements, *old.flows, *old.processes, *new.elements, *new.flows, *new.processes}
    for key, (kind, text) in new.drawing.others.items():
        if key in known:
            continue
        was = old.drawing.others.get(key)
        change = Change(Sort.ADDED, kind, key, text, minor=True)
        if was is None:
            yield change
        elif was[1] != text:
            yield replace(change, sort=Sort.CHANGED, details=(Detail("text", was[1], text),))
        elif old.drawing.boxes.get(key) != new.drawing.boxes.get(key):
            yield replace(change, sort=Sort.MOVED)
    for key, (kind, text) in old.drawing.others.items():
        if key not in known and key not in new.drawing.others:
            yield Change(Sort.REMOVED, kind, key, text, minor=True)
