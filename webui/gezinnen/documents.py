"""A submitted form, read again: its answers under the questions that were asked."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from engine.access.permissions import Action
from engine.families.file.past_forms import form_of_document
from engine.families.models import Document, Family
from engine.families.rights.permission import permit, refuse
from webui.gezinnen.answers import AnswerReader
from webui.gezinnen.views import FAMILY_ROLES, bp
from webui.people import actor, only_for
from webui.services import services
from webui.taken.pages import person_name


@bp.get("/gezinnen/<uuid:family_id>/formulieren/<uuid:document_id>")
@only_for(*FAMILY_ROLES)
def document(family_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """One submitted form."""
    now = services().clock.now()
    with services().reading() as session:
        found = session.get(Document, document_id)
        if found is None or found.family_id != family_id:
            refuse(
                session,
                actor(),
                Action.READ,
                now=now,
                object_type="document",
                object_id=document_id,
            )
        trajectory = permit(
            session,
            actor(),
            Action.READ,
            found.trajectory_id,
            now=now,
            object_type="document",
            object_id=document_id,
        )
        form = form_of_document(session, found, trajectory)
        return render_template(
            "gezinnen/formulier.html",
            family_id=family_id,
            family_name=session.get_one(Family, family_id).name,
            name=found.form_name,
            at=found.at,
            by=person_name(session, found.by_user_id),
            report_id=document_id if form is not None and form.is_report else None,
            answers=list(AnswerReader(session, family_id).read(form, found.answers)),
        )
