"""A family comes in: who will run its trajectory, and the rows that it begins with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor, chain_organisations
from engine.access.models import Organisation
from engine.families.errors import NoRunningOrganisation
from engine.families.models import Family, Trajectory


def running_organisation(session: Session, actor: Actor | None, at: datetime) -> UUID:
    """Who runs what this actor refers: the own organisation, else the chain's first by name.

    Without an actor, from the public, the first of all by name.

    Raises:
        NoRunningOrganisation: there is none.
    """
    runners = select(Organisation.id).where(Organisation.is_runner).order_by(Organisation.name)
    if actor is None:
        found = session.scalar(runners.limit(1))
    else:
        own = actor.organisation_id
        chain = chain_organisations([own], at)
        found = session.scalar(runners.where(Organisation.id == own)) or session.scalar(
            runners.where(Organisation.id.in_(chain)).limit(1)
        )
    if found is None:
        raise NoRunningOrganisation(
            "Er is hier geen organisatie die trajecten uitvoert.",
            "Laat de beheerder aangeven welke organisatie uitvoert.",
        )
    return found


def make(
    session: Session,
    *,
    name: str,
    organisation_id: UUID,
    package_key: str,
    package_version: str,
    channel: str,
    at: datetime,
) -> Trajectory:
    """A new family and its trajectory, referred at an instant."""
    family = Family(name=name, created_at=at)
    session.add(family)
    session.flush()
    trajectory = Trajectory(
        family_id=family.id,
        package_key=package_key,
        package_version=package_version,
        organisation_id=organisation_id,
        channel=channel,
        started_at=at,
        status="referred",
    )
    session.add(trajectory)
    session.flush()
    return trajectory
