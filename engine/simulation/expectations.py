"""Expectations of scenarios: what was expected, what was found, whether it held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.clock import BUSINESS_ZONE
from engine.feel.values import to_json
from engine.simulation.people import fill_in
from engine.simulation.wording import later, read_duration, read_instant
from engine.simulation.world import Facts, World

STATUS_WORDS = {
    "aangemeld": "referred",
    "loopt": "running",
    "nazorg": "aftercare",
    "gesloten": "closed",
}
TIMER_TOLERANCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expectation and what was found."""

    step: int
    held: bool
    text: str


def waits_no_longer(wish: Mapping[str, Any], world: World) -> bool:
    """Whether everything that a ``wacht_op`` names is there."""
    position = world.position()
    checks = {
        "taak": lambda v: any(t.element_id == v for t in world.open_tasks()),
        "gepasseerd": lambda v: world.has_passed(str(v)),
        "fase": lambda v: position.phase == str(v),
        "status": lambda v: position.status == STATUS_WORDS.get(str(v), str(v)),
        "einde": lambda v: (position.status == "closed") is bool(v),
    }
    return all(checks[key](value) for key, value in wish.items())


def judge(wish: Mapping[str, Any], world: World, step: int) -> Iterator[Outcome]:
    """Every expectation under one ``verwacht``."""
    facts = world.facts()
    open_now = [task.element_id for task in world.open_tasks()]
    for key, value in wish.items():
        match key:
            case "taken":
                for task in _list(value):
                    yield _outcome(step, task in open_now, f"taak {task} staat open", open_now)
            case "geen_taken":
                for task in _list(value):
                    yield _outcome(step, task not in open_now, f"taak {task} staat niet open")
            case "gepasseerd":
                for element in _list(value):
                    yield _outcome(step, element in facts.passed, f"{element} is gepasseerd")
            case "niet_gepasseerd":
                for element in _list(value):
                    held = element not in facts.passed
                    yield _outcome(step, held, f"{element} is niet gepasseerd")
            case "timers":
                for timer in _list(value):
                    yield _timer(step, timer, facts, world.clock.now())
            case "variabelen":
                for name, expected in value.items():
                    found = facts.variables.get(name)
                    held = _same(found, expected)
                    yield _outcome(step, held, f"{name} is {expected}", found)
            case "fase":
                held = facts.phase == str(value)
                yield _outcome(step, held, f"fase is {value}", facts.phase)
            case "status":
                held = facts.status == STATUS_WORDS.get(str(value), str(value))
                yield _outcome(step, held, f"status is {value}", facts.status)
            case "uitkomst":
                held = facts.outcome == str(value)
                yield _outcome(step, held, f"uitkomst is {value}", facts.outcome)
            case "contacten":
                held = facts.contacts >= int(value)
                yield _outcome(step, held, f"minstens {value} contacten", facts.contacts)
            case "trajecten":
                yield from _courses(step, _list(value), facts)
            case "betrokken":
                for role, who in value.items():
                    person = fill_in(who, world, world.clock.now())
                    held = facts.people.get(role, frozenset()) == {person}
                    yield _outcome(step, held, f"{role} is {who}", _names(facts, role))
            case "verzonden":
                for element in _list(value):
                    yield _outcome(step, element in facts.sent, f"{element} is verzonden")
            case "niet_verzonden":
                for element in _list(value):
                    held = element not in facts.sent
                    yield _outcome(step, held, f"{element} is niet verzonden")
            case "storingen":
                held = len(facts.incidents) == int(value)
                yield _outcome(step, held, f"{value} storingen", facts.incidents)


def _courses(step: int, wished: list[Mapping[str, Any]], facts: Facts) -> Iterator[Outcome]:
    """All trajectories of the family in order, each as far as it is described."""
    found = [f"{one.package_key} {one.status} {one.outcome}" for one in facts.trajectories]
    count = len(wished)
    yield _outcome(step, len(found) == count, f"het gezin heeft {count} trajecten", found)
    for place, (wish, course) in enumerate(zip(wished, facts.trajectories, strict=False), start=1):
        status = str(wish.get("status", course.status))
        held = (
            wish.get("pakket", course.package_key) == course.package_key
            and STATUS_WORDS.get(status, status) == course.status
            and wish.get("uitkomst", course.outcome) == course.outcome
            and course.contacts >= int(wish.get("contacten", 0))
        )
        yield _outcome(step, held, f"traject {place} is {dict(wish)}", course)


def _names(facts: Facts, role: str) -> str:
    return ", ".join(sorted(facts.people.get(role, ()))) or "niemand"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _outcome(step: int, held: bool, text: str, found: object = None) -> Outcome:
    if not held and found is not None:
        text = f"{text} (gevonden: {found})"
    return Outcome(step, held, f"stap {step}: {text}")


def _same(found: object, expected: object) -> bool:
    return found == expected or to_json(found) == to_json(expected) or str(found) == str(expected)


def _timer(step: int, wish: Mapping[str, Any], facts: Facts, now: datetime) -> Outcome:
    element = str(wish.get("element"))
    due = facts.timers.get(element, [])
    if "op" in wish:
        expected = read_instant(wish["op"])
    else:
        expected = later(now, read_duration(wish.get("over", "PT0S")))
    held = any(abs((d - expected).total_seconds()) <= TIMER_TOLERANCE_SECONDS for d in due)
    shown = ", ".join(f"{d.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}" for d in due) or "geen"
    local = expected.astimezone(BUSINESS_ZONE)
    return _outcome(step, held, f"timer {element} loopt af op {local:%Y-%m-%d %H:%M}", shown)
