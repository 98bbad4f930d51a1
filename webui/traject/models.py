"""What the diagram page shows, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from webui.naast.pages import BesideRow


@dataclass(frozen=True, slots=True)
class InstanceLink:
    """A process instance of the trajectory: the trajectory itself, a phase, a care meeting."""

    id: UUID
    name: str
    status: str
    depth: int
    started_at: datetime
    ended_at: datetime | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class StandingAt:
    """Where the instance stands: an element that waits, for what and until when.

    ``style`` is ``here`` (people or a part are at work) or ``waiting`` (for a time or message).
    ``token`` is there when it has a due time that can be changed.
    """

    element_id: str
    name: str
    kind: str
    since: datetime | None = None
    until: datetime | None = None
    child: UUID | None = None
    broken: bool = False
    style: str = "here"
    token: UUID | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A step that is done."""

    element_id: str
    name: str
    at: datetime
    times: int = 1


@dataclass(frozen=True, slots=True)
class DiagramPage:
    """One instance's diagram, and its place in the trajectory."""

    trajectory_id: UUID
    family_id: UUID
    family_name: str
    method_name: str
    instance: InstanceLink
    instances: Sequence[InstanceLink]
    standing: Sequence[StandingAt]
    passed: Sequence[Passed]
    overlays: Mapping[str, Any]
    now: datetime
    may_change_due: bool
    may_mend: bool = False
    suspended_since: datetime | None = None
    review_at: datetime | None = None
    beside: Sequence[BesideRow] = ()
