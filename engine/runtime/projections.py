"""Projections: the rows by which others see what an instance waits for, kept next to its state."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, delete, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.execution.standing import Standing
from engine.keys import new_key
from engine.runtime.catalogue import Catalogue
from engine.runtime.models import MOST_OF_A_NAME, Incident, Subscription, Timer, UserTask
from engine.runtime.outward_models import OutwardWork
from engine.runtime.outward_queue import defer, is_outward
from engine.runtime.store import Instance
from engine.runtime.waking import announce
from engine.store.base import UtcDateTime
from engine.store.round_trips import Rows, Statement, write_later

PROJECTED = frozenset({"user", "timer", "message", "signal", "incident", "job", "suspended"})
"""Kinds of ``Standing`` that have a row; of jobs only those for a worker.

Of what was put aside only tasks have one, that nobody finds as open.
"""


class Projections:
    """Writes only what changed between two standings of an instance."""

    def __init__(self, session: Session, catalogue: Catalogue) -> None:
        self._session = session
        self._catalogue = catalogue
        self._completed: set[UUID] = set()
        self._moved: set[UUID] = set()

    def moved(self, instance: Instance) -> None:
        """The instance is on another version: all its tasks are written again, with that.

        Its other rows get the process that it is now.
        """
        self._moved.add(instance.id)
        given = {"instance_id": instance.id, "process": instance.process_id}
        for statement in _OF_PROCESS:
            write_later(self._session, statement, given)

    def completed(self, task_id: UUID, by: UUID | None, at: datetime) -> None:
        """A person completes the task: from here on it is not one that was withdrawn."""
        self._completed.add(task_id)
        write_later(self._session, _DONE, {"task_id": task_id, "by": by, "now": at})

    def change(
        self,
        instance: Instance,
        before: Mapping[UUID, Standing],
        after: Mapping[UUID, Standing],
        now: datetime,
    ) -> None:
        """Take away what is no longer waited for, add what is new."""
        self._withdraw([w for key, w in before.items() if after.get(key) != w], now)
        afresh = {"user", "suspended"} if instance.id in self._moved else set()
        fresh = [w for key, w in after.items() if before.get(key) != w or w.kind in afresh]
        self._add(instance, fresh, now)
        self._moved.discard(instance.id)

    def replace(
        self,
        instance: Instance,
        wrong: Collection[tuple[str, UUID]],
        after: Mapping[UUID, Standing],
        now: datetime,
    ) -> None:
        """Make the rows of an instance again that are wrong, by kind and token.

        Who claimed a task and when it came stay, as do all other rows.
        """
        for kind, token_id in wrong:
            dated = {"now": now} if kind in _DATED else {}
            [some] = _in_fours([token_id])
            write_later(self._session, _GONE[kind], {**some, **dated})
        tokens = dict.fromkeys(token_id for _, token_id in wrong)
        self._add(instance, [after[one] for one in tokens if one in after], now)

    def clear(self, instance_id: UUID, now: datetime) -> None:
        """Take away the rows of an instance that ended."""
        open_ones = [UserTask.instance_id == instance_id, UserTask.status.in_(_OPEN)]
        self._session.execute(
            update(UserTask).where(*open_ones).values(status="cancelled", ended_at=now)
        )
        for model in (Timer, Subscription, OutwardWork):
            self._session.execute(delete(model).where(model.instance_id == instance_id))
        self._session.execute(
            update(Incident)
            .where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
            .values(resolved_at=now)
        )

    def _withdraw(self, gone: Sequence[Standing], now: datetime) -> None:
        by_kind: dict[str, list[UUID]] = {}
        for wait in gone:
            if wait.kind == "job" and not is_outward(wait):
                continue  # done within the step
            if wait.kind != "user" or wait.token_id not in self._completed:
                by_kind.setdefault(wait.kind, []).append(wait.token_id)
        for kind, ids in by_kind.items():
            if kind in _GONE:
                dated = {"now": now} if kind in _DATED else {}
                for some in _in_fours(ids):
                    write_later(self._session, _GONE[kind], {**some, **dated})

    def _add(self, instance: Instance, fresh: Sequence[Standing], now: datetime) -> None:
        rows: dict[str, list[dict[str, Any]]] = {}
        outward = [wait for wait in fresh if is_outward(wait)]
        if outward:
            defer(self._session, instance, outward, now)
        for wait in fresh:
            if wait.kind == "user" or is_aside(wait):
                self._completed.discard(wait.token_id)
                rows.setdefault("user", []).append(self._task_row(instance, wait, now))
            elif wait.kind == "timer":
                rows.setdefault("timer", []).append(_timer_row(instance, wait))
            elif wait.kind in ("message", "signal"):
                rows.setdefault("message", []).append(_subscription_row(instance, wait, now))
            elif wait.kind == "incident":
                rows.setdefault("incident", []).append(_incident_row(instance, wait, now))
        for kind, values in rows.items():
            _NEW[kind].write(self._session, values)
            if kind == "timer":
                announce(self._session, min(row["due_at"] for row in values), now)

    def _task_row(self, instance: Instance, wait: Standing, now: datetime) -> dict[str, Any]:
        work = wait.details
        follow_up = work.get("follow_up")
        return {
            "id": wait.token_id,
            "instance_id": instance.id,
            "root_id": instance.root_id,
            "business_key": instance.business_key,
            "package_key": instance.package_key,
            "package_version": instance.package_version,
            "process_id": instance.process_id,
            "element_id": wait.element_id,
            "name": task_name(wait),
            "form_id": work.get("form"),
            "role": work.get("role"),
            "system_role": system_role(self._catalogue, instance, work.get("role")),
            "assignee_id": as_uuid(work.get("assignee")),
            "assigned_id": as_uuid(work.get("assignee")),
            "due_at": wait.due_at,
            "follow_up_at": datetime.fromisoformat(follow_up) if follow_up else None,
            "priority": work.get("priority") or 50,
            "status": "suspended" if is_aside(wait) else "open",
            "created_at": now,
            "ended_at": None,
            "completed_by": None,
        }


def system_role(catalogue: Catalogue, instance: Instance, role: str | None) -> str | None:
    """The role of the register that a role of the instance's package stands for."""
    known = catalogue.package(instance.package_version).roles.get(role or "")
    return known.function if known else None


