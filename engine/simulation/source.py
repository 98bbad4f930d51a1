"""Packages at hand as the source of definitions: the one being tried out, and those it may call."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.forms import Form
from engine.definitions.model import Trigger
from engine.definitions.neighbours import Neighbours, form_shared_by
from engine.definitions.packages import Package
from engine.definitions.references import Reference


class PackagesAtHand:
    """A package source that knows some packages, published or not, each in one version."""

    def __init__(self, package: Package, others: Sequence[Package] = ()) -> None:
        self._package = package
        self._known = Neighbours((package, *others))
        self._by_version = {one.version: one for one in (package, *others)}

    def add(self, package: Package) -> None:
        """Have another one at hand, which calls but is not called."""
        self._by_version[package.version] = package

    def package(self, version: str) -> Package:
        """The package with this version; the one being tried out when it is none of them."""
        return self._by_version.get(version, self._package)

    def provider(self, version: str, reference: Reference) -> str | None:
        """The version of another package that has what is asked for."""
        found = self._known.provider(reference)
        return found.version if found is not None and found.provides(reference) else None

    def latest_with_start(self, trigger: Trigger, name: str) -> list[str]:
        """All versions, the tried one first: their starts are looked through."""
        return list(self._by_version)

    def shared_form(self, form_id: str) -> Form | None:
        """The form of a shared package."""
        return form_shared_by(self._known.packages, form_id)

    def in_use(self, package_key: str) -> Package | None:
        """The package with this key."""
        return next((one for one in self._by_version.values() if one.key == package_key), None)
