"""The process owner's library: packages with their versions, and what is being worked on."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webui.people import actor, only_for
from webui.services import services
from webui.studio.drafts.workbench import draft_rows
from webui.studio.pages import package_cards

bp = Blueprint("studio", __name__)


@bp.get("/studio/pakketten")
@only_for("process_owner")
def packages() -> ResponseReturnValue:
    """The published packages with their versions, and the drafts."""
    with services().reading() as session:
        return render_template(
            "studio/pakketten.html",
            packages=package_cards(session),
            drafts=draft_rows(session, me=actor().user_id),
            put_away=draft_rows(session, outcome="discarded"),
            now=services().clock.now(),
        )
