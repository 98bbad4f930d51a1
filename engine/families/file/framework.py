"""The framework in which a family is helped: written from forms, read for the family's page."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.families.file import answers
from engine.families.file.recording import Fields, Recording
from engine.families.models import FRAMEWORKS, FrameworkPeriod

KNOWN_PATHS = frozenset({f"kader.{name}" for name in ("soort", "vanaf", "rechten", "uitleg")})


def framework(recording: Recording, fields: Fields) -> None:
    """The framework from a day on; from today where no day is given."""
    kind = answers.choice(fields.get("soort"), FRAMEWORKS)
    if kind is None:
        return
    recording.session.add(
        FrameworkPeriod(
            **recording.place,
            kind=kind,
            since=answers.day(fields.get("vanaf")) or answers.local_day(recording.at),
            rights_explained=answers.yes_no(fields.get("rechten")),
            explanation=answers.text(fields.get("uitleg")),
            recorded_at=recording.at,
            document_id=recording.document_id,
        )
    )


def frameworks(session: Session, family_id: UUID) -> Sequence[FrameworkPeriod]:
    """The frameworks of a family, in all its trajectories, the latest first."""
    return session.scalars(
        select(FrameworkPeriod)
        .where(FrameworkPeriod.family_id == family_id)
        .order_by(
            FrameworkPeriod.since.desc(),
            FrameworkPeriod.recorded_at.desc(),
            FrameworkPeriod.id.desc(),
        )
    ).all()
