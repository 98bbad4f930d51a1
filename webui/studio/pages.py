"""The published packages with their versions, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions import publication
from engine.definitions.models import PackageVersion
from engine.runtime.models import ProcessInstance
from webui.words import in_language


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version; ``running`` counts the trajectories that go on with it."""

    number: int
    version: str
    published_at: datetime
    reason: str
    retired_at: datetime | None
    newest: bool
    running: int


@dataclass(frozen=True, slots=True)
class PackageCard:
    """A package with its versions, the newest first."""

    key: str
    name: str
    versions: Sequence[VersionRow]


def package_cards(session: Session) -> list[PackageCard]:
    """Every package that was ever published, by name."""
    running = _running(session)
    cards = []
    for key in session.scalars(select(PackageVersion.key).distinct()):
        rows = publication.versions(session, key)
        in_use = publication.latest(session, key)
        cards.append(
            PackageCard(
                key=key,
                name=in_language(rows[0].names, key),
                versions=[
                    VersionRow(
                        number=row.number,
                        version=row.version,
                        published_at=row.published_at,
                        reason=row.reason,
                        retired_at=row.retired_at,
                        newest=in_use is not None and row.version == in_use.version,
                        running=running.get(row.version, 0),
                    )
                    for row in rows
                ],
            )
        )
    return sorted(cards, key=lambda card: card.name.casefold())


def _running(session: Session) -> dict[str, int]:
    rows = session.execute(
        select(ProcessInstance.package_version, func.count(ProcessInstance.root_id.distinct()))
        .where(ProcessInstance.status == "active")
        .group_by(ProcessInstance.package_version)
    )
    return dict(rows.tuples().all())
