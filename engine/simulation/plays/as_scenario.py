"""A play as a scenario file: the same moves, with times and people that hold on another day too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import yaml

from engine.clock import BUSINESS_ZONE
from engine.definitions.packages import Package
from engine.feel.values import duration_text
from engine.simulation.errors import PlayRefused
from engine.simulation.expectations import STATUS_WORDS
from engine.simulation.plays.replaying import Made, Replay
from engine.simulation.wording import later, relative_answer

NEAR: Final = 800
"""Days around "now" within which a date is written as a distance from it."""

PEOPLE: Final = (1, 2, 3)
EXPECTED: Final = ("taken", "fase", "status", "uitkomst")

_GIVEN = {"ingang": "formulier", "aanroep": "invoer", "alleen": "formulier"}
_UNITS = (
    ("week", "weken", timedelta(weeks=1)),
    ("dag", "dagen", timedelta(days=1)),
    ("uur", "uur", timedelta(hours=1)),
    ("minuut", "minuten", timedelta(minutes=1)),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How the scenario is called, and which of ``EXPECTED`` it expects at its end."""

    name: str
    description: str = ""
    expected: Sequence[str] = EXPECTED


def scenario_of(played: Replay, wording: Wording) -> str:
    """The text of a scenario file that plays the same moves.

    Raises:
        PlayRefused: nothing was played, or it holds what a scenario cannot say.
    """
    if not played.made:
        raise PlayRefused("Er is nog niets gespeeld.", "Speel eerst een stap.")
    if played.stopped is not None:
        raise PlayRefused(
            "Deze proef kan niet tot zijn einde gespeeld worden.",
            "Ga terug tot waar hij nog wel gaat, en bewaar hem dan.",
        )
    first, *rest = played.made
    words = _Words(played)
    begin = first.began.astimezone(BUSINESS_ZONE)
    document: dict[str, Any] = {"naam": wording.name}
    if wording.description:
        document["omschrijving"] = wording.description
    document["begin"] = f"{begin:%Y-%m-%d %H:%M}"
    kind = "naast" if first.move.kind == "alleen" else first.move.kind
    document[kind] = first.move.what
    if first.move.kind == "alleen" and first.move.role:
        document["door"] = first.move.role
    given = words.answers(first)
    if given:
        document[_GIVEN[first.move.kind]] = given
    document["stappen"] = [*_steps(rest, words), *_expectation(played, wording.expected)]
    return _yaml(document)


def expectations_of(played: Replay) -> dict[str, Any]:
    """What can be expected at the end of the play, by key, as a scenario writes it."""
    world = played.world
    run = world.file.run if world.key else None
    found: dict[str, Any] = {}
    tasks = list(dict.fromkeys(task.wait.element_id for task in world.tasks()))
    if tasks:
        found["taken"] = tasks
    if run is not None:
        words = {status: word for word, status in STATUS_WORDS.items()}
        found |= {"fase": run.phase} if run.phase else {}
        found["status"] = words.get(run.status, run.status)
        found |= {"uitkomst": run.outcome} if run.outcome else {}
    return found


def _expectation(played: Replay, wanted: Sequence[str]) -> list[dict[str, Any]]:
    found = {key: value for key, value in expectations_of(played).items() if key in wanted}
    return [{"verwacht": found}] if found else []


def _steps(made: Sequence[Made], words: _Words) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    waited_from: datetime | None = None
    for one in made:
        if one.move.kind == "wacht":
            waited_from = waited_from or one.began
            continue
        if waited_from is not None:
            steps.append({"wacht": duration_in_words(waited_from, one.began)})
            waited_from = None
        steps.append(_step(one, words))
    if waited_from is not None:
        steps.append({"wacht": duration_in_words(waited_from, made[-1].ended)})
    return steps


