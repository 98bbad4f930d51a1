"""A family comes in: who will run its trajectory, and the rows that it begins with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.access.actors import Actor, chain_organisations
from engine.access.models import Organisation
from engine.families.errors import NoRunningOrganisation
from engine.families.models import Family, Trajectory
from engine.store.adopting import adopt
from engine.store.round_trips import Rows


def running_organisation(session: Session, actor: Actor | None, at: datetime) -> UUID:
    """Who runs what this actor refers: the own organisation, else the chain's first by name.

    Without an actor, from the public, the first of all by name.

    Raises:
        NoRunningOrganisation: there is none.
    """
    runners = select(Organisation.id).where(Organisation.is_runner).order_by(Organisation.name)
    if actor is None:
        found = session.scalar(runners.limit(1))
    elif actor.runs:
        found = actor.organisation_id
    else:
        chain = chain_organisations([actor.organisation_id], at)
        found = session.scalar(runners.where(Organisation.id.in_(chain)).limit(1))
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
    family = dict.fromkeys(_FAMILIES.columns) | {
        "id": uuid4(),
        "name": name,
        "interpreter_need": UNKNOWN_NEED,
        "secret_address": False,
        "created_at": at,
    }
    trajectory = dict.fromkeys(_TRAJECTORIES.columns) | {
        "id": uuid4(),
        "family_id": family["id"],
        "package_key": package_key,
        "package_version": package_version,
        "organisation_id": organisation_id,
        "channel": channel,
        "started_at": at,
        "status": "referred",
    }
    _FAMILIES.write(session, [family])
    _TRAJECTORIES.write(session, [trajectory])
    adopt(session, Family, family)
    return adopt(session, Trajectory, trajectory)


UNKNOWN_NEED = "onbekend"
_FAMILIES = Rows(Family)
_TRAJECTORIES = Rows(Trajectory)
