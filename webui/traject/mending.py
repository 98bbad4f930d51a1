"""Mending a running trajectory: where it stands, and one step skipped, done again or moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.forms import Form
from engine.definitions.model import Element, Process
from engine.definitions.published import publication
from engine.execution.errors import MendRefused, NotWaiting
from engine.families.mending.look import (
    Part,
    Place,
    Running,
    look,
    targets_of,
    variables_of,
    way_of,
)
from engine.families.mending.mends import Command, Correct, Move, Repeat, Skip
from webui.errors import NotThere
from webui.people import actor, only_for
from webui.services import services
from webui.traject.doing import (
    NOT_THERE,
    REASON,
    STAGE,
    TARGET,
    WHO,
    carry_out,
    gone,
    labels,
    require_reason,
    what_comes,
)
from webui.traject.mending_words import (
    course_rows,
    earlier_rows,
    heading,
    part_rows,
    place_row,
    unnamed,
)
from webui.traject.outcomes import Preview
from webui.traject.values import asked_by, given_values, seen_values, values_of
from webui.traject.views import bp

ALSO, DOING = "ook", "doe"
HOW = ("overslaan", "opnieuw", "verplaatsen")


@bp.get("/trajecten/<uuid:trajectory_id>/ingrijpen")
@only_for(*WHO)
def mend(trajectory_id: UUID) -> ResponseReturnValue:
    """Where the trajectory stands, and what may be done there."""
    now = services().clock.now()
    with services().reading() as session:
        found = look(session, actor(), trajectory_id, now)
        return render_template(
            "traject/ingrijpen.html",
            head=heading(session, actor(), found, now, found.course_with(None)),
            courses=course_rows(session, found),
            earlier=earlier_rows(session, found),
            now=now,
        )


@bp.route(
    "/trajecten/<uuid:trajectory_id>/ingrijpen/<uuid:instance_id>/<uuid:token_id>",
    methods=["GET", "POST"],
)
@only_for(*WHO)
def mend_step(trajectory_id: UUID, instance_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """One step: skip it, do it again, or go on elsewhere; first what would come of it."""
    given, now = request.values, services().clock.now()
    how = given.get(DOING, "")
    if how not in HOW:
        raise NotThere
    errors: dict[str, str] = {}
    seen: Preview | None = None
    with services().reading() as session:
        found = look(session, actor(), trajectory_id, now)
        running = found.course_with(instance_id)
        place = _place(running, instance_id, token_id)
        if running is None or place is None or running.suspended_since is not None:
            return gone(trajectory_id)
        part = next(one for one in running.parts if one.instance_id == instance_id)
        package = publication.load_version(session, part.package_version)
        method = publication.load_version(session, found.trajectory.package_version)
        form = _form(session, part, place) if how == "overslaan" else None
        targets: Sequence[Element] = ()
        if how == "verplaatsen":
            targets = targets_of(session, place, now)
        values = asked_by(form)
        target = given.get(TARGET, "")
        page = {
            "head": heading(session, actor(), found, now, running),
            "row": place_row(method, package, part, place),
            "part": part_rows(session, found, running)[running.parts.index(part)],
            "how": how,
            "not_possible": _why_not(running, place, how),
            "targets": _target_groups(package.processes[part.process_id], targets),
            "also": _also(session, place, target, now) if how == "verplaatsen" else [],
            "values": values,
        }
    if request.method == "POST":
        does = given.get(STAGE) == "doe"
        command = _command(given, how, place, values, errors, does=does)
        require_reason(given, errors)
        if command is not None and not errors:
            if does:
                done = carry_out(trajectory_id, command, given[REASON], errors)
                if done:
                    flash(_done(how), "ok")
                    return redirect(url_for("traject.mend", trajectory_id=trajectory_id))
            else:
                seen = what_comes(trajectory_id, command, errors)
        if NOT_THERE in errors:
            return gone(trajectory_id)
    answer = render_template(
        "traject/ingreep.html", **page, given=given, errors=errors, seen=seen, now=now,
        labels=labels(), action=url_for("traject.mend_step", trajectory_id=trajectory_id,
                                        instance_id=instance_id, token_id=token_id),
    )  # fmt: skip
    return answer, 422 if errors else 200


@bp.route(
    "/trajecten/<uuid:trajectory_id>/ingrijpen/<uuid:instance_id>/gegevens",
    methods=["GET", "POST"],
)
@only_for(*WHO)
def mend_values(trajectory_id: UUID, instance_id: UUID) -> ResponseReturnValue:
    """The values of a part: correct them."""
    given, now = request.form, services().clock.now()
    errors: dict[str, str] = {}
    seen: Preview | None = None
    with services().reading() as session:
        found = look(session, actor(), trajectory_id, now)
        running = found.course_with(instance_id)
        if running is None or running.suspended_since is not None:
            return gone(trajectory_id)
        part = next(one for one in running.parts if one.instance_id == instance_id)
        package = publication.load_version(session, part.package_version)
        method = publication.load_version(session, found.trajectory.package_version)
        process = package.processes.get(part.process_id)
        users = (one.user for one in process.elements.values()) if process else ()
        ids = {user.form_id for user in users if user is not None}
        own = [form for key, form in package.forms.items() if key in ids]
        others = [*package.forms.values(), *method.forms.values()]
        values = values_of(variables_of(session, part, now), own, others)
        page = {
            "head": heading(session, actor(), found, now, running),
            "part": part_rows(session, found, running)[running.parts.index(part)],
            "values": values,
        }
    if request.method == "POST":
        changed = given_values(values, given, now, errors)
        if not changed and not errors:
            errors["v"] = gettext("Er is niets veranderd.")
        require_reason(given, errors)
        if not errors:
            command = Correct(instance_id, changed, seen_values(changed, given))
            if given.get(STAGE) == "doe":
                if carry_out(trajectory_id, command, given[REASON], errors):
                    flash(gettext("De gegevens zijn verbeterd."), "ok")
                    return redirect(url_for("traject.mend", trajectory_id=trajectory_id))
            else:
                seen = what_comes(trajectory_id, command, errors)
        if NOT_THERE in errors:
            return gone(trajectory_id)
    answer = render_template(
        "traject/gegevens.html", **page, given=given, errors=errors, seen=seen, now=now,
        labels=labels(), action=url_for("traject.mend_values", trajectory_id=trajectory_id,
                                        instance_id=instance_id),
    )  # fmt: skip
    return answer, 422 if errors else 200


def _place(running: Running | None, instance_id: UUID, token_id: UUID) -> Place | None:
    return next(
        (
            place
            for part in (running.parts if running is not None else ())
            for place in part.places
            if (place.instance_id, place.token_id) == (instance_id, token_id)
        ),
        None,
    )


def _form(session: Session, part: Part, place: Place) -> Form | None:
    package = publication.load_version(session, part.package_version)
    process = package.processes.get(part.process_id)
    element = process.elements.get(place.element_id) if process else None
    form_id = element.user.form_id if element and element.user else None
    return package.forms.get(form_id or "")


def _target_groups(
    process: Process, targets: Sequence[Element]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where it may go on, by the sub-process that it is in; first those beside the step."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in targets:
        name = one.name or unnamed(one.kind.value, one.id)
        groups.setdefault(one.parent, []).append((one.id, name))
    named = []
    for parent, options in groups.items():
        around = process.elements.get(parent)
        title = (around.name or around.id) if around is not None else process.name or process.id
        named.append((title, options))
    return named


def _also(session: Session, place: Place, target: str, now: datetime) -> list[UUID]:
    """What stops besides by a move, for the form to say that it was seen."""
    try:
        return list(way_of(session, place, target, now).stops) if target else []
    except (MendRefused, NotWaiting):
        return []


def _why_not(running: Running, place: Place, how: str) -> str | None:
    reasons = {
        "overslaan": running.no_leaving or place.no_skip,
        "opnieuw": place.no_repeat,
        "verplaatsen": running.no_leaving or place.no_move,
    }
    return reasons[how]


def _command(
    given: Mapping[str, str],
    how: str,
    place: Place,
    values: Sequence[Any],
    errors: dict[str, str],
    *,
    does: bool,
) -> Command | None:
    at = place.instance_id, place.token_id
    if how == "opnieuw":
        return Repeat(*at)
    if how == "overslaan":
        return Skip(*at, given_values(values, given, services().clock.now(), errors))
    target = given.get(TARGET, "")
    if not target:
        errors[TARGET] = gettext("Kies waar het verder gaat.")
        return None
    seen = frozenset(request.form.getlist(ALSO, type=UUID))
    return Move(*at, target, seen if does else None)


def _done(how: str) -> str:
    return {
        "overslaan": gettext("De stap is overgeslagen."),
        "opnieuw": gettext("De stap is opnieuw begonnen."),
        "verplaatsen": gettext("Het traject gaat ergens anders verder."),
    }[how]
