"""A process owner plays a trajectory of a draft or version on a virtual clock."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.errors import KetenspoorError
from engine.simulation.errors import PlayRefused, ScenarioUnreadable
from engine.simulation.plays import keeping
from engine.simulation.plays.given import given_from
from engine.simulation.plays.keeping import KeptPlay
from engine.simulation.plays.moves import Move
from engine.simulation.plays.replaying import replay
from engine.simulation.plays.samples import readable_scenarios
from engine.simulation.wording import later, read_duration
from engine.store.unit_of_work import in_transaction
from webui.engine_texts import told
from webui.errors import NotThere
from webui.people import actor, only_for, wants_json
from webui.services import services
from webui.studio.trying.board import board, play_as_far
from webui.studio.trying.moves import (
    adding,
    answered,
    instant_of,
    seen_moves,
    today,
    try_and_keep,
    typed_value,
    walked_through,
)
from webui.studio.trying.pages import asked_of, beginnings, form_page
from webui.studio.trying.subjects import Subject, subject
from webui.studio.views import bp

PLACE = "/studio/<any(concepten,versies):kind>/<key>/proberen"


@bp.get(PLACE)
@only_for("process_owner")
def play(kind: str, key: str) -> ResponseReturnValue:
    """The play of the user, or how it can begin."""
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
        kept = keeping.kept_play(session, found.owner)
    walked = request.args.get("scenario")
    scenario = ("", "")
    if walked is not None:
        try:
            kept, scenario = walked_through(found, walked)
        except ScenarioUnreadable as refused:
            flash(told(refused), "error")
            return redirect(url_for("studio.scenarios", kind=kind, key=key))
    if kept is None or not kept.moves or "nieuw" in request.args:
        return render_template(
            "studio/proberen_begin.html",
            subject=found,
            ways=beginnings(found),
            scenarios=readable_scenarios(found.package),
            begin=today(),
            playing=bool(kept and kept.moves),
        )
    page = board(
        found,
        kept,
        step=request.args.get("stap", type=int),
        part=request.args.get("deel", type=int),
        as_role=request.args.get("als", ""),
        scenario=scenario,
    )
    return render_template("studio/proberen.html", page=page, now=page.now)


@bp.get(f"{PLACE}/diagrammen/<package>/<process>")
@only_for("process_owner")
def played_diagram(kind: str, key: str, package: str, process: str) -> ResponseReturnValue:
    """The file that a process is drawn in, of the package that is tried out or one beside it."""
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
    for one in (found.package, *found.others):
        if one.key == package and process in one.processes:
            drawn = one.files[one.processes[process].file]
            return Response(drawn, mimetype="application/xml")
    raise NotThere


@bp.route(f"{PLACE}/begin/<way>/<path:what>", methods=["GET", "POST"])
@only_for("process_owner")
def begin_play(kind: str, key: str, way: str, what: str) -> ResponseReturnValue:
    """The form that a play begins with; what was played before makes place for it."""
    at = instant_of(request.args.get("begin", ""))
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
    asked = asked_of(found, replay(found.package, found.others, at, []), way, what)
    if request.method == "GET":
        return form_page(found, asked, request.args, seen=0, begin=at)

    def work(session: Session, move: Move) -> None:
        keeping.begin_play(session, found.owner, at, [move], at=services().clock.now())

    typed, answers = request.form.get("invoer"), None
    if typed is not None:
        try:
            answers = given_from(typed)
        except PlayRefused as refused:
            flash(told(refused), "error")
            return form_page(found, asked, request.args, seen=0, begin=at, typed=typed)
    return answered(found, KeptPlay(uuid4(), at, ()), asked, work, answers)


@bp.route(f"{PLACE}/doen/<way>/<path:what>", methods=["GET", "POST"])
@only_for("process_owner")
def do_in_play(kind: str, key: str, way: str, what: str) -> ResponseReturnValue:
    """The form of a contact note, or of what is started beside the trajectory."""
    return _form_of_move(kind, key, way, what, 0)


@bp.route(f"{PLACE}/taken/<element>/<int:turn>", methods=["GET", "POST"])
@only_for("process_owner")
def played_task(kind: str, key: str, element: str, turn: int) -> ResponseReturnValue:
    """A task as its user would see it."""
    return _form_of_move(kind, key, "taak", element, turn)


def _form_of_move(kind: str, key: str, way: str, what: str, turn: int) -> ResponseReturnValue:
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
        kept = keeping.kept_play(session, found.owner)
    here = url_for("studio.play", kind=kind, key=key)
    if kept is None:
        return redirect(here)
    played = play_as_far(found, kept, None)
    try:
        asked = asked_of(found, played, way, what, turn)
    except PlayRefused as gone:
        if wants_json():
            return jsonify(message=told(gone)), 409
        flash(told(gone), "warning")
        return redirect(here)
    if request.method == "GET":
        return form_page(found, asked, request.args, seen=len(kept.moves))
    return answered(found, kept, asked, adding(found, seen_moves()))


@bp.post(f"{PLACE}/taken/<element>/<int:turn>/voorbeeld")
@only_for("process_owner")
def do_task(kind: str, key: str, element: str, turn: int) -> ResponseReturnValue:
    """Complete a task at once, with the example that fits."""
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
        kept = keeping.kept_play(session, found.owner)
    here = url_for("studio.play", kind=kind, key=key)
    if kept is None:
        return redirect(here)
    try:
        asked = asked_of(found, play_as_far(found, kept, None), "taak", element, turn)
        answers = asked.example()
        if answers is None:
            flash(
                gettext("Voor deze taak is geen voorbeeld te maken. Vul het formulier in."),
                "warning",
            )
            return redirect(
                url_for("studio.played_task", kind=kind, key=key, element=element, turn=turn)
            )
        try_and_keep(found, kept, asked.move(answers), adding(found, seen_moves()))
    except KetenspoorError as refused:
        flash(told(refused), "error")
    return redirect(here)


@bp.post(f"{PLACE}/tijd")
@only_for("process_owner")
def pass_time(kind: str, key: str) -> ResponseReturnValue:
    """Let time pass: to the next timer, a while, or to a day."""

    def make(found: Subject, kept: KeptPlay) -> Move:
        world = play_as_far(found, kept, None).world
        now, given = world.clock.now(), request.form
        if given.get("tot") == "volgende":
            due = world.next_due()
            if due is None:
                raise PlayRefused(
                    gettext("Er loopt geen wachttijd."),
                    gettext("Rond een taak af of wacht een tijd."),
                )
            return Move("wacht", until=max(due, now))
        if given.get("duur"):
            return Move("wacht", until=later(now, read_duration(given["duur"])))
        until = instant_of(given.get("dag", ""))
        if until <= now:
            raise PlayRefused(
                gettext("Deze dag is al voorbij."),
                gettext("Kies een latere dag; terug kan met ‘Stap terug’."),
            )
        return Move("wacht", until=until)

    return _move(kind, key, make)


@bp.post(f"{PLACE}/bericht")
@only_for("process_owner")
def send_message(kind: str, key: str) -> ResponseReturnValue:
    """Let a message come in, such as the answer of a partner."""

    def make(found: Subject, kept: KeptPlay) -> Move:
        given = request.form
        names = given.getlist("naam")
        values = given.getlist("waarde")
        carried = {
            name.strip(): typed_value(text)
            for name, text in zip(names, values, strict=False)
            if name.strip()
        }
        return Move("bericht", given.get("bericht", ""), answers=carried, key=given.get("voor", ""))

    return _move(kind, key, make)


@bp.post(f"{PLACE}/terug")
@only_for("process_owner")
def take_back(kind: str, key: str) -> ResponseReturnValue:
    """Take moves back: the last one, or all after a step."""
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
    seen = seen_moves()
    to = request.form.get("tot", default=seen - 1, type=int)
    at = services().clock.now()
    try:
        in_transaction(
            services().database,
            lambda s: keeping.take_back(s, found.owner, seen, to, at=at),
        )
    except PlayRefused as refused:
        flash(told(refused), "warning")
    return redirect(url_for("studio.play", kind=kind, key=key))


@bp.post(f"{PLACE}/wissen")
@only_for("process_owner")
def forget(kind: str, key: str) -> ResponseReturnValue:
    """Throw the play away."""
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
    in_transaction(services().database, lambda s: keeping.forget_play(s, found.owner))
    return redirect(url_for("studio.play", kind=kind, key=key))


@bp.post(f"{PLACE}/scenario")
@only_for("process_owner")
def play_scenario(kind: str, key: str) -> ResponseReturnValue:
    """Go on from a step of a scenario; what was played before makes place for it."""
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
    at = services().clock.now()
    try:
        walked, _name = walked_through(found, request.form.get("bestand", ""))
        moves = walked.moves[: max(1, request.form.get("tot", default=1, type=int))]
        in_transaction(
            services().database,
            lambda s: keeping.begin_play(s, found.owner, walked.begin, moves, at=at),
        )
    except (ScenarioUnreadable, PlayRefused) as refused:
        flash(told(refused), "error")
        return redirect(url_for("studio.play", kind=kind, key=key, nieuw=1))
    return redirect(url_for("studio.play", kind=kind, key=key))


def _move(kind: str, key: str, make: Callable[[Subject, KeptPlay], Move]) -> ResponseReturnValue:
    with services().reading() as session:
        found = subject(session, kind, key, actor().user_id)
        kept = keeping.kept_play(session, found.owner)
    here = url_for("studio.play", kind=kind, key=key)
    if kept is None:
        return redirect(here)
    try:
        try_and_keep(found, kept, make(found, kept), adding(found, seen_moves()))
    except KetenspoorError as refused:
        flash(told(refused), "error")
    return redirect(here)
