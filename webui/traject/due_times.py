"""Another due time for a task or timer: the page, and what is typed there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.clock import BUSINESS_ZONE
from engine.execution.errors import NotWaiting
from engine.families.errors import DueChangedMeanwhile, MendOfSafety, ReasonMissing
from engine.families.mending.due_times import DueTime, change_due, due_time
from webui.people import actor, only_for, signed_in
from webui.presentation import local, show_moment
from webui.services import services
from webui.traject.views import FAMILY_ROLES, bp

WHO = ("project_leader", "coordinator", "process_owner")
DAY, TIME, REASON, SEEN = "datum", "tijd", "reden", "gezien"


@bp.get("/trajecten/<uuid:trajectory_id>/termijnen/<uuid:token_id>")
@only_for(*WHO)
def due(trajectory_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """Ask for another due time."""
    return _page(trajectory_id, token_id, {}, {})


@bp.post("/trajecten/<uuid:trajectory_id>/termijnen/<uuid:token_id>")
@only_for(*WHO)
def change(trajectory_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """Give it the due time that was asked for."""
    given, errors = request.form, dict[str, str]()
    wanted = _instant(given, errors)
    seen = _seen(given.get(SEEN, ""))
    if wanted is not None and wanted <= services().clock.now():
        errors[DAY] = gettext("Dit moment is al voorbij. Kies een later moment.")
    if not given.get(REASON, "").strip():
        errors[REASON] = gettext("Schrijf kort waarom; dit komt in het verloop te staan.")
    if wanted is None or errors:
        return _page(trajectory_id, token_id, given, errors)
    try:
        changed = change_due(
            services().database, services().clock, actor(), trajectory_id, token_id, wanted,
            given[REASON], seen=seen,
        )  # fmt: skip
    except ReasonMissing:
        errors[REASON] = gettext("Deze reden is te lang. Schrijf hem korter.")
    except DueChangedMeanwhile:
        errors[DAY] = gettext("Iemand anders heeft dit net veranderd. Hieronder staat het nieuwe "
                              "moment; klopt jouw keuze dan nog?")  # fmt: skip
    except MendOfSafety as error:
        errors[REASON] = error.message
    except NotWaiting:
        return _gone(trajectory_id)
    if errors:
        return _page(trajectory_id, token_id, given, errors)
    flash(gettext("De nieuwe termijn is %(moment)s.", moment=show_moment(wanted)), "ok")
    return redirect(_part(trajectory_id, changed))


def _page(
    trajectory_id: UUID, token_id: UUID, given: Mapping[str, str], errors: Mapping[str, str]
) -> ResponseReturnValue:
    now = services().clock.now()
    try:
        with services().reading() as session:
            found = due_time(session, actor(), trajectory_id, token_id, now)
    except NotWaiting:
        return _gone(trajectory_id)
    page = render_template(
        "traject/termijn.html",
        trajectory_id=trajectory_id,
        token_id=token_id,
        part=_part(trajectory_id, found),
        due=found,
        seen=found.due.isoformat() if found.due else "",
        given=given or _as_it_is(found, now),
        today=local(now).date().isoformat(),
        errors=errors,
        now=now,
        labels={
            DAY: gettext("Datum"),
            TIME: gettext("Tijd"),
            REASON: gettext("Waarom een andere termijn?"),
        },
    )
    return page, 422 if errors else 200


def _part(trajectory_id: UUID, found: DueTime) -> str:
    """The diagram of the part that the task or timer stands in."""
    if not signed_in().holds(*FAMILY_ROLES):
        return url_for("traject.mend", trajectory_id=trajectory_id)
    return url_for("traject.process", trajectory_id=trajectory_id, instance_id=found.instance_id)


def _as_it_is(found: DueTime, now: datetime) -> dict[str, str]:
    shown = local(found.due or now)
    return {DAY: shown.date().isoformat(), TIME: f"{shown:%H:%M}"}


def _instant(given: Mapping[str, str], errors: dict[str, str]) -> datetime | None:
    """The instant that was typed, in UTC; what is wrong with it goes into ``errors``."""
    day = at = None
    try:
        day = date.fromisoformat(given.get(DAY, "").strip())
    except ValueError:
        errors[DAY] = gettext("Kies een datum.")
    try:
        at = time.fromisoformat(given.get(TIME, "").strip())
    except ValueError:
        errors[TIME] = gettext("Vul een tijd in, bijvoorbeeld 09:00.")
    if day is None or at is None:
        return None
    try:
        typed = datetime.combine(day, at.replace(tzinfo=None), BUSINESS_ZONE)
        return typed.astimezone(UTC)
    except (OverflowError, ValueError):
        errors[DAY] = gettext("Deze datum ligt buiten de kalender.")
        return None


def _seen(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _gone(trajectory_id: UUID) -> ResponseReturnValue:
    flash(gettext("Deze taak is al klaar, of deze termijn loopt niet meer."), "info")
    families = signed_in().holds(*FAMILY_ROLES)
    onward = "traject.trajectory" if families else "traject.mend"
    return redirect(url_for(onward, trajectory_id=trajectory_id))
