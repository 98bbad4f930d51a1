"""What stands in a report: a submitted form, or one being filled in, with what the file knows.

A form is a report when some of its fields have the property ``rapport``. Only their answers, who
made it, and of the family what a receiver needs to find it: never a secret address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import Organisation, User
from engine.access.permissions import Action
from engine.definitions.forms import Form
from engine.definitions.published import publication
from engine.families.errors import NoReport
from engine.families.file import answers as reading
from engine.families.file.choices import lists_of
from engine.families.file.past_forms import form_of_document
from engine.families.models import Document, DocumentDraft, Family, FamilyMember, Trajectory
from engine.families.rights.discretion import Discreet
from engine.families.rights.permission import permit, refuse
from engine.families.rights.visibility import relation_to
from engine.families.tasks.worklist import task_record
from engine.runtime.models import UserTask
from engine.runtime.reading import task_variables

OBJECT = "report"


@dataclass(frozen=True, slots=True, repr=False)
class ReportedPerson(Discreet):
    """A member of the family whom the report is about."""

    name: str
    role: str
    birth_date: date | None


@dataclass(frozen=True, slots=True, repr=False)
class ReportFacts(Discreet):
    """Everything that a report tells. ``at`` is when the form was sent; ``None`` for a draft.

    ``address`` is ``None`` where it is secret or unknown; ``secret_address`` tells which.
    """

    form: Form
    answers: Mapping[str, Any]
    at: datetime | None
    family_id: UUID
    family_name: str
    language: str
    interpreter_need: str
    phone: str
    address: str | None
    secret_address: bool
    people: tuple[ReportedPerson, ...]
    reporter: str
    reporter_email: str
    organisation: str


def report_of_document(
    session: Session, actor: Actor, family_id: UUID, document_id: UUID, now: datetime
) -> ReportFacts:
    """The report of a submitted form; leaves one line in the access log.

    Raises:
        AccessDenied: the actor may not read it, or there is no such form in this family.
        NoReport: the form is no report.
    """
    document = session.get(Document, document_id)
    if document is None or document.family_id != family_id:
        refuse(session, actor, Action.READ, now=now, object_type=OBJECT, object_id=document_id)
    trajectory = permit(
        session, actor, Action.READ, document.trajectory_id, now=now,
        object_type=OBJECT, object_id=document_id,
    )  # fmt: skip
    form = form_of_document(session, document, trajectory)
    return _facts(session, trajectory, form, document.answers, document.by_user_id, document.at)


def report_of_task(session: Session, actor: Actor, task_id: UUID, now: datetime) -> ReportFacts:
    """The report of what the actor filled in of a task's form so far.

    Who may work on the task but not read the file gets none: it tells of the family.

    Raises:
        AccessDenied: the actor may not read the file or work on the task; it is logged.
        NoReport: the task's form is no report.
    """
    record = task_record(session, actor, task_id, now, action=Action.WORK_ON_TASK)
    relation = relation_to(session, actor, record.trajectory_id, now)
    trajectory = permit(
        session, actor, Action.READ, record.trajectory_id, now=now, relation=relation,
        object_type=OBJECT, object_id=task_id,
    )  # fmt: skip
    task: UserTask = record.task
    package = publication.load_version(session, task.package_version)
    form = package.forms.get(task.form_id) if task.form_id else None
    draft = session.get(DocumentDraft, (task_id, actor.user_id))
    filled: Mapping[str, Any] = draft.answers if draft else {}
    if form is not None:
        variables = task_variables(session, task, now)
        lists = lists_of(session, trajectory, relation, now)
        filled = form.validate(dict(filled), lists, now, variables).answers
    return _facts(session, trajectory, form, filled, actor.user_id, None)


def _facts(
    session: Session,
    trajectory: Trajectory,
    form: Form | None,
    filled: Mapping[str, Any],
    by: UUID | None,
    at: datetime | None,
) -> ReportFacts:
    if form is None or not form.is_report:
        raise NoReport(
            "Van dit formulier is geen document te maken.",
            "Geef velden in het formulier de eigenschap ‘rapport’ met de waarde ja.",
        )
    family = session.get_one(Family, trajectory.family_id)
    user = session.get(User, by) if by else None
    organisation = session.get(Organisation, user.organisation_id) if user else None
    return ReportFacts(
        form=form,
        answers=filled,
        at=at,
        family_id=family.id,
        family_name=family.name,
        language=family.language or "",
        interpreter_need=family.interpreter_need,
        phone=family.phone or "",
        address=None if family.secret_address else family.address,
        secret_address=family.secret_address,
        people=tuple(_people(session, family.id, form, filled)),
        reporter=user.name if user else "",
        reporter_email=user.email if user else "",
        organisation=organisation.name if organisation else "",
    )


def _people(
    session: Session, family_id: UUID, form: Form, filled: Mapping[str, Any]
) -> list[ReportedPerson]:
    """The members chosen in the report's own fields, and nobody else."""
    chosen: set[UUID] = set()
    for field in form.fields:
        value = filled.get(field.key)
        if field.report_title and field.options_key == "gezinsleden" and value:
            given = value if isinstance(value, list) else [value]
            chosen |= {key for one in given if (key := reading.key(one)) is not None}
    members = session.scalars(
        select(FamilyMember)
        .where(FamilyMember.family_id == family_id, FamilyMember.id.in_(chosen))
        .order_by(FamilyMember.birth_date.asc().nulls_last(), FamilyMember.name, FamilyMember.id)
    )
    return [ReportedPerson(one.name, one.role, one.birth_date) for one in members]
