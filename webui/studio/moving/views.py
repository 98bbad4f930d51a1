"""Moving running trajectories to another version: plan, rehearse, move by steps, put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from engine.definitions.published import publication
from engine.execution.migration import Plan
from engine.families.errors import FamilyError, MoveOpenAlready
from engine.families.models import VersionMoveItem
from engine.families.moves import bulk_moves
from engine.families.moves.trajectory_moves import TrajectoryMove
from engine.store.unit_of_work import in_transaction
from webui.errors import NotThere
from webui.named import id_given
from webui.people import actor, only_for
from webui.services import services
from webui.studio.comparing.sides import of_version
from webui.studio.moving.pages import (
    MovePage,
    lagging,
    move_page,
    moves,
    progress_of,
)
from webui.studio.moving.pictures import pictures
from webui.studio.moving.plan import in_words, plan_page, with_suggestions
from webui.studio.views import bp
from webui.words import in_language

MOST_REASON = 1000
STEPS = {"een": 1, "tien": 10, "alle": None}
bp.add_app_template_filter(in_words, "waiting")
SHOWN = ("can", "cannot", "failed", "asked", "moved", "back", "stays", "gone")


@bp.get("/studio/overzetten")
@only_for("process_owner")
def moving() -> ResponseReturnValue:
    """What runs on an older version, and the moves of before."""
    with services().reading() as session:
        return render_template(
            "studio/overzetten.html",
            lagging=lagging(session),
            moves=moves(session),
            now=services().clock.now(),
        )


@bp.get("/studio/overzetten/nieuw")
@only_for("process_owner")
def new_move() -> ResponseReturnValue:
    """Where the trajectories of a version go, and why."""
    version = request.args.get("van", "")
    with services().reading() as session:
        found = [row for row in lagging(session) if row.version == version]
        if not found:
            raise NotThere(version)
        others = [
            row
            for row in publication.versions(session, found[0].key)
            if row.retired_at is None and row.version != version
        ]
        return render_template("studio/overzetten-nieuw.html", row=found[0], versions=others)


@bp.post("/studio/overzetten")
@only_for("process_owner")
def begin_move() -> ResponseReturnValue:
    """Begin a move; its plan is made on the next page."""
    given = request.form
    reason = given.get("reden", "").strip()[:MOST_REASON]
    before, after = given.get("van", ""), given.get("naar", "")
    if not reason:
        flash(gettext("Schrijf in één zin waarom de trajecten overgaan."), "error")
        return redirect(url_for("studio.new_move", van=before))
    at, by = services().clock.now(), actor().user_id
    try:
        move_id = in_transaction(
            services().database,
            lambda s: bulk_moves.begin(s, before, after, reason=reason, at=at, by=by).id,
        )
    except MoveOpenAlready as error:
        flash(f"{error.message} {error.remedy}", "error")
        return redirect(url_for("studio.move", move_id=error.where["move_id"]))
    except FamilyError as error:
        flash(f"{error.message} {error.remedy}", "error")
        return redirect(url_for("studio.moving"))
    return redirect(url_for("studio.move", move_id=move_id))


@bp.get("/studio/overzetten/<uuid:move_id>")
@only_for("process_owner")
def move(move_id: UUID) -> ResponseReturnValue:
    """A move: its plan, how far it is, and its trajectories."""
    shown = request.args.get("toon", "")
    number = max(0, min(request.args.get("blad", 0, type=int), 100_000))
    with services().reading() as session:
        at_place = request.args.get("bij", "")[:400]
        page = move_page(session, move_id, shown if shown in SHOWN else "", number, at_place)
        plan = plan_page(session, page.move)
        versions = (of_version(page.move.from_version), of_version(page.move.to_version))
        return render_template(
            "studio/overzetting.html",
            page=page,
            plan=plan,
            pictures=pictures(session, page, plan) if _to_decide(page) else [],
            at_place=at_place,
            difference=url_for("studio.compare_page", van=versions[0], naar=versions[1]),
            now=services().clock.now(),
        )


@bp.get("/studio/overzetten/<uuid:move_id>/voortgang")
@only_for("process_owner")
def move_progress(move_id: UUID) -> ResponseReturnValue:
    """How far it is; a page that looks on is made anew when something has ended."""
    with services().reading() as session:
        page = progress_of(session, move_id)
        answer: Response = make_response(
            render_template("studio/overzetting-voortgang.html", page=page)
        )
    now = page.going_on[0] if page.going_on else ""
    if request.args.get("bezig", "") != now:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.post("/studio/overzetten/<uuid:move_id>/plan")
@only_for("process_owner")
def settle_move(move_id: UUID) -> ResponseReturnValue:
    """Settle the plan, and have all trajectories rehearsed."""
    renamed = {
        key.removeprefix("nieuw:"): value
        for key, value in request.form.items()
        if key.startswith("nieuw:") and value
    }
    processes = {
        key.removeprefix("proces:"): value
        for key, value in request.form.items()
        if key.startswith("proces:") and value
    }
    restart = frozenset(
        key.removeprefix("timer:")
        for key, value in request.form.items()
        if key.startswith("timer:") and value == "opnieuw"
    )

    def work(session: Session, **who: Any) -> int:
        move = bulk_moves.move_of(session, move_id)
        names = with_suggestions(session, move, renamed, processes)
        return bulk_moves.settle(session, move_id, Plan(names, restart, processes), **who)

    return _done(
        move_id,
        work,
        lambda number: ngettext(
            "De repetitie van %(num)d traject begint. Er verandert nog niets.",
            "De repetitie van %(num)d trajecten begint. Er verandert nog niets.",
            number,
        ),
    )


@bp.post("/studio/overzetten/<uuid:move_id>/zet-over")
@only_for("process_owner")
def ask_move(move_id: UUID) -> ResponseReturnValue:
    """Move one that is named, or the next one, ten or all."""
    one = id_given(request.form, "traject")
    most = 1 if one is not None else STEPS.get(request.form.get("hoeveel", ""), 0)
    return _done(
        move_id,
        lambda s, **who: bulk_moves.ask(s, move_id, most=most, item_id=one, **who),
        lambda number: ngettext(
            "%(num)d traject gaat over.", "%(num)d trajecten gaan over.", number
        ),
    )


@bp.post("/studio/overzetten/<uuid:move_id>/zet-terug")
@only_for("process_owner")
def ask_back(move_id: UUID) -> ResponseReturnValue:
    """Put one back that is named, or all that were moved."""
    one = id_given(request.form, "traject")
    return _done(
        move_id,
        lambda s, **who: bulk_moves.ask_back(s, move_id, item_id=one, **who),
        lambda number: ngettext(
            "%(num)d traject gaat terug.", "%(num)d trajecten gaan terug.", number
        ),
    )


@bp.post("/studio/overzetten/<uuid:move_id>/pauze")
@only_for("process_owner")
def pause_move(move_id: UUID) -> ResponseReturnValue:
    """Pause, or go on."""
    paused = request.form.get("pauze") == "ja"

    def work(session: Session, **who: Any) -> int:
        bulk_moves.pause(session, move_id, paused, **who)
        return 1

    told = gettext("Gepauzeerd. Een traject dat al begonnen was, is afgemaakt.")
    return _done(move_id, work, lambda _: told if paused else gettext("Het gaat verder."))


@bp.post("/studio/overzetten/<uuid:move_id>/opnieuw-kijken")
@only_for("process_owner")
def rehearse_again(move_id: UUID) -> ResponseReturnValue:
    """Look again at what could not move."""
    return _done(
        move_id,
        lambda s, **who: bulk_moves.rehearse_again(s, move_id, **who),
        lambda number: ngettext(
            "Naar %(num)d traject wordt opnieuw gekeken.",
            "Naar %(num)d trajecten wordt opnieuw gekeken.",
            number,
        ),
    )


@bp.post("/studio/overzetten/<uuid:move_id>/sluiten")
@only_for("process_owner")
def close_move(move_id: UUID) -> ResponseReturnValue:
    """Move nothing more by it."""

    def work(session: Session, **who: Any) -> int:
        bulk_moves.close(session, move_id, **who)
        return 1

    return _done(move_id, work, lambda _: gettext("Gesloten. Wat over is, blijft over."))


@bp.get("/studio/overzetten/<uuid:move_id>/trajecten/<uuid:item_id>")
@only_for("process_owner")
def move_item(move_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """One trajectory: what would become of everything that it waits for, looked up now."""
    with services().reading() as session:
        page = bulk_moves.move_of(session, move_id)
        item = session.get(VersionMoveItem, item_id)
        if item is None or item.move_id != move_id:
            raise NotThere(item_id)
        looks = item.state in ("new", "can", "cannot", "failed", "asked", "back")
        way = TrajectoryMove(
            services().clock, page.package_key, page.to_version, bulk_moves.plan_of_move(page)
        )
        return render_template(
            "studio/overzetting-traject.html",
            move=page,
            item=item,
            package=publication.load_version(session, page.to_version),
            old=publication.load_version(session, page.from_version),
            outcome=way.look(session, item.key) if looks and page.planned_at else None,
            in_language=in_language,
        )


def _to_decide(page: MovePage) -> bool:
    """Whether the drawings have something to tell: what is to be decided, or what cannot go on."""
    return page.move.closed_at is None and (not page.settled or bool(page.reasons))


def _done(
    move_id: UUID, command: Callable[..., int], words: Callable[[int], str]
) -> ResponseReturnValue:
    """Carry a command out and go back to the page, told what came of it."""
    who = {"at": services().clock.now(), "by": actor().user_id}
    try:
        number = in_transaction(services().database, lambda s: command(s, **who))
    except FamilyError as error:
        if error.code == "move-unknown":
            raise
        flash(f"{error.message} {error.remedy}", "error")
    else:
        flash(words(number) if number else gettext("Er was niets (meer) te doen."), "ok")
    return redirect(url_for("studio.move", move_id=move_id))
