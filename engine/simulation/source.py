"""One package as the only source of definitions."""

from __future__ import annotations

from engine.definitions.model import Trigger
from engine.definitions.packages import Package


class SinglePackage:
    """A package source that knows one package, published or not."""

    def __init__(self, package: Package) -> None:
        self._package = package

    def package(self, version: str) -> Package:
        """The package, whatever version is asked for."""
        return self._package

    def latest_with_process(self, process_id: str) -> str | None:
        """Its version if it has the process."""
        return self._package.version if process_id in self._package.processes else None

    def latest_with_start(self, trigger: Trigger, name: str) -> list[str]:
        """Its version: its starts are looked through."""
        return [self._package.version]
