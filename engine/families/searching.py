"""Looking for trajectories by words: each word in the family's name, or in a name beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from engine.access.models import Organisation, RoleAssignment, SystemRole, User
from engine.families.models import Family, Trajectory
from engine.families.rights.watched import Watched
from engine.plain_text import plain


def named(words: str, *beside: Mapping[Any, Collection[Any]]) -> list[ColumnElement[bool]]:
    """The conditions, of a query with the family, that all words are found, whatever their accents.

    ``beside`` gives for columns of the trajectory which values have which names.
    """
    return [
        or_(
            Family.plain_name.contains(word, autoescape=True),
            *(
                column.in_(values)
                for names in beside
                for column, pairs in names.items()
                if (values := [key for key, name in pairs if word in plain(name)])
            ),
        )
        for word in plain(words).split()
    ]


def found_in_chain(
    session: Session, whose: Watched, words: str, methods: Mapping[str, str]
) -> Select[tuple[UUID]]:
    """Ids of open trajectories whose family, worker, organisation or method has all the words."""
    workers = session.execute(
        select(User.id, User.name).where(
            User.id.in_(
                select(RoleAssignment.user_id).where(
                    RoleAssignment.role == SystemRole.WORKER,
                    RoleAssignment.until.is_(None),
                    whose.has(RoleAssignment.organisation_id),
                )
            )
        )
    ).tuples()
    organisations = session.execute(
        select(Organisation.id, Organisation.name).where(whose.has(Organisation.id))
    ).tuples()
    beside: Mapping[Any, Sequence[Any]] = {
        Trajectory.worker_id: workers.all(),
        Trajectory.organisation_id: organisations.all(),
        Trajectory.package_key: [*methods.items()],
    }
    return (
        select(Trajectory.id)
        .join(Family, Family.id == Trajectory.family_id)
        .where(Trajectory.status != "closed", whose.holds(Trajectory), *named(words, beside))
    )
