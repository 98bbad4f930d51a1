"""A submitted form, read again: its answers under the questions that were asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.permissions import Action
from engine.definitions import publication
from engine.definitions.forms import Form
from engine.definitions.forms.model import Field
from engine.families import naming
from engine.families.models import Document, Family, PlanGoal, Trajectory
from engine.families.permission import permit, refuse
from engine.runtime.models import ProcessInstance, UserTask
from engine.runtime.past import version_when
from webui.gezinnen.views import FAMILY_ROLES, bp
from webui.people import actor, only_for
from webui.presentation import show_day, show_moment
from webui.services import services
from webui.taken.pages import person_name


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer; a list of rows has answers of its own per row."""

    question: str
    answer: str = ""
    rows: Sequence[Sequence[Answer]] = ()


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
            answers=list(_Reader(session, family_id).read(form, found.answers)),
        )


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
        .order_by(ProcessInstance.created_at.desc())
    )
    found = (_form(session, one, document.form_id) for one in dict.fromkeys(beside))
    return next((form for form in found if form is not None), None)


def _form(session: Session, version: str, form_id: str) -> Form | None:
    return publication.load_version(session, version).forms.get(form_id)


_AT_ONCE = timedelta(seconds=10)
"""What a form starts begins a moment after it, in the same transaction."""


class _Reader:
    def __init__(self, session: Session, family_id: UUID) -> None:
        self._session = session
        self._family_id = family_id

    def read(self, form: Form | None, answers: Mapping[str, Any]) -> Iterator[Answer]:
        """The answers in the form's order; those of a form that is gone by their keys."""
        if form is None:
            yield from (Answer(key, str(value)) for key, value in answers.items() if value)
            return
        yield from self._fields(form.fields, answers)

    def _fields(self, fields: Sequence[Field], answers: Mapping[str, Any]) -> Iterator[Answer]:
        for one in fields:
            value = _at(answers, one.path)
            if one.type == "group":
                yield from self._fields(one.children, value if one.path else answers)
            elif one.type == "dynamiclist":
                rows = [list(self._fields(one.children, row)) for row in value or ()]
                if any(rows):
                    yield Answer(one.label, rows=[row for row in rows if row])
            elif one.path and (text := self._text(one, value)):
                yield Answer(one.label or one.key, text)

    def _text(self, one: Field, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(filter(None, (self._text(one, part) for part in value)))
        if value in (None, ""):
            return ""
        if isinstance(value, bool):
            return gettext("ja") if value else gettext("nee")
        for option in one.options:
            if option.value == value:
                return option.label
        if one.type == "datetime":
            return _moment(str(value))
        if one.options_key:
            return self._chosen(one.options_key, value)
        return str(value)

    def _chosen(self, key: str, value: Any) -> str:
        """The name behind an id that was chosen from a list."""
        if key == "ketenpartners":
            return naming.organisation(self._session, value) or ""
        if key in ("doelen", "alleDoelen"):
            try:
                goal = self._session.get(PlanGoal, UUID(str(value)))
            except ValueError:
                return str(value)
            mine = goal is not None and goal.family_id == self._family_id
            return goal.goal if goal is not None and mine else ""
        return naming.person(self._session, self._family_id, value) or ""


def _at(answers: Mapping[str, Any] | None, path: tuple[str, ...]) -> Any:
    value: Any = answers
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _moment(text: str) -> str:
    """A date, or a date with its time, as people read it; a bare time as it is."""
    try:
        if "T" not in text:
            return show_day(date.fromisoformat(text))
        read = datetime.fromisoformat(text)
        return show_moment(read) if read.tzinfo else f"{show_day(read.date())}, {text[11:16]}"
    except ValueError:
        return text
