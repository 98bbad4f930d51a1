"""Executable definitions by package version: made once per process, shared by all threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any, Protocol

from engine.definitions.errors import UnknownDecision
from engine.definitions.forms import Form
from engine.definitions.model import Element, Trigger
from engine.definitions.packages import Package
from engine.definitions.references import Binding, Part, Reference
from engine.execution.definition import Definition
from engine.execution.errors import CalledProcessMissing


class PackageSource(Protocol):
    """Where packages come from: the database, or those being tried out."""

    def package(self, version: str) -> Package:
        """The package with this version (its content hash)."""
        ...

    def provider(self, version: str, reference: Reference) -> str | None:
        """The version of another package that a reference of this version means."""
        ...

    def latest_with_start(self, trigger: Trigger, name: str) -> list[str]:
        """The newest version of each package that starts a process with the message or signal."""
        ...

    def shared_form(self, form_id: str) -> Form | None:
        """The form of a shared package, in its newest version in use."""
        ...

    def in_use(self, package_key: str) -> Package | None:
        """The newest version in use of a package."""
        ...


@dataclass(frozen=True, slots=True)
class StartPoint:
    """Where a message or signal starts a process; ``part``: as which of triggers that all come."""

    package_version: str
    process_id: str
    element_id: str
    part: int | None = None


_definitions: dict[tuple[str, str], Definition] = {}
_lock = Lock()


class Catalogue:
    """Looks definitions up through a package source and keeps what it made."""

    def __init__(self, source: PackageSource) -> None:
        self.source = source
        self._starts: dict[tuple[Trigger, str], list[str]] = {}

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
        made = Definition(process, partial(_decide, package), package.provides)
        with _lock:
            return _definitions.setdefault(key, made)

    def provider(self, version: str, reference: Reference) -> str:
        """The package version that a reference means: the own one first, else by the binding.

        Raises:
            CalledProcessMissing, UnknownDecision: nothing published has it in that version.
        """
        if self.source.package(version).provides(reference):
            return version
        other = self.source.provider(version, reference)
        if other is not None:
            return other
        which = _WHICH[reference.binding].format(tag=reference.version_tag)
        if reference.part is Part.DECISION:
            raise UnknownDecision(
                f"De beslissing '{reference.id}' bestaat niet{which}.",
                "Publiceer het gedeelde pakket met deze beslissing, of kies een andere beslissing.",
                decision_id=reference.id,
            )
        raise CalledProcessMissing(
            f"Het aangeroepen proces '{reference.id}' bestaat niet{which}.",
            "Publiceer het pakket met dit proces, of kies een ander proces.",
            process=reference.id,
        )

    def decide(
        self, version: str, reference: Reference, inputs: Mapping[str, Any], now: datetime
    ) -> Any:
        """The value of a decision that a package version refers to.

        Raises:
            UnknownDecision: nothing published has it in that version.
            engine.decisions.errors.InputRefused: a value of a type that FEEL does not know.
        """
        package = self.source.package(self.provider(version, reference))
        return package.evaluate_decision(reference.id, inputs, now)

    def event_starts(
        self, trigger: Trigger, name: str, version: str | None = None
    ) -> list[StartPoint]:
        """Where an event starts processes, in one version or in the newest of every package."""
        return [
            StartPoint(v, process_id, element.id, part if _gathers(element) else None)
            for v in ([version] if version else self._starting(trigger, name))
            for process_id, process in self.source.package(v).processes.items()
            if self.source.package(v).may_begin(process)
            for element in self.definition(v, process_id).triggered_starts()
            for part, event in enumerate(element.event.each if element.event else ())
            if event.trigger is trigger and event.name == name
        ]

    def note_starts(self, trigger: Trigger, name: str, versions: Iterable[str]) -> None:
        """Remember in which versions an event starts something, for who asks next."""
        self._starts[trigger, name] = list(dict.fromkeys(versions))

    def _starting(self, trigger: Trigger, name: str) -> list[str]:
        noted = self._starts.pop((trigger, name), None)
        return self.source.latest_with_start(trigger, name) if noted is None else noted


def _gathers(element: Element) -> bool:
    return element.event is not None and element.event.trigger is Trigger.PARALLEL


_WHICH = {
    Binding.LATEST: "",
    Binding.DEPLOYMENT: " in een versie die bij deze procesversie hoort",
    Binding.VERSION_TAG: " met het versielabel '{tag}'",
}


def _decide(package: Package, decision_id: str, inputs: Mapping[str, Any], now: datetime) -> Any:
    return package.evaluate_decision(decision_id, inputs, now)
