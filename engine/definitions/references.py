"""References from one package to another: which process or decision, and which version of it.

The binding types are those of Camunda 8. What stands in the own package comes first, in the version
that runs; only what is not there is looked for in other packages, and then by the binding.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.definitions.model import Element, Kind


class Part(StrEnum):
    """What of a package others may call."""

    PROCESS = "process"
    DECISION = "decision"


class Binding(StrEnum):
    """Which version is meant.

    * latest: the newest one in use at the moment of the call
    * deployment: the one that was the newest when the calling package was published
    * version tag: the newest one in use that carries the tag
    """

    LATEST = "latest"
    DEPLOYMENT = "deployment"
    VERSION_TAG = "versionTag"


@dataclass(frozen=True, slots=True)
class Reference:
    """One process or decision as an element asks for it."""

    part: Part
    id: str
    binding: Binding = Binding.LATEST
    version_tag: str | None = None


def reference_of(element: Element, name: str) -> Reference:
    """The reference of a call activity or a task with a decision to what ``name`` came out to.

    A binding that does not exist counts as the latest; a check refuses it.
    """
    part = Part.PROCESS if element.kind is Kind.CALL_ACTIVITY else Part.DECISION
    known = element.binding in tuple(Binding)
    binding = Binding(element.binding) if known else Binding.LATEST
    return Reference(part, name, binding, element.version_tag)
