"""The history of a family on its page: of all its trajectories that the reader may read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor
from engine.access.permissions import Relation
from engine.definitions.published import publication
from engine.families.file.chronology import Entry, chronology
from engine.families.file.overview import FamilyOverview, TrajectoryFacts
from engine.families.models import Contact
from webui.gezinnen.happenings import by_day, of_file, of_process
from webui.gezinnen.models import Happening
from webui.words import method_name

FIRST_PAGE = 25
WHOLE = 2000


@dataclass(frozen=True, slots=True)
class History:
    """What happened, under the day of each; ``more`` says whether there is more of it."""

    days: Sequence[tuple[date, Sequence[Happening]]]
    more: bool


def history(
    session: Session,
    actor: Actor,
    overview: FamilyOverview,
    *,
    relation: Relation | None,
    now: datetime,
    whole: bool,
) -> History:
    """The trajectories of an overview, told together; what is not of the first names its method.

    Each is read by its own permission, and leaves its own line in the access log.

    Raises:
        AccessDenied: the actor may not read one of them (any more).
    """
    limit = WHOLE if whole else FIRST_PAGE
    own = overview.trajectory.id
    read = [
        (
            facts,
            chronology(
                session, actor, facts.id, now=now, limit=limit,
                relation=relation if facts.id == own else None,
            ),
        )
        for facts in overview.trajectories
    ]  # fmt: skip
    cut = [] if whole else [entries[-1].at for _, entries in read if len(entries) >= limit]
    since = max(cut, default=None)
    told = [
        happening if facts.id == own else replace(happening, method=_method(session, facts))
        for facts, entries in read
        for happening in _told(session, facts, entries, since, limit)
    ]
    return History(by_day(told), bool(cut))


def _told(
    session: Session,
    facts: TrajectoryFacts,
    entries: Sequence[Entry],
    since: datetime | None,
    limit: int,
) -> Iterator[Happening]:
    recent = [entry for entry in entries if since is None or entry.at >= since]
    package = publication.load_version(session, facts.package_version)
    written = session.scalars(
        select(Contact.document_id).where(Contact.trajectory_id == facts.id)
    ).all()
    yield from of_file(recent, package, written)
    told = [entry.task_id for entry in recent]
    yield from of_process(session, facts.id, since=since, told=told, limit=limit)


def _method(session: Session, facts: TrajectoryFacts) -> str:
    return method_name(publication.load_version(session, facts.package_version), facts.package_key)
