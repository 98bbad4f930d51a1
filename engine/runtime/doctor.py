"""The doctor: does a whole database agree with itself? And projections made again from states.

It reads a batch of instances at a time with all their rows, so that the size of the database costs
time and no memory, and changes nothing unless asked to rebuild. While others work, it has to read
in one snapshot (``engine.store.unit_of_work.snapshot``). Findings carry identifiers only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Row, Select, Uuid, any_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.clock import Clock, SystemClock
from engine.errors import KetenspoorError
from engine.execution.standing import Standing, standing
from engine.runtime.catalogue import Catalogue
from engine.runtime.instance_rows import LOCKED, unpack
from engine.runtime.models import Incident, ProcessInstance, Subscription, Timer, UserTask
from engine.runtime.outward_models import OutwardWork
from engine.runtime.outward_queue import defer_again, is_outward, without_cause, without_job
from engine.runtime.projections import PROJECTED, Projections, is_aside
from engine.runtime.published import PublishedPackages
from engine.runtime.store import Instance
from engine.store.round_trips import read_together

BATCH = 500
"""How many instances are in memory at once."""

_Key = tuple[str, UUID]
"""Kind of row, and the token that it is about."""

_OF_ROWS = frozenset({"row-missing", "row-without-token", "row-differs"})


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that is not as it must be.

    ``rule`` is one of ``unreadable``, ``row-missing``, ``row-without-token``, ``row-differs``,
    ``orphan``, ``child-missing``, ``waits-for-nothing``, ``ended-with-rows``, ``aside-in-part`` and
    ``aside-without-review`` (of what was put aside), ``job-missing`` (what waits for outward work
    is not in the queue) and ``sent-without-cause``; the room above adds
    ``trajectory-without-instance``, ``instance-without-trajectory``, ``version-differs``,
    ``aside-differs`` and ``list-differs``.
    """

    rule: str
    instance_id: UUID | None
    place: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**asdict(self), "instance_id": str(self.instance_id) if self.instance_id else None}


def examine(session: Session, clock: Clock | None = None) -> Iterator[Ailment]:
    """Everything that is wrong with the running instances and their projections."""
    catalogue = Catalogue(PublishedPackages(session))
    now = (clock or SystemClock()).now()
    aside: Counter[UUID] = Counter()
    for batch in _active(session):
        ids = [row.id for row in batch]
        found, children = _rows_of(session, ids), _children_of(session, ids)
        for row in batch:
            try:
                instance = unpack(row, catalogue, now)
            except KetenspoorError as error:
                yield Ailment("unreadable", row.id, row.process_id, error.message)
                continue
            waits = {w.token_id: w for w in standing(instance.execution)}
            yield from _projection(instance, waits, found[row.id])
            yield from _standing(instance, waits, children[row.id])
            if instance.execution.suspended:
                aside[instance.root_id] += 1
    yield from _in_part(session, aside)
    yield from _orphans(session)
    yield from _left_over(session)
    yield from _outward(session)


def rebuild(session: Session, clock: Clock) -> int:
    """Make the projections of all instances agree with their states; how many were changed.

    What only the rows know (who claimed a task, how often a timer failed) stays. Outward work that
    lost its job in the queue gets another.
    """
    catalogue = Catalogue(PublishedPackages(session))
    changed = 0
    suspects = {a.instance_id: None for a in examine(session, clock) if a.rule in _OF_ROWS}
    for instance_id in suspects:
        [[row]] = read_together(session, (LOCKED, {"instance_id": instance_id}))
        if row.status != "active":
            continue
        instance = unpack(row, catalogue, clock.now())
        after = {w.token_id: w for w in standing(instance.execution) if w.kind in PROJECTED}
        if any(_projection(instance, after, _rows_of(session, [row.id])[row.id])):
            projections = Projections(session, catalogue)
            projections.replace(instance, after, clock.now())
            changed += 1
    ended = select(ProcessInstance.id).where(ProcessInstance.status != "active")
    for instance_id in {a.instance_id for a in _left_over(session) if a.instance_id is not None}:
        if session.scalar(ended.where(ProcessInstance.id == instance_id)) is not None:
            Projections(session, catalogue).clear(instance_id, clock.now())
            changed += 1
    return changed + defer_again(session)


