"""Executable definitions by package version: made once per process, shared by all threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any, Protocol

from engine.definitions.model import Trigger
from engine.definitions.packages import Package
from engine.execution.definition import Definition
from engine.execution.errors import CalledProcessMissing


class PackageSource(Protocol):
    """Where packages come from: the database, or the one package being tried out."""

    def package(self, version: str) -> Package:
        """The package with this version (its content hash)."""
        ...

    def latest_with_process(self, process_id: str) -> str | None:
        """The version of the newest package that has the process."""
        ...

    def latest_with_start(self, trigger: Trigger, name: str) -> list[str]:
        """The newest version of each package that starts a process with the message or signal."""
        ...


@dataclass(frozen=True, slots=True)
class StartPoint:
    """Where a message or signal starts a process."""

    package_version: str
    process_id: str
    element_id: str


_definitions: dict[tuple[str, str], Definition] = {}
_lock = Lock()


class Catalogue:
    """Looks definitions up through a package source and keeps what it made."""

    def __init__(self, source: PackageSource) -> None:
        self.source = source

    def package(self, version: str) -> Package:
        """The package with this version."""
        return self.source.package(version)

    def definition(self, version: str, process_id: str) -> Definition:
        """The executable definition of a process of a package version.

        Raises:
            CalledProcessMissing: the package has no such process.
        """
        key = (version, process_id)
        known = _definitions.get(key)
        if known is not None:
            return known
        package = self.source.package(version)
        process = package.processes.get(process_id)
        if process is None:
            raise CalledProcessMissing(
                f"Het proces '{process_id}' zit niet in het pakket.",
                "Kies in de aanroep een proces dat bestaat.",
                process=process_id,
            )
        made = Definition(process, partial(_decide, package))
        with _lock:
            return _definitions.setdefault(key, made)

    def called(self, version: str, process_id: str) -> tuple[str, Definition]:
        """The definition a call activity means: in its own package first, else the newest.

        Raises:
            CalledProcessMissing: nothing published has the process.
        """
        if process_id in self.source.package(version).processes:
            return version, self.definition(version, process_id)
        other = self.source.latest_with_process(process_id)
        if other is None:
            raise CalledProcessMissing(
                f"Het aangeroepen proces '{process_id}' bestaat niet.",
                "Publiceer het pakket met dit proces, of kies een ander proces.",
                process=process_id,
            )
        return other, self.definition(other, process_id)

    def event_starts(
        self, trigger: Trigger, name: str, version: str | None = None
    ) -> list[StartPoint]:
        """Where an event starts processes, in one version or in the newest of every package."""
        versions = [version] if version else self.source.latest_with_start(trigger, name)
        return [
            StartPoint(v, process_id, element.id)
            for v in versions
            for process_id in self.source.package(v).processes
            for element in self.definition(v, process_id).triggered_starts()
            if element.event and element.event.trigger is trigger and element.event.name == name
        ]


def _decide(package: Package, decision_id: str, inputs: Mapping[str, Any], now: datetime) -> Any:
    return package.evaluate_decision(decision_id, inputs, now)
