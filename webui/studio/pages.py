"""The published packages with their versions, as the library shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.access.models import User
from engine.definitions.published import owners
from engine.definitions.published.models import PackageVersion
from engine.runtime.models import ProcessInstance
from webui.words import in_language


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version; ``running`` counts the trajectories that go on with it."""

    number: int
    version: str
    published_at: datetime
    by: str
    reason: str
    retired_at: datetime | None
    newest: bool
    running: int


@dataclass(frozen=True, slots=True)
class PackageCard:
    """A package with its versions, the newest first, and who answers for it."""

    key: str
    name: str
    owner: str
    versions: Sequence[VersionRow]

    @property
    def shown(self) -> Sequence[VersionRow]:
        """The versions that matter today: the newest, and those that something runs on."""
        return [row for row in self.versions if row.newest or row.running] or self.versions[:1]

    @property
    def older(self) -> Sequence[VersionRow]:
        """The other versions."""
        shown = self.shown
        return [row for row in self.versions if row not in shown]

    @property
    def running(self) -> int:
        """How many trajectories go on with one of the versions."""
        return sum(row.running for row in self.versions)


def package_cards(session: Session, key: str | None = None) -> list[PackageCard]:
    """Every package that was ever published, by name; or the one with this key."""
    asked = select(PackageVersion).order_by(PackageVersion.key, PackageVersion.number.desc())
    if key is not None:
        asked = asked.where(PackageVersion.key == key)
    by_key: dict[str, list[PackageVersion]] = {}
    for row in session.scalars(asked):
        by_key.setdefault(row.key, []).append(row)
    running, owner_of = _running(session), owners.owners(session)
    people = _names(
        session,
        {row.published_by for rows in by_key.values() for row in rows} | {*owner_of.values()},
    )
    cards = [
        PackageCard(
            key=one,
            name=in_language(rows[0].names, one),
            owner=people.get(owner_of.get(one), ""),
            versions=_rows(rows, running, people),
        )
        for one, rows in by_key.items()
    ]
    return sorted(cards, key=lambda card: card.name.casefold())


def _rows(
    rows: Sequence[PackageVersion], running: Mapping[str, int], people: Mapping[UUID | None, str]
) -> list[VersionRow]:
    in_use = next((row.version for row in rows if row.retired_at is None), None)
    return [
        VersionRow(
            number=row.number,
            version=row.version,
            published_at=row.published_at,
            by=people.get(row.published_by, ""),
            reason=row.reason,
            retired_at=row.retired_at,
            newest=row.version == in_use,
            running=running.get(row.version, 0),
        )
        for row in rows
    ]


def _names(session: Session, ids: set[UUID | None]) -> Mapping[UUID | None, str]:
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids - {None})))
    return dict(rows.tuples().all())


def _running(session: Session) -> dict[str, int]:
    rows = session.execute(
        select(ProcessInstance.package_version, func.count(ProcessInstance.root_id.distinct()))
        .where(ProcessInstance.status == "active")
        .group_by(ProcessInstance.package_version)
    )
    return dict(rows.tuples().all())