def _active(session: Session) -> Iterator[Sequence[Row[Any]]]:
    """Active instances by id, a batch at a time."""
    table = ProcessInstance.__table__
    last: UUID | None = None
    while True:
        query = select(table).where(table.c.status == "active").order_by(table.c.id).limit(BATCH)
        if last is not None:
            query = query.where(table.c.id > last)
        rows = session.execute(query).all()
        yield rows
        if len(rows) < BATCH:
            return
        last = rows[-1].id


# -- one instance --------------------------------------------------------------------------------


def _projection(
    instance: Instance, waits: Mapping[UUID, Standing], found: Mapping[_Key, Any]
) -> Iterator[Ailment]:
    """Compare the rows of an instance with what its state waits for."""
    expected = {
        ("message" if w.kind == "signal" else w.kind, key): _expected(w, instance)
        for key, w in waits.items()
        if w.kind in PROJECTED and (w.kind != "suspended" or is_aside(w))
    }
    for key in expected.keys() - found.keys():
        yield Ailment("row-missing", instance.id, _place(waits, key), _sentence(key, "ontbreekt"))
    for key in found.keys() - expected.keys():
        if key[0] == "incident" and _is_timer(waits.get(key[1])):
            continue  # told by the sweep, beside a state that could not take it in
        yield Ailment(
            "row-without-token",
            instance.id,
            _place(waits, key),
            _sentence(key, "hoort nergens bij"),
        )
    for key in expected.keys() & found.keys():
        if expected[key] != found[key]:
            message = _sentence(key, "is anders dan de stand")
            yield Ailment("row-differs", instance.id, _place(waits, key), message)


def _is_timer(wait: Standing | None) -> bool:
    return wait is not None and "timer" in (wait.kind, wait.name)


def _expected(wait: Standing, instance: Instance) -> tuple[Any, ...]:
    match wait.kind:
        case "user" | "suspended":
            role = wait.details.get("role")
            return (wait.element_id, wait.due_at, role, instance.package_version)
        case "timer":
            return (wait.element_id, wait.due_at)
        case "incident":
            return (wait.element_id, wait.details["code"])
        case "job":
            return (wait.element_id, wait.name)
        case _:
            return (wait.kind, wait.name, wait.key)


def _rows_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[_Key, Any]]:
    """The rows of instances: by instance, by kind and token, what must agree with the state."""
    rows: dict[UUID, dict[_Key, Any]] = {instance_id: {} for instance_id in ids}
    for kind, query in _ROWS.items():
        for instance_id, token_id, *facts in session.execute(query, {"ids": list(ids)}):
            rows[instance_id][kind, token_id] = tuple(facts)
    return rows


def _children_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, Counter[UUID | None]]:
    """How many instances run for each call activity, by instance and token."""
    children: dict[UUID, Counter[UUID | None]] = {instance_id: Counter() for instance_id in ids}
    for parent_id, token_id in session.execute(_CHILDREN, {"ids": list(ids)}):
        children[parent_id][token_id] += 1
    return children


