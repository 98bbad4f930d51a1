"""The form that a document was filled in with, as it was then."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.forms import Form
from engine.definitions.published import publication
from engine.families.models import Document, Trajectory
from engine.runtime.models import ProcessInstance, UserTask
from engine.runtime.past import version_when


def form_of_document(session: Session, document: Document, trajectory: Trajectory) -> Form | None:
    """The form as it was when it was filled in: of its task, of its method, or of what it started.

    A note's form may be that of a shared package, and a process beside the trajectory has its own:
    then it is that of the version that began last before it was sent.
    """
    task = session.get(UserTask, document.task_id) if document.task_id else None
    if task is not None:
        return _form(session, task.package_version, document.form_id)
    key = str(trajectory.id)
    version = version_when(session, key, document.at, trajectory.package_version)
    own = _form(session, version, document.form_id)
    if own is not None:
        return own
    beside = session.scalars(
        select(ProcessInstance.package_version)
        .where(
            ProcessInstance.business_key == key,
            ProcessInstance.package_version != version,
            ProcessInstance.created_at <= document.at + _AT_ONCE,
        )
        .order_by(ProcessInstance.created_at.desc(), ProcessInstance.id.desc())
    )
    found = (_form(session, one, document.form_id) for one in dict.fromkeys(beside))
    return next((form for form in found if form is not None), None)


def _form(session: Session, version: str, form_id: str) -> Form | None:
    return publication.load_version(session, version).forms.get(form_id)


_AT_ONCE = timedelta(seconds=10)
"""What a form starts begins a moment after it, in the same transaction."""
