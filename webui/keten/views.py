"""The chain page, for coordinators and project leaders."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webui.keten.models import ChainFilter
from webui.keten.pages import chain_page
from webui.people import actor, only_for
from webui.services import services

bp = Blueprint("keten", __name__)

RISKS = ("high", "raised", "calm")


@bp.get("/keten")
@only_for("coordinator", "project_leader")
def overview() -> ResponseReturnValue:
    """All open trajectories, the greatest risk first."""
    asked = request.args
    risk = asked.get("risico", "")
    wish = ChainFilter(
        organisation=asked.get("organisatie", ""),
        method=asked.get("methode", ""),
        phase=asked.get("fase", ""),
        risk=risk if risk in RISKS else "",
    )
    with services().reading() as session:
        page = chain_page(session, services(), actor(), wish)
    return render_template("keten/keten.html", page=page, now=page.now)
