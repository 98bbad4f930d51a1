"""Making the moves of a play: tried first, then kept; and what pages send for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.clock import BUSINESS_ZONE
from engine.errors import KetenspoorError
from engine.families.trajectories import FormNotValid
from engine.simulation.errors import ScenarioUnreadable
from engine.simulation.plays import keeping
from engine.simulation.plays.keeping import KeptPlay, PlayWentOn
from engine.simulation.plays.moves import Move
from engine.simulation.plays.recording import moves_of
from engine.simulation.plays.replaying import replay
from engine.simulation.scenario import read_scenario
from engine.store.unit_of_work import in_transaction
from webui.engine_texts import told
from webui.errors import NotThere
from webui.forms import form_problems, given_answers
from webui.people import wants_json
from webui.services import services
from webui.studio.trying.pages import Asked
from webui.studio.trying.subjects import Subject

EARLIEST, LATEST = 2000, 2100

Keep = Callable[[Session, Move], None]


def adding(found: Subject, seen: int) -> Keep:
    """Keeping a move after the moves that were seen."""
    at = services().clock.now()

    def work(session: Session, move: Move) -> None:
        keeping.add_move(session, found.owner, seen, move, at=at)

    return work


def try_and_keep(found: Subject, kept: KeptPlay, move: Move, keep: Keep) -> None:
    """Make the move in a world of its own; only what can be made is kept.

    Raises:
        KetenspoorError: it cannot be made.
    """
    tried = replay(found.package, found.others, kept.begin, [*kept.moves, move])
    if tried.stopped is not None:
        raise tried.stopped
    in_transaction(services().database, lambda session: keep(session, move))


def answered(
    found: Subject,
    kept: KeptPlay,
    asked: Asked,
    keep: Keep,
    answers: Mapping[str, Any] | None = None,
) -> ResponseReturnValue:
    """What a form sent, or what was read from it: kept, or answered with what is wrong."""
    given = given_answers() if answers is None else answers
    status, refusal = 200, ""
    try:
        try_and_keep(found, kept, asked.move(given), keep)
    except FormNotValid as refused:
        return jsonify(errors=form_problems(refused)), 422
    except KetenspoorError as refused:
        status = 409 if isinstance(refused, PlayWentOn) else 422
        refusal = told(refused)
    onward = url_for("studio.play", kind=found.kind, key=found.key)
    if wants_json():
        return (jsonify(message=refusal), status) if refusal else jsonify(onward=onward)
    if refusal:
        flash(refusal, "error")
    return redirect(onward)


def seen_moves() -> int:
    """How many moves the page showed that sent this."""
    return request.values.get("gezien", default=-1, type=int)


def typed_value(text: str) -> Any:
    """What somebody typed for a variable: a number, true, false, null, a list, else a text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def today() -> datetime:
    """Today at nine."""
    here = services().clock.now().astimezone(BUSINESS_ZONE)
    return here.replace(hour=9, minute=0, second=0, microsecond=0)


def instant_of(text: str) -> datetime:
    """A local date, or date and time, as fields of a page give it; else today at nine."""
    try:
        if len(text) == len("2026-01-05"):
            found = datetime.combine(date.fromisoformat(text), time(9))
        else:
            found = datetime.fromisoformat(text)
    except ValueError:
        return today()
    if not EARLIEST <= found.year < LATEST:
        return today()
    return found.replace(tzinfo=BUSINESS_ZONE)


def walked_through(found: Subject, file: str) -> tuple[KeptPlay, tuple[str, str]]:
    """The moves of a scenario as a play, with the scenario's file and name.

    Raises:
        NotThere: there is no such scenario.
        ScenarioUnreadable: it cannot be read.
    """
    raw = found.package.scenarios.get(file)
    if raw is None:
        raise NotThere
    scenario = read_scenario(raw, file)
    try:
        moves, _played = moves_of(scenario, found.package, found.others)
    except Exception as error:  # a package in the making may be broken in any way
        raise ScenarioUnreadable(
            gettext("Dit scenario kan niet gespeeld worden zoals het pakket nu is."),
            gettext("Los eerst op wat de controle in de werkbank meldt."),
        ) from error
    return KeptPlay(uuid4(), scenario.begin, tuple(moves)), (file, scenario.name)
