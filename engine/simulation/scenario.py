"""Scenario files: who does what when, in readable Dutch keys, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml

from engine.simulation.errors import ScenarioUnreadable
from engine.simulation.wording import Duration, read_duration, read_instant

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Plain data only; the one in C where PyYAML has it, ten times as fast."""

SCENARIO_KEYS = {
    "naam", "omschrijving", "begin", "ingang", "formulier", "aanroep", "invoer", "naast", "door",
    "gewoonten", "stappen",
}  # fmt: skip
STEP_KINDS = (
    "taak", "wacht", "wacht_op", "contact", "naast", "bericht", "gewoonte_aan", "gewoonte_uit",
    "volg", "nieuw_traject", "verwacht",
)  # fmt: skip
STEP_KEYS = {*STEP_KINDS, "na", "op", "door", "invullen", "uiterlijk", "variabelen", "sleutel"}
HABIT_KEYS = {"taak", "door", "na", "invullen", "hoogstens"}
EXPECT_KEYS = {
    "taken", "geen_taken", "timers", "variabelen", "fase", "status", "uitkomst", "gepasseerd",
    "niet_gepasseerd", "contacten", "storingen", "verzonden", "niet_verzonden", "trajecten",
    "betrokken",
}  # fmt: skip
_BEGINNINGS = {"ingang": "formulier", "aanroep": "invoer", "naast": "formulier"}
_RETURN_KEYS = {"pakket", "ingang"}
_COURSE_KEYS = {"pakket", "status", "uitkomst", "contacten"}
WAIT_KEYS = {"taak", "gepasseerd", "fase", "einde", "status"}


@dataclass(slots=True)
class Habit:
    """A standing answer: whenever the task appears, this is filled in after the delay."""

    task: str
    role: str | None
    delay: Duration
    answers: Mapping[str, Any]
    at_most: int | None = None
    used: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``kind`` is the key that says what it does; ``value`` what stands under it."""

    number: int
    kind: str
    value: Any
    after: Duration | None = None
    at: datetime | None = None
    role: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    at_latest: Duration | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario. ``begin`` in UTC; instants of steps shift along with it.

    It begins with a referral by an ``entry``; or, where that is empty, with a call of the process
    ``called`` by another package, ``answers`` being what the caller gives; or with what ``role``
    starts ``beside`` a trajectory in which nothing else runs.
    """

    name: str
    file: str
    description: str
    begin: datetime
    entry: str
    answers: Mapping[str, Any]
    habits: tuple[Habit, ...]
    steps: tuple[Step, ...]
    called: str = ""
    beside: str = ""
    role: str | None = None


def read_scenario(raw: bytes, file: str) -> Scenario:
    """A scenario from YAML.

    Raises:
        ScenarioUnreadable: naming the file, the place and what is wrong there.
    """
    try:
        loader = LOADER(raw)
        try:
            document = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise ScenarioUnreadable(
            f"{file} is geen geldige YAML (regel {line}).",
            "Controleer inspringing en aanhalingstekens.",
            file=file,
            line=line,
        ) from error
    top = _mapping(document, file, "het bestand")
    _only(top, SCENARIO_KEYS, file, "het bestand")
    beginnings = [key for key in _BEGINNINGS if key in top]
    way = beginnings[0] if beginnings else "ingang"
    for key in ("naam", "begin", way):
        if key not in top:
            raise ScenarioUnreadable(
                f"{file}: '{key}' ontbreekt.", f"Voeg '{key}:' toe.", file=file
            )
    given = _BEGINNINGS[way]
    strange = {"formulier", "invoer"} - {given} | ({"door"} if way != "naast" else set())
    if len(beginnings) > 1 or strange & top.keys():
        raise ScenarioUnreadable(
            f"{file}: een scenario begint met 'ingang' en 'formulier', met 'aanroep' en 'invoer', "
            "of met 'naast', 'door' en 'formulier'.",
            "Kies een van die drie.",
            file=file,
        )
    return Scenario(
        name=str(top["naam"]),
        file=file,
        description=str(top.get("omschrijving", "")),
        begin=read_instant(top["begin"]),
        entry=str(top.get("ingang", "")),
        called=str(top.get("aanroep", "")),
        beside=str(top.get("naast", "")),
        role=None if top.get("door") is None else str(top["door"]),
        answers=_mapping(top.get(given) or {}, file, given),
        habits=tuple(read_habit(h, file) for h in _items(top.get("gewoonten"), file)),
        steps=tuple(
            _read_step(number, step, file)
            for number, step in enumerate(_items(top.get("stappen"), file), start=1)
        ),
    )


