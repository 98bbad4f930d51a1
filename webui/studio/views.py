"""The process owner's pages: packages and their versions, read only for now."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webui.people import only_for
from webui.services import services
from webui.studio.pages import package_cards

bp = Blueprint("studio", __name__)


@bp.get("/studio/pakketten")
@only_for("process_owner")
def packages() -> ResponseReturnValue:
    """The published packages with their versions."""
    with services().reading() as session:
        found = package_cards(session)
    return render_template("studio/pakketten.html", packages=found)
