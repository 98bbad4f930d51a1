"""What the family file in memory keeps of each trajectory of its family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.families.file.port import IdentityFacts


@dataclass(slots=True)
class HandoverRow:
    """A guidance to an agency."""

    id: UUID
    organisation: str
    life_domain: str
    status: str


@dataclass(slots=True)
class Run:
    """One trajectory. ``after`` is the one that it follows on, if a diagram led to it."""

    known: IdentityFacts
    package_key: str
    package_version: str
    after: UUID | None = None
    phase: str | None = None
    status: str = "referred"
    outcome: str | None = None
    contacts_done: list[tuple[datetime, str | None]] = field(default_factory=list)
    missed_in_row: int = 0
    agreements: list[Mapping[str, Any]] = field(default_factory=list)
    concerns: dict[str, str] = field(default_factory=dict)
    goals: list[dict[str, Any]] = field(default_factory=list)
    guidance: list[HandoverRow] = field(default_factory=list)
    involved: dict[str, list[UUID]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    per_week: float | None = None
