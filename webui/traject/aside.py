"""All of a trajectory, or of what runs beside it: put aside, looked at again, taken up, ended."""

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
from engine.families.mending.look import Deadline, deadlines_of, look
from engine.families.mending.mends import MOST_DAYS, Command, End, Postpone, Resume, Suspend
from engine.store.settings import number
from webui.named import id_given
from webui.people import actor, only_for
from webui.presentation import local, show_day
from webui.services import services
from webui.traject.doing import (
    NOT_THERE,
    REASON,
    STAGE,
    WHO,
    carry_out,
    gone,
    labels,
    require_reason,
    what_comes,
)
from webui.traject.mending_words import Heading, course_name, heading, unnamed
from webui.traject.outcomes import Preview
from webui.traject.views import bp
from webui.words import element_name

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
    """What the pages about the whole show."""

    head: Heading
    beside: Sequence[str]
    deadlines: Sequence[DeadlineRow]
    latest: date
    no_aside: str | None
    no_end: str | None


@bp.route("/trajecten/<uuid:trajectory_id>/stilleggen", methods=["GET", "POST"])
@only_for(*WHO)
def put_aside(trajectory_id: UUID) -> ResponseReturnValue:
    """Put it aside until a day on which somebody looks again."""
    whole = _whole(trajectory_id)
    if whole is None or whole.head.suspended_since is not None:
        return gone(trajectory_id)
    told = gettext("Het ligt stil tot en met %(day)s.", day="{day}")
    return _until(whole, Suspend, told, "traject/stilleggen.html")


@bp.route("/trajecten/<uuid:trajectory_id>/beoordelen", methods=["GET", "POST"])
@only_for(*WHO)
def look_again(trajectory_id: UUID) -> ResponseReturnValue:
    """What is aside: take it up, leave it for longer, or end it."""
    whole = _whole(trajectory_id)
    if whole is None or whole.head.suspended_since is None:
        return gone(trajectory_id)
    told = gettext("Er wordt op %(day)s opnieuw naar gekeken.", day="{day}")
    return _until(whole, Postpone, told, "traject/beoordelen.html", looks=False)


@bp.route("/trajecten/<uuid:trajectory_id>/verdergaan", methods=["GET", "POST"])
@only_for(*WHO)
def take_up(trajectory_id: UUID) -> ResponseReturnValue:
    """Take it up again; deadlines shift or not."""
    whole = _whole(trajectory_id)
    if whole is None or whole.head.suspended_since is None:
        return gone(trajectory_id)
    errors: dict[str, str] = {}
    seen: Preview | None = None
    if request.method == "POST":
        command = _resumption(whole, errors)
        require_reason(request.form, errors)
        if command is not None and not errors:
            if _does():
                if _do(whole, command, errors):
                    flash(gettext("Het gaat weer verder."), "ok")
                    return _back(whole)
            else:
                seen = what_comes(trajectory_id, command, errors)
        if NOT_THERE in errors:
            return gone(trajectory_id)
    return _page("traject/verdergaan.html", whole, errors, seen)


@bp.route("/trajecten/<uuid:trajectory_id>/beeindigen", methods=["GET", "POST"])
@only_for(*WHO)
def end(trajectory_id: UUID) -> ResponseReturnValue:
    """End it where it stands; what stops by it is shown at once."""
    whole = _whole(trajectory_id)
    if whole is None:
        return gone(trajectory_id)
    command = End(whole.head.part)
    errors: dict[str, str] = {}
    if request.method == "POST":
        require_reason(request.form, errors)
        if "zeker" not in request.form:
            errors["zeker"] = gettext("Zet hier een vinkje als je het zeker weet.")
        if not errors and _do(whole, command, errors):
            flash(gettext("Het is beëindigd."), "ok")
            return _back(whole)
        if NOT_THERE in errors:
            return gone(trajectory_id)
    found: dict[str, str] = {}
    seen = what_comes(trajectory_id, command, found)
    if NOT_THERE in found:
        return gone(trajectory_id)
    errors = {**found, **errors}
    return _page("traject/beeindigen.html", whole, errors, seen, 422 if request.form else 200)


def _whole(trajectory_id: UUID) -> Whole | None:
    """What is meant: the trajectory, or what runs beside it; ``None`` where it runs no more."""
    now = services().clock.now()
    with services().reading() as session:
        found = look(session, actor(), trajectory_id, now)
        running = found.course_with(id_given(request.args, "deel"))
        if running is None:
            return None
        names = [course_name(one) for one in found.running if one.course.names is not None]
        rows: list[DeadlineRow] = []
        if running.suspended_since is not None:
            rows = [_row(session, one) for one in deadlines_of(session, running, now)[1]]
        most = int(number(session, MOST_DAYS, now))
        return Whole(
            heading(session, actor(), found, now, running),
            [] if running.course.names is not None else names,
            rows,
            local(now).date() + timedelta(days=most),
            running.no_aside,
            running.no_end,
        )


def _until(
    whole: Whole,
    command: Callable[[date, UUID | None], Command],
    told: str,
    template: str,
    *,
    looks: bool = True,
) -> ResponseReturnValue:
    """A day on which somebody looks again, and why; ``told`` has a place for the day.

    ``looks``: first what would come of it.
    """
    trajectory_id = whole.head.trajectory_id
    errors: dict[str, str] = {}
    seen: Preview | None = None
    if request.method == "POST":
        day = _day(request.form, errors, whole.latest)
        require_reason(request.form, errors)
        if day is not None and not errors:
            wanted = command(day, whole.head.part)
            if not looks or _does():
                if _do(whole, wanted, errors):
                    flash(told.format(day=show_day(day)), "ok")
                    return _back(whole)
            else:
                seen = what_comes(trajectory_id, wanted, errors)
        if NOT_THERE in errors:
            return gone(trajectory_id)
    return _page(template, whole, errors, seen)


def _does() -> bool:
    return request.form.get(STAGE) == "doe"


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


def _page(
    template: str,
    whole: Whole,
    errors: Mapping[str, str],
    seen: Preview | None = None,
    code: int | None = None,
) -> ResponseReturnValue:
    now = services().clock.now()
    usual = local(now).date() + timedelta(weeks=USUAL_WEEKS)
    named = {**labels(), DAY: gettext("Wanneer kijk je opnieuw?"),
             SHIFT: gettext("Wat gebeurt er met de termijnen?")}  # fmt: skip
    page = render_template(
        template, head=whole.head, whole=whole, given=request.form, errors=errors, seen=seen,
        now=now, labels=named, today=local(now).date(), usual=usual.isoformat(),
    )  # fmt: skip
    return page, code or (422 if errors else 200)


def _do(whole: Whole, command: Command, errors: dict[str, str]) -> bool:
    return carry_out(whole.head.trajectory_id, command, request.form[REASON], errors)


def _back(whole: Whole) -> ResponseReturnValue:
    return redirect(url_for("traject.mend", trajectory_id=whole.head.trajectory_id))


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


def _resumption(whole: Whole, errors: dict[str, str]) -> Resume | None:
    """What was chosen; without some of the ticks those deadlines stay."""
    deadlines: Set[UUID] = {one.token_id for one in whole.deadlines}
    how, ticked = request.form.get(SHIFT, ""), set(request.form.getlist(CHOSEN, type=UUID))
    part = whole.head.part
    if how == "schuiven":
        only = None if deadlines <= ticked else frozenset(ticked)
        return Resume(later=True, only=only, root_id=part)
    if how == "blijven":
        return Resume(later=False, root_id=part)
    errors[SHIFT] = gettext("Kies wat er met de termijnen gebeurt.")
    return None
