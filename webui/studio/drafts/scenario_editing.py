"""Help for who writes a scenario in the workbench: what may stand where, and what is wrong."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine.definitions.drafts import drafts
from engine.definitions.published import publication
from engine.simulation.scenario_help import Vocabulary, faults, vocabulary
from webui.people import only_for
from webui.services import services
from webui.studio.views import bp


@bp.get("/studio/concepten/<uuid:draft_id>/scenariowoorden")
@only_for("process_owner")
def scenario_words(draft_id: UUID) -> ResponseReturnValue:
    """The keys of a scenario, and the tasks, roles, elements and questions that it may name."""
    with services().reading() as session:
        return jsonify(_words(session, draft_id).as_dict())


@bp.post("/studio/concepten/<uuid:draft_id>/scenariocontrole/<path:path>")
@only_for("process_owner")
def scenario_faults(draft_id: UUID, path: str) -> ResponseReturnValue:
    """What is wrong in the scenario as it is on the screen, by line; nothing is saved."""
    with services().reading() as session:
        words = _words(session, draft_id)
    return jsonify([asdict(fault) for fault in faults(request.get_data(), path, words)])


def _words(session: Session, draft_id: UUID) -> Vocabulary:
    drafts.draft(session, draft_id)
    package = drafts.package_of(session, draft_id)
    beside = publication.published_beside(session, package.key)
    return vocabulary(package, beside.packages)
