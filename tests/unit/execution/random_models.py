"""Random process models for property tests: nested blocks, and loose graphs of gateways."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from hypothesis import strategies as st

from engine.definitions.model import AdHoc, Event, Kind, Trigger
from tests.unit.execution.models import (
    TERMINATE,
    Model,
    condition,
    each,
    either,
    error,
    escalation,
    message,
    signal,
    timer,
    together,
)

_WAITS = ["message", "signal", "shared", "timer", "condition", "either", "together"]
WAITS = st.sampled_from([*_WAITS, "cycle", "cron"])
CYCLES = ("cycle", "cron")
UNDO = Event(Trigger.COMPENSATION)
CANCEL = Event(Trigger.CANCEL)
CAUGHT = (error("X"), escalation("E"))


def event_of(kind: str, name: str) -> Event:
    if kind == "timer":
        return timer("P1D")
    if kind == "cycle":
        return timer(cycle="R2/P1D")
    if kind == "cron":
        return timer(cycle="0 0 9 * * *")
    if kind == "shared":
        return signal("S")
    if kind == "condition":
        return condition("=v = 2")
    if kind == "either":
        return either(message(name), timer("P1D"), condition("=v = 2"), error("X"))
    if kind == "together":
        return together(message(name), signal("S"), condition("=v = 2"))
    return message(name) if kind == "message" else signal(name)


class Blocks:
    """Builds a model out of nested blocks; every block has one way in and one way out."""

    def __init__(self, draw: Any) -> None:
        self.model = Model()
        self._draw = draw
        self._numbers = count(1)
        self.left = draw(st.integers(3, 14))

    def new(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers)}"

    def scope(self, parent: str, depth: int) -> None:
        """A start, blocks, and an end; perhaps event sub-processes beside them."""
        start, end = self.new("start"), self.new("end")
        event = self._end_event(parent)
        around = self.model.elements.get(parent)
        if around is not None and around.kind is Kind.TRANSACTION and self._draw(st.booleans()):
            event = CANCEL
        self.model.start(start, parent).end(end, parent, event=event)
        last = start
        for _ in range(self._draw(st.integers(1, 3))):
            last = self.block(last, parent, depth)
        self.model.flow(last, end)
        if depth < 3 and self._draw(st.integers(0, 4)) == 0:
            self._event_subprocess(parent, depth)

    def _end_event(self, parent: str) -> Event | None:
        choice = self._draw(st.integers(0, 11))
        if choice == 0:
            return TERMINATE
        if choice == 1 and parent != "P":
            return escalation("E")
        if choice == 2 and parent != "P":
            return error("X")
        return UNDO if choice == 3 else None

    def _event_subprocess(self, parent: str, depth: int) -> None:
        sub, start = self.new("esp"), self.new("g")
        kinds = ["message", "shared", "timer", "cycle", "cron", "error", "escalation", "together"]
        around = self.model.elements.get(parent)
        if around is not None and around.compensation_handler is None:
            kinds.append("undo")
        kind = self._draw(st.sampled_from(kinds))
        if kind == "undo" and around is not None:
            self.model.elements[parent] = replace(around, compensation_handler=sub)
        event = {"error": error("X"), "escalation": escalation("E"), "undo": UNDO}.get(kind)
        interrupting = kind == "error" or (kind not in CYCLES and self._draw(st.booleans()))
        self.model.handler(sub, start, event or event_of(kind, start), parent,
                           interrupting=interrupting)  # fmt: skip
        last = self.block(start, sub, depth + 1)
        end = self.new("end")
        self.model.end(end, sub).flow(last, end)

    def block(self, before: str, parent: str, depth: int) -> str:
        """Put a block behind ``before``; where it goes on."""
        self.left -= 1
        kinds = ["user", "user", "script", "service", "catch", "throw"]
        if self.left > 0 and depth < 4:
            kinds += [
                "xor",
                "and",
                "or",
                "loop",
                "sub",
                "multi",
                "gateway",
                "undo",
                "ad_hoc",
                "gathered",
                "several",
            ]
        return getattr(self, f"_{self._draw(st.sampled_from(kinds))}")(before, parent, depth)

    def _gathered(self, before: str, parent: str, depth: int) -> str:
        """Ways at once, of which some are enough for a complex gateway."""
        split, join = self.new("splits"), self.new("genoeg")
        ways = self._draw(st.integers(2, 3))
        enough = self._draw(st.integers(1, ways))
        self.model.both(split, parent=parent).flow(before, split)
        self.model.add(
            Kind.COMPLEX_GATEWAY, join, parent, activation=f"=activationCount >= {enough}"
        )
        for _ in range(ways):
            self.model.flow(self.block(split, parent, depth + 1), join)
        return join

    def _several(self, before: str, parent: str, depth: int) -> str:
        """A task that leaves several tokens, a step for each, and one that begins with them all."""
        first, last = self.new("uit"), self.new("samen")
        many = self._draw(st.integers(2, 3))
        self.model.task(first, parent=parent, completion_quantity=many).flow(before, first)
        self.model.task(last, parent=parent, start_quantity=many)
        step = self.new("taak")
        self.model.user(step, parent=parent).flow(first, step, last)
        return last

    def _user(self, before: str, parent: str, depth: int) -> str:
        element = self.new("taak")
        self.model.user(element, parent=parent).flow(before, element)
        return self._boundary(element, parent)

    def _boundary(self, host: str, parent: str, event: Event | None = None) -> str:
        """Perhaps a boundary event; one that interrupts comes back to the way of its host."""
        if event is None and self._draw(st.integers(0, 2)):
            return host
        element = self.new("rand")
        kind = self._draw(WAITS)
        interrupting = event is not None or (kind not in CYCLES and self._draw(st.booleans()))
        event = event or event_of(kind, element)
        self.model.on(host, element, event, interrupting=interrupting)
        if not interrupting:
            end = self.new("end")
            self.model.end(end, parent).flow(element, end)
            return host
        merge = self.new("xor")
        self.model.xor(merge, parent=parent).flow(element, merge).flow(host, merge)
        return merge

    def _ad_hoc(self, before: str, parent: str, depth: int) -> str:
        """What begins in it is a task, perhaps with a way behind it; its end may have to hold."""
        element = self.new("vrij")
        self.model.add(Kind.AD_HOC_SUB_PROCESS, element, parent).flow(before, element)
        begins = [self.new("taak") for _ in range(self._draw(st.integers(1, 3)))]
        for first in begins:
            self.model.user(first, parent=element)
            if self._draw(st.booleans()):
                self.block(first, element, depth + 1)
        ad_hoc = AdHoc(
            "=[" + ", ".join(f'"{first}"' for first in begins) + "]",
            self._draw(st.sampled_from([None, None, "=v = 2", "=v >= 0"])),
            sequential=self._draw(st.booleans()),
            cancel_remaining=self._draw(st.booleans()),
        )
        self.model.elements[element] = replace(self.model.elements[element], ad_hoc=ad_hoc)
        if self._draw(st.integers(0, 3)) == 0:
            self._event_subprocess(element, depth)
        return self._boundary(element, parent)

    def _script(self, before: str, parent: str, depth: int) -> str:
        element = self.new("script")
        self.model.script(element, "=if v < 2 then v + 1 else v", "v", parent=parent)
        self.model.flow(before, element)
        return element

    def _service(self, before: str, parent: str, depth: int) -> str:
        element = self.new("dienst")
        self.model.service(element, parent, inputs={"x": "=v"}, outputs={"uit": "=x"})
        self.model.flow(before, element)
        return element

    def _undo(self, before: str, parent: str, depth: int) -> str:
        element, handler, border = self.new("doe"), self.new("herstel"), self.new("c")
        kind = self._draw(st.sampled_from([Kind.TASK, Kind.USER_TASK]))
        self.model.task(element, parent=parent, compensation_handler=handler).flow(before, element)
        self.model.add(kind, handler, parent, is_compensation=True).on(element, border, UNDO)
        if self._draw(st.booleans()):
            return element
        throw = self.new("undo")
        self.model.throw(throw, UNDO, parent).flow(element, throw)
        return throw

    def _catch(self, before: str, parent: str, depth: int) -> str:
        element = self.new("vang")
        kind = self._draw(st.sampled_from(_WAITS))
        self.model.catch(element, event_of(kind, element), parent).flow(before, element)
        return element

    def _throw(self, before: str, parent: str, depth: int) -> str:
        element = self.new("roep")
        event = self._draw(st.sampled_from([
            signal("S"), message("M"), escalation("E"), either(escalation("E"), message("M")),
        ]))  # fmt: skip
        self.model.throw(element, event, parent).flow(before, element)
        return element

    def _gateway(self, before: str, parent: str, depth: int) -> str:
        gate, join = self.new("wacht"), self.new("xor")
        self.model.add(Kind.EVENT_BASED_GATEWAY, gate, parent).xor(join, parent=parent)
        self.model.flow(before, gate)
        for kind in ("message", "timer"):
            element = self.new("eerst")
            self.model.catch(element, event_of(kind, element), parent).flow(gate, element, join)
        return join

    def _split(self, kind: Kind, before: str, parent: str, depth: int) -> str:
        split, join = self.new("splits"), self.new("samen")
        self.model.add(kind, split, parent).add(kind, join, parent).flow(before, split)
        for number in range(self._draw(st.integers(2, 3))):
            last = self.block(split, parent, depth + 1)
            self.model.flow(last, join, name=self.new("naar"))
            if kind is not Kind.PARALLEL_GATEWAY:
                flow = next(f for f in reversed(self.model.flows.values()) if f.source == split)
                if number == 0:
                    self._default(split, flow.id)
                else:
                    text = f"=v >= {number}"
                    self.model.flows[flow.id] = replace(flow, condition=text)
        return join

    def _default(self, gateway: str, flow_id: str) -> None:
        self.model.elements[gateway] = replace(self.model.elements[gateway], default_flow=flow_id)

    def _xor(self, before: str, parent: str, depth: int) -> str:
        return self._split(Kind.EXCLUSIVE_GATEWAY, before, parent, depth)

    def _and(self, before: str, parent: str, depth: int) -> str:
        return self._split(Kind.PARALLEL_GATEWAY, before, parent, depth)

    def _or(self, before: str, parent: str, depth: int) -> str:
        return self._split(Kind.INCLUSIVE_GATEWAY, before, parent, depth)

    def _loop(self, before: str, parent: str, depth: int) -> str:
        head, tail, out = self.new("kop"), self.new("keuze"), self.new("uit")
        self.model.xor(head, tail, parent=parent).task(out, parent=parent).flow(before, head)
        last = self.block(head, parent, depth + 1)
        self.model.flow(last, tail).flow(tail, head, when="=v = 1").flow(tail, out)
        self._default(tail, f"{tail}-{out}")
        return out

    def _sub(self, before: str, parent: str, depth: int, **fields: Any) -> str:
        element = self.new("deel")
        kind = self._draw(st.sampled_from([Kind.SUB_PROCESS, Kind.SUB_PROCESS, Kind.TRANSACTION]))
        self.model.add(kind, element, parent, **fields).flow(before, element)
        self.scope(element, depth + 1)
        last = element
        ends = [e for e in self.model.elements.values() if e.parent == element]
        if any(end.event is CANCEL for end in ends):
            return self._boundary(element, parent, CANCEL)
        if self._draw(st.booleans()):
            last = self._boundary(element, parent, self._draw(st.sampled_from(CAUGHT)))
        return last if last != element else self._boundary(element, parent)

    def _multi(self, before: str, parent: str, depth: int) -> str:
        loop = each(
            "=lijst",
            sequential=self._draw(st.booleans()),
            output_collection="uit",
            output_element="=item",
            completion_condition="=numberOfCompletedInstances = 2"
            if self._draw(st.booleans())
            else None,
        )
        if self._draw(st.booleans()):
            return self._sub(before, parent, depth, loop=loop)
        element = self.new("rondes")
        self.model.user(element, parent=parent, loop=loop).flow(before, element)
        return self._boundary(element, parent)


@st.composite
def block_models(draw: Any) -> Model:
    """A model of nested blocks."""
    blocks = Blocks(draw)
    blocks.scope("P", 0)
    return blocks.model


@st.composite
def loose_models(draw: Any) -> Model:
    """A graph of tasks and gateways in which arrows go anywhere."""
    model = Model().start().end()
    ids = [f"n{number}" for number in range(draw(st.integers(2, 8)))]
    kinds = [
        Kind.USER_TASK, Kind.USER_TASK, Kind.USER_TASK, Kind.TASK, Kind.EXCLUSIVE_GATEWAY,
        Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY,
    ]  # fmt: skip
    for element_id in ids:
        model.add(draw(st.sampled_from(kinds)), element_id)
    model.flow("start", ids[0])
    for number, element_id in enumerate(ids):
        onward = [*ids, "end"] if draw(st.integers(0, 3)) == 0 else [*ids[number + 1 :], "end"]
        targets = draw(st.lists(st.sampled_from(onward), min_size=1, max_size=3, unique=True))
        choosing = model.elements[element_id].kind in (
            Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY,
        )  # fmt: skip
        for index, target in enumerate(targets):
            model.flow(element_id, target, when=f"=v = {index}" if choosing and index else None)
        if choosing:
            element = model.elements[element_id]
            flow_id = f"{element_id}-{targets[0]}"
            model.elements[element_id] = replace(element, default_flow=flow_id)
    return model
