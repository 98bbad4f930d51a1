"""The doctor: does a whole database agree with itself? And projections made again from states.

It reads a batch of instances at a time with all their rows, so that the size of the database costs
time and no memory, and changes nothing unless asked to rebuild. While others work, it has to read
in one snapshot (``engine.store.unit_of_work.snapshot``). Findings carry identifiers only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine.clock import Clock, SystemClock
from engine.errors import KetenspoorError
from engine.execution.standing import Standing, standing
from engine.runtime import kinship
from engine.runtime.catalogue import Catalogue
from engine.runtime.compared_rows import (
    TOLD,
    Key,
    among,
    place_of,
    rows_of,
    sentence,
    wrong_rows,
)
from engine.runtime.instance_rows import LOCKED, unpack
from engine.runtime.models import Incident, ProcessInstance, Subscription, Timer, UserTask
from engine.runtime.outward_models import OutwardWork
from engine.runtime.outward_queue import defer_again, is_outward, without_cause, without_job
from engine.runtime.projections import PROJECTED, Projections
from engine.runtime.published import PublishedPackages
from engine.runtime.store import Instance
from engine.store.round_trips import read_together

BATCH = 500
"""How many instances are in memory at once."""

_OF_ROWS = frozenset({"row-missing", "row-without-token", "row-differs"})


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that is not as it must be.

    ``rule`` is one of ``unreadable``, ``row-missing``, ``row-without-token``, ``row-differs``,
    ``orphan``, ``child-missing``, ``waits-for-nothing``, ``ended-with-rows``, ``aside-in-part`` and
    ``aside-without-review`` (of what was put aside), ``kin-differs`` (root, trajectory or package),
    ``status-differs`` (over by its row and not by its state), ``message-kept`` (from who waits for
    it), ``job-missing`` (what waits for outward work is not in the queue) and
    ``sent-without-cause``; the room above adds ``trajectory-without-instance``,
    ``instance-without-trajectory``, ``instance-twice``, ``version-differs``, ``aside-differs`` and
    ``list-differs``.
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
        found, children = rows_of(session, ids, now), _children_of(session, ids)
        for row in batch:
            try:
                instance = unpack(row, catalogue, now)
            except KetenspoorError as error:
                yield Ailment("unreadable", row.id, row.process_id, error.message)
                continue
            waits = {w.token_id: w for w in standing(instance.execution)}
            yield from _projection(instance, waits, found[row.id], catalogue)
            yield from _standing(instance, waits, children[row.id])
            if instance.execution.suspended:
                aside[instance.root_id] += 1
    for found_wrong in (*kinship.in_part(session, aside), *kinship.orphans(session)):
        yield Ailment(*found_wrong)
    yield from _left_over(session, catalogue, now)
    yield from _outward(session)
    for found_wrong in kinship.kin(session):
        yield Ailment(*found_wrong)
    for rule, instance_id, *told in kinship.kept_from_receivers(session, now):
        if not _is_aside(session, catalogue, instance_id, now):
            yield Ailment(rule, instance_id, *told)


def rebuild(session: Session, clock: Clock) -> int:
    """Make the projections of all instances agree with their states; how many were changed.

    Only rows that are wrong are made again: what the others know (who claimed a task, how often a
    timer failed, who waits longest) stays. Outward work that lost its job in the queue gets
    another. What is over by its row alone, or is a stranger in its own tree, is left as it is:
    somebody has to look.
    """
    catalogue = Catalogue(PublishedPackages(session))
    changed, known = 0, list(examine(session, clock))
    strangers = {a.instance_id for a in known if a.rule == "kin-differs"}
    suspects = dict.fromkeys(a.instance_id for a in known if a.rule in _OF_ROWS)
    for instance_id in (one for one in suspects if one not in strangers):
        [rows] = read_together(session, (LOCKED, {"instance_id": instance_id}))
        if not rows or rows[0].status != "active":
            continue
        try:
            instance = unpack(rows[0], catalogue, clock.now())
        except KetenspoorError:
            continue  # told by ``examine``
        after = {w.token_id: w for w in standing(instance.execution) if w.kind in PROJECTED}
        found = rows_of(session, [instance.id], clock.now())[instance.id]
        wrong = [key for key, _ in wrong_rows(instance, after, found, catalogue)]
        if wrong:
            Projections(session, catalogue).replace(instance, wrong, after, clock.now())
            changed += 1
    for instance_id in dict.fromkeys(a.instance_id for a in known if a.rule == "ended-with-rows"):
        assert instance_id is not None  # the rule is about instances
        [rows] = read_together(session, (LOCKED, {"instance_id": instance_id}))
        if rows and rows[0].status != "active":
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
    instance: Instance,
    waits: Mapping[UUID, Standing],
    found: Mapping[Key, Any],
    catalogue: Catalogue,
) -> Iterator[Ailment]:
    """Compare the rows of an instance with what its state waits for."""
    for key, rule in wrong_rows(instance, waits, found, catalogue):
        told = sentence(key, TOLD[rule])
        yield Ailment(rule, instance.id, place_of(waits, key), told)


def _children_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, Counter[UUID | None]]:
    """How many instances run for each call activity, by instance and token."""
    children: dict[UUID, Counter[UUID | None]] = {instance_id: Counter() for instance_id in ids}
    for parent_id, token_id in session.execute(_CHILDREN, {"ids": list(ids)}):
        children[parent_id][token_id] += 1
    return children


_CHILDREN = select(ProcessInstance.parent_id, ProcessInstance.parent_token_id).where(
    among(ProcessInstance.parent_id), ProcessInstance.status == "active"
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
    for token_id in children.keys() - waits.keys():
        message = f"Er loopt een proces voor een aanroep ({token_id}) die er niet (meer) is."
        yield Ailment("orphan", instance.id, instance.process_id, message)


def _looks_again(wait: Standing, instance: Instance) -> bool:
    return wait.kind in ("user", "timer") and wait.element_id == instance.process_id


# -- the whole -----------------------------------------------------------------------------------


def _left_over(session: Session, catalogue: Catalogue, now: datetime) -> Iterator[Ailment]:
    """Rows of instances that ended; and those that ended by their own row alone."""
    runs: dict[UUID, bool] = {}
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
        for instance_id, process_id in session.execute(query).all():
            if instance_id not in runs:
                runs[instance_id] = _runs(session, catalogue, instance_id, now)
                if runs[instance_id]:
                    message = "Dit proces is voorbij, maar niet volgens zijn stand."
                    yield Ailment("status-differs", instance_id, process_id, message)
            if not runs[instance_id]:
                message = sentence((kind, instance_id), "hoort bij een proces dat voorbij is")
                yield Ailment("ended-with-rows", instance_id, process_id, message)


def _runs(session: Session, catalogue: Catalogue, instance_id: UUID, now: datetime) -> bool:
    """Whether an instance runs by its state; one that cannot be read does, lest anything go."""
    instance = _read(session, catalogue, instance_id, now)
    return instance is None or instance.execution.status == "active"


def _is_aside(session: Session, catalogue: Catalogue, instance_id: UUID, now: datetime) -> bool:
    """Whether an instance was put aside: what came for it may be kept until it goes on."""
    instance = _read(session, catalogue, instance_id, now)
    return instance is None or instance.execution.suspended


def _read(
    session: Session, catalogue: Catalogue, instance_id: UUID, now: datetime
) -> Instance | None:
    table = ProcessInstance.__table__
    row = session.execute(select(table).where(table.c.id == instance_id)).one()
    try:
        return unpack(row, catalogue, now)
    except KetenspoorError:
        return None


def _outward(session: Session) -> Iterator[Ailment]:
    for work in without_job(session):
        message = f"{work.job_type} {work.token_id} wacht, maar staat niet in de wachtrij."
        yield Ailment("job-missing", work.instance_id, work.element_id, message)
    for sent in without_cause(session):
        message = f"Er ging een bericht uit ({sent.job_type}) waarvan de aanleiding ontbreekt."
        yield Ailment("sent-without-cause", sent.instance_id, sent.element_id, message)
