"""Makes the worker's pages out of the engine's rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.models import User
from engine.access.permissions import Action, Relation, RelationKind, permits
from engine.definitions.forms import Form
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.families.file.choices import datasets
from engine.families.file.documents import load_draft
from engine.families.file.overview import FamilyOverview, family_overview
from engine.families.models import Document, DocumentDraft, Trajectory
from engine.families.rights.task_relations import may_work_on
from engine.families.rights.visibility import relation_to
from engine.families.tasks.list_statements import MINE
from engine.families.tasks.lists import PAGE, Narrowed, WorkItem, my_tasks, team_tasks
from engine.families.tasks.shown_subjects import names_shared_with, subject_of_task
from engine.families.tasks.worklist import TaskRecord, holds_task, task_record
from engine.feel.values import from_json
from engine.runtime.models import UserTask
from engine.runtime.reading import task_variables
from webui.form_tables import rows_of_today
from webui.naast.pages import links_to_choose
from webui.presentation import days_between
from webui.services import Services
from webui.taken.agencies import VARIABLE, agencies_of_tasks, repeated
from webui.taken.family import summary
from webui.taken.models import (
    GROUPS,
    SOON_DAYS,
    TaskCard,
    TaskFilter,
    TaskListPage,
    TaskPage,
)
from webui.taken.prefill import drawn, known_answers, lists_used, meeting_answers
from webui.taken.variables import form_variables
from webui.words import (
    element_documentation,
    method_name,
    role_name,
)


def task_list(session: Session, given: Services, actor: Actor, wish: TaskFilter) -> TaskListPage:
    """A page of the list of tasks of one tab."""
    now = given.clock.now()
    listed = team_tasks if wish.tab == "team" else my_tasks
    narrowed = Narrowed(wish.family, wish.role or None, wish.method or None)
    found = listed(session, actor, now, narrowed, skip=(wish.page - 1) * PAGE)
    cards = item_cards(session, found.items, actor, now)
    choices = item_cards(session, found.unnarrowed, actor, now) if wish.active else cards
    return TaskListPage(
        groups=[(key, [card for card in cards if card.group == key]) for key in GROUPS],
        total=found.total,
        pages=-(-found.total // PAGE),
        filter=wish,
        families=_options((str(card.family_id), card.family_name) for card in choices),
        roles=_options((card.role, card.role_name) for card in choices),
        methods=_options((card.method, card.method_name) for card in choices),
        now=now,
        starts=links_to_choose(session, actor),
        more=found.more,
    )


def item_cards(
    session: Session, items: Sequence[WorkItem], actor: Actor, now: datetime
) -> list[TaskCard]:
    """Work items as cards; of those that look the same, each tells which agency it is about."""
    alike = repeated((item.trajectory_id, item.name) for item in items)
    ids = [item.task_id for item in items if (item.trajectory_id, item.name) in alike]
    about = agencies_of_tasks(session, ids, now)
    given = {item.trajectory_id for item in items if item.assigned}
    named = names_shared_with(session, actor, given, now) if given else set()
    return [
        item_card(
            session,
            replace(item, family_name=gettext("Naam niet gedeeld"))
            if item.assigned and item.trajectory_id not in named
            else item,
            actor,
            now,
            about.get(item.task_id, ""),
        )
        for item in items
    ]


def item_card(
    session: Session, item: WorkItem, actor: Actor, now: datetime, about: str = ""
) -> TaskCard:
    """A work item as a card."""
    method = publication.load_version(session, item.method_version)
    package = publication.load_version(session, item.package_version)
    return TaskCard(
        id=item.task_id,
        name=item.name,
        family_id=item.family_id,
        family_name=item.family_name,
        role=item.role or "",
        role_name=role_name(method, item.role, package),
        method=item.method_key,
        method_name=method_name(method, item.method_key),
        created_at=item.created_at,
        due_at=item.due_at,
        group=due_group(item.due_at, now),
        assignee_name=item.assignee or "",
        mine=item.assignee_id == actor.user_id,
        own=item.list == MINE,
        personal=item.assigned,
        about=about,
    )


def task_card(
    session: Session,
    task: UserTask,
    family: tuple[UUID, str],
    actor: Actor,
    now: datetime,
    about: str = "",
) -> TaskCard:
    """A task row as a card; ``family`` is its id and name."""
    package = publication.load_version(session, task.package_version)
    method = _method(session, task) or package
    return TaskCard(
        id=task.id,
        name=task.name,
        family_id=family[0],
        family_name=family[1],
        role=task.role or "",
        role_name=role_name(method, task.role, package),
        method=method.key,
        method_name=method_name(method, method.key),
        created_at=task.created_at,
        due_at=task.due_at,
        group=due_group(task.due_at, now),
        assignee_name=person_name(session, task.assignee_id),
        mine=task.assignee_id == actor.user_id,
        about=about,
    )


def _method(session: Session, task: UserTask) -> Package | None:
    """The package of the task's trajectory; the task may be in one that it calls."""
    trajectory = session.get(Trajectory, UUID(task.business_key)) if task.business_key else None
    if trajectory is None:
        return None
    return publication.load_version(session, trajectory.package_version)


def draft_relation(
    session: Session, actor: Actor, task: UserTask, trajectory_id: UUID, now: datetime
) -> Relation | None:
    """The relation by which the actor may keep a draft; not logged, since it is kept so often."""
    relation = may_work_on(
        session,
        actor,
        role=task.role or "",
        system_role=task.system_role or "",
        assigned_id=task.assigned_id,
        trajectory_id=trajectory_id,
        at=now,
    )
    if relation is None and holds_task(actor, task):
        return Relation(RelationKind.HOLDS_TASK)
    return relation


