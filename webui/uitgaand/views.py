"""The administrator's page of what goes out: the queue, what failed, what left, another try."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from engine.families.mending.incidents import Ended
from engine.runtime.models import Incident
from webui.errors import NotThere
from webui.people import actor, only_for
from webui.services import services, web_config
from webui.uitgaand.pages import failed_ids, outward_page

bp = Blueprint("uitgaand", __name__)


@bp.get("/beheer/uitgaand")
@only_for("administrator")
def overview() -> ResponseReturnValue:
    """What waits, what was not sent, what left."""
    with services().reading() as session:
        page = outward_page(session, web_config().mail_folder)
    return render_template("uitgaand/uitgaand.html", page=page, mails=web_config().mails)


@bp.post("/beheer/uitgaand/<uuid:incident_id>/opnieuw")
@only_for("administrator")
def retry(incident_id: UUID) -> ResponseReturnValue:
    """Put what was not sent into the queue again."""
    with services().reading() as session:
        if session.get(Incident, incident_id) is None:
            raise NotThere
    return _again([incident_id])


@bp.post("/beheer/uitgaand/opnieuw")
@only_for("administrator")
def retry_all() -> ResponseReturnValue:
    """Put everything that was not sent into the queue again."""
    with services().reading() as session:
        found = failed_ids(session)
    return _again(found)


def _again(incident_ids: Sequence[UUID]) -> ResponseReturnValue:
    ended = services().mending.retry(actor(), incident_ids)
    count = sum(one.ended is Ended.WENT_ON for one in ended)
    if count:
        flash(
            ngettext(
                "Eén bericht staat weer in de wachtrij.",
                "%(num)d berichten staan weer in de wachtrij.",
                count,
            ),
            "ok",
        )
    if count < len(ended):
        flash(gettext("Niet alles kon opnieuw: bekijk wat er nog staat."), "warning")
    return redirect(url_for("uitgaand.overview"))
