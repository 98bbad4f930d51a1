"""Published packages as the source of definitions."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from engine.definitions.models import PackageStartEvent, PackageVersion
from engine.definitions.packages import Package
from engine.definitions.publication import load_version


class PublishedPackages:
    """A package source on the database of one transaction. Versions never change: kept parsed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def package(self, version: str) -> Package:
        """The published package with this version.

        Raises:
            engine.definitions.errors.DefinitionError: there is no such version.
        """
        return load_version(self._session, version)

    def latest_with_process(self, process_id: str) -> str | None:
        """The newest version, of whichever package, that has the process."""
        versions = self._session.scalars(
            select(PackageVersion.version)
            .where(PackageVersion.retired_at.is_(None), PackageVersion.number == _newest())
            .order_by(PackageVersion.published_at.desc())
        )
        for version in versions:
            if process_id in self.package(version).processes:
                return version
        return None

    def latest_with_message(self, name: str) -> list[str]:
        """The newest version of each package that starts a process with the message."""
        found = self._session.scalars(
            select(PackageVersion.version)
            .join(PackageStartEvent, PackageStartEvent.version == PackageVersion.version)
            .where(
                PackageStartEvent.trigger == "message",
                PackageStartEvent.name == name,
                PackageVersion.number == _newest(),
            )
            .distinct()
        )
        return list(found)


def _newest() -> ScalarSelect[int]:
    """The number of the newest version, not retired, of the package at hand."""
    other = aliased(PackageVersion)
    return (
        select(func.max(other.number))
        .where(other.key == PackageVersion.key, other.retired_at.is_(None))
        .correlate(PackageVersion)
        .scalar_subquery()
    )