def read_habit(value: object, file: str) -> Habit:
    """One standing answer."""
    habit = _mapping(value, file, "gewoonten")
    _only(habit, HABIT_KEYS, file, "gewoonten")
    if "taak" not in habit:
        raise ScenarioUnreadable(f"{file}: een gewoonte zonder 'taak'.", "Noem de taak.", file=file)
    at_most = habit.get("hoogstens")
    return Habit(
        task=str(habit["taak"]),
        role=None if habit.get("door") is None else str(habit["door"]),
        delay=read_duration(habit.get("na", "PT0S")),
        answers=_mapping(habit.get("invullen") or {}, file, "invullen"),
        at_most=None if at_most is None else int(at_most),
    )


def _read_step(number: int, value: object, file: str) -> Step:
    where = f"stap {number}"
    step = _mapping(value, file, where)
    _only(step, STEP_KEYS, file, where)
    kinds = [kind for kind in STEP_KINDS if kind in step]
    if len(kinds) != 1:
        raise ScenarioUnreadable(
            f"{file}, {where}: er moet precies een van {', '.join(STEP_KINDS)} staan.",
            "Splits de stap of voeg toe wat hij doet.",
            file=file,
        )
    kind = kinds[0]
    content: Any = step[kind]
    if kind == "wacht":
        content = read_duration(content)
    elif kind == "gewoonte_aan":
        content = read_habit(content, file)
    elif kind == "verwacht":
        _expectation(_mapping(content, file, where), file, where)
    elif kind == "wacht_op":
        _only(_mapping(content, file, where), WAIT_KEYS, file, where)
    elif kind == "contact":
        _mapping(content, file, where)
    elif kind == "nieuw_traject":
        content = _return(_mapping(content, file, where), file, where)
    else:
        content = str(content)
    return Step(
        number=number,
        kind=kind,
        value=content,
        after=read_duration(step["na"]) if "na" in step else None,
        at=read_instant(step["op"]) if "op" in step else None,
        role=None if step.get("door") is None else str(step["door"]),
        answers=_mapping(step.get("invullen") or {}, file, where),
        at_latest=read_duration(step["uiterlijk"]) if "uiterlijk" in step else None,
        variables=_mapping(step.get("variabelen") or {}, file, where),
        key=str(step.get("sleutel") or ""),
    )


def _expectation(wish: Mapping[str, Any], file: str, where: str) -> None:
    _only(wish, EXPECT_KEYS, file, where)
    _mapping(wish.get("betrokken") or {}, file, where)
    for course in _items(wish.get("trajecten"), file):
        _only(_mapping(course, file, where), _COURSE_KEYS, file, where)


def _return(value: Mapping[str, Any], file: str, where: str) -> Mapping[str, str]:
    _only(value, _RETURN_KEYS, file, where)
    for key in sorted(_RETURN_KEYS - value.keys()):
        raise ScenarioUnreadable(
            f"{file}, {where}: bij 'nieuw_traject' ontbreekt '{key}'.",
            "Schrijf: nieuw_traject: {pakket: ..., ingang: ...}.",
            file=file,
        )
    return {key: str(text) for key, text in value.items()}


def _mapping(value: object, file: str, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ScenarioUnreadable(
            f"{file}, {where}: hier moeten regels 'sleutel: waarde' staan.",
            "Controleer de inspringing.",
            file=file,
        )
    return value


def _items(value: object, file: str) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ScenarioUnreadable(
            f"{file}: gewoonten en stappen zijn lijsten.", "Begin elke regel met '- '.", file=file
        )
    return value


def _only(value: Mapping[str, Any], known: set[str], file: str, where: str) -> None:
    for key in value:
        if key not in known:
            raise ScenarioUnreadable(
                f"{file}, {where}: de sleutel '{key}' is onbekend.",
                f"Bekend zijn: {', '.join(sorted(known))}.",
                file=file,
            )