def _step(one: Made, words: _Words) -> dict[str, Any]:
    move, said = one.move, words.answers(one)
    by = {"door": move.role} if move.role else {}
    match move.kind:
        case "taak":
            return {"taak": move.what, **by, **({"invullen": said} if said else {})}
        case "contact":
            return {"contact": said, **by}
        case "naast":
            return {"naast": move.what, **by, **({"invullen": said} if said else {})}
        case "bericht":
            step: dict[str, Any] = {"bericht": move.what}
            step |= {"sleutel": move.key} if move.key else {}
            return {**step, **({"variabelen": said} if said else {})}
        case "terug":
            package, _, entry = move.what.partition("/")
            back = {"nieuw_traject": {"pakket": package, "ingang": entry}}
            return {**back, **({"invullen": said} if said else {})}
        case _:
            raise PlayRefused(
                "In deze proef zit iets wat in een scenario niet kan.",
                "Begin opnieuw met een ingang.",
            )


def duration_in_words(start: datetime, end: datetime) -> str:
    """The length of a waiting that leads exactly from one instant to the other."""
    for one, many, unit in _UNITS:
        count = round((end - start) / unit)
        if count and later(start, unit * count) == end:
            return f"{count} {one if count == 1 else many}"
    exact = end - start
    whole = timedelta(days=exact.days)
    for days in (whole, whole + timedelta(days=1)):
        rest = end - later(start, days)
        if days and rest > timedelta(0) and later(start, days + rest) == end:
            return duration_text(days + rest)
    return f"PT{round(exact.total_seconds())}S"


class _Words:
    """Writes answers as scenarios do: people, partners and dates that fit another day too."""

    def __init__(self, played: Replay) -> None:
        world = played.world
        packages: Sequence[Package] = (world.package, *world.others)
        self._known: dict[str, str] = {
            world.person(role, number): f"@{role}" if number == 1 else f"@{role}-{number}"
            for role in {role for one in packages for role in one.roles}
            for number in PEOPLE
        }
        self._known |= {world.partner(kind): f"@ketenpartner:{kind}" for kind in world.partners}

    def answers(self, one: Made) -> dict[str, Any]:
        """The answers of a move, without what was left empty."""
        found: dict[str, Any] = self._written(one.move.answers, one.began)
        return found

    def _written(self, value: Any, now: datetime) -> Any:
        if isinstance(value, Mapping):
            return {
                key: self._written(inner, now)
                for key, inner in value.items()
                if inner is not None and inner != ""
            }
        if isinstance(value, list):
            return [self._written(inner, now) for inner in value]
        if not isinstance(value, str):
            return value
        if value in self._known:
            return self._known[value]
        who, colon, subject = value.partition(":")
        if colon and who in self._known:
            return f"{self._known[who]}:{subject}"
        return _date(value, now) or value


def _date(text: str, now: datetime) -> str | None:
    """A date, or date and time, as a distance from now; ``None`` when it is none, or far away."""
    here = now.astimezone(BUSINESS_ZONE)
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-01-05") else None
        moment = None if day else datetime.fromisoformat(text)
    except ValueError:
        return None
    if day is not None:
        away, word = (day - here.date()).days, "@vandaag"
    elif moment is not None and len(text) >= len("2026-01-05T09:00"):
        local = moment.astimezone(BUSINESS_ZONE) if moment.tzinfo else moment
        if (local.hour, local.minute) != (here.hour, here.minute):
            return None
        away, word = (local.date() - here.date()).days, "@nu"
    else:
        return None
    if abs(away) > NEAR:
        return None
    written = word
    if away:
        unit = "dag" if abs(away) == 1 else "dagen"
        written = f"{word}{'+' if away > 0 else '-'}{abs(away)} {unit}"
    again = relative_answer(written, now)
    return written if again is not None and again[:10] == text[:10] else None


class _Dumper(yaml.SafeDumper):
    """Lists stand in under their key, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _yaml(document: Mapping[str, Any]) -> str:
    parts = [
        yaml.dump({key: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
        for key, value in document.items()
    ]
    return "".join(parts)
