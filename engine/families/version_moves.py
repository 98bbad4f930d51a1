"""Moving running trajectories to another version of their package, each in its own transaction.

What was broken off is begun again: a trajectory that has moved is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast as cast_to
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Engine, String, cast, func, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.definitions import publication
from engine.definitions.models import PackageVersion
from engine.definitions.packages import Package
from engine.errors import KetenspoorError
from engine.execution.errors import MigrationRefused
from engine.execution.migration import Plan
from engine.families.composition import workbench
from engine.families.errors import PlanNotFitting, VersionNotUsable
from engine.families.models import Involvement, Trajectory
from engine.runtime.catalogue import Catalogue
from engine.runtime.models import ProcessInstance
from engine.runtime.moving import Obstacle, is_timer, obstacles, refused, to_move
from engine.runtime.published import PublishedPackages
from engine.runtime.reading import instances_by_id
from engine.store.unit_of_work import in_transaction

log = structlog.get_logger("ketenspoor.moving")

BATCH = 500


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

    ``obstacles`` holds ``process_id``, ``element_id`` and ``reason`` of each.
    """

    key: str
    ended: Moved
    code: str | None = None
    message: str | None = None
    obstacles: Sequence[dict[str, str]] = ()

    def as_dict(self) -> dict[str, object]:
        """JSON-ready."""
        return {
            "id": self.key,
            "result": str(self.ended),
            "code": self.code,
            "message": self.message,
            "obstacles": list(self.obstacles),
        }


_KEY = func.coalesce(ProcessInstance.business_key, cast(ProcessInstance.root_id, String))


class VersionMove:
    """Moves what runs of one package to one version of it."""

    def __init__(
        self, database: Engine, clock: Clock, package_key: str, version: str, plan: Plan
    ) -> None:
        """Prepare the move.

        Args:
            database: where the trajectories run.
            clock: the source of now.
            package_key: the package whose trajectories are meant.
            version: its number, or the beginning of its content hash (at least six characters).
            plan: renamed elements and timers that begin anew.

        Raises:
            VersionNotUsable: there is no such version, more than one, or it is retired.
            PlanNotFitting: the version has no such element, or it is no timer.
        """
        self._database = database
        self._clock = clock
        self._key = package_key
        self._plan = plan
        with Session(database) as session:
            found = _version(session, package_key, version)
            self.version, self.number = found.version, found.number
            _require_fitting(plan, publication.load_version(session, self.version))

    def carry_out(self, only: Sequence[str] = (), *, dry_run: bool = False) -> Iterator[Outcome]:
        """Move them one by one, in a fixed order; ``dry_run`` only says what would come of it.

        ``only`` names trajectories (or processes of their own by their root).
        """
        for key in self._keys(only):
            yield self._look(key) if dry_run else self._move(key)

    def _keys(self, only: Sequence[str]) -> Iterator[str]:
        if only:
            yield from dict.fromkeys(map(_plain, only))
            return
        last = ""
        while True:
            query = (
                select(_KEY)
                .where(*self._elsewhere(), last < _KEY)
                .group_by(_KEY)
                .order_by(_KEY)
                .limit(BATCH)
            )
            with Session(self._database) as session:
                keys = session.scalars(query).all()
            yield from keys
            if len(keys) < BATCH:
                return
            last = keys[-1]

    def _elsewhere(self) -> list[ColumnElement[bool]]:
        return [
            ProcessInstance.status == "active",
            ProcessInstance.package_key == self._key,
            ProcessInstance.package_version != self.version,
        ]

    def _look(self, key: str) -> Outcome:
        with Session(self._database) as session:
            ids = session.scalars(
                select(ProcessInstance.id)
                .where(_is(key), ProcessInstance.status == "active")
                .order_by(ProcessInstance.created_at)
            ).all()
            catalogue = Catalogue(PublishedPackages(session))
            try:
                running = instances_by_id(session, ids, self._clock.now()).values()
                moving = to_move(running, catalogue, self.version)
                found = obstacles(moving, catalogue, self.version, self._plan)
                found += self._people_without_role(session, key) if moving else []
            except KetenspoorError as error:
                return Outcome(key, Moved.FAILED, error.code, error.message)
            if found:
                return _refusal(key, refused(found))
            if not moving:
                return self._nothing_to_move(session, key)
        return Outcome(key, Moved.CAN_MOVE)

    def _move(self, key: str) -> Outcome:
        def work(session: Session) -> Outcome:
            roots = session.scalars(
                select(ProcessInstance.root_id)
                .where(_is(key), *self._elsewhere())
                .group_by(ProcessInstance.root_id)
                .order_by(ProcessInstance.root_id)
            ).all()
            runtime = workbench(session, self._clock).runtime
            lost = self._people_without_role(session, key) if roots else []
            if lost:
                raise refused(lost)
            if not runtime.migrate(roots, self.version, self._plan):
                return self._nothing_to_move(session, key)
            main = select(ProcessInstance.business_key).where(
                ProcessInstance.business_key == key,
                ProcessInstance.is_main,
                ProcessInstance.package_version == self.version,
            )
            session.execute(
                update(Trajectory)
                .where(cast(Trajectory.id, String) == key, main.exists())
                .values(package_version=self.version)
            )
            return Outcome(key, Moved.MOVED)

        try:
            return in_transaction(self._database, work)
        except MigrationRefused as refusal:
            return _refusal(key, refusal)
        except KetenspoorError as error:
            return Outcome(key, Moved.FAILED, error.code, error.message)
        except (OperationalError, InterfaceError):
            raise  # the database is away: no use to go on
        except Exception as error:  # noqa: BLE001 - one must not keep the others back
            code = type(error).__name__
            log.error("move-failed", key=key, error=code)
            return Outcome(key, Moved.FAILED, code, f"Overzetten lukte niet ({code}).")

    def _people_without_role(self, session: Session, key: str) -> list[Obstacle]:
        """Whoever works for the trajectory in a role that is gone would not find its tasks."""
        package = publication.load_version(session, self.version)
        roles = session.scalars(
            select(Involvement.role)
            .join(Trajectory, Trajectory.id == Involvement.trajectory_id)
            .where(
                cast(Trajectory.id, String) == key,
                Trajectory.package_key == self._key,
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
                _is(key),
                ProcessInstance.status == "active",
                ProcessInstance.package_key == self._key,
            )
            .limit(1)
        )
        return Outcome(key, Moved.NOT_FOUND if there is None else Moved.THERE_ALREADY)