def is_aside(wait: Standing) -> bool:
    """Whether it is a task of an instance that was put aside."""
    return wait.kind == "suspended" and wait.name == "user"


def task_name(wait: Standing) -> str:
    """The task's name as people see it: the element's, with what it is about where that is said."""
    name = wait.element_name or wait.element_id
    subject = wait.details.get("subject")
    return f"{name}: {subject}" if subject else name


def _timer_row(instance: Instance, wait: Standing) -> dict[str, Any]:
    return {
        "token_id": wait.token_id,
        "instance_id": instance.id,
        "business_key": instance.business_key,
        "element_id": wait.element_id,
        "element_name": wait.element_name,
        "host_id": wait.host_id,
        "due_at": wait.due_at,
        "next_try_at": wait.due_at,
        "attempts": 0,
    }


def _subscription_row(instance: Instance, wait: Standing, now: datetime) -> dict[str, Any]:
    return {
        "token_id": wait.token_id,
        "instance_id": instance.id,
        "process_id": instance.process_id,
        "kind": wait.kind,
        "name": wait.name,
        "key": wait.key,
        "opened_at": now,
    }


def _incident_row(instance: Instance, wait: Standing, now: datetime) -> dict[str, Any]:
    return {
        "id": new_key(),
        "token_id": wait.token_id,
        "instance_id": instance.id,
        "business_key": instance.business_key,
        "package_key": instance.package_key,
        "process_id": instance.process_id,
        "element_id": wait.element_id,
        "element_name": wait.element_name[:MOST_OF_A_NAME],
        "code": wait.details["code"],
        "message": wait.details["message"],
        "remedy": wait.details["remedy"],
        "raised_at": now,
    }


def as_uuid(value: object) -> UUID | None:
    """The id that a value is, if it is one."""
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


_OPEN = ("open", "suspended")
_FOUR = ("one", "two", "three", "four")


def _among(column: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """The column is one of four ids.

    PostgreSQL plans once for a number that it knows, and anew each time for an array that may be
    shorter than it guesses: that costs as much again as taking the rows away.
    """
    return column.in_([bindparam(name, type_=Uuid()) for name in _FOUR])


def _in_fours(ids: Sequence[UUID]) -> Iterator[dict[str, UUID]]:
    """The ids as parameters of ``_among``; what is short of four names the first once more."""
    for first in range(0, len(ids), 4):
        some = ids[first : first + 4]
        yield dict(zip(_FOUR, [*some, *[some[0]] * (4 - len(some))], strict=True))


_NOW = bindparam("now", type_=UtcDateTime())
_DONE = Statement(
    update(UserTask)
    .where(UserTask.id == bindparam("task_id", type_=Uuid()))
    .values(status="completed", completed_by=bindparam("by", type_=Uuid()), ended_at=_NOW)
)
_GONE = {
    "user": Statement(
        update(UserTask)
        .where(_among(UserTask.id), UserTask.status == "open")
        .values(status="cancelled", ended_at=_NOW)
    ),
    "suspended": Statement(
        update(UserTask)
        .where(_among(UserTask.id), UserTask.status == "suspended")
        .values(status="cancelled", ended_at=_NOW)
    ),
    "timer": Statement(delete(Timer).where(_among(Timer.token_id))),
    "message": Statement(delete(Subscription).where(_among(Subscription.token_id))),
    "signal": Statement(delete(Subscription).where(_among(Subscription.token_id))),
    "job": Statement(delete(OutwardWork).where(_among(OutwardWork.token_id))),
    "incident": Statement(
        update(Incident)
        .where(_among(Incident.token_id), Incident.resolved_at.is_(None))
        .values(resolved_at=_NOW)
    ),
}
"""How the rows of each kind of ``Standing`` are taken away."""

_DATED = frozenset({"user", "suspended", "incident"})
"""Kinds whose rows stay, with the instant at which they ended."""

_OF_PROCESS = [
    Statement(
        update(model)
        .where(
            model.instance_id == bindparam("instance_id", type_=Uuid()),
            model.process_id != bindparam("process"),
        )
        .values(process_id=bindparam("process"))
    )
    for model in (Subscription, Incident, OutwardWork)
]
"""Rows of an instance that moved, where another version calls its process otherwise."""

_KEPT = frozenset({"id", "assignee_id", "claimed_at", "created_at"})
"""What only the row of a task knows: it stays when the row is made again."""

# a task whose completion failed and is tried again comes back under its own id
_AGAIN = ", ".join(
    f"{column.name} = excluded.{column.name}"
    for column in UserTask.__table__.columns
    if column.name not in _KEPT
)
_NEW = {
    "user": Rows(UserTask, without={"claimed_at"}, tail=f"ON CONFLICT (id) DO UPDATE SET {_AGAIN}"),
    "timer": Rows(Timer),
    "message": Rows(Subscription),
    "incident": Rows(Incident, without={"resolved_at"}),
}
"""How the rows of each kind are added."""
