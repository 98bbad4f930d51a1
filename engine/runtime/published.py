"""Published packages as the source of definitions."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.definitions.forms import Form
from engine.definitions.model import Trigger
from engine.definitions.packages import Package
from engine.definitions.published.parts import provider
from engine.definitions.published.publication import latest, load_version
from engine.definitions.published.shared_forms import shared_form
from engine.definitions.published.starts import start_events
from engine.definitions.references import Reference


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

    def provider(self, version: str, reference: Reference) -> str | None:
        """The version of another package that a reference of this version means."""
        return provider(self._session, version, reference)

    def latest_with_start(self, trigger: Trigger, name: str) -> list[str]:
        """The newest version of each package that starts a process with the message or signal."""
        found = start_events(self._session, trigger, name)
        return list(dict.fromkeys(start.version for start in found))

    def shared_form(self, form_id: str) -> Form | None:
        """The form of a shared package, in its newest version in use."""
        return shared_form(self._session, form_id)

    def in_use(self, package_key: str) -> Package | None:
        """The newest version in use of a package."""
        newest = latest(self._session, package_key)
        return None if newest is None else load_version(self._session, newest.version)
