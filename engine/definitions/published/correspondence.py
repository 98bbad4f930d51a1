"""What of one version of a package is where in another: elements without a place, and timers.

For moving what runs from the one to the other: which elements somebody can stand at are gone or
have another id, what they might be called now, and which timers wait differently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from engine.definitions.model import Element, Kind, Process, Trigger
from engine.definitions.packages import Package

WAITED_AT = frozenset(
    {
        Kind.USER_TASK,
        Kind.RECEIVE_TASK,
        Kind.SERVICE_TASK,
        Kind.SEND_TASK,
        Kind.CALL_ACTIVITY,
        Kind.SUB_PROCESS,
        Kind.TRANSACTION,
        Kind.AD_HOC_SUB_PROCESS,
        Kind.CATCH_EVENT,
        Kind.BOUNDARY_EVENT,
        Kind.EVENT_BASED_GATEWAY,
        Kind.PARALLEL_GATEWAY,
        Kind.INCLUSIVE_GATEWAY,
    }
)
"""Kinds at which a trajectory stands for longer than an instant."""
ALIKE = 0.6
"""From which likeness of names on (0 to 1) one element is offered as the other."""


@dataclass(frozen=True, slots=True)
class Gone:
    """An element that the other version does not have under its id.

    ``candidates`` are those of its process that it can be, the likeliest first; ``suggested`` is
    the one that it most probably is.
    """

    process_id: str
    element: Element
    candidates: Sequence[Element]
    suggested: str | None


@dataclass(frozen=True, slots=True)
class GoneProcess:
    """A process that the other version does not have under its id, with what it can be there."""

    process: Process
    candidates: Sequence[Process]
    suggested: str | None


@dataclass(frozen=True, slots=True)
class TimerPair:
    """A timer of the other version; ``before`` is the one that it was, if there was one.

    ``was_in`` is the old process of ``process_id``.
    """

    process_id: str
    was_in: str
    before: Element | None
    after: Element

    @property
    def changed(self) -> bool:
        """Whether it waits differently, as far as the diagram says."""
        return self.before is not None and waits(self.before) != waits(self.after)


def gone(before: Package, after: Package, processes: Mapping[str, str] | None = None) -> list[Gone]:
    """The elements without a place in the other version, process by process.

    ``processes`` maps ids of old processes to those that they are now.
    """
    found = []
    for process_id, old in before.processes.items():
        new = after.processes.get((processes or {}).get(process_id, process_id))
        if new is None:
            continue
        missing = [e for e in old.elements.values() if e.id not in new.elements]
        fresh = [e for e in new.elements.values() if e.id not in old.elements]
        for element in missing:
            if element.kind not in WAITED_AT:
                continue
            candidates = _candidates(element, old, new, fresh)
            rivals = [e for e in missing if _same_sort(e, element)]
            found.append(Gone(process_id, element, candidates, _suggested(
                element, old, new, [e for e in candidates if e in fresh], alone=len(rivals) == 1
            )))  # fmt: skip
    return found


def gone_processes(before: Package, after: Package) -> list[GoneProcess]:
    """The processes that the other version does not have under their id.

    One is suggested where most of the elements are the same, each for one old process only.
    """
    fresh = [p for process_id, p in after.processes.items() if process_id not in before.processes]
    missing = [p for process_id, p in before.processes.items() if process_id not in after.processes]
    alike = sorted(
        ((_same_process(old, new), old.id, new.id) for old in missing for new in fresh),
        reverse=True,
    )
    suggested: dict[str, str] = {}
    for likeness, old_id, new_id in alike:
        if likeness >= ALIKE and old_id not in suggested and new_id not in suggested.values():
            suggested[old_id] = new_id
    return [
        GoneProcess(
            old, sorted(fresh, key=lambda new: -_same_process(old, new)), suggested.get(old.id)
        )
        for old in missing
    ]


def _same_process(old: Process, new: Process) -> float:
    """How much of a process another one has: elements by id, else the name."""
    shared = len(old.elements.keys() & new.elements.keys()) / max(1, len(old.elements))
    mine, theirs = ((p.name or p.id).casefold() for p in (old, new))
    return max(shared, SequenceMatcher(None, mine, theirs).ratio() if old.name else 0.0)


def timers(
    before: Package,
    after: Package,
    renamed: Mapping[str, str],
    processes: Mapping[str, str] | None = None,
) -> list[TimerPair]:
    """The timers of the other version, each with the one that it was.

    ``renamed`` maps ``process/element`` to the element's new id, ``processes`` old to new ones.
    """
    found = []
    earlier = {new_id: old_id for old_id, new_id in (processes or {}).items()}
    for process_id, new in after.processes.items():
        was_in = earlier.get(process_id, process_id)
        old = before.processes.get(was_in)
        was = {
            later: name.removeprefix(f"{was_in}/")
            for name, later in renamed.items()
            if name.startswith(f"{was_in}/")
        }
        for element in new.elements.values():
            if old is None or not _is_timer(element) or element.kind is Kind.START_EVENT:
                continue
            known = old.elements.get(was.get(element.id, element.id))
            if known is not None and not _is_timer(known):
                known = None
            found.append(TimerPair(process_id, was_in, known, element))
    return found


def waits(element: Element) -> str:
    """How long, until when or how often a timer waits, as the diagram says."""
    event = element.event
    return "" if event is None else event.duration or event.date or event.cycle or ""


def _candidates(
    element: Element, old: Process, new: Process, fresh: Sequence[Element]
) -> list[Element]:
    fitting = [e for e in new.elements.values() if _same_sort(e, element)]
    return sorted(
        fitting,
        key=lambda e: (e not in fresh, -_likeness(element, e, old, new), e.name.casefold(), e.id),
    )


def _same_sort(one: Element, other: Element) -> bool:
    return (
        one.kind is other.kind
        and _trigger(one) is _trigger(other)
        and (one.loop is None) is (other.loop is None)
    )


def _suggested(
    element: Element, old: Process, new: Process, fresh: Sequence[Element], *, alone: bool
) -> str | None:
    """The new element of the same name, or in the same place, or else with a name much like it."""
    if not fresh:
        return None
    same = [e for e in fresh if e.name and e.name.casefold() == element.name.casefold()]
    if same:
        return same[0].id
    between = [e for e in fresh if _neighbours(e, new) == _neighbours(element, old)]
    if alone and len(fresh) == 1 and between:
        return between[0].id
    best = max(fresh, key=lambda e: _likeness(element, e, old, new))
    return best.id if _likeness(element, best, old, new) >= ALIKE else None


def _likeness(one: Element, other: Element, old: Process, new: Process) -> float:
    mine, theirs = ((e.name or e.id).casefold() for e in (one, other))
    near = 0.2 if _neighbours(one, old) & _neighbours(other, new) else 0.0
    return min(1.0, SequenceMatcher(None, mine, theirs).ratio() + near)


def _neighbours(element: Element, process: Process) -> frozenset[str]:
    """What the element hangs on, comes from and leads to."""
    flows = [process.flows[f] for f in (*element.incoming, *element.outgoing) if f in process.flows]
    near = {f.source for f in flows} | {f.target for f in flows} | {element.attached_to or ""}
    return frozenset(near - {element.id, ""})


def _trigger(element: Element) -> Trigger | None:
    return element.event.trigger if element.event else None


def _is_timer(element: Element) -> bool:
    return _trigger(element) is Trigger.TIMER
