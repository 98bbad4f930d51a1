"""Undoing what somebody did against the drawn course: the page, with what comes back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.families.mending.look import look
from engine.families.mending.mends import Undo
from webui.errors import NotThere
from webui.people import actor, only_for
from webui.services import services
from webui.traject.doing import (
    NOT_THERE,
    REASON,
    WHO,
    carry_out,
    labels,
    require_reason,
    what_comes,
)
from webui.traject.mending_words import EarlierRow, Heading, earlier_rows, heading
from webui.traject.views import bp


@bp.route("/trajecten/<uuid:trajectory_id>/ongedaan/<uuid:mend_id>", methods=["GET", "POST"])
@only_for(*WHO)
def undo_mend(trajectory_id: UUID, mend_id: UUID) -> ResponseReturnValue:
    """What comes back, why, and then it does."""
    command, errors = Undo(mend_id), dict[str, str]()
    if request.method == "POST":
        require_reason(request.form, errors)
        if not errors and carry_out(trajectory_id, command, request.form[REASON], errors):
            flash(gettext("Ongedaan gemaakt. Alles staat weer zoals het was."), "ok")
            return redirect(url_for("traject.mend", trajectory_id=trajectory_id))
        errors.pop(NOT_THERE, None)
    head, earlier = _page(trajectory_id, mend_id)
    seen = None if earlier.no_undo else what_comes(trajectory_id, command, errors)
    page = render_template(
        "traject/ongedaan.html", head=head, earlier=earlier, seen=seen, given=request.form,
        errors=errors, labels=labels(), now=services().clock.now(),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


def _page(trajectory_id: UUID, mend_id: UUID) -> tuple[Heading, EarlierRow]:
    now = services().clock.now()
    with services().reading() as session:
        found = look(session, actor(), trajectory_id, now)
        rows = [one for one in earlier_rows(session, found) if one.id == mend_id]
        if not rows:
            raise NotThere
        return heading(session, actor(), found, now, found.course_with(None)), rows[0]
