"""Whether the check names what was planted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from engine.definitions.checks import check_package
from engine.definitions.model import Finding
from engine.definitions.packages import Package
from tests.faults import events, gateways, references, repetition, shape, times, undoing, work
from tests.faults.planting import FAULTS, Planted, planted

KINDS = (shape, gateways, work, repetition, events, times, undoing, references)
"""The modules that register faults."""


class Missed(Enum):
    """What the check failed to say."""

    NOTHING = "named"
    ELEMENT = "not named"
    LEVEL = "only a warning"
    PLACE = "without a line or a mend"


@dataclass(frozen=True, slots=True)
class Result:
    """What the check said about one planted fault."""

    planted: Planted
    missed: Missed
    said: frozenset[tuple[str, str, str]]
    seconds: float


def findings_of(xml: bytes) -> list[Finding]:
    """The findings of a single file."""
    return check_package(Package({"proef.bpmn": xml}, name="proef"))


def judge_model(xml: bytes, most: int = 3) -> Iterator[Result]:
    """Every fault at a few of its sites. What the sound model already says doesn't count."""
    before = {(f.rule, f.element_id, f.message) for f in findings_of(xml)}
    for kind in FAULTS:
        for one in planted(xml, kind, most):
            began = time.perf_counter()
            found = findings_of(one.xml)
            seconds = time.perf_counter() - began
            new = [f for f in found if (f.rule, f.element_id, f.message) not in before]
            said = frozenset((f.level, f.rule, f.element_id) for f in new)
            yield Result(one, _missed(one, new), said, seconds)


def _missed(one: Planted, found: list[Finding]) -> Missed:
    named = [f for f in found if f.element_id in one.named]
    if not named:
        return Missed.ELEMENT
    if not all(f.line and f.remedy for f in named):
        return Missed.PLACE
    if one.fault.level == "error" and all(f.level != "error" for f in named):
        return Missed.LEVEL
    return Missed.NOTHING
