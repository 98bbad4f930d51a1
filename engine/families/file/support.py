"""Scores and the type of support: written from forms, read for the family's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, update
from sqlalchemy.orm import Session

from engine.definitions.forms.instruments import INSTRUMENTS, MOMENTS, SCORERS
from engine.families.file import answers
from engine.families.file.recording import Fields, Recording
from engine.families.models import SUPPORT_TYPES, Measurement, SupportPeriod
from engine.families.rights.discretion import Discreet
from engine.store.base import UtcDateTime, table_of
from engine.store.round_trips import Statement, write_later


@dataclass(frozen=True, slots=True, repr=False)
class Score(Discreet):
    """What one scorer gave on an instrument, when; ``moment`` is empty where none was named."""

    value: Decimal
    moment: str
    at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class ScoreLine(Discreet):
    """All scores of one scorer on one instrument, the oldest first."""

    instrument: str
    scorer: str
    scores: Sequence[Score]


def scores(recording: Recording, fields: Fields) -> None:
    """Scores that lie on their instrument's scale; ``moment`` says when in the trajectory."""
    moment = answers.choice(fields.get("moment"), MOMENTS)
    for path, value in fields.items():
        key, _, scorer = path.partition(".")
        instrument = INSTRUMENTS.get(key)
        given = answers.text(value, 12)
        if instrument is None or given is None or scorer not in instrument.scorers:
            continue
        if instrument.admits(given):
            recording.session.add(
                Measurement(
                    **recording.place,
                    instrument=key,
                    version=instrument.version,
                    scorer=scorer,
                    moment=moment,
                    value=Decimal(given.replace(",", ".")),
                    at=recording.at,
                    document_id=recording.document_id,
                )
            )


def support(recording: Recording, fields: Fields) -> None:
    """The type of support from now on; the same one again goes on, with the reason given last."""
    kind = answers.choice(fields.get("soort"), SUPPORT_TYPES)
    if kind is None:
        return
    reason = answers.text(fields.get("reden"))
    current = recording.session.scalar(
        select(SupportPeriod).where(
            SupportPeriod.trajectory_id == recording.trajectory.id,
            SupportPeriod.until.is_(None),
        )
    )
    if current is not None and current.kind == kind:
        current.reason = reason or current.reason
        return
    end_support(recording.session, recording.trajectory.id, at=recording.at)
    recording.session.add(
        SupportPeriod(
            **recording.place,
            kind=kind,
            reason=reason,
            since=recording.at,
            document_id=recording.document_id,
        )
    )


def end_support(session: Session, trajectory_id: UUID, *, at: datetime) -> None:
    """The running type of support, if there is one, ends."""
    session.flush()
    write_later(session, _END, {"trajectory": trajectory_id, "at": at})


def score_lines(session: Session, trajectory_id: UUID) -> list[ScoreLine]:
    """The scores of a trajectory, by instrument and by who scored: never put together."""
    found: dict[tuple[str, str], list[Score]] = {}
    for one in session.scalars(
        select(Measurement)
        .where(Measurement.trajectory_id == trajectory_id)
        .order_by(Measurement.at, Measurement.id)
    ):
        line = found.setdefault((one.instrument, one.scorer), [])
        line.append(Score(one.value, one.moment or "", one.at))
    order = [(key, scorer) for key in INSTRUMENTS for scorer in SCORERS]
    return [ScoreLine(*place, found[place]) for place in order if place in found]


def support_periods(session: Session, trajectory_id: UUID) -> Sequence[SupportPeriod]:
    """The types of support that the family got, the latest first."""
    return session.scalars(
        select(SupportPeriod)
        .where(SupportPeriod.trajectory_id == trajectory_id)
        .order_by(
            SupportPeriod.since.desc(),
            SupportPeriod.until.desc().nulls_first(),
            SupportPeriod.id.desc(),
        )
    ).all()


_END = Statement(
    update(table_of(SupportPeriod))
    .where(
        SupportPeriod.trajectory_id == bindparam("trajectory", type_=Uuid()),
        SupportPeriod.until.is_(None),
    )
    .values(until=bindparam("at", type_=UtcDateTime()))
)
