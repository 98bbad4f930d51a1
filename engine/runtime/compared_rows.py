"""The rows of instances, compared with what their states wait for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Interval,
    Select,
    Uuid,
    any_,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.execution.standing import Standing
from engine.runtime.catalogue import Catalogue
from engine.runtime.models import Incident, Subscription, Timer, UserTask
from engine.runtime.outward_models import OutwardWork
from engine.runtime.projections import PROJECTED, as_uuid, is_aside, system_role
from engine.runtime.store import Instance
from engine.store.base import UtcDateTime

PUT_OFF_FURTHER = timedelta(hours=2)
"""No sweep puts a timer that failed off so far beyond now."""

Key = tuple[str, UUID]
"""Kind of row, and the token that it is about."""


def wrong_rows(
    instance: Instance,
    waits: Mapping[UUID, Standing],
    found: Mapping[Key, Any],
    catalogue: Catalogue,
) -> Iterator[tuple[Key, str]]:
    """The rows that are missing, one too many, or other than the state says."""
    expected = {
        ("message" if w.kind == "signal" else w.kind, key): _expected(w, instance, catalogue)
        for key, w in waits.items()
        if w.kind in PROJECTED and (w.kind != "suspended" or is_aside(w))
    }
    yield from ((key, "row-missing") for key in expected.keys() - found.keys())
    for key in found.keys() - expected.keys():
        if key[0] == "incident" and _is_timer(waits.get(key[1])):
            continue  # told by the sweep, beside a state that could not take it in
        yield key, "row-without-token"
    for key in expected.keys() & found.keys():
        if expected[key] != found[key]:
            yield key, "row-differs"


def _is_timer(wait: Standing | None) -> bool:
    return wait is not None and "timer" in (wait.kind, wait.name)


def _expected(wait: Standing, instance: Instance, catalogue: Catalogue) -> tuple[Any, ...]:
    match wait.kind:
        case "user" | "suspended":
            role = wait.details.get("role")
            return (
                wait.element_id, wait.due_at, role, instance.package_version,
                instance.business_key, instance.root_id, instance.package_key, instance.process_id,
                system_role(catalogue, instance, role), wait.details.get("form"),
                as_uuid(wait.details.get("assignee")),
            )  # fmt: skip
        case "timer":
            return (wait.element_id, wait.due_at, instance.business_key, True)
        case "incident":
            return (wait.element_id, wait.details["code"], instance.business_key)
        case "job":
            return (wait.element_id, wait.name)
        case _:
            return (wait.kind, wait.name, wait.key, instance.process_id)


def rows_of(session: Session, ids: Sequence[UUID], now: datetime) -> dict[UUID, dict[Key, Any]]:
    """The rows of instances: by instance, by kind and token, what must agree with the state."""
    rows: dict[UUID, dict[Key, Any]] = {instance_id: {} for instance_id in ids}
    for kind, query in _ROWS.items():
        asked = {"ids": list(ids), **({"now": now} if kind == "timer" else {})}
        for instance_id, token_id, *facts in session.execute(query, asked):
            rows[instance_id][kind, token_id] = tuple(facts)
    return rows


def among(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The column is one of the ids given as ``ids``."""
    return column == any_(bindparam("ids", type_=ARRAY(Uuid())))


def _tasks(status: str) -> Select[Any]:
    return select(
        UserTask.instance_id,
        UserTask.id,
        UserTask.element_id,
        UserTask.due_at,
        UserTask.role,
        UserTask.package_version,
        UserTask.business_key,
        UserTask.root_id,
        UserTask.package_key,
        UserTask.process_id,
        UserTask.system_role,
        UserTask.form_id,
        UserTask.assigned_id,
    ).where(among(UserTask.instance_id), UserTask.status == status)


def _in_time(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a timer fires neither before it is due nor long after."""
    latest = func.greatest(Timer.due_at, now) + literal(PUT_OFF_FURTHER, Interval())
    return (Timer.next_try_at >= Timer.due_at) & (Timer.next_try_at <= latest)


_ROWS: dict[str, Select[Any]] = {
    "user": _tasks("open"),
    "suspended": _tasks("suspended"),
    "timer": select(
        Timer.instance_id,
        Timer.token_id,
        Timer.element_id,
        Timer.due_at,
        Timer.business_key,
        _in_time(bindparam("now", type_=UtcDateTime())),
    ).where(among(Timer.instance_id)),
    "message": select(
        Subscription.instance_id,
        Subscription.token_id,
        Subscription.kind,
        Subscription.name,
        Subscription.key,
        Subscription.process_id,
    ).where(among(Subscription.instance_id)),
    "incident": select(
        Incident.instance_id,
        Incident.token_id,
        Incident.element_id,
        Incident.code,
        Incident.business_key,
    ).where(among(Incident.instance_id), Incident.resolved_at.is_(None)),
    "job": select(
        OutwardWork.instance_id, OutwardWork.token_id, OutwardWork.element_id, OutwardWork.job_type
    ).where(among(OutwardWork.instance_id)),
}
_WORDS = {
    "user": "De taak",
    "suspended": "De taak die stilligt",
    "timer": "De timer",
    "message": "Het wachten op een bericht",
    "incident": "De storing",
    "job": "Het uitgaande werk",
}


TOLD = {
    "row-missing": "ontbreekt",
    "row-without-token": "hoort nergens bij",
    "row-differs": "is anders dan de stand",
}


def sentence(key: Key, what: str) -> str:
    """Names the row, and says something of it."""
    return f"{_WORDS[key[0]]} {key[1]} {what}."


def place_of(waits: Mapping[UUID, Standing], key: Key) -> str:
    """The element that the row is about, where its token is still there."""
    wait = waits.get(key[1])
    return wait.element_id if wait is not None else ""
