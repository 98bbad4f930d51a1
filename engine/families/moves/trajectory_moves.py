"""Moving one trajectory to another version of its package, and looking what would come of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from typing import cast as cast_to
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, select, update
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.definitions.published import publication
from engine.errors import KetenspoorError
from engine.execution.errors import MigrationRefused
from engine.execution.migration import Plan
from engine.families.composition import moving_runtime
from engine.families.models import Involvement, Trajectory
from engine.runtime.catalogue import Catalogue
from engine.runtime.models import ProcessInstance
from engine.runtime.moving import Obstacle, obstacles, refused, to_move
from engine.runtime.published import PublishedPackages
from engine.runtime.putting_back import Kept
from engine.runtime.reading import instances_by_id
from engine.runtime.rehearsal import Foreseen, rehearse
from engine.runtime.rereading import Reread, Tables, reread
from engine.runtime.store import Instance

KEY = func.coalesce(ProcessInstance.business_key, cast(ProcessInstance.root_id, String))
"""How a move names what it moves: the trajectory, or the root of a process of its own."""


class Moved(StrEnum):
    """What became of a trajectory."""

    MOVED = "moved"
    CAN_MOVE = "can-move"  # looked at only
    REFUSED = "refused"  # something in it has no place in the new version
    FAILED = "failed"  # could not be done; nothing changed
    THERE_ALREADY = "there-already"
    NOT_FOUND = "not-found"  # nothing of the package runs under this id


@dataclass(frozen=True, slots=True)
class Outcome:
    """One trajectory, by its id (or a process of its own by that of its root).

    ``obstacles`` holds ``process_id``, ``element_id`` and ``reason`` of each. ``kept``: what its
    parts were before they moved; ``foreseen``: what would become of what it waits for;
    ``reread``: what it would hold that came from live tables.
    """

    key: str
    ended: Moved
    code: str | None = None
    message: str | None = None
    obstacles: Sequence[dict[str, str]] = ()
    kept: Sequence[Kept] = field(default=(), repr=False)
    foreseen: Sequence[Foreseen] = field(default=(), repr=False)
    reread: Sequence[Reread] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, object]:
        """JSON-ready."""
        return {
            "id": self.key,
            "result": str(self.ended),
            "code": self.code,
            "message": self.message,
            "obstacles": list(self.obstacles),
        }


@dataclass(frozen=True, slots=True)
class TrajectoryMove:
    """Moves trajectories of a package to one version of it, each within a given transaction.

    Attributes:
        version: the content hash of where they go.
        by: who moves them, for the audit.
        note: what else the audit is told.
        tables: live tables whose numbers are read again.
    """

    clock: Clock
    package_key: str
    version: str
    plan: Plan
    by: UUID | None = None
    note: Mapping[str, Any] = field(default_factory=dict)
    tables: Tables | None = None

    def look(self, session: Session, key: str) -> Outcome:
        """What would come of it; reads only, and locks nothing."""
        ids = session.scalars(
            select(ProcessInstance.id)
            .where(is_of(key), ProcessInstance.status == "active")
            .order_by(ProcessInstance.created_at, ProcessInstance.id)
        ).all()
        catalogue, now = Catalogue(PublishedPackages(session)), self.clock.now()
        try:
            running = in_order(instances_by_id(session, ids, now).values())
            again = reread(running, self.tables, now) if self.tables is not None else []
            moving = to_move(running, catalogue, self.version)
            found = obstacles(moving, catalogue, self.version, self.plan)
            found += self._people_without_role(session, key) if moving else []
            if found:
                return refusal(key, refused(found))
            if not moving:
                return self._nothing_to_move(session, key)
            foreseen = rehearse(moving, catalogue, self.version, self.plan, now)
        except KetenspoorError as error:
            return Outcome(key, Moved.FAILED, error.code, error.message)
        return Outcome(key, Moved.CAN_MOVE, foreseen=foreseen, reread=again)

    def carry_out(self, session: Session, key: str) -> Outcome:
        """Move it, whole; the caller commits.

        Raises:
            MigrationRefused: something in it has no place in the new version.
        """
        roots = session.scalars(
            select(ProcessInstance.root_id)
            .where(is_of(key), *elsewhere(self.package_key, self.version))
            .group_by(ProcessInstance.root_id)
            .order_by(ProcessInstance.root_id)
        ).all()
        lost = self._people_without_role(session, key) if roots else []
        if lost:
            raise refused(lost)
        runtime = moving_runtime(session, self.clock, self.by)
        kept = runtime.migrate(roots, self.version, self.plan, self.note, self.tables)
        if not kept:
            return self._nothing_to_move(session, key)
        now_on(session, key, self.version)
        return Outcome(key, Moved.MOVED, kept=kept)

    def _people_without_role(self, session: Session, key: str) -> list[Obstacle]:
        """Whoever works for the trajectory in a role that is gone would not find its tasks."""
        package = publication.load_version(session, self.version)
        roles = session.scalars(
            select(Involvement.role)
            .join(Trajectory, Trajectory.id == Involvement.trajectory_id)
            .where(
                Trajectory.id == as_id(key),
                Trajectory.package_key == self.package_key,
                Involvement.until.is_(None),
            )
            .distinct()
            .order_by(Involvement.role)
        )
        reason = "In deze rol werkt iemand voor het gezin; de nieuwe versie kent haar niet."
        return [
            Obstacle(package.main_process or package.key, role, reason)
            for role in roles
            if role not in package.roles
        ]

    def _nothing_to_move(self, session: Session, key: str) -> Outcome:
        there = session.scalar(
            select(ProcessInstance.id)
            .where(
                is_of(key),
                ProcessInstance.status == "active",
                ProcessInstance.package_key == self.package_key,
            )
            .limit(1)
        )
        return Outcome(key, Moved.NOT_FOUND if there is None else Moved.THERE_ALREADY)


def in_order(instances: Iterable[Instance]) -> list[Instance]:
    """Parents before children, as a move takes them."""
    return sorted(instances, key=lambda one: (one.parent_id is not None, one.created_at, one.id))


def now_on(session: Session, key: str, version: str) -> None:
    """Note the version of a trajectory whose main process runs on it."""
    main = select(ProcessInstance.business_key).where(
        ProcessInstance.business_key == key,
        ProcessInstance.is_main,
        ProcessInstance.package_version == version,
    )
    session.execute(
        update(Trajectory)
        .where(Trajectory.id == as_id(key), main.exists())
        .values(package_version=version)
    )


def elsewhere(package_key: str, version: str) -> list[ColumnElement[bool]]:
    """What runs of a package on another version than this one."""
    return [
        ProcessInstance.status == "active",
        ProcessInstance.package_key == package_key,
        ProcessInstance.package_version != version,
    ]


def is_of(key: str) -> ColumnElement[bool]:
    """The instances of a trajectory, through the indexes on its key and on roots."""
    of_trajectory = ProcessInstance.business_key == key
    root_id = as_id(key)
    return (
        of_trajectory if root_id is None else of_trajectory | (ProcessInstance.root_id == root_id)
    )


def as_id(key: str) -> UUID | None:
    """A key as the id that it is, if it is one."""
    try:
        return UUID(key)
    except ValueError:
        return None


def refusal(key: str, error: MigrationRefused) -> Outcome:
    """The outcome of a trajectory that cannot move."""
    found = cast_to(list[dict[str, str]], error.where["obstacles"])
    return Outcome(key, Moved.REFUSED, error.code, error.message, found)
