"""Answers to begin with: what the scenarios of the packages at hand fill in at a task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.definitions.packages import Package
from engine.simulation.errors import ScenarioUnreadable
from engine.simulation.scenario import Habit, Scenario, Step, read_scenario


@dataclass(frozen=True, slots=True)
class Sample:
    """Answers, and the scenario that they stand in."""

    scenario: str
    answers: Mapping[str, Any]


@lru_cache(maxsize=64)
def readable_scenarios(package: Package) -> Sequence[Scenario]:
    """The scenarios of a package that can be read, in order of their files."""
    found = []
    for file, raw in package.scenarios.items():
        try:
            found.append(read_scenario(raw, file))
        except ScenarioUnreadable:
            continue
    return found


def task_samples(packages: Sequence[Package], element_id: str) -> list[Sample]:
    """What scenarios fill in at a task; the same answers only once."""
    return _once(
        Sample(scenario.name, answers)
        for scenario in _scenarios(packages)
        for answers in _answers(scenario, element_id)
    )


def entry_samples(packages: Sequence[Package], entry: str) -> list[Sample]:
    """What scenarios fill in at a way in."""
    return _once(
        Sample(one.name, one.answers) for one in _scenarios(packages) if one.entry == entry
    )


def call_samples(packages: Sequence[Package], process_id: str) -> list[Sample]:
    """What scenarios give to a process that they call."""
    return _once(
        Sample(one.name, one.answers) for one in _scenarios(packages) if one.called == process_id
    )


def beside_samples(packages: Sequence[Package], key: str) -> list[Sample]:
    """What scenarios fill in to start something beside a trajectory."""
    return _once(
        Sample(scenario.name, answers)
        for scenario in _scenarios(packages)
        for name, answers in (
            (scenario.beside, scenario.answers),
            *((str(s.value), s.answers) for s in scenario.steps if s.kind == "naast"),
        )
        if name.rpartition("/")[2] == key
    )


def contact_samples(packages: Sequence[Package]) -> list[Sample]:
    """What scenarios note of a contact outside any task."""
    return _once(
        Sample(scenario.name, step.value)
        for scenario in _scenarios(packages)
        for step in scenario.steps
        if step.kind == "contact"
    )


def message_sample(packages: Sequence[Package], name: str) -> Mapping[str, Any]:
    """What a message carries in the first scenario that sends it with something in it."""
    sent = (
        step.variables
        for scenario in _scenarios(packages)
        for step in scenario.steps
        if step.kind == "bericht" and step.value == name and step.variables
    )
    return next(sent, {})


def _scenarios(packages: Sequence[Package]) -> Iterator[Scenario]:
    for package in packages:
        yield from readable_scenarios(package)


def _answers(scenario: Scenario, element_id: str) -> Iterator[Mapping[str, Any]]:
    for step in scenario.steps:
        if _is_for(step, element_id):
            yield step.value.answers if isinstance(step.value, Habit) else step.answers
    for habit in scenario.habits:
        if habit.task == element_id:
            yield habit.answers


def _is_for(step: Step, element_id: str) -> bool:
    if isinstance(step.value, Habit):
        return step.value.task == element_id
    return step.kind == "taak" and step.value == element_id


def _once(samples: Iterable[Sample]) -> list[Sample]:
    found: list[Sample] = []
    for sample in samples:
        if all(sample.answers != one.answers for one in found):
            found.append(sample)
    return found
