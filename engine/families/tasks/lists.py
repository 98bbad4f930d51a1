"""Lists of open tasks: one's own, the team's, those of one trajectory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Action, Relation, RelationKind, authorize
from engine.families.rights.discretion import Discreet
from engine.families.rights.sight import AnyActor, held_roles
from engine.families.tasks.list_statements import MINE, TEAM, statement
from engine.store.round_trips import read_together

PAGE = 50
"""Tasks on a page of a list."""
COUNTED = 1_000
"""So many tasks are counted; of a longer list it is known that there are more."""


@dataclass(frozen=True, slots=True, repr=False)
class WorkItem(Discreet):
    """One open task as a list shows it.

    Attributes:
        list: ``mine`` or ``team``.
        method_key: the package of its trajectory; ``method_version`` is the version of that.
        package_version: the version that the task itself is in, which may be a shared package.
        assigned: the diagram gave it to the reader, who may not know of whom it is.
    """

    task_id: UUID
    name: str
    list: str
    trajectory_id: UUID
    family_id: UUID
    family_name: str
    role: str | None
    method_key: str
    method_version: str
    package_version: str
    created_at: datetime
    due_at: datetime | None
    priority: int
    assignee_id: UUID | None
    assignee: str | None
    assigned: bool = False


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to; ``None`` is everything."""

    family_id: UUID | None = None
    role: str | None = None
    method_key: str | None = None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of a list.

    Attributes:
        total: how many tasks there are on all pages; with ``more`` at least so many.
        unnarrowed: what would be on the first page if the list were not narrowed.
        more: there are more than were counted: ``COUNTED``, or those up to the end of this page.
    """

    items: Sequence[WorkItem]
    total: int
    unnarrowed: Sequence[WorkItem]
    more: bool = False


def my_tasks(
    session: Session, actor: Actor, now: datetime, narrowed: Narrowed | None = None, skip: int = 0
) -> TaskPage:
    """A page of the actor's own open tasks, the soonest due first; one log line.

    Own are: claimed by the actor; or unclaimed and the actor is involved in the task's role; or
    unclaimed, nobody is involved in its role, and it is a project leader's or coordinator's task.
    """
    return _page(session, actor, now, MINE, narrowed, skip)


def team_tasks(
    session: Session, actor: Actor, now: datetime, narrowed: Narrowed | None = None, skip: int = 0
) -> TaskPage:
    """A page of the open tasks that the actor could take, the soonest due first; one log line.

    That is the rest of what the actor may do and nobody claimed; a project leader also sees what
    the workers of the organisation have claimed.
    """
    return _page(session, actor, now, TEAM, narrowed, skip)


def tasks_for(
    session: Session, actor: Actor, trajectory_id: UUID, now: datetime
) -> Sequence[WorkItem]:
    """The open tasks of one trajectory that are on either list of the actor; one log line."""
    return _page(session, actor, now, None, None, 0, trajectory_id).items


def _page(
    session: Session,
    actor: Actor,
    now: datetime,
    wanted: str | None,
    narrowed: Narrowed | None,
    skip: int,
    trajectory_id: UUID | None = None,
) -> TaskPage:
    employed = Relation(RelationKind.EMPLOYED) if actor.roles else None
    authorize(session, actor, Action.LIST_TASKS, employed, at=now, object_type="tasks")
    held = held_roles(actor)
    narrowing = {key: value for key, value in asdict(narrowed or Narrowed()).items() if value}
    counted = max(COUNTED, skip + PAGE)
    values = {
        **AnyActor.values(actor, now),
        **narrowing,
        "trajectory_key": str(trajectory_id),
        "most": PAGE,
        "skip": skip,
        "looked_at": counted + 1,
    }
    asked = [(statement(wanted, held, frozenset(narrowing)), values)]
    if narrowing:
        first = {**values, "skip": 0, "looked_at": PAGE}
        asked.append((statement(wanted, held, frozenset()), first))
    answers = read_together(session, *asked)
    total = answers[0][0].total if answers[0] else 0
    pages = [[_item(row) for row in rows] for rows in answers]
    return TaskPage(pages[0], min(total, counted), pages[-1], more=total > counted)


def _item(row: Any) -> WorkItem:
    return WorkItem(
        task_id=row.id,
        name=row.name,
        list=MINE if row.mine else TEAM,
        trajectory_id=row.trajectory_id,
        family_id=row.family_id,
        family_name=row.family_name,
        role=row.role,
        method_key=row.method_key,
        method_version=row.method_version,
        package_version=row.package_version,
        created_at=row.created_at,
        due_at=row.due_at,
        priority=row.priority,
        assignee_id=row.assignee_id,
        assignee=row.assignee,
        assigned=row.kind == RelationKind.ASSIGNED,
    )