def _plain(key: str) -> str:
    """An id as it is kept, however it was written."""
    try:
        return str(UUID(key))
    except ValueError:
        return key


def _is(key: str) -> ColumnElement[bool]:
    """The instances of a trajectory, through the indexes on its key and on roots."""
    of_trajectory = ProcessInstance.business_key == key
    try:
        return of_trajectory | (ProcessInstance.root_id == UUID(key))
    except ValueError:
        return of_trajectory


def _refusal(key: str, refusal: MigrationRefused) -> Outcome:
    found = cast_to(list[dict[str, str]], refusal.where["obstacles"])
    return Outcome(key, Moved.REFUSED, refusal.code, refusal.message, found)


def _version(session: Session, package_key: str, wanted: str) -> PackageVersion:
    rows = publication.versions(session, package_key)
    if not rows:
        raise VersionNotUsable(
            f"Er is geen pakket '{package_key}' gepubliceerd.",
            "Bekijk onder Pakketten welke sleutels er zijn.",
            package=package_key,
        )
    found = [
        row
        for row in rows
        if wanted == str(row.number) or (len(wanted) >= 6 and row.version.startswith(wanted))
    ]
    if len(found) != 1:
        raise VersionNotUsable(
            f"Pakket '{package_key}' heeft niet precies één versie '{wanted}'.",
            "Geef het nummer van de versie, of het begin van haar code.",
            package=package_key,
            version=wanted,
        )
    if found[0].retired_at is not None:
        raise VersionNotUsable(
            f"Versie {found[0].number} van '{package_key}' is niet meer in gebruik.",
            "Kies een versie die in gebruik is.",
            package=package_key,
            version=wanted,
        )
    return found[0]


def _require_fitting(plan: Plan, package: Package) -> None:
    for element_id in sorted({*plan.renamed.values(), *plan.restart}):
        found = [
            process.elements[element_id]
            for process in package.processes.values()
            if element_id in process.elements
        ]
        if not found:
            raise PlanNotFitting(
                f"De nieuwe versie heeft geen element '{element_id}'.",
                "Kijk in het diagram hoe het element heet.",
                element_id=element_id,
            )
        if element_id in plan.restart and not any(is_timer(one) for one in found):
            raise PlanNotFitting(
                f"'{element_id}' is geen timer en kan niet opnieuw beginnen.",
                "Noem alleen timers van de nieuwe versie.",
                element_id=element_id,
            )
