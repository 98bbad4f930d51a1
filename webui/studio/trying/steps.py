"""The timeline of a play in words: every move, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from engine.definitions.model import Element, Kind, Process
from engine.definitions.packages import Package
from engine.runtime.store import Recorded
from engine.simulation.plays.moves import Move
from engine.simulation.plays.replaying import Made, Replay
from webui.presentation import show_moment
from webui.studio.trying.models import StepLine
from webui.studio.trying.subjects import Subject
from webui.words import entry_name, in_language, role_name

MOST_FOLLOWED = 12


def step_lines(subject: Subject, played: Replay) -> list[StepLine]:
    """The moves that were made, the first one first."""
    packages = (subject.package, *subject.others)
    return [
        StepLine(
            number=number,
            at=made.ended,
            text=_move(packages, made.move),
            followed=_followed(packages, made),
        )
        for number, made in enumerate(played.made, start=1)
    ]


def process_called(packages: Sequence[Package], process_id: str) -> Process | None:
    """A process by its id, of the first package that has it."""
    found = (one.processes[process_id] for one in packages if process_id in one.processes)
    return next(found, None)


def _move(packages: Sequence[Package], move: Move) -> str:
    who = role_name(packages[0], move.role) or gettext("Iemand")
    match move.kind:
        case "ingang":
            return gettext("Aanmelding: %(name)s", name=entry_name(packages[0], move.what))
        case "aanroep":
            process = process_called(packages, move.what)
            name = (process.name if process else "") or move.what
            return gettext("Aanroep van %(name)s", name=name)
        case "taak":
            element = _element_anywhere(packages, move.what)
            name = (element.name if element else "") or move.what
            if move.role is None:
                return gettext("Afgerond: %(task)s", task=name)
            return gettext("%(who)s rondt af: %(task)s", who=who, task=name)
        case "contact":
            return gettext("%(who)s noteert een contact", who=who)
        case "naast" | "alleen":
            return gettext("Begint ernaast: %(name)s", name=_start_name(packages, move.what))
        case "bericht":
            return gettext("Bericht: %(name)s", name=move.what)
        case "terug":
            return gettext("Nieuw traject: %(name)s", name=move.what)
        case _:
            until = show_moment(move.until) if move.until else ""
            return gettext("Gewacht tot %(moment)s", moment=until)


def _start_name(packages: Sequence[Package], what: str) -> str:
    key = what.rpartition("/")[2]
    known = next((one.beside[key] for one in packages if key in one.beside), None)
    return in_language(known.names, key) if known else key


def _element_anywhere(packages: Sequence[Package], element_id: str) -> Element | None:
    for package in packages:
        for process in package.processes.values():
            if element_id in process.elements:
                return process.elements[element_id]
    return None


def _followed(packages: Sequence[Package], made: Made) -> list[str]:
    """What people would notice of it: tasks that appear or fall away, events, ends, stops."""
    words = [word for one in made.happened if (word := _word(packages, one, made.move))]
    found = list(dict.fromkeys(words))
    if len(found) > MOST_FOLLOWED:
        more = gettext("en nog %(count)d", count=len(found) - MOST_FOLLOWED)
        return [*found[:MOST_FOLLOWED], more]
    return found


def _word(packages: Sequence[Package], one: Recorded, move: Move) -> str:
    process = process_called(packages, one.process_id)
    element = process.elements.get(one.happening.element_id) if process else None
    if element is None:
        return ""
    name = element.name or element.id
    match one.happening.type:
        case "activated" if element.kind is Kind.USER_TASK and not one.happening.data.get("loop"):
            return gettext("Taak verschijnt: %(name)s", name=name)
        case "cancelled" if element.kind is Kind.USER_TASK:
            return gettext("Taak vervalt: %(name)s", name=name)
        case "triggered" if element.kind is not Kind.START_EVENT:
            return gettext("Gebeurt: %(name)s", name=name)
        case "completed" if element.kind is Kind.CATCH_EVENT and element.name:
            return gettext("Gebeurt: %(name)s", name=name)
        case "incident":
            return gettext("Loopt vast: %(name)s", name=name)
        case "completed" if element.kind is Kind.END_EVENT and element.name:
            return gettext("Einde: %(name)s", name=name)
        case _:
            return ""