def person_name(session: Session, user_id: UUID | None) -> str:
    """The name of a colleague; empty when unknown."""
    user = session.get(User, user_id) if user_id else None
    return user.name if user else ""


def due_group(due_at: datetime | None, now: datetime) -> str:
    """Which group of the list a due time falls in."""
    if due_at is None:
        return "later"
    if due_at < now:
        return "overdue"
    days = days_between(now, due_at)
    if days == 0:
        return "today"
    return "soon" if days <= SOON_DAYS else "later"


def task_page(session: Session, given: Services, actor: Actor, task_id: UUID) -> TaskPage:
    """One task. Who could take it but has not sees what it asks, not the family's data.

    Whom the diagram gave the task sees what it is about, as far as the family shares that.

    Raises:
        AccessDenied: the actor may not see the task.
    """
    now = given.clock.now()
    record = task_record(session, actor, task_id, now, action=Action.SEE_TASK)
    task = record.task
    package = publication.load_version(session, task.package_version)
    overview = _overview(session, actor, record, now)
    form = package.forms.get(task.form_id) if task.form_id else None
    data: dict[str, Any] = {}
    about, subject = "", None
    personal = record.relation.kind is RelationKind.ASSIGNED
    if (overview is not None or personal) and task.status == "open":
        variables = task_variables(session, task, now)
        relation = record.relation if overview is None else _reading(session, actor, record, now)
        trajectory = session.get_one(Trajectory, record.trajectory_id)
        subject = subject_of_task(session, actor, trajectory, relation, variables, now)
        if form is not None:
            data = _form_data(session, given, actor, record, overview, form, variables)
            if overview is not None:
                told = meeting_answers(form, subject.meeting) if subject.meeting else {}
                data = {**form_variables(form, from_json(dict(variables))), **told, **data}
        if overview is not None:
            about = _agency(overview, variables)
            about = "" if about in task.name else about
    open_to = overview is not None or (personal and subject is not None and not subject.withheld)
    draft = session.get(DocumentDraft, (task_id, actor.user_id))
    unknown = gettext("Nieuw gezin") if task.status == "open" else gettext("Gezin")
    name = overview.family.name if overview else unknown
    if personal and overview is None:
        name = (subject.family_name if subject else None) or gettext("Naam niet gedeeld")
    family = (record.family_id, name)
    is_open = task.status == "open"
    return TaskPage(
        card=task_card(session, task, family, actor, now),
        guidance=element_documentation(package, task.process_id, task.element_id),
        form=drawn(form) if form is not None and open_to else None,
        data=data,
        draft_saved_at=draft.updated_at if draft else None,
        family=summary(session, overview, now) if overview else None,
        trajectory_id=record.trajectory_id,
        submission_id=uuid4(),
        now=now,
        status=task.status,
        ended_at=task.ended_at,
        ended_by=record.completed_by or "",
        document_id=_filled_in(session, task) if overview is not None else None,
        user_id=actor.user_id,
        about=about,
        subject=subject,
        open_to=open_to,
        personal=personal,
        report=form is not None and overview is not None and form.is_report,
        reviews=task.instance_id if task.element_id == task.process_id and is_open else None,
    )


def _overview(
    session: Session, actor: Actor, record: TaskRecord, now: datetime
) -> FamilyOverview | None:
    """The family of a task, unless the actor could take the task but has not yet."""
    relation = record.relation
    if relation.kind is RelationKind.ASSIGNED:
        reading = relation_to(session, actor, record.trajectory_id, now)
        if not permits(reading, Action.READ):
            return None
        return family_overview(session, actor, record.trajectory_id, now=now, relation=reading)
    if relation.kind is RelationKind.MAY_TAKE:
        if record.task.assignee_id != actor.user_id or record.task.status != "open":
            return None
        return family_overview(session, actor, record.trajectory_id, now=now)
    return family_overview(session, actor, record.trajectory_id, now=now, relation=relation)


def _reading(session: Session, actor: Actor, record: TaskRecord, now: datetime) -> Relation:
    """The relation that shows most: to the family where there is one, else to the task."""
    reading = relation_to(session, actor, record.trajectory_id, now)
    return reading if reading is not None and permits(reading, Action.READ) else record.relation


def _form_data(
    session: Session,
    given: Services,
    actor: Actor,
    record: TaskRecord,
    overview: FamilyOverview | None,
    form: Form,
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Datasets, what the file knows already, and the draft on top."""
    now = given.clock.now()
    draft = load_draft(session, actor, record.task.id) or {}
    lists = datasets(
        session, actor, record.trajectory_id, now=now, relation=record.relation, variables=variables
    )
    known = known_answers(form, overview, now) if overview else {}
    rows = rows_of_today(session, form, now, variables)
    return {**known, **draft, **lists_used(form, lists), **rows}


def _agency(overview: FamilyOverview, variables: Mapping[str, Any]) -> str:
    """The agency of the guidance that the task is about, by the variable ``overdrachtId``."""
    wanted = variables.get(VARIABLE)
    names = (one.organisation for one in overview.handovers if str(one.id) == wanted)
    return next(names, "")


def _filled_in(session: Session, task: UserTask) -> UUID | None:
    """The form with which a task was completed."""
    if task.status != "completed":
        return None
    return session.scalar(select(Document.id).where(Document.task_id == task.id).limit(1))


def _options(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(sorted(dict(pairs).items(), key=lambda pair: pair[1].casefold()))
