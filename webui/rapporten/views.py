"""Downloads of reports. Addresses hold ids only, and the file's name says nothing of a family."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine.families.errors import NoReport
from engine.families.reports import ReportFacts, report_of_document, report_of_task
from integrations.pdf.report import render
from webui.people import actor, only_for
from webui.rapporten.content import report_content
from webui.services import services

bp = Blueprint("rapporten", __name__)

FAMILY_ROLES = ("worker", "project_leader", "coordinator")


@bp.get("/gezinnen/<uuid:family_id>/formulieren/<uuid:document_id>/rapport.pdf")
@only_for(*FAMILY_ROLES)
def of_document(family_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """The report of a form that was sent in."""
    now = services().clock.now()
    with services().reading() as session:
        try:
            facts = report_of_document(session, actor(), family_id, document_id, now)
        except NoReport:
            abort(404)
        content = _content(session, facts)
    return _download(content)


@bp.get("/taken/<uuid:task_id>/rapport.pdf")
@only_for(*FAMILY_ROLES)
def of_task(task_id: UUID) -> ResponseReturnValue:
    """The report as far as the task's form is filled in: a draft."""
    now = services().clock.now()
    with services().reading() as session:
        try:
            facts = report_of_task(session, actor(), task_id, now)
        except NoReport:
            abort(404)
        content = _content(session, facts)
    return _download(content)


def _content(session: Session, facts: ReportFacts) -> bytes:
    return render(report_content(session, facts, services().clock.now()))


def _download(pdf: bytes) -> Response:
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="melding.pdf"'
    return response
