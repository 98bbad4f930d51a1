"""A whole trajectory: put it aside, look at it again, take it up, or end it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.definitions.published import publication
from engine.families.beside.running import running_beside
from engine.families.mending.look import Deadline, deadlines_of, look
from engine.families.mending.mends import MOST_DAYS, Command, End, Postpone, Resume, Suspend
from engine.store.settings import number
from webui.people import actor, only_for
from webui.presentation import local, show_day
from webui.services import services
from webui.traject.mending import (
    REASON,
    WHO,
    carry_out,
    gone,
    labels,
    require_reason,
)
from webui.traject.mending_words import Heading, PartRow, heading, part_rows, unnamed
from webui.traject.views import bp
from webui.words import element_name, in_language

DAY, SHIFT, CHOSEN = "dag", "termijnen", "t"
USUAL_WEEKS = 2


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline as it is and as it would be put off."""

    token_id: UUID
    name: str
    kind: str
    due: datetime
    later: datetime


@dataclass(frozen=True, slots=True)
class Whole:
    """What the pages about a whole trajectory show."""

    head: Heading
    parts: Sequence[PartRow]
    beside: Sequence[str]
    deadlines: Sequence[DeadlineRow]
    latest: date


@bp.route("/trajecten/<uuid:trajectory_id>/stilleggen", methods=["GET", "POST"])
@only_for(*WHO)
def put_aside(trajectory_id: UUID) -> ResponseReturnValue:
    """Put it aside until a day on which somebody looks again."""
    whole = _whole(trajectory_id)
    if not whole.parts or whole.head.suspended_since is not None:
        return gone(trajectory_id)
    told = gettext("Het traject ligt stil tot en met %(day)s.", day="{day}")
    return _until(trajectory_id, whole, Suspend, told, "traject/stilleggen.html")


@bp.route("/trajecten/<uuid:trajectory_id>/beoordelen", methods=["GET", "POST"])
@only_for(*WHO)
def look_again(trajectory_id: UUID) -> ResponseReturnValue:
    """What is aside: take it up, leave it for longer, or end it."""
    whole = _whole(trajectory_id)
    if whole.head.suspended_since is None:
        return gone(trajectory_id)
    told = gettext("Er wordt op %(day)s opnieuw naar gekeken.", day="{day}")
    return _until(trajectory_id, whole, Postpone, told, "traject/beoordelen.html")


@bp.route("/trajecten/<uuid:trajectory_id>/verdergaan", methods=["GET", "POST"])
@only_for(*WHO)
def take_up(trajectory_id: UUID) -> ResponseReturnValue:
    """Take it up again; deadlines shift or not."""
    whole = _whole(trajectory_id)
    if whole.head.suspended_since is None:
        return gone(trajectory_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        command = _resumption(errors, {one.token_id for one in whole.deadlines})
        require_reason(request.form, errors)
        if command is not None and not errors and _do(trajectory_id, command, errors):
            flash(gettext("Het traject gaat weer verder."), "ok")
            return _back(trajectory_id)
    return _page("traject/verdergaan.html", whole, errors)


@bp.route("/trajecten/<uuid:trajectory_id>/beeindigen", methods=["GET", "POST"])
@only_for(*WHO)
def end(trajectory_id: UUID) -> ResponseReturnValue:
    """End the trajectory where it stands."""
    whole = _whole(trajectory_id)
    if not whole.parts:
        return gone(trajectory_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        require_reason(request.form, errors)
        if "zeker" not in request.form:
            errors["zeker"] = gettext("Zet hier een vinkje als je het zeker weet.")
        if not errors and _do(trajectory_id, End(), errors):
            flash(gettext("Het traject is beëindigd."), "ok")
            if whole.head.family_id is None:
                return redirect(url_for("studio.running"))
            return redirect(url_for("gezinnen.family", family_id=whole.head.family_id))
    return _page("traject/beeindigen.html", whole, errors)


def _whole(trajectory_id: UUID) -> Whole:
    now = services().clock.now()
    with services().reading() as session:
        found = look(session, actor(), trajectory_id, now)
        names = [in_language(one.names, "") for one in running_beside(session, trajectory_id)]
        rows: list[DeadlineRow] = []
        if found.trajectory.suspended_since is not None:
            rows = [_row(session, one) for one in deadlines_of(session, found.trajectory, now)[1]]
        most = int(number(session, MOST_DAYS, now))
        return Whole(
            heading(session, actor(), found, now),
            part_rows(session, found),
            names,
            rows,
            local(now).date() + timedelta(days=most),
        )


def _until(
    trajectory_id: UUID, whole: Whole, command: Callable[[date], Command], told: str, template: str
) -> ResponseReturnValue:
    """A day on which somebody looks again, and why; ``told`` has a place for the day."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        day = _day(request.form, errors, whole.latest)
        require_reason(request.form, errors)
        if day is not None and not errors and _do(trajectory_id, command(day), errors):
            flash(told.format(day=show_day(day)), "ok")
            return _back(trajectory_id)
    return _page(template, whole, errors)


def _row(session: Session, one: Deadline) -> DeadlineRow:
    package = publication.load_version(session, one.package_version)
    process = package.processes.get(one.process_id)
    element = process.elements.get(one.element_id) if process else None
    name = element_name(package, one.process_id, one.element_id)
    if not name and element is not None and element.attached_to:
        name = element_name(package, one.process_id, element.attached_to)
    name = name or unnamed(element.kind.value if element else "", one.element_id)
    kind = gettext("taak") if one.kind == "user" else gettext("termijn")
    return DeadlineRow(one.token_id, name, kind, one.due, one.later)


def _page(template: str, whole: Whole, errors: Mapping[str, str]) -> ResponseReturnValue:
    now = services().clock.now()
    usual = local(now).date() + timedelta(weeks=USUAL_WEEKS)
    named = {**labels(), DAY: gettext("Wanneer kijk je opnieuw?"),
             SHIFT: gettext("Wat gebeurt er met de termijnen?")}  # fmt: skip
    page = render_template(
        template, head=whole.head, whole=whole, given=request.form, errors=errors, now=now,
        labels=named, today=local(now).date(), usual=usual.isoformat(),
    )  # fmt: skip
    return page, 422 if errors else 200


def _do(trajectory_id: UUID, command: Command, errors: dict[str, str]) -> bool:
    return carry_out(trajectory_id, command, request.form[REASON], errors)


def _back(trajectory_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("traject.mend", trajectory_id=trajectory_id))


def _day(given: Mapping[str, str], errors: dict[str, str], latest: date) -> date | None:
    try:
        day = date.fromisoformat(given.get(DAY, "").strip())
    except ValueError:
        errors[DAY] = gettext("Kies een datum.")
        return None
    today = local(services().clock.now()).date()
    if not today < day <= latest:
        errors[DAY] = gettext("Kies een dag na vandaag, tot en met %(day)s.", day=show_day(latest))
    return day


def _resumption(errors: dict[str, str], deadlines: Set[UUID]) -> Resume | None:
    """What was chosen; without some of the ticks those deadlines stay."""
    how, ticked = request.form.get(SHIFT, ""), set(request.form.getlist(CHOSEN, type=UUID))
    if how == "schuiven":
        return Resume(later=True, only=None if deadlines <= ticked else frozenset(ticked))
    if how == "blijven":
        return Resume(later=False)
    errors[SHIFT] = gettext("Kies wat er met de termijnen gebeurt.")
    return None
