"""The chain page, for coordinators and project leaders."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.families.chain_order import RISKS
from webui.keten.models import ChainFilter
from webui.keten.pages import chain_page
from webui.listing import asked_page, asked_search
from webui.people import actor, only_for
from webui.services import services

bp = Blueprint("keten", __name__)


@bp.route("/keten", methods=["GET", "POST"])
@only_for("coordinator", "project_leader")
def overview() -> ResponseReturnValue:
    """The open trajectories, the greatest risk first; a search is sent, not asked by address."""
    asked = request.values
    risk = asked.get("risico", "")
    wish = ChainFilter(
        organisation=asked.get("organisatie", ""),
        method=asked.get("methode", ""),
        phase=asked.get("fase", ""),
        risk=risk if risk in RISKS else "",
    )
    with services().reading() as session:
        page = chain_page(
            session, services(), actor(), wish, search=asked_search(), number=asked_page()
        )

    def address_of(number: int) -> str:
        return url_for("keten.overview", **page.filter.address, pagina=number)

    return render_template("keten/keten.html", page=page, now=page.now, address_of=address_of)
