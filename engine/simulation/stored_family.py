"""What a scenario on the database asks and does of the family, beside the engine's own commands."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import holds_at
from engine.access.permissions import Relation, RelationKind
from engine.families.file.choices import Choice, Lists, lists_of
from engine.families.file.consent_stops import Stopped, stop
from engine.families.file.consents import agreed_to
from engine.families.models import Consent, Involvement, Trajectory
from engine.families.trajectories import TaskFacts
from engine.runtime.models import UserTask


def withdraw(
    session: Session, trajectory_id: UUID, purpose: object, now: datetime
) -> Stopped | None:
    """Withdraw the family's consents, all of them or those for a purpose; what follows from it."""
    family_id = session.get_one(Trajectory, trajectory_id).family_id
    held = select(Consent).where(
        Consent.family_id == family_id, Consent.agreed, Consent.withdrawn_at.is_(None)
    )
    held = held if purpose is None else held.where(Consent.purpose == str(purpose))
    before = agreed_to(session, family_id, now)
    for consent in session.scalars(held).all():
        consent.withdrawn_at = now
    session.flush()
    return stop(session, family_id, trajectory_id, before, now)


def choices_of(
    session: Session, task: TaskFacts, others: Mapping[str, list[Choice]], now: datetime
) -> Mapping[str, list[Choice]]:
    """The lists of a task: members and goals in words, else ``others``, else its subject's."""
    trajectory = session.get_one(Trajectory, task.trajectory_id)
    own = lists_of(session, trajectory, Relation(RelationKind.LEADS), now, task.variables)
    words = Lists(
        gezinsleden=lambda: _in_words(own["gezinsleden"]),
        doelen=lambda: _in_words(own["doelen"]),
        alleDoelen=lambda: _in_words(own["alleDoelen"]),
    )
    # nothing is written into them, though a chain of maps wants maps that could be
    return ChainMap(*cast(list[MutableMapping[str, list[Choice]]], [words, others, own]))


def given_to(session: Session, task_id: UUID) -> UUID | None:
    """Whom the diagram gave a task."""
    return session.scalar(select(UserTask.assigned_id).where(UserTask.id == task_id))


def worker_in(
    session: Session, trajectory_id: UUID | None, role: str, now: datetime
) -> UUID | None:
    """Who works for a trajectory in a role; the first of several."""
    return session.scalar(
        select(Involvement.user_id)
        .where(
            Involvement.trajectory_id == trajectory_id,
            Involvement.role == role,
            holds_at(Involvement, now),
        )
        .order_by(Involvement.since, Involvement.id)
        .limit(1)
    )


def _in_words(choices: list[Choice]) -> list[Choice]:
    """Choices that scenarios name by what people read: ids are not known before a play."""
    return [{"label": one["label"], "value": one["label"]} for one in choices]
