"""The courses of a trajectory that are mended, each by itself: its own, and what runs beside it.

A course about safety (its package says so) is looked after more strictly: nobody puts it aside,
and only who knows the family leaves its drawn course or ends it. Whatever is done to it stands out
for the coordinator for a while.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.permissions import Relation, RelationKind
from engine.families.beside.running import running_beside
from engine.families.errors import MendOfSafety
from engine.runtime.models import ProcessInstance

_ASIDE = frozenset({"suspended", "postponed"})
_LEAVES = frozenset({"skipped", "moved", "ended", "rescheduled"})


@dataclass(frozen=True, slots=True)
class Course:
    """A tree of processes that is mended as one; ``names`` by language, of what runs beside."""

    root_id: UUID
    names: Mapping[str, str] | None = None
    urgent: bool = False


def courses(session: Session, trajectory_id: UUID) -> list[Course]:
    """What runs: the trajectory itself, if it does, and then what runs beside it."""
    main = main_root(session, trajectory_id)
    own = [Course(main)] if main is not None else []
    beside = running_beside(session, trajectory_id)
    return own + [Course(one.instance_id, one.names, one.urgent) for one in beside]


def course_of(session: Session, trajectory_id: UUID, part: UUID | None) -> Course | None:
    """The course that an instance is a part of; without one the trajectory's own."""
    if part is None:
        main = main_root(session, trajectory_id)
        return None if main is None else Course(main)
    root_id = session.scalar(
        select(ProcessInstance.root_id).where(
            ProcessInstance.id == part, ProcessInstance.business_key == str(trajectory_id)
        )
    )
    return next((c for c in courses(session, trajectory_id) if c.root_id == root_id), None)


def main_root(session: Session, trajectory_id: UUID) -> UUID | None:
    """The running process at the head of a trajectory."""
    return session.scalar(
        select(ProcessInstance.id).where(
            ProcessInstance.business_key == str(trajectory_id),
            ProcessInstance.is_main,
            ProcessInstance.parent_id.is_(None),
            ProcessInstance.status == "active",
        )
    )


def why_not(course: Course, relation: Relation | None, kind: str) -> str | None:
    """Why somebody may not do this kind of mend to a course; ``None`` when they may."""
    if not course.urgent:
        return None
    if kind in _ASIDE:
        return "Dit gaat over veiligheid. Dat leggen we niet stil, ook niet als de rest stilligt."
    owns = relation is not None and relation.kind is RelationKind.OWNS_PROCESS
    if kind in _LEAVES and owns:
        return (
            "Dit gaat over veiligheid. Alleen wie het traject leidt en het gezin kent, mag hier "
            "iets overslaan, verplaatsen, uitstellen of beëindigen."
        )
    return None


def require_allowed(course: Course, relation: Relation | None, kind: str) -> None:
    """Refuse what may not be done to a course about safety.

    Raises:
        MendOfSafety: it may not.
    """
    reason = why_not(course, relation, kind)
    if reason is not None:
        raise MendOfSafety(reason, "Overleg met de projectleider of de ketencoördinator.")
