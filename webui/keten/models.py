"""What the chain page shows, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from webui.listing import Listed


@dataclass(frozen=True, slots=True)
class ChainRow:
    """An open trajectory and why it needs looking at, in words.

    ``risk`` is one of ``RISKS``; ``asked`` is the trajectory to ask the family's
    page for, where the family has more than one.
    """

    trajectory_id: UUID
    family_id: UUID
    family_name: str
    method: str
    method_name: str
    organisation: str
    organisation_name: str
    workers: Sequence[str]
    status: str
    phase: str
    phase_days: int
    last_contact_at: datetime | None
    overdue_tasks: int
    risk: str
    reasons: Sequence[str]
    asked: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChainFilter:
    """What the reader asked to see."""

    organisation: str = ""
    method: str = ""
    phase: str = ""
    risk: str = ""

    @property
    def active(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.organisation or self.method or self.phase or self.risk)

    @property
    def address(self) -> dict[str, Any]:
        """What narrows the list, as arguments of its address."""
        named = {
            "organisatie": self.organisation,
            "methode": self.method,
            "fase": self.phase,
            "risico": self.risk,
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class ChainPage:
    """A page of the open trajectories, the riskiest first, with counts over all of them."""

    listed: Listed[ChainRow]
    total: int
    high: int
    raised: int
    calm: int
    filter: ChainFilter
    now: datetime
    organisations: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    phases: Mapping[str, str] = field(default_factory=dict)
