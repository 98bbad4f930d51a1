"""Moving running trajectories to another version of their package, each in its own transaction.

What was broken off is begun again: a trajectory that has moved is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.definitions.packages import Package
from engine.definitions.published import publication
from engine.definitions.published.models import PackageVersion
from engine.errors import KetenspoorError
from engine.execution.errors import MigrationRefused
from engine.execution.migration import Plan
from engine.families.errors import PlanNotFitting, VersionNotUsable
from engine.families.moves.trajectory_moves import (
    KEY,
    Moved,
    Outcome,
    TrajectoryMove,
    as_id,
    elsewhere,
    refusal,
)
from engine.runtime.moving import is_timer, within
from engine.store.unit_of_work import in_transaction

log = structlog.get_logger("ketenspoor.moving")


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
        self._key = package_key
        with Session(database) as session:
            found = usable_version(session, package_key, version)
            self.version, self.number = found.version, found.number
            require_fitting(plan, publication.load_version(session, self.version))
        self._move = TrajectoryMove(clock, package_key, self.version, plan)

    def carry_out(self, only: Sequence[str] = (), *, dry_run: bool = False) -> Iterator[Outcome]:
        """Move them one by one, in a fixed order; ``dry_run`` only says what would come of it.

        ``only`` names trajectories (or processes of their own by their root).
        """
        for key in dict.fromkeys(map(_plain, only)) if only else self._keys():
            if dry_run:
                with Session(self._database) as session:
                    yield self._move.look(session, key)
            else:
                yield self._carry_out(key)

    def _keys(self) -> Sequence[str]:
        """What is elsewhere now, read once: what begins later begins on a version in use."""
        query = select(KEY).where(*elsewhere(self._key, self.version)).distinct().order_by(KEY)
        with Session(self._database) as session:
            return session.scalars(query).all()

    def _carry_out(self, key: str) -> Outcome:
        try:
            return in_transaction(self._database, lambda s: self._move.carry_out(s, key))
        except (OperationalError, InterfaceError):
            raise  # the database is away: no use to go on
        except Exception as error:  # noqa: BLE001 - one must not keep the others back
            return outcome_of(key, error)


def outcome_of(key: str, error: Exception) -> Outcome:
    """What became of a trajectory whose move was broken off: refused, or failed."""
    if isinstance(error, MigrationRefused):
        return refusal(key, error)
    if isinstance(error, KetenspoorError):
        return Outcome(key, Moved.FAILED, error.code, error.message)
    code = type(error).__name__
    log.error("move-failed", key=key, error=code)
    return Outcome(key, Moved.FAILED, code, f"Overzetten lukte niet ({code}).")


def _plain(key: str) -> str:
    """An id as it is kept, however it was written."""
    known = as_id(key)
    return key if known is None else str(known)


def usable_version(session: Session, package_key: str, wanted: str) -> PackageVersion:
    """A version in use, by its number or the beginning of its hash.

    Raises:
        VersionNotUsable: there is no such version, more than one, or it is retired.
    """
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


def require_fitting(plan: Plan, package: Package, before: Package | None = None) -> None:
    """Make sure that a version has what a plan names; where it is known also the one ``before``.

    Raises:
        PlanNotFitting: it has no such element or process, it is no timer, or two processes would
            become one.
    """
    _require_processes(plan, package, before)
    targets = {
        f"{plan.new_process(name.rpartition('/')[0])}/{new}" for name, new in plan.renamed.items()
    }
    for name in sorted({one.removeprefix("/") for one in targets} | plan.restart):
        ids = [(process, within(name, process)) for process in package.processes.values()]
        found = [process.elements[one] for process, one in ids if one in process.elements]
        element_id = name.rpartition("/")[2]
        if not found:
            raise PlanNotFitting(
                f"De nieuwe versie heeft geen element '{element_id}'.",
                "Kijk in het diagram hoe het element heet.",
                element_id=element_id,
            )
        if name in plan.restart and not any(is_timer(one) for one in found):
            raise PlanNotFitting(
                f"'{element_id}' is geen timer en kan niet opnieuw beginnen.",
                "Noem alleen timers van de nieuwe versie.",
                element_id=element_id,
            )


def _require_processes(plan: Plan, package: Package, before: Package | None) -> None:
    for old, new in plan.processes.items():
        if new not in package.processes or (before is not None and old not in before.processes):
            raise PlanNotFitting(
                f"Er is geen proces '{old}' dat '{new}' kan zijn.",
                "Kies een proces van de nieuwe versie.",
                process=new,
            )
    kept = set(before.processes) & set(package.processes) if before is not None else set()
    becomes = [*plan.processes.values(), *(kept - plan.processes.keys())]
    double = next((one for one in becomes if becomes.count(one) > 1), None)
    if double is not None:
        raise PlanNotFitting(
            f"Twee processen kunnen niet allebei '{double}' worden.",
            "Kies voor elk proces een ander; wie in het andere staat, blijft waar hij is.",
            process=double,
        )
