"""Runs the scenarios of a package in memory and tells which elements none of them reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.clock import BUSINESS_ZONE
from engine.definitions.packages import Package
from engine.simulation.errors import ScenarioUnreadable
from engine.simulation.memory_world import MemoryWorld
from engine.simulation.player import Play, play
from engine.simulation.scenario import Scenario, read_scenario

UNTESTED = "ongetest"


@dataclass(slots=True)
class Tryout:
    """The plays of a package and what they left unreached.

    ``unreached`` holds (process id, element id, element name) without a reason in the diagram;
    ``excused`` the same with the reason that the diagram gives.
    """

    plays: list[Play] = field(default_factory=list)
    unreached: list[tuple[str, str, str]] = field(default_factory=list)
    excused: list[tuple[str, str, str]] = field(default_factory=list)
    measured: bool = False

    @property
    def passed(self) -> bool:
        """Whether every play passed and, when measured, everything was reached."""
        return all(p.passed for p in self.plays) and not self.unreached

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "passed": self.passed,
            "scenarios": [_play_dict(p) for p in self.plays],
            "unreached": [
                {"process": p, "element_id": e, "element_name": n} for p, e, n in self.unreached
            ],
            "excused": [{"process": p, "element_id": e, "reason": r} for p, e, r in self.excused],
        }


def scenarios_of(package: Package) -> list[Scenario]:
    """All scenarios of a package.

    Raises:
        ScenarioUnreadable: one of the files is not a scenario.
    """
    return [read_scenario(raw, file) for file, raw in package.scenarios.items()]


def try_out(
    package: Package, names: Iterable[str] | None = None, others: Sequence[Package] = ()
) -> Tryout:
    """Play the named scenarios (by file stem or name), or all, and measure coverage then.

    ``others`` are packages that it may call; what is reached in them does not count.

    Raises:
        ScenarioUnreadable: a file is not a scenario, or a name means none.
    """
    scenarios = scenarios_of(package)
    if names is not None:
        wanted = set(names)
        scenarios = [s for s in scenarios if {s.name, _stem(s.file)} & wanted]
        missing = wanted - {s.name for s in scenarios} - {_stem(s.file) for s in scenarios}
        if missing:
            known = ", ".join(_stem(file) for file in package.scenarios)
            raise ScenarioUnreadable(
                f"Er is geen scenario {', '.join(sorted(missing))}.", f"Bekend zijn: {known}."
            )
    result = Tryout(measured=names is None)
    reached: set[tuple[str, str]] = set()
    for scenario in scenarios:
        world = MemoryWorld(package, scenario.begin, others)
        result.plays.append(play(scenario, world))
        reached |= world.reached()
    if result.measured:
        _measure(package, reached, result)
    return result


def _measure(package: Package, reached: set[tuple[str, str]], result: Tryout) -> None:
    for process in package.processes.values():
        for element in process.elements.values():
            if (process.id, element.id) in reached:
                continue
            reason = element.properties.get(UNTESTED)
            if reason:
                result.excused.append((process.id, element.id, reason))
            else:
                result.unreached.append((process.id, element.id, element.name))


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _play_dict(played: Play) -> dict[str, Any]:
    return {
        "name": played.scenario.name,
        "file": played.scenario.file,
        "passed": played.passed,
        "timeline": [
            {
                "at": m.at.astimezone(BUSINESS_ZONE).isoformat(timespec="minutes"),
                "kind": m.kind,
                "text": m.text,
                "element_id": m.element_id,
            }
            for m in played.timeline
        ],
        "expectations": [{"held": o.held, "text": o.text} for o in played.outcomes],
        "error": played.error.as_dict() if played.error else None,
    }
