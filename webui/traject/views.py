"""The diagram of a trajectory and of each of its parts."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from webui.people import actor, only_for
from webui.services import services
from webui.traject.pages import diagram_page, diagram_xml

bp = Blueprint("traject", __name__)

FAMILY_ROLES = ("worker", "project_leader", "coordinator")


@bp.get("/trajecten/<uuid:trajectory_id>")
@only_for(*FAMILY_ROLES)
def trajectory(trajectory_id: UUID) -> ResponseReturnValue:
    """The trajectory's own diagram."""
    return _page(trajectory_id, None)


@bp.get("/trajecten/<uuid:trajectory_id>/delen/<uuid:instance_id>")
@only_for(*FAMILY_ROLES)
def process(trajectory_id: UUID, instance_id: UUID) -> ResponseReturnValue:
    """The diagram of one part: a phase, a care meeting."""
    return _page(trajectory_id, instance_id)


def _page(trajectory_id: UUID, instance_id: UUID | None) -> ResponseReturnValue:
    with services().reading() as session:
        page = diagram_page(session, services(), actor(), trajectory_id, instance_id)
    return render_template("traject/traject.html", page=page, now=page.now)


@bp.get("/trajecten/<uuid:trajectory_id>/delen/<uuid:instance_id>/diagram")
@only_for(*FAMILY_ROLES)
def diagram(trajectory_id: UUID, instance_id: UUID) -> ResponseReturnValue:
    """The BPMN file that the part's diagram is drawn from."""
    with services().reading() as session:
        content = diagram_xml(session, services(), actor(), trajectory_id, instance_id)
    return Response(content, mimetype="application/xml")
