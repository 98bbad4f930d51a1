"""What is different about one element, flow or process: setting by setting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Final

from engine.definitions.checks.support import KIND_NAMES, TRIGGER_NAMES
from engine.definitions.difference.matching import Pairs
from engine.definitions.difference.model import Detail
from engine.definitions.difference.settings import compared, shown
from engine.definitions.difference.texts import detail
from engine.definitions.model import (
    AdHoc,
    Element,
    Event,
    Flow,
    Loop,
    Process,
    UserWork,
    VariableMapping,
)

Naming = Callable[[str | None], str]

_PLAIN: Final = (
    "name", "documentation", "lane", "interrupting", "triggered_by_event", "job_type",
    "job_retries", "script", "result_variable", "decision_id", "called_process", "binding",
    "version_tag", "propagate_all_child", "propagate_all_parent", "is_compensation",
    "activation", "start_quantity", "completion_quantity", "template_id", "template_version",
)  # fmt: skip
_REFERENCES: Final = ("parent", "attached_to", "compensation_handler")
_EVENT: Final = ("correlation_key", "duration", "date", "cycle", "condition")
_USER: Final = (
    "form_id", "candidate_groups", "candidate_users", "assignee", "due_date", "follow_up_date",
    "priority",
)  # fmt: skip
_AD_HOC: Final = ("active", "condition", "sequential", "cancel_remaining")
_LOOP: Final = (
    "standard", "sequential", "input_collection", "input_element", "output_collection",
    "output_element", "completion_condition", "cardinality", "condition", "test_before", "maximum",
)  # fmt: skip


def element_details(
    old: Element, new: Element, old_name: Naming, new_name: Naming, pairs: Pairs
) -> Iterator[Detail]:
    """The settings of an element that are different."""
    if old.kind is not new.kind:
        yield Detail("kind", KIND_NAMES[old.kind], KIND_NAMES[new.kind])
    yield from _plain(old, new, _PLAIN)
    for what in _REFERENCES:
        yield from _reference(
            what, getattr(old, what), getattr(new, what), old_name, new_name, pairs
        )
    yield from _events(old.event, new.event, old_name, new_name, pairs)
    parts = [event.parts if event else () for event in (old.event, new.event)]
    for was, now in zip_longest(*parts):
        yield from _events(was, now, old_name, new_name, pairs)
    yield from _plain(old.user or UserWork(), new.user or UserWork(), _USER)
    for what in ("inputs", "outputs"):
        yield from _mappings(getattr(old, what), getattr(new, what), what.removesuffix("s"))
    yield from compared(old.headers, new.headers, "header")
    yield from compared(old.properties, new.properties, "property")
    yield from _loops(old.loop, new.loop)
    yield from _plain(old.ad_hoc or AdHoc(), new.ad_hoc or AdHoc(), _AD_HOC)
    defaults = old_name(old.default_flow), new_name(new.default_flow)
    if defaults[0] != defaults[1]:
        yield Detail("default_flow", *defaults)


def flow_details(
    old: Flow, new: Flow, old_name: Naming, new_name: Naming, pairs: Pairs
) -> Iterator[Detail]:
    """The settings of a flow that are different."""
    yield from _plain(old, new, ("name", "condition"))
    for what in ("source", "target"):
        yield from _reference(
            what, getattr(old, what), getattr(new, what), old_name, new_name, pairs
        )


def process_details(old: Process, new: Process) -> Iterator[Detail]:
    """The settings of a process itself that are different."""
    yield from _plain(
        old, new, ("name", "documentation", "executable", "version_tag", "data_objects")
    )
    yield from compared(old.properties, new.properties, "property")


def _plain(old: object, new: object, names: tuple[str, ...]) -> Iterator[Detail]:
    for name in names:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield detail(name, shown(was), shown(now))


def _reference(
    what: str,
    was: str | None,
    now: str | None,
    old_name: Naming,
    new_name: Naming,
    pairs: Pairs,
) -> Iterator[Detail]:
    if was == now or (was is not None and pairs.after.get(was) == now):
        return
    yield Detail(what, old_name(was), new_name(now))


def _events(
    old: Event | None, new: Event | None, old_name: Naming, new_name: Naming, pairs: Pairs
) -> Iterator[Detail]:
    if old is None and new is None:
        return
    was, now = (TRIGGER_NAMES[event.trigger] if event else "" for event in (old, new))
    if was != now:
        yield Detail("trigger", was, now)
    names = shown(old.name if old else None), shown(new.name if new else None)
    if names[0] != names[1]:
        yield detail("event_name", *names)
    for what in _EVENT:
        values = shown(getattr(old, what, None)), shown(getattr(new, what, None))
        if values[0] != values[1]:
            yield detail(what, *values)
    refs = old.activity_ref if old else None, new.activity_ref if new else None
    yield from _reference("activity_ref", *refs, old_name, new_name, pairs)


def _loops(old: Loop | None, new: Loop | None) -> Iterator[Detail]:
    if (old is None) != (new is None):
        yield Detail("loop", "" if old is None else "true", "" if new is None else "true")
    empty = Loop()
    yield from _plain(old or empty, new or empty, _LOOP)


def _mappings(
    old: tuple[VariableMapping, ...], new: tuple[VariableMapping, ...], what: str
) -> Iterator[Detail]:
    """Each variable by itself; and their order, since one may use another that stands before it."""
    was, now = ({one.target: one.source for one in mappings} for mappings in (old, new))
    yield from compared(was, now, what)
    if was == now and old != new:
        before, after = (", ".join(one.target for one in side) for side in (old, new))
        yield Detail("sequence", before, after)