def _among(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return column == any_(bindparam("ids", type_=ARRAY(Uuid())))


def _tasks(status: str) -> Select[Any]:
    return select(
        UserTask.instance_id,
        UserTask.id,
        UserTask.element_id,
        UserTask.due_at,
        UserTask.role,
        UserTask.package_version,
    ).where(_among(UserTask.instance_id), UserTask.status == status)


_ROWS: dict[str, Select[Any]] = {
    "user": _tasks("open"),
    "suspended": _tasks("suspended"),
    "timer": select(Timer.instance_id, Timer.token_id, Timer.element_id, Timer.due_at).where(
        _among(Timer.instance_id)
    ),
    "message": select(
        Subscription.instance_id,
        Subscription.token_id,
        Subscription.kind,
        Subscription.name,
        Subscription.key,
    ).where(_among(Subscription.instance_id)),
    "incident": select(
        Incident.instance_id, Incident.token_id, Incident.element_id, Incident.code
    ).where(_among(Incident.instance_id), Incident.resolved_at.is_(None)),
    "job": select(
        OutwardWork.instance_id, OutwardWork.token_id, OutwardWork.element_id, OutwardWork.job_type
    ).where(_among(OutwardWork.instance_id)),
}
_CHILDREN = select(ProcessInstance.parent_id, ProcessInstance.parent_token_id).where(
    _among(ProcessInstance.parent_id), ProcessInstance.status == "active"
)


def _standing(
    instance: Instance, waits: Mapping[UUID, Standing], children: Counter[UUID | None]
) -> Iterator[Ailment]:
    """Whether what the instance waits for can come."""
    moving = {"user", "timer", "message", "signal", "condition", "incident", "child"}
    if instance.execution.suspended:
        if instance.parent_id is None and not any(
            _looks_again(w, instance) for w in waits.values()
        ):
            message = "Dit ligt stil, en niets zegt wanneer iemand er weer naar kijkt."
            yield Ailment("aside-without-review", instance.id, instance.process_id, message)
    elif not any(w.kind in moving or is_outward(w) for w in waits.values()):
        message = "Dit loopt, maar wacht op niets waardoor het verder kan."
        yield Ailment("waits-for-nothing", instance.id, instance.process_id, message)
    for key, wait in waits.items():
        if wait.kind == "child" and children[key] != 1:
            message = "De aanroep heeft niet precies één lopend proces."
            yield Ailment("child-missing", instance.id, wait.element_id, message)


def _looks_again(wait: Standing, instance: Instance) -> bool:
    return wait.kind in ("user", "timer") and wait.element_id == instance.process_id


# -- the whole -----------------------------------------------------------------------------------


def _in_part(session: Session, aside: Mapping[UUID, int]) -> Iterator[Ailment]:
    """Trees of which a part was put aside and another part was not."""
    running = session.execute(
        select(ProcessInstance.root_id, func.count())
        .where(_among(ProcessInstance.root_id), ProcessInstance.status == "active")
        .group_by(ProcessInstance.root_id)
        .order_by(ProcessInstance.root_id),
        {"ids": list(aside)},
    )
    for root_id, count in running:
        if count != aside[root_id]:
            message = f"Van dit traject ligt een deel stil ({aside[root_id]} van {count})."
            yield Ailment("aside-in-part", root_id, "", message)


def _orphans(session: Session) -> Iterator[Ailment]:
    parent = aliased(ProcessInstance)
    rows = session.execute(
        select(ProcessInstance.id, ProcessInstance.process_id)
        .outerjoin(parent, parent.id == ProcessInstance.parent_id)
        .where(
            ProcessInstance.status == "active",
            ProcessInstance.parent_id.is_not(None),
            func.coalesce(parent.status, "") != "active",
        )
        .order_by(ProcessInstance.id)
    )
    for row in rows:
        yield Ailment(
            "orphan", row.id, row.process_id, "De aanroeper van dit proces loopt niet meer."
        )


def _left_over(session: Session) -> Iterator[Ailment]:
    """Rows of instances that ended."""
    for model, kind in (
        (UserTask, "user"), (Timer, "timer"), (Subscription, "message"), (Incident, "incident"),
        (OutwardWork, "job"),
    ):  # fmt: skip
        query = (
            select(model.instance_id, ProcessInstance.process_id)
            .join(ProcessInstance, ProcessInstance.id == model.instance_id)
            .where(ProcessInstance.status != "active")
            .order_by(ProcessInstance.id)
        )
        if model is UserTask:
            query = query.where(UserTask.status.in_(("open", "suspended")))
        if model is Incident:
            query = query.where(Incident.resolved_at.is_(None))
        for row in session.execute(query):
            message = _sentence((kind, row[0]), "hoort bij een proces dat voorbij is")
            yield Ailment("ended-with-rows", row[0], row[1], message)


def _outward(session: Session) -> Iterator[Ailment]:
    for work in without_job(session):
        message = f"{work.job_type} {work.token_id} wacht, maar staat niet in de wachtrij."
        yield Ailment("job-missing", work.instance_id, work.element_id, message)
    for sent in without_cause(session):
        message = f"Er ging een bericht uit ({sent.job_type}) waarvan de aanleiding ontbreekt."
        yield Ailment("sent-without-cause", sent.instance_id, sent.element_id, message)


_WORDS = {
    "user": "De taak",
    "suspended": "De taak die stilligt",
    "timer": "De timer",
    "message": "Het wachten op een bericht",
    "incident": "De storing",
    "job": "Het uitgaande werk",
}


def _sentence(key: _Key, what: str) -> str:
    return f"{_WORDS[key[0]]} {key[1]} {what}."


def _place(waits: Mapping[UUID, Standing], key: _Key) -> str:
    wait = waits.get(key[1])
    return wait.element_id if wait is not None else ""
