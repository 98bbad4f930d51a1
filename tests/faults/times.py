"""Faults of timers: when they fire, and how often."""

from __future__ import annotations

from tests.faults.planting import Node, add, emptied, event_with, fault, me

WAITING = ("intermediateCatchEvent", "boundaryEvent")


def _time(name: str, kind: str, text: str, *tags: str) -> None:
    @fault(name, *(tags or WAITING))
    def _(node: Node) -> set[str] | None:
        found = emptied(node, "timer")
        if found is None:
            return None
        add(found, kind).text = text
        return me(node)


_time("a duration in words", "timeDuration", "3 dagen")
_time("a duration without P", "timeDuration", "3D")
_time("a duration in the wrong order", "timeDuration", "P1H")
_time("a negative duration", "timeDuration", "-P3D")
_time("a negative duration in FEEL", "timeDuration", '=duration("-P3D")')
_time("a duration that is no FEEL", "timeDuration", '=duration("P3D"')
_time("a duration that FEEL cannot read", "timeDuration", '=duration("drie dagen")')
_time("a duration that is a number", "timeDuration", "=3")
_time("a duration in another language", "timeDuration", "${termijn}")
_time("a date that does not exist", "timeDate", "2026-02-30T09:00:00")
_time("a date in words", "timeDate", "30 februari 2026")
_time("a thirteenth month", "timeDate", "2026-13-01T09:00:00Z")
_time("a date that FEEL cannot read", "timeDate", '=date and time("2026-02-30T09:00:00")')
_time("a time zone that is not there", "timeDate", "2026-03-01T09:00:00[Europe/Amsterdm]")
_time("a repetition in words", "timeCycle", "elke week")
_time("a repetition without time between", "timeCycle", "R/PT0S", "boundaryEvent")
_time("a repetition where only once is possible", "timeCycle", "R3/P1D", "intermediateCatchEvent")


@fault("a repetition that interrupts", "boundaryEvent")
def _(node: Node) -> set[str] | None:
    found = emptied(node, "timer")
    if found is None:
        return None
    node.set("cancelActivity", "true")
    add(found, "timeCycle").text = "R3/P1D"
    return me(node)


@fault("a timer without time", *WAITING)
def _(node: Node) -> set[str] | None:
    return None if emptied(node, "timer") is None else me(node)


@fault("a timer with two times", *WAITING)
def _(node: Node) -> set[str] | None:
    found = event_with(node, "timer")
    if found is None:
        return None
    add(found, "timeDate").text = "2026-03-01T09:00:00Z"
    add(found, "timeDuration").text = "P1D"
    return me(node)
