"""Published packages as the source of definitions."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.definitions.model import Trigger
from engine.definitions.packages import Package
from engine.definitions.publication import all_latest, load_version, start_events


class PublishedPackages:
    """A package source on the database of one transaction. Versions never change: kept parsed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def package(self, version: str) -> Package:
        """The published package with this version.

        Raises:
            engine.definitions.errors.UnknownVersion: there is no such version.
        """
        return load_version(self._session, version)

    def latest_with_process(self, process_id: str) -> str | None:
        """The newest version, of whichever package, that has the process."""
        for row in all_latest(self._session):
            if process_id in self.package(row.version).processes:
                return row.version
        return None

    def latest_with_start(self, trigger: Trigger, name: str) -> list[str]:
        """The newest version of each package that starts a process with the message or signal."""
        found = start_events(self._session, trigger, name)
        return list(dict.fromkeys(start.version for start in found))
