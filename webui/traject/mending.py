"""Mending a running trajectory: where it stands, and one step skipped, done again or moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.access.errors import AccessDenied
from engine.definitions.forms import Form
from engine.definitions.model import Element
from engine.definitions.published import publication
from engine.errors import KetenspoorError
from engine.execution.errors import NotWaiting
from engine.families.errors import ReasonMissing, ValueChangedMeanwhile
from engine.families.mending.interventions import MOST_CHARACTERS, intervene, rehearse
from engine.families.mending.look import Look, Part, Place, look, targets_of, variables_of
from engine.families.mending.mends import Command, Correct, Move, Repeat, Skip
from webui.errors import NotThere
from webui.people import actor, only_for
from webui.services import services
from webui.traject.mending_words import (
    Preview,
    earlier_rows,
    heading,
    part_rows,
    place_row,
    preview,
    unnamed,
)
from webui.traject.values import asked_by, given_values, seen_values, values_of
from webui.traject.views import bp

WHO = ("project_leader", "process_owner")
REASON, TARGET, DOING, STAGE = "reden", "naar", "doe", "stap"
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
            head=heading(session, actor(), found, now),
            parts=part_rows(session, found),
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
        place = _place(found, instance_id, token_id)
        if place is None or found.trajectory.suspended_since is not None:
            return gone(trajectory_id)
        part = next(one for one in found.parts if one.instance_id == instance_id)
        package = publication.load_version(session, part.package_version)
        method = publication.load_version(session, found.trajectory.package_version)
        form = _form(session, part, place) if how == "overslaan" else None
        targets: Sequence[Element] = ()
        if how == "verplaatsen":
            targets = targets_of(session, actor(), trajectory_id, place, now)
        values = asked_by(form)
        page = {
            "head": heading(session, actor(), found, now),
            "row": place_row(method, package, part, place),
            "part": part_rows(session, found)[found.parts.index(part)],
            "how": how,
            "not_possible": _why_not(place, how),
            "targets": [(one.id, one.name or unnamed(one.kind.value, one.id)) for one in targets],
            "values": values,
        }
    if request.method == "POST":
        command = _command(given, how, place, values, errors)
        require_reason(given, errors)
        if command is not None and not errors:
            if given.get(STAGE) == "doe":
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
        part = next((one for one in found.parts if one.instance_id == instance_id), None)
        if part is None or found.trajectory.suspended_since is not None:
            return gone(trajectory_id)
        package = publication.load_version(session, part.package_version)
        method = publication.load_version(session, found.trajectory.package_version)
        process = package.processes.get(part.process_id)
        users = (one.user for one in process.elements.values()) if process else ()
        ids = {user.form_id for user in users if user is not None}
        own = [form for key, form in package.forms.items() if key in ids]
        others = [*package.forms.values(), *method.forms.values()]
        values = values_of(variables_of(session, part, now), own, others)
        page = {
            "head": heading(session, actor(), found, now),
            "part": part_rows(session, found)[found.parts.index(part)],
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


NOT_THERE = "weg"
REFUSED = "kan-niet"


def carry_out(trajectory_id: UUID, command: Command, reason: str, errors: dict[str, str]) -> bool:
    """Do it; whether it was done. What is wrong goes into ``errors``."""
    given = services()
    try:
        intervene(given.database, given.clock, actor(), trajectory_id, command, reason)
    except AccessDenied:
        raise
    except KetenspoorError as error:
        _note(error, errors)
        return False
    return True


def what_comes(trajectory_id: UUID, command: Command, errors: dict[str, str]) -> Preview | None:
    """What would come of it; what is wrong goes into ``errors``."""
    given = services()
    try:
        outcome = rehearse(given.database, given.clock, actor(), trajectory_id, command)
    except AccessDenied:
        raise
    except KetenspoorError as error:
        _note(error, errors)
        return None
    with given.reading() as session:
        found = look(session, actor(), trajectory_id, given.clock.now())
        method = publication.load_version(session, found.trajectory.package_version)
        return preview(session, outcome, method)


def _note(error: KetenspoorError, errors: dict[str, str]) -> None:
    if isinstance(error, NotWaiting):
        errors[NOT_THERE] = error.message
    elif isinstance(error, ReasonMissing):
        errors[REASON] = gettext("Deze reden is te lang. Schrijf hem korter.")
    elif isinstance(error, ValueChangedMeanwhile):
        errors[f"v-{error.where.get('name', '')}"] = gettext(
            "Deze waarde is net veranderd. Kijk naar de waarde van nu; klopt jouw keuze dan nog?"
        )
    else:
        errors[REFUSED] = f"{error.message} {error.remedy}".strip()


def require_reason(given: Mapping[str, str], errors: dict[str, str]) -> None:
    """A reason there must be, and not a very long one."""
    reason = given.get(REASON, "").strip()
    if not reason:
        errors[REASON] = gettext("Schrijf kort waarom; dit komt in het verloop te staan.")
    elif len(reason) > MOST_CHARACTERS:
        errors[REASON] = gettext("Deze reden is te lang. Schrijf hem korter.")


def labels() -> dict[str, str]:
    """The names of fields for the summary of what is wrong."""
    return {REASON: gettext("Waarom?"), TARGET: gettext("Waar gaat het verder?")}


def gone(trajectory_id: UUID) -> ResponseReturnValue:
    """To where it stands now: somebody or something was first."""
    flash(gettext("Het traject is intussen verder gegaan, of ligt stil. "
                  "Dit is hoe het er nu bij staat."), "info")  # fmt: skip
    return redirect(url_for("traject.mend", trajectory_id=trajectory_id))


def _place(found: Look, instance_id: UUID, token_id: UUID) -> Place | None:
    return next(
        (
            place
            for part in found.parts
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


def _why_not(place: Place, how: str) -> str | None:
    reasons = {
        "overslaan": place.no_skip,
        "opnieuw": place.no_repeat,
        "verplaatsen": place.no_move,
    }
    return reasons[how]


def _command(
    given: Mapping[str, str],
    how: str,
    place: Place,
    values: Sequence[Any],
    errors: dict[str, str],
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
    return Move(*at, target)


def _done(how: str) -> str:
    return {
        "overslaan": gettext("De stap is overgeslagen."),
        "opnieuw": gettext("De stap is opnieuw begonnen."),
        "verplaatsen": gettext("Het traject gaat ergens anders verder."),
    }[how]
