"""Numbers of live tables for what runs at once: what it would change today, and doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.definitions.published.live_tables import LiveChange, live_change
from engine.errors import KetenspoorError
from engine.execution.migration import Plan
from engine.families.errors import NotLive
from engine.families.models import VersionMoveJob
from engine.families.moves import bulk_moves
from engine.families.moves.trajectory_moves import KEY, in_order, is_of
from engine.feel.values import to_json
from engine.runtime.models import ProcessInstance
from engine.runtime.reading import instances_by_id
from engine.runtime.rereading import Tables, reread

MOST = 200
"""How many trajectories are looked at for a page."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A value that trajectories hold, by the old numbers and by the new ones.

    ``name`` is the variable, with the field in it.
    """

    name: str
    before: str
    after: str
    trajectories: int


@dataclass(frozen=True, slots=True)
class Effects:
    """What new numbers would change in what runs today.

    Attributes:
        running: trajectories on the version before; ``looked_at`` of them were looked at.
        elsewhere: trajectories on other versions, which the numbers do not reach.
        touched: how many of those hold another value by it.
        values: which values, the most frequent first.
    """

    running: int
    elsewhere: int
    looked_at: int
    touched: int
    values: Sequence[Effect]


def effects(session: Session, before: Package, after: Package, now: datetime) -> Effects:
    """What the new numbers would change today, worked out on copies; nothing is written."""
    tables = Tables(before, after, live_change(before, after).decisions)
    runs = (
        ProcessInstance.status == "active",
        ProcessInstance.package_version == before.version,
    )
    running = session.scalar(select(func.count(KEY.distinct())).where(*runs)) or 0
    keys = session.scalars(select(KEY).where(*runs).distinct().order_by(KEY).limit(MOST)).all()
    found: Counter[tuple[str, str, str]] = Counter()
    touched = 0
    for key in keys:
        ids = session.scalars(
            select(ProcessInstance.id).where(is_of(key), ProcessInstance.status == "active")
        ).all()
        try:
            again = reread(in_order(instances_by_id(session, ids, now).values()), tables, now)
        except KetenspoorError:
            continue  # it is damaged: the move will tell
        touched += bool(again)
        found.update({leaf for one in again for leaf in leaves(one.name, one.before, one.after)})
    values = [Effect(*leaf, number) for leaf, number in found.most_common()]
    elsewhere = session.scalar(
        select(func.count(KEY.distinct())).where(
            ProcessInstance.status == "active",
            ProcessInstance.package_key == before.key,
            ProcessInstance.package_version != before.version,
        )
    )
    return Effects(running, elsewhere or 0, len(keys), touched, values)


def leaves(name: str, before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    """Where two values differ: the way there, and both as texts."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield from leaves(f"{name}.{key}", before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (old, new) in enumerate(zip(before, after, strict=True), 1):
            yield from leaves(f"{name}[{place}]" if len(before) > 1 else name, old, new)
    elif before != after:
        yield name, _text(before), _text(after)


def publish_to_all(
    session: Session,
    from_version: str,
    to_version: str,
    *,
    reason: str,
    at: datetime,
    by: UUID | None,
) -> VersionMoveJob:
    """Let all that runs on a version go to one with other numbers, as soon as a worker comes to it.

    Raises:
        NotLive: more than numbers of live tables changed.
        MoveOpenAlready: another move of this package is not closed.
    """
    before, after = (publication.load_version(session, v) for v in (from_version, to_version))
    change: LiveChange = live_change(before, after)
    if not change.allowed:
        raise NotLive(
            "Deze versie verandert meer dan getallen in levende tabellen.",
            "Publiceer haar gewoon, en zet lopende trajecten daarna over.",
        )
    move = bulk_moves.begin(
        session, from_version, to_version, reason=reason, at=at, by=by, at_once=True
    )
    bulk_moves.settle(session, move.id, Plan(), at=at, by=by)
    return move


def _text(value: Any) -> str:
    plain = to_json(value)
    while isinstance(plain, dict) and len(plain) == 1:  # a kind that JSON lacks, with its text
        plain = next(iter(plain.values()))
    return "null" if plain is None else str(plain)
