"""The statements of the lists of tasks, made once for each set of roles.

A list finds its candidates through indexes, puts them in order, and asks the rule of
``visibility`` one by one, no further than it counts: a page costs what the reader's own tasks cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from engine.access.actors import among, chain_organisations
from engine.access.models import SystemRole, User
from engine.access.permissions import RelationKind
from engine.families.models import Family, Involvement, Trajectory
from engine.families.rights.sight import AnyActor, AnyHolder, Key
from engine.families.rights.task_relations import nobody_in, task_relation
from engine.runtime.models import UserTask
from engine.store.round_trips import Statement

MINE = "mine"
TEAM = "team"

_SOME = aliased(UserTask)
_RUN = aliased(Trajectory)
_WORK = aliased(Involvement)
_FAMILY = aliased(Family)
_USER = aliased(User)
_ME = AnyActor()
_ROLE = bindparam("role", type_=String())
_METHOD = bindparam("method_key", type_=String())
_SHOWN = (
    "id",
    "name",
    "role",
    "package_version",
    "created_at",
    "due_at",
    "priority",
    "assignee_id",
    "assigned_id",
)
_OF_TRAJECTORY = {
    "trajectory_id": "id",
    "family_id": "family_id",
    "method_key": "package_key",
    "method_version": "package_version",
}


@cache
def statement(wanted: str | None, held: frozenset[str], narrowed_by: frozenset[str]) -> Statement:
    """The tasks of a list (of a trajectory for ``None``) for holders of some system roles.

    They are judged in the order of the list until enough are found. What only the page shows is
    looked up for the page only.
    """
    candidates = _candidates(wanted, held, narrowed_by).subquery("candidates")
    in_order = (
        select(candidates)
        .order_by(*_order(candidates.c))
        .offset(0)  # keeps PostgreSQL from judging first and ordering afterwards
        .subquery("in_order")
    )
    judged = _judged(in_order.c.id, held)
    task = judged.c
    unclaimed = task.assignee_id.is_(None)
    may = task.kind.is_not(None)
    given = or_(task.assigned_id.is_(None), may)  # what a diagram gave is only theirs who may
    claimed = func.coalesce(and_(task.assignee_id == _ME.user_id, given), false())
    involved = func.coalesce(task.kind == RelationKind.INVOLVED.value, false())
    mine = or_(claimed, and_(unclaimed, or_(involved, task.own_desk)))
    theirs = and_(may, or_(unclaimed, task.kind == RelationKind.LEADS.value))
    shown = {
        MINE: and_(mine, or_(claimed, may)),
        TEAM: and_(~mine, theirs),
        None: or_(claimed, theirs),
    }[wanted]
    narrowing = [_NARROWINGS[name](task) for name in sorted(narrowed_by)]
    columns = [task[name] for name in (*_SHOWN, *_OF_TRAJECTORY, "kind")]
    found = (
        select(*columns, mine.label("mine"))
        .select_from(in_order.join(judged, true()))
        .where(shown, *narrowing)
        .order_by(*_order(in_order.c))
        .limit(bindparam("looked_at", type_=Integer()))
        .cte("found")
        .prefix_with("MATERIALIZED")
    )
    total = select(func.count()).select_from(found).scalar_subquery()
    page = (
        select(*found.c, total.label("total"))
        .order_by(*_order(found.c))
        .limit(bindparam("most", type_=Integer()))
        .offset(bindparam("skip", type_=Integer()))
        .subquery("page")
    ).c
    family = select(_FAMILY.name).where(_FAMILY.id == page.family_id).scalar_subquery()
    assignee = select(_USER.name).where(_USER.id == page.assignee_id).scalar_subquery()
    shown_only = [family.label("family_name"), assignee.label("assignee")]
    return Statement(select(*page, *shown_only).order_by(*_order(page)))


def _order(task: Any) -> Sequence[ColumnElement[Any]]:
    return task.due_at.asc().nulls_last(), task.created_at, task.id


def _judged(task_id: Key, held: frozenset[str]) -> FromClause:
    """One candidate with what the rule says of it."""
    kind = task_relation(
        AnyHolder(held),
        role=_text(UserTask.role),
        system_role=_text(UserTask.system_role),
        assigned_id=UserTask.assigned_id,
        run=_RUN,
        at=_ME.at,
    )
    return (
        select(
            *(getattr(UserTask, name) for name in _SHOWN),
            *(getattr(_RUN, of).label(name) for name, of in _OF_TRAJECTORY.items()),
            kind.label("kind"),
            _on_own_desk(held, _RUN.id).label("own_desk"),
        )
        .join(_RUN, _RUN.id == cast(UserTask.business_key, Uuid))
        .where(UserTask.id == task_id)
        .offset(0)  # keeps PostgreSQL from judging wherever the judgement is named
        .lateral("task")
    )


def _candidates(
    wanted: str | None, held: frozenset[str], narrowed_by: frozenset[str]
) -> Select[Any] | CompoundSelect[Any]:
    """Open tasks among which those of the list must be; never narrower than the rule."""
    if wanted is None:
        key = bindparam("trajectory_key", type_=String())
        return _open_tasks(_SOME.business_key == key)
    of_role = [_SOME.role == _ROLE] if "role" in narrowed_by else []
    of_method = [_RUN.package_key == _METHOD] if "method_key" in narrowed_by else []
    found = (_mine if wanted == MINE else _of_team)(held, of_method)
    asked = [one.where(*of_role) for one in found]
    return union(*asked) if asked else _open_tasks(_SOME.id.is_(None))


def _mine(held: frozenset[str], of_method: Sequence[ColumnElement[bool]]) -> Iterator[Select[Any]]:
    """Taken, or of a role that the actor works in; of leaders and coordinators their desk too."""
    free = _SOME.assignee_id.is_(None)
    yield _open_tasks(_SOME.assignee_id == _ME.user_id)
    yield (
        _open_tasks(_WORK.user_id == _ME.user_id, _WORK.role == _SOME.role)
        .join(_WORK, _SOME.business_key == cast(_WORK.trajectory_id, String))
    )  # fmt: skip
    if SystemRole.PROJECT_LEADER in held:
        runs = among(_RUN.organisation_id, _ME.organisations(SystemRole.PROJECT_LEADER))
        yield _of_runs(runs, free, _SOME.system_role == SystemRole.PROJECT_LEADER, *of_method)
    if SystemRole.COORDINATOR in held:
        own = _ME.organisations(SystemRole.COORDINATOR)
        chain = union(select(func.unnest(own)), chain_organisations(own, _ME.at))
        runs = _RUN.organisation_id.in_(chain)
        yield _of_runs(runs, free, _SOME.system_role == SystemRole.COORDINATOR, *of_method)


def _of_team(
    held: frozenset[str], of_method: Sequence[ColumnElement[bool]]
) -> Iterator[Select[Any]]:
    """A worker's: what nobody has a role for. A leader's: what the organisation works on.

    A coordinator's tasks are on the desk of each coordinator, and on no list of a team.
    """
    if SystemRole.WORKER in held:
        runs = among(_RUN.organisation_id, _ME.organisations(SystemRole.WORKER))
        somebody = select(literal(1)).where(
            _WORK.trajectory_id == _RUN.id,
            _WORK.role == _SOME.role,
            _WORK.until.is_(None),
            _WORK.since <= _ME.at,
        )
        nobody = somebody.limit(1).scalar_subquery().is_(None)
        of_workers = _SOME.system_role == SystemRole.WORKER
        yield _of_runs(runs, _SOME.assignee_id.is_(None), of_workers, nobody, *of_method)
    if SystemRole.PROJECT_LEADER in held:
        runs = among(_RUN.organisation_id, _ME.organisations(SystemRole.PROJECT_LEADER))
        yield _of_runs(runs, *of_method)


def _of_runs(runs: ColumnElement[bool], *conditions: ColumnElement[bool]) -> Select[Any]:
    at = _SOME.business_key == cast(_RUN.id, String)
    return _open_tasks(runs, *conditions).join(_RUN, at)


def _open_tasks(*conditions: ColumnElement[bool]) -> Select[Any]:
    """What orders a list; the index of open tasks holds it."""
    return select(_SOME.id, _SOME.due_at, _SOME.created_at).where(
        _SOME.status == "open", *conditions
    )


def _on_own_desk(held: frozenset[str], trajectory_key: Key) -> ColumnElement[bool]:
    """A leader's or coordinator's task, of a role that the actor holds and nobody works in."""
    desks = sorted(held & {SystemRole.PROJECT_LEADER, SystemRole.COORDINATOR})
    return and_(
        or_(false(), *(_text(UserTask.system_role) == desk for desk in desks)),
        nobody_in(role=_text(UserTask.role), trajectory_id=trajectory_key, at=_ME.at),
    )


def _text(column: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    return func.coalesce(column, "")


_NARROWINGS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "family_id": lambda task: task.family_id == bindparam("family_id", type_=Uuid()),
    "role": lambda task: task.role == _ROLE,
    "method_key": lambda task: task.method_key == _METHOD,
}
